/* SPDX-License-Identifier: MIT
 *
 * Keys of views 1 to 3: sorting, columns sideways, opening a row.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/ui.h"
#include "ui/view_table.h"
#include "ui/write.h"

static bool
can_sort(const struct table_view *tv, const struct column *column)
{
    return column_applies(column, &tv->table)
        && (column->value != NULL || column_id(column) == COLUMN_LOCATION);
}

/* Sort by a column; the same one again: the other way round. */
static void
sort_by(struct table_view *tv, struct ui *ui, enum column_id id, bool toggle)
{
    struct sort_order *order = table_view_order(tv);

    if (order->column == id) {
        order->reverse = toggle && !order->reverse;
    }
    else {
        order->column = id;
        order->reverse = false;
    }
    if (tv->by == BY_FUNCTION && !tv->table.has_base
        && (id == COLUMN_SIZE || id == COLUMN_CUMULATIVE)
        && ui->switches.cumulative != (id == COLUMN_CUMULATIVE)) {
        ui->switches.cumulative = id == COLUMN_CUMULATIVE;
        ui_badge(ui, BADGE_CHARGE, ui->switches.cumulative);
    }
    tv->sort_now = true;
    ui->dirty = true;
    ui_say(ui, "sorted by %s%s", column_head(column_get(id), &tv->table,
                                             !screen_utf8(ui->screen)),
           order->reverse ? ", reversed" : "");
}

static void
sort_by_letter(struct table_view *tv, struct ui *ui, uint32_t code)
{
    char letter = (char)(code == 'M' ? 'S' : code);
    enum column_id id = column_find_letter(letter, tv->table.has_base);

    if (id == COLUMN_NONE || !can_sort(tv, column_get(id))) {
        ui_say(ui, "no column \"%c\" in this table: o shows all", letter);
        return;
    }
    sort_by(tv, ui, id, false);
}

/* The next column left or right of the sorted one, of those drawn. */
static void
sort_beside(struct table_view *tv, struct ui *ui, int step)
{
    enum column_id sorted = table_view_order(tv)->column;
    int at = -1, count = (int)tv->place_count;

    for (int i = 0; i < count; i++) {
        if (column_id(tv->places[i].column) == sorted) {
            at = i;
        }
    }
    for (int i = at + step; at >= 0 && i >= 0 && i < count; i += step) {
        if (can_sort(tv, tv->places[i].column)) {
            sort_by(tv, ui, column_id(tv->places[i].column), false);
            return;
        }
    }
    ui_say(ui, "no column to the %s to sort by", step < 0 ? "left"
           : "right");
}

static void
menu_selected(struct ui *ui, int value, void *argument)
{
    sort_by(argument, ui, (enum column_id)value, false);
}

static void
sort_menu(struct table_view *tv, struct ui *ui)
{
    static struct menu_item items[COLUMN_COUNT + 1];
    int n = 0, chosen = 0;

    for (int id = 0; id < COLUMN_COUNT; id++) {
        const struct column *column = column_get((enum column_id)id);
        if (!can_sort(tv, column)) {
            continue;
        }
        if (column_id(column) == table_view_order(tv)->column) {
            chosen = n;
        }
        items[n++] = (struct menu_item){
            (unsigned char)column->letter,
            column_head(column, &tv->table, !screen_utf8(ui->screen)),
            column->help, id
        };
    }
    items[n] = (struct menu_item){0, NULL, NULL, 0};
    prompt_menu(ui, "sort by", items, chosen, menu_selected, tv);
}

static void
reverse(struct table_view *tv, struct ui *ui)
{
    struct sort_order *order = table_view_order(tv);

    order->reverse = !order->reverse;
    tv->sort_now = true;
    ui_say(ui, order->reverse ? "order reversed" : "order as it was");
}

/* Is the cursor on a row of the import system? */
static bool
on_import(const struct view *view)
{
    const struct table_view *tv = view->state;
    const struct table_row *row = table_view_row(tv, view->list.cursor);

    return row != NULL
        && (row->key.kind == ROW_IMPORT
            || (tv->unfold_import
                && table_row_origin(&tv->table, row) == ORIGIN_IMPORT));
}

static void
fold_import(struct view *view, struct ui *ui, bool unfold)
{
    struct table_view *tv = view->state;

    if (tv->unfold_import == unfold) {
        ui_say(ui, unfold ? "the import system is unfolded already: - folds"
               : "the import system is folded: + unfolds");
        return;
    }
    tv->unfold_import = unfold;
    tv->sort_now = true;
    ui_changed(ui);
    ui_say(ui, unfold ? "import system: one row a line, - folds it"
           : "import system: one row");
}

static void
sideways(struct view *view, struct ui *ui, int step)
{
    struct table_view *tv = view->state;
    int skip = tv->skip + step;

    if (tv->by == BY_LINE && on_import(view)
        && tv->unfold_import != (step > 0) && tv->skip == 0) {
        fold_import(view, ui, step > 0);
        return;
    }
    if (skip < 0 || (step > 0 && tv->place_count <= 2)) {
        ui_say(ui, skip < 0 ? "these are the first columns"
               : "these are the last columns");
        return;
    }
    tv->skip = skip;
    ui->dirty = true;
}

/* t: list ⇄ by directory; the cursor stays on its file. */
static void
turn_tree(struct view *view, struct ui *ui)
{
    struct table_view *tv = view->state;
    struct file_tree *tree = &tv->tree;
    int at = view->list.cursor;
    int leaf = tree->shown ? file_tree_leaf(tree, at)
        : (uint32_t)at < tv->rows.count ? (int)tv->rows.rows[at] : -1;
    bool parked = view->list.parked;

    if (!tree->shown && ui->switches.cumulative) {
        ui_say(ui, "directories add up own bytes: c first");
        return;
    }
    tree->shown = !tree->shown;
    if (tree->shown) {
        at = parked ? 0 : file_tree_find(tree, view, leaf);
        file_tree_build(tree, view);
        view->list.count = (int)tree->row_count;
    }
    else {
        at = row_order_place(&tv->rows, leaf);
        view->list.count = (int)tv->table.count;
    }
    list_go(&view->list, at < 0 ? 0 : at);
    view->list.parked = parked;
    ui_changed(ui);
    ui_say(ui, tree->shown ? "files by directory" : "files as a list");
}

static void
fold_files(struct view *view, struct ui *ui, enum action action)
{
    struct table_view *tv = view->state;

    if (action == ACTION_UNFOLD_ALL) {
        file_tree_fold_all(&tv->tree);
        ui_changed(ui);
        return;
    }
    file_tree_fold(&tv->tree, view, ui, action == ACTION_UNFOLD);
}

/* A shown path as a filter word that fits it alone. */
static void
quote_filter(char *out, size_t out_size, const char *path)
{
    size_t n = 0;

    for (; *path != '\0' && n + 1 < out_size; path++) {
        out[n++] = strchr(" *?[]!", *path) != NULL ? '?' : *path;
    }
    out[n] = '\0';
}

/* A file opens as its lines; a line or function as its source. */
static void
open_row(struct view *view, struct ui *ui)
{
    struct table_view *tv = view->state;
    struct place place;
    char filter[1024];

    if (tv->by == BY_LINE && on_import(view) && !tv->unfold_import) {
        fold_import(view, ui, true);
        return;
    }
    if (tv->tree.shown
        && file_tree_leaf(&tv->tree, view->list.cursor) < 0) {
        const struct file_node *node = tv->tree.row_count == 0 ? NULL
            : &tv->tree.nodes[tv->tree.rows[view->list.cursor]];
        file_tree_fold(&tv->tree, view, ui, node != NULL && !node->open);
        return;
    }
    if (!view->ops->place(view, ui, view->list.cursor, &place)) {
        ui_say(ui, tv->table.count == 0 ? "no row to open"
               : "this row has no source");
        return;
    }
    if (tv->by != BY_FILE) {
        ui_open_place(ui, &place);
        return;
    }
    quote_filter(filter, sizeof(filter),
                 catalog_file(&ui->catalog, place.file)->shown);
    ui_filter(ui, filter);
    ui_show(ui, '1');
}

bool
table_view_act(struct view *view, struct ui *ui, enum action action,
               const struct key *key)
{
    struct table_view *tv = view->state;

    switch (action) {
    case ACTION_SORT:
        sort_by_letter(tv, ui, key->code);
        return true;
    case ACTION_SORT_LEFT:
    case ACTION_SORT_RIGHT:
        sort_beside(tv, ui, action == ACTION_SORT_LEFT ? -1 : 1);
        return true;
    case ACTION_SORT_MENU:
        sort_menu(tv, ui);
        return true;
    case ACTION_REVERSE:
        reverse(tv, ui);
        return true;
    case ACTION_TREE:
        if (tv->by != BY_FILE) {
            return false;
        }
        turn_tree(view, ui);
        return true;
    case ACTION_LEFT:
    case ACTION_RIGHT:
        if (tv->tree.shown) {
            file_tree_fold(&tv->tree, view, ui, action == ACTION_RIGHT);
            return true;
        }
        sideways(view, ui, action == ACTION_LEFT ? -1 : 1);
        return true;
    case ACTION_FOLD:
    case ACTION_UNFOLD:
    case ACTION_UNFOLD_ALL:
        if (tv->tree.shown) {
            fold_files(view, ui, action);
            return true;
        }
        if (tv->by != BY_LINE) {
            ui_say(ui, "nothing to fold in this view");
            return true;
        }
        fold_import(view, ui, action == ACTION_UNFOLD_ALL
                    ? !tv->unfold_import : action == ACTION_UNFOLD);
        return true;
    case ACTION_OPEN:
        open_row(view, ui);
        return true;
    default:
        return false;
    }
}

/* A fold mark: opens or closes its directory. */
static bool
click_mark(struct view *view, struct ui *ui, int row, int col)
{
    struct table_view *tv = view->state;
    int at = list_row_at(&view->list, row);
    int mark = tv->tree.shown ? file_tree_mark(&tv->tree, at) : -1;

    if (mark < 0 || tv->place_count == 0
        || col != ui->body.col + tv->places[tv->place_count - 1].x + 2
        + mark) {
        return false;
    }
    list_go(&view->list, at);
    file_tree_fold(&tv->tree, view, ui,
                   !tv->tree.nodes[tv->tree.rows[at]].open);
    return true;
}

bool
table_view_click(struct view *view, struct ui *ui, int row, int col)
{
    struct table_view *tv = view->state;

    if (row != tv->head_row) {
        return click_mark(view, ui, row, col);
    }
    for (size_t i = 0; i < tv->place_count; i++) {
        const struct column_place *place = &tv->places[i];
        int from = ui->body.col + place->x - 1;
        if (col >= from && col < from + 1 + place->cells
            && can_sort(tv, place->column)) {
            sort_by(tv, ui, column_id(place->column), true);
            return true;
        }
    }
    return false;
}

int
table_view_write(struct view *view, struct ui *ui, FILE *file,
                 const char *ending)
{
    struct table_view *tv = view->state;

    return write_table(ui, &tv->table.request, *table_view_order(tv), file,
                       ending);
}
