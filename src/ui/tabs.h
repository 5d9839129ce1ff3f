/* SPDX-License-Identifier: MIT
 *
 * The line of tabs and the line of keys, both made from tables: of views, of
 * keys.
 */
#ifndef PYMTOP_UI_TABS_H
#define PYMTOP_UI_TABS_H

#include <stdint.h>

struct ui;

void tabs_draw(struct ui *ui, int row);
/* The view whose tab is at this column, as an index; -1: none. */
int tabs_at(struct ui *ui, int col);

void footer_draw(struct ui *ui, int row);
/* The code of the key whose word is at this column; 0: none. */
uint32_t footer_at(struct ui *ui, int col);

#endif
