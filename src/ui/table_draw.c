/* SPDX-License-Identifier: MIT
 *
 * A table on the screen: heads, the visible rows, one row for all others, the
 * total.  What is seen adds up to the byte.
 */
#include <stdio.h>
#include <string.h>

#include "base/size_text.h"
#include "ui/table_sheet.h"
#include "ui/text_cells.h"

#define NARROW 40               /* under it only size and location */

/* --- the two sums ---------------------------------------------------------*/

static void
draw_sum(struct sheet *sheet, const struct table_row *sum, int screen_row,
         const char *words, uint8_t look)
{
    char cut[256];
    const struct column_place *last =
        &sheet->tv->places[sheet->tv->place_count - 1];

    sheet_draw_row(sheet, sum, screen_row, look);
    if (column_id(last->column) == COLUMN_LOCATION) {
        int cells = last->cells - 2;
        text_cut_right(cut, sizeof(cut), words, cells);
        screen_put(sheet->ui->screen, screen_row,
                   sheet->rect.col + last->x + 2, cells, cut,
                   STYLE(ROLE_TEXT, look));
    }
}

static void
draw_more(struct sheet *sheet, int screen_row, int visible)
{
    struct list *list = &sheet->view->list;
    const struct table *table = &sheet->tv->table;
    struct table_row more;
    char words[128], count[NUMBER_TEXT_SIZE];
    int left = list->count - visible;
    int hidden_unchanged = (int)table->unchanged;
    bool below = list->top + visible < list->count;

    if (sheet->tv->tree.shown) {
        file_tree_more(&sheet->tv->tree, list->top, visible, table, &more);
    }
    else {
        table_all(table, &more);
        for (int i = 0; i < visible; i++) {
            const struct table_row *row
                = table_view_row(sheet->tv, list->top + i);
            table_leave_out(table, row, &more);
            hidden_unchanged -= row->is_unchanged;
        }
    }
    count_text_exact(count, left);
    /* Rows that have moved since they were put in order may be among them. */
    bool unchanged = table->has_base && list->top == 0
        && !sheet->tv->tree.shown && hidden_unchanged == left;
    snprintf(words, sizeof(words), "%s %s%s %s", count,
             unchanged ? "" : "more ", left == 1 ? "row" : "rows",
             unchanged ? "unchanged ↓" : !below ? "↑"
             : list->top > 0 ? "↑↓" : "↓");
    draw_sum(sheet, &more, screen_row, words, LOOK_DIM);
}

/* By function, own and cumulative stand side by side, and only one of them
 * adds up: the total says so where there is room. */
static void
draw_total(struct sheet *sheet, int screen_row)
{
    static const char overlap[] = " (cumulative rows overlap)";
    const int overlap_cells = (int)sizeof(overlap) - 1;
    const struct table *table = &sheet->tv->table;
    int cells = sheet->tv->places[sheet->tv->place_count - 1].cells - 2;
    bool both = sheet->tv->by == BY_FUNCTION && !table->has_base
        && !table->filtered && !sheet->ui->switches.cumulative
        && cells > 2 * overlap_cells;
    char words[256];

    ui_total_words(sheet->ui, words, sizeof(words) - sizeof(overlap),
                   &table->total, table->traced_bytes, table->filtered,
                   sheet->view->ops->noun, table->count, true,
                   both ? cells - overlap_cells : cells);
    strcat(words, both ? overlap : "");
    draw_sum(sheet, &table->total, screen_row, words, LOOK_BOLD);
}

/* --- narrow screens -------------------------------------------------------*/

/* `147.2M cache.py:88`. */
static void
draw_narrow_row(struct sheet *sheet, const struct table_row *row,
                int screen_row)
{
    char size[NUMBER_TEXT_SIZE], cut[512];
    const char *place;
    int col = sheet->rect.col;

    strbuf_clear(&sheet->text);
    if (sheet->place != NULL) {
        strbuf_add_text(&sheet->text, sheet->place);
    }
    else {
        table_row_location(&sheet->tv->table, row, &sheet->text, 0, false);
    }
    place = sheet->place != NULL ? NULL : strrchr(sheet->text.text, '/');
    place = place != NULL ? place + 1 : sheet->text.text;
    size_text_compact(size, sheet->tv->table.has_base ? row->delta_bytes
                      : row->bytes);
    screen_put_right(sheet->ui->screen, screen_row, col, 6, size,
                     STYLE_TEXT);
    text_cut_right(cut, sizeof(cut), place, sheet->rect.cols - 7);
    screen_put(sheet->ui->screen, screen_row, col + 7, sheet->rect.cols - 7,
               cut, STYLE_TEXT);
}

/* Row number `at` of the list. */
static void
draw_one(struct sheet *sheet, int at, int screen_row)
{
    const struct table_view *tv = sheet->tv;
    char place[1024];

    if (tv->tree.shown) {
        file_tree_text(&tv->tree, at, &tv->table, place, sizeof(place));
        sheet->place = place;
    }
    const struct table_row *row = tv->tree.shown
        ? file_tree_cost(&tv->tree, at) : table_view_row(tv, at);
    if (sheet->rect.cols < NARROW) {
        draw_narrow_row(sheet, row, screen_row);
    }
    else {
        sheet_draw_row(sheet, row, screen_row, 0);
    }
    sheet->place = NULL;
}

/* --- all of it ------------------------------------------------------------*/

/* How the lines of the body are used. */
struct lines {
    int heads, rows, more, total;
};

static struct lines
share_lines(const struct sheet *sheet)
{
    int rows = sheet->rect.rows;
    bool plain = screen_rows(sheet->ui->screen) < 6
        || sheet->rect.cols < NARROW;
    struct lines lines = {0};

    lines.total = !plain && rows >= 3;
    lines.heads = !plain && rows >= 4;
    lines.rows = rows - lines.total - lines.heads;
    if (lines.total && sheet->view->list.count > lines.rows) {
        lines.more = 1;
        lines.rows--;
    }
    return lines;
}

static const char *
empty_words(struct ui *ui, char *out, size_t out_size)
{
    if (filter_active(&ui->filter)) {
        snprintf(out, out_size, "no row matches %s: Esc ends it",
                 ui->filter.text);
        return out;
    }
    return "no blocks yet";
}

static void
draw_body(struct sheet *sheet)
{
    struct lines lines = share_lines(sheet);
    struct list *list = &sheet->view->list;
    int row = sheet->rect.row;
    char words[300], cut[300];

    sheet->tv->head_row = lines.heads ? row : -1;
    if (lines.heads) {
        sheet_draw_heads(sheet, row);
    }
    row += lines.heads;
    list_show(list, row, lines.rows);
    int visible = list->count - list->top;
    visible = visible < lines.rows ? visible : lines.rows;
    for (int i = 0; i < visible; i++) {
        draw_one(sheet, list->top + i, row + i);
        if (list->top + i == list->cursor) {
            screen_highlight(sheet->ui->screen, row + i, sheet->rect.col,
                             sheet->rect.cols, LOOK_REVERSE);
        }
    }
    if (list->count == 0 && lines.rows > 0) {
        text_cut_right(cut, sizeof(cut),
                       empty_words(sheet->ui, words, sizeof(words)),
                       sheet->rect.cols - 1);
        screen_put(sheet->ui->screen, row, sheet->rect.col + 1,
                   sheet->rect.cols - 1, cut, STYLE(ROLE_TEXT, LOOK_DIM));
    }
    row += list->count > 0 ? visible : 1;
    if (lines.more) {
        draw_more(sheet, row++, visible);
    }
    if (lines.total && sheet->ui->live.when_ns != 0) {
        draw_total(sheet, row);
    }
}

void
table_view_draw(struct view *view, struct ui *ui, struct rect rect)
{
    struct table_view *tv = view->state;
    struct sheet sheet = {
        .ui = ui, .view = view, .tv = tv, .rect = rect,
        .style = ui_style(ui)
    };

    strbuf_init(&sheet.text);
    tv->place_count = column_layout(&tv->table, &sheet.style,
                                    table_view_order(tv)->column, tv->skip,
                                    tv->places);
    if (tv->place_count > 0) {
        draw_body(&sheet);
    }
    strbuf_release(&sheet.text);
}
