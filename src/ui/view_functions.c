/* SPDX-License-Identifier: MIT
 *
 * View 3: which functions hold the bytes, themselves and with what they call.
 */
#include "ui/view_table.h"

static void
init(struct view *view, struct ui *ui)
{
    (void)ui;
    table_view_open(view, BY_FUNCTION);
}

const struct view_ops functions_view = {
    .name = "functions",
    .digit = '3',
    .tab = "functions",
    .tab_short = "funcs",
    .noun = "rows",
    .scope = SCOPE_TABLE | SCOPE_CHARGE | SCOPE_SEARCH,
    .init = init,
    .release = table_view_release,
    .take_over = table_view_take_over,
    .refresh = table_view_refresh,
    .draw = table_view_draw,
    .act = table_view_act,
    .click = table_view_click,
    .place = table_view_place,
    .go = table_view_go,
    .row_text = table_view_row_text,
    .hint = table_view_hint,
    .columns = table_view_columns,
    .write = table_view_write,
};
