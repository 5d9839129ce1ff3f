/* SPDX-License-Identifier: MIT
 *
 * View 2: which files hold the bytes, as a list or by directory; Enter shows
 * the lines of one.
 */
#include "ui/ui.h"
#include "ui/view_table.h"

static void
init(struct view *view, struct ui *ui)
{
    (void)ui;
    table_view_open(view, BY_FILE);
}

static void
refresh(struct view *view, struct ui *ui)
{
    struct table_view *tv = view->state;

    if (tv->tree.shown && ui->switches.cumulative) {
        tv->tree.shown = false;
        list_follow(&view->list, (int)tv->table.count, -1);
        ui_say(ui, "directories add up own bytes: this is the list");
    }
    if (!tv->tree.shown) {
        table_view_refresh(view, ui);
    }
    else if (table_view_make(view, ui)) {
        file_tree_build(&tv->tree, view);
    }
}

static bool
place(struct view *view, struct ui *ui, int row, struct place *place)
{
    struct table_view *tv = view->state;

    if (tv->tree.shown) {
        row = row_order_place(&tv->rows, file_tree_leaf(&tv->tree, row));
    }
    return table_view_place(view, ui, row, place);
}

static bool
go(struct view *view, struct ui *ui, const struct place *place)
{
    struct table_view *tv = view->state;

    if (!tv->tree.shown) {
        return table_view_go(view, ui, place);
    }
    int64_t leaf = table_find(&tv->table, (struct row_key){
        ROW_PLACE, place->file});
    int row = leaf < 0 ? -1 : file_tree_find(&tv->tree, view, (int)leaf);
    if (row >= 0) {
        list_go(&view->list, row);
    }
    return row >= 0;
}

static void
row_text(struct view *view, struct ui *ui, int row, char *out,
         size_t out_size)
{
    struct table_view *tv = view->state;

    if (tv->tree.shown) {
        file_tree_text(&tv->tree, row, &tv->table, out, out_size);
    }
    else {
        table_view_row_text(view, ui, row, out, out_size);
    }
}

const struct view_ops files_view = {
    .name = "files",
    .digit = '2',
    .tab = "files",
    .tab_short = "files",
    .noun = "rows",
    .scope = SCOPE_TABLE | SCOPE_CHARGE | SCOPE_SEARCH | SCOPE_TURN,
    .init = init,
    .release = table_view_release,
    .take_over = table_view_take_over,
    .refresh = refresh,
    .draw = table_view_draw,
    .act = table_view_act,
    .click = table_view_click,
    .place = place,
    .go = go,
    .row_text = row_text,
    .hint = table_view_hint,
    .columns = table_view_columns,
    .write = table_view_write,
};
