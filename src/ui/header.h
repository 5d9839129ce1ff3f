/* SPDX-License-Identifier: MIT
 *
 * The three lines at the top: what runs and how it is, traced memory and its
 * peak, blocks and rates.  Two lines under 80 columns, fewer when small.
 */
#ifndef PYMTOP_UI_HEADER_H
#define PYMTOP_UI_HEADER_H

struct ui;

/* Lines the header takes on a screen of this size. */
int header_lines(int rows, int cols);
/* Draw `lines` lines from row 0 on. */
void header_draw(struct ui *ui, int lines);

#endif
