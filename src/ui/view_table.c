/* SPDX-License-Identifier: MIT
 *
 * Rows of views 1 to 3: made by the model, kept in an order that does not
 * jump while one reads.
 */
#include "ui/view_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "ui/ui.h"

#define ORDER_NS UI_NS          /* at most one new order a second ... */
#define QUIET_NS UI_NS          /* ... and none so soon after a key */

void
table_view_open(struct view *view, enum table_by by)
{
    struct table_view *tv = xcalloc(1, sizeof(*tv));

    tv->by = by;
    tv->order[0] = sort_default(false);
    tv->order[1] = sort_default(true);
    tv->sort_now = true;
    tv->head_row = -1;
    table_init(&tv->table);
    view->state = tv;
}

void
table_view_release(struct view *view)
{
    struct table_view *tv = view->state;

    table_release(&tv->table);
    file_tree_release(&tv->tree);
    row_order_release(&tv->rows);
    free(tv);
    view->state = NULL;
}

void
table_view_take_over(struct view *view, const struct view *from)
{
    struct table_view *tv = view->state;
    const struct table_view *old = from->state;

    memcpy(tv->order, old->order, sizeof(tv->order));
    tv->skip = old->skip;
    tv->tree.shown = old->tree.shown;
}

struct sort_order *
table_view_order(struct table_view *tv)
{
    return &tv->order[tv->table.has_base];
}

const struct table *
table_view_lines(struct ui *ui)
{
    const struct table_view *tv = ui->views[0].state;

    return tv != NULL && tv->data != 0 ? &tv->table : NULL;
}

/* In view 3 both columns stay, and c chooses which one sorts. */
static void
follow_charge(struct table_view *tv, const struct ui *ui)
{
    struct sort_order *order = table_view_order(tv);

    if (tv->by == BY_FUNCTION && !tv->table.has_base
        && (order->column == COLUMN_SIZE
            || order->column == COLUMN_CUMULATIVE)) {
        order->column = ui->switches.cumulative ? COLUMN_CUMULATIVE
            : COLUMN_SIZE;
    }
}

static void
put_in_order(struct table_view *tv, struct ui *ui)
{
    /* When nothing moves by itself, order never surprises. */
    bool still = ui->still || ui->shown != &ui->live;
    bool due = still || (ui->now_ns - tv->sorted_ns >= ORDER_NS
                         && ui->now_ns - ui->key_ns >= QUIET_NS);

    follow_charge(tv, ui);
    struct sort_order order = *table_view_order(tv);
    if (tv->sort_now || due || tv->sorted_ns == 0) {
        row_order_sort(&tv->rows, &tv->table, order);
        tv->sorted_ns = ui->now_ns;
        tv->sort_now = false;
    }
    else {
        row_order_sort_new(&tv->rows, &tv->table, order);
    }
}

/* Has nothing but the newest copy come since the rows were made?  Then they
 * are brought up to date by it. */
static bool
follow(struct table_view *tv, const struct ui *ui)
{
    static const struct region_copy nothing;
    uint64_t missed = ui->copies - tv->copies;
    bool live = ui->shown == &ui->live
        || tv->table.request.base == &ui->live;

    if (tv->data == 0 || tv->switched != ui->switched
        || tv->table.request.snapshot != ui->shown
        || tv->edition != ui->catalog.edition
        || (live && missed > 1)) {
        return false;
    }
    return table_update(&tv->table, live && missed == 1 ? &ui->copy
                        : &nothing);
}

static void
build(struct table_view *tv, struct ui *ui)
{
    struct table_request request = ui_request(ui, tv->by);
    bool had_base = tv->table.has_base;

    request.unfold_import = tv->unfold_import;
    if (tv->by == BY_FUNCTION) {
        request.cumulative = false;
    }
    row_order_remember(&tv->rows, &tv->table);
    table_build(&tv->table, &request);
    row_order_keep(&tv->rows, &tv->table);
    tv->sort_now |= tv->table.has_base != had_base;
}

bool
table_view_make(struct view *view, struct ui *ui)
{
    struct table_view *tv = view->state;

    if (tv->data == ui->data && !tv->sort_now) {
        return false;
    }
    if (follow(tv, ui)) {
        row_order_follow(&tv->rows, &tv->table);
    }
    else {
        build(tv, ui);
    }
    tv->sort_now |= ui->sort_all > tv->data;
    tv->data = ui->data;
    tv->switched = ui->switched;
    tv->copies = ui->copies;
    tv->edition = ui->catalog.edition;
    put_in_order(tv, ui);
    return true;
}

void
table_view_refresh(struct view *view, struct ui *ui)
{
    struct table_view *tv = view->state;
    struct row_key key = {ROW_SUM, 0};

    const struct table_row *row = table_view_row(tv, view->list.cursor);

    if (tv->data != 0 && row != NULL) {
        key = row->key;
    }
    if (table_view_make(view, ui)) {
        list_follow(&view->list, (int)tv->table.count,
                    row_order_place(&tv->rows,
                                    table_find(&tv->table, key)));
    }
}

/* --- places ---------------------------------------------------------------*/

const struct table_row *
table_view_row(const struct table_view *tv, int at)
{
    return row_order_at(&tv->rows, &tv->table, at);
}

bool
table_view_place(struct view *view, struct ui *ui, int at,
                 struct place *place)
{
    struct table_view *tv = view->state;
    const struct table_row *row = table_view_row(tv, at);

    (void)ui;
    if (row == NULL) {
        return false;
    }
    place->line = table_row_line(&tv->table, row);
    place->file = table_row_file(&tv->table, row);
    place->function = table_row_function(&tv->table, row);
    return place->file != CATALOG_NONE;
}

/* The row of the same line, else function, else file: the most that this
 * table knows of the place. */
bool
table_view_go(struct view *view, struct ui *ui, const struct place *place)
{
    struct table_view *tv = view->state;
    uint32_t id = tv->by == BY_LINE ? place->line : tv->by == BY_FILE
        ? place->file : place->function;

    (void)ui;
    if (id != CATALOG_NONE) {
        int row = row_order_place(&tv->rows, table_find(
            &tv->table, (struct row_key){ROW_PLACE, id}));
        if (row >= 0) {
            list_go(&view->list, row);
        }
        return row >= 0;
    }
    for (int i = 0; tv->by == BY_LINE && i < (int)tv->rows.count; i++) {
        const struct table_row *row = table_view_row(tv, i);
        if ((place->function != CATALOG_NONE
             && table_row_function(&tv->table, row) == place->function)
            || (place->function == CATALOG_NONE
                && table_row_file(&tv->table, row) == place->file)) {
            list_go(&view->list, i);
            return true;
        }
    }
    return false;
}

void
table_view_row_text(struct view *view, struct ui *ui, int at, char *out,
                    size_t out_size)
{
    struct table_view *tv = view->state;
    const struct table_row *row = table_view_row(tv, at);
    struct strbuf text;

    (void)ui;
    out[0] = '\0';
    if (row != NULL) {
        strbuf_init(&text);
        table_row_location(&tv->table, row, &text, 0, false);
        snprintf(out, out_size, "%s", text.text);
        strbuf_release(&text);
    }
}

void
table_view_hint(struct view *view, struct ui *ui, char *out, size_t out_size)
{
    const struct table_view *tv = view->state;
    char base[64];

    if (tv->table.has_base && tv->table.count == tv->table.unchanged) {
        ui_moment_words(ui, ui->switches.base, base, sizeof(base));
        snprintf(out, out_size, "nothing changed since %s",
                 ui->switches.base != NULL ? base : "the peak");
    }
}

size_t
table_view_columns(struct view *view, struct ui *ui,
                   const struct view_column **columns)
{
    static struct view_column found[COLUMN_COUNT];
    const struct table_view *tv = view->state;
    size_t n = 0;

    for (int id = 0; id < COLUMN_COUNT; id++) {
        const struct column *column = column_get((enum column_id)id);
        if (column->help != NULL && column_applies(column, &tv->table)) {
            found[n].title = column_head(column, &tv->table,
                                         !screen_utf8(ui->screen));
            found[n++].help = column->help;
        }
    }
    *columns = found;
    return n;
}
