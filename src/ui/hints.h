/* SPDX-License-Identifier: MIT
 *
 * The hint line: badges, then a message, or one hint at a time, the first
 * that is true and whose key has not been used yet.
 */
#ifndef PYMTOP_UI_HINTS_H
#define PYMTOP_UI_HINTS_H

struct ui;

void hints_draw(struct ui *ui, int row);

#endif
