/* SPDX-License-Identifier: MIT
 *
 * A table while it is drawn: where, how numbers are written; its heads and
 * its rows, cell by cell.
 */
#ifndef PYMTOP_UI_TABLE_SHEET_H
#define PYMTOP_UI_TABLE_SHEET_H

#include "base/strbuf.h"
#include "ui/ui.h"
#include "ui/view_table.h"

struct sheet {
    struct ui *ui;
    struct view *view;
    struct table_view *tv;
    struct rect rect;
    struct column_style style;
    struct strbuf text;         /* scratch, one cell at a time */
    const char *place;          /* instead of the row's location; NULL */
};

void sheet_draw_heads(struct sheet *sheet, int row);
/* look is added to that of each cell. */
void sheet_draw_row(struct sheet *sheet, const struct table_row *row,
                    int screen_row, uint8_t look);

#endif
