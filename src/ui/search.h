/* SPDX-License-Identifier: MIT
 *
 * Search in the rows of any view that can say their text: as one types, then
 * n and N.
 */
#ifndef PYMTOP_UI_SEARCH_H
#define PYMTOP_UI_SEARCH_H

struct ui;

void search_ask(struct ui *ui);
/* The next match down (1) or up (-1) from the cursor, round the end. */
void search_again(struct ui *ui, int step);

#endif
