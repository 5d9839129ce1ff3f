/* SPDX-License-Identifier: MIT
 *
 * A table on the screen: heads, the visible rows, one row for all others, the
 * total.  What is seen adds up to the byte.
 */
#include <stdio.h>
#include <string.h>

#include "base/size_text.h"
#include "model/location.h"
#include "ui/text_cells.h"
#include "ui/ui.h"
#include "ui/view_table.h"

#define NARROW 40               /* under it only size and location */

/* Where one table is being drawn. */
struct sheet {
    struct ui *ui;
    struct view *view;
    struct table_view *tv;
    struct rect rect;
    struct column_style style;
    struct strbuf text;         /* scratch, one cell at a time */
};

static bool
stands_left(const struct column *column)
{
    enum column_id id = column_id(column);

    return column->left || id == COLUMN_ARROW || id == COLUMN_BAR
        || id == COLUMN_TREND || id == COLUMN_STATE;
}

/* --- heads ----------------------------------------------------------------*/

/* The capital that sorts by a column is underlined where its head has it. */
static void
underline_key(struct sheet *sheet, const struct column *column, int row,
              int col, const char *head)
{
    const char *at = column->letter != 0 ? strchr(head, column->letter)
        : NULL;

    if (at != NULL) {
        char before[64];
        snprintf(before, sizeof(before), "%.*s", (int)(at - head), head);
        screen_highlight(sheet->ui->screen, row, col + text_width(before), 1,
                         LOOK_UNDERLINE);
    }
}

static void
draw_head(struct sheet *sheet, const struct column_place *place, int row)
{
    struct screen *screen = sheet->ui->screen;
    const struct column *column = place->column;
    const struct sort_order *order = table_view_order(sheet->tv);
    const char *head = column_head(column, &sheet->tv->table,
                                   sheet->style.ascii);
    enum column_id id = column_id(column);
    bool sorted = order->column == id;
    bool down = column->ascending == order->reverse;
    int width = text_width(head);
    int col = sheet->rect.col + place->x;

    if (width > place->cells) {     /* a lone arrow needs no head */
        return;
    }
    if (id == COLUMN_LOCATION) {
        col += 2;
    }
    else if (!stands_left(column)) {
        col += place->cells - width;
    }
    if (sorted && (!stands_left(column) || id == COLUMN_LOCATION)) {
        screen_put(screen, row, col - 1, 1, down ? "▼" : "▲",
                   STYLE(ROLE_KEY, 0));
    }
    screen_put(screen, row, col, width, head,
               STYLE(ROLE_TEXT, sorted ? LOOK_BOLD : 0));
    if (sorted && stands_left(column) && id != COLUMN_LOCATION) {
        screen_put(screen, row, col + width, 1, down ? "▼" : "▲",
                   STYLE(ROLE_KEY, 0));
    }
    underline_key(sheet, column, row, col, head);
}

/* --- cells ----------------------------------------------------------------*/

static enum role
sign_role(double value)
{
    return value > 0 ? ROLE_GREW : value < 0 ? ROLE_SHRANK : ROLE_TEXT;
}

static double
share(const struct sheet *sheet, const struct table_row *row)
{
    return sheet->tv->table.traced_bytes > 0
        ? (double)row->bytes / (double)sheet->tv->table.traced_bytes : 0;
}

/* What a cell is, for its colour; without colours the weight says it. */
static struct style
cell_style(const struct sheet *sheet, const struct column *column,
           const struct table_row *row)
{
    double part = share(sheet, row);

    switch (column_id(column)) {
    case COLUMN_ARROW:
    case COLUMN_DELTA_SIZE:
        return STYLE(sign_role((double)row->delta_bytes), 0);
    case COLUMN_DELTA_BLOCKS:
        return STYLE(sign_role((double)row->delta_blocks), 0);
    case COLUMN_GROWTH:
    case COLUMN_TREND:
        return STYLE(row->has_trend ? sign_role(trend_direction(row))
                     : ROLE_TEXT, 0);
    case COLUMN_STATE:
        return STYLE(row->is_new ? ROLE_GREW : ROLE_SHRANK, 0);
    case COLUMN_BAR:
        return STYLE(part >= 0.2 ? ROLE_HEAT3 : part >= 0.05 ? ROLE_HEAT2
                     : ROLE_HEAT1, 0);
    default:
        break;
    }
    if (screen_colours(sheet->ui->screen) == 0) {
        return STYLE(ROLE_TEXT, part >= 0.1 ? LOOK_BOLD
                     : part < 0.01 ? LOOK_DIM : 0);
    }
    return STYLE_TEXT;
}

/* The mark of its origin, a blank, the place; dim if it is a library's. */
static void
draw_location(struct sheet *sheet, const struct column_place *place,
              const struct table_row *row, int screen_row,
              struct style style)
{
    enum origin origin = table_row_origin(&sheet->tv->table, row);
    char mark[2] = {origin_mark(origin), '\0'};
    int col = sheet->rect.col + place->x, cells = place->cells - 2;

    if (origin_is_library(origin)) {
        style = STYLE(ROLE_LIBRARY, style.look & LOOK_REVERSE);
    }
    screen_put(sheet->ui->screen, screen_row, col, 1, mark, style);
    if (cells > 0) {
        column_add_text(&sheet->text, place->column, &sheet->tv->table, row,
                        &sheet->style, cells);
        screen_put(sheet->ui->screen, screen_row, col + 2, cells,
                   sheet->text.text, style);
    }
}

/* The arrow says by its colour, too, how a row moves; its past is blue. */
static void
draw_trend(struct sheet *sheet, const struct column_place *place,
           int screen_row, struct style style)
{
    const char *rest = sheet->text.text;
    int width, col = sheet->rect.col + place->x;

    if (sheet->text.len == 0) {
        return;
    }
    text_next(&rest, &width);
    screen_put(sheet->ui->screen, screen_row, col, width, sheet->text.text,
               style);
    screen_put(sheet->ui->screen, screen_row, col + width,
               place->cells - width, rest, STYLE(ROLE_TRACED, 0));
}

static void
draw_cell(struct sheet *sheet, const struct column_place *place,
          const struct table_row *row, int screen_row, uint8_t look)
{
    struct screen *screen = sheet->ui->screen;
    const struct column *column = place->column;
    struct style style = cell_style(sheet, column, row);
    int col = sheet->rect.col + place->x;

    style.look |= look;
    strbuf_clear(&sheet->text);
    if (column_id(column) == COLUMN_LOCATION) {
        draw_location(sheet, place, row, screen_row, style);
        return;
    }
    column_add_text(&sheet->text, column, &sheet->tv->table, row,
                    &sheet->style, place->cells);
    if (column_id(column) == COLUMN_TREND) {
        draw_trend(sheet, place, screen_row, style);
    }
    else if (stands_left(column)) {
        screen_put(screen, screen_row, col, place->cells, sheet->text.text,
                   style);
    }
    else {
        screen_put_right(screen, screen_row, col, place->cells,
                         sheet->text.text, style);
    }
}

static void
draw_row(struct sheet *sheet, const struct table_row *row, int screen_row,
         uint8_t look)
{
    for (size_t i = 0; i < sheet->tv->place_count; i++) {
        draw_cell(sheet, &sheet->tv->places[i], row, screen_row, look);
    }
}

/* --- the two sums ---------------------------------------------------------*/

static void
draw_sum(struct sheet *sheet, const struct table_row *sum, int screen_row,
         const char *words, uint8_t look)
{
    char cut[256];
    const struct column_place *last =
        &sheet->tv->places[sheet->tv->place_count - 1];

    draw_row(sheet, sum, screen_row, look);
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
    bool below = list->top + visible < list->count;

    table_more(table, (uint32_t)list->top, (uint32_t)visible, &more);
    count_text_exact(count, left);
    bool unchanged = table->has_base && list->top == 0
        && (uint32_t)visible >= table->count - table->unchanged;
    snprintf(words, sizeof(words), "%s %s%s %s", count,
             unchanged ? "" : "more ", left == 1 ? "row" : "rows",
             unchanged ? "unchanged ↓" : !below ? "↑"
             : list->top > 0 ? "↑↓" : "↓");
    draw_sum(sheet, &more, screen_row, words, LOOK_DIM);
}

static void
draw_total(struct sheet *sheet, int screen_row)
{
    const struct table *table = &sheet->tv->table;
    const struct column_place *last =
        &sheet->tv->places[sheet->tv->place_count - 1];
    char words[256];

    ui_total_words(sheet->ui, words, sizeof(words), &table->total,
                   table->traced_bytes, table->filtered,
                   sheet->view->ops->noun, table->count, true,
                   last->cells - 2);
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
    table_row_location(&sheet->tv->table, row, &sheet->text, 0, false);
    place = strrchr(sheet->text.text, '/');
    place = place != NULL ? place + 1 : sheet->text.text;
    size_text_compact(size, sheet->tv->table.has_base ? row->delta_bytes
                      : row->bytes);
    screen_put_right(sheet->ui->screen, screen_row, col, 6, size,
                     STYLE_TEXT);
    text_cut_right(cut, sizeof(cut), place, sheet->rect.cols - 7);
    screen_put(sheet->ui->screen, screen_row, col + 7, sheet->rect.cols - 7,
               cut, STYLE_TEXT);
}

static void
draw_one(struct sheet *sheet, const struct table_row *row, int screen_row)
{
    if (sheet->rect.cols < NARROW) {
        draw_narrow_row(sheet, row, screen_row);
    }
    else {
        draw_row(sheet, row, screen_row, 0);
    }
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
    const struct table *table = &sheet->tv->table;
    int row = sheet->rect.row;
    char words[300], cut[300];

    sheet->tv->head_row = lines.heads ? row : -1;
    for (size_t i = 0; lines.heads && i < sheet->tv->place_count; i++) {
        draw_head(sheet, &sheet->tv->places[i], row);
    }
    row += lines.heads;
    list_show(list, row, lines.rows);
    int visible = list->count - list->top;
    visible = visible < lines.rows ? visible : lines.rows;
    for (int i = 0; i < visible; i++) {
        draw_one(sheet, &table->rows[list->top + i], row + i);
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
