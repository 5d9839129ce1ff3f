/* SPDX-License-Identifier: MIT
 *
 * Heads and cells of a table: where they stand and how they look.
 */
#include <stdio.h>
#include <string.h>

#include "ui/source_cache.h"
#include "ui/table_sheet.h"
#include "ui/text_cells.h"

#define SOURCE_FROM 160         /* screens this wide show the source, too */
#define PLACE_CELLS 44          /* and so many cells of the location then */

static bool
stands_left(const struct column *column)
{
    enum column_id id = column_id(column);

    return column->left || id == COLUMN_ARROW || id == COLUMN_BAR
        || id == COLUMN_TREND || id == COLUMN_STATE;
}

static bool
has_source(const struct sheet *sheet, int cells)
{
    return sheet->style.screen_width >= SOURCE_FROM
        && sheet->tv->by == BY_LINE && cells >= PLACE_CELLS + 12;
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
    if (id == COLUMN_LOCATION && has_source(sheet, place->cells - 2)) {
        screen_put(screen, row, col + 2 + PLACE_CELLS, 6, "SOURCE",
                   STYLE_TEXT);
    }
}

void
sheet_draw_heads(struct sheet *sheet, int row)
{
    for (size_t i = 0; i < sheet->tv->place_count; i++) {
        draw_head(sheet, &sheet->tv->places[i], row);
    }
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

/* What stands there in the file. */
static void
draw_source(struct sheet *sheet, const struct table_row *row, int screen_row,
            int col, int cells)
{
    uint32_t line = table_row_line(&sheet->tv->table, row);
    char cut[1024];

    if (line == CATALOG_NONE) {
        return;
    }
    const struct catalog_line *at = catalog_line(&sheet->ui->catalog, line);
    text_cut_right(cut, sizeof(cut),
                   source_cache_line(sheet->ui, at->file, at->line), cells);
    screen_put(sheet->ui->screen, screen_row, col, cells, cut,
               STYLE(ROLE_TEXT, LOOK_DIM));
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
    if (has_source(sheet, cells)) {
        draw_source(sheet, row, screen_row, col + 4 + PLACE_CELLS,
                    cells - PLACE_CELLS - 2);
        cells = PLACE_CELLS;
    }
    if (sheet->place != NULL) {
        char cut[1024];
        text_cut_right(cut, sizeof(cut), sheet->place, cells);
        screen_put(sheet->ui->screen, screen_row, col + 2, cells, cut, style);
    }
    else if (cells > 0) {
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

void
sheet_draw_row(struct sheet *sheet, const struct table_row *row,
               int screen_row, uint8_t look)
{
    for (size_t i = 0; i < sheet->tv->place_count; i++) {
        draw_cell(sheet, &sheet->tv->places[i], row, screen_row, look);
    }
}
