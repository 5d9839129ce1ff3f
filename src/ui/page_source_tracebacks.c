/* SPDX-License-Identifier: MIT
 *
 * The lower half of the source page: who called the line.
 */
#include <stdio.h>

#include "base/strbuf.h"
#include "model/location.h"
#include "ui/page_source_state.h"
#include "ui/ui.h"

#define TREND_AT 51             /* where TREND stands, if there is room */

/* One caller a line; the size stands before the first one. */
struct traceback_drawing {
    struct ui *ui;
    struct source_state *state;
    struct rect rect;
    int size;                   /* cells of the size */
    int line;                   /* lines so far, drawn or not */
};

static void
draw_caller(struct traceback_drawing *drawing, const struct table_row *row,
            uint32_t line)
{
    struct ui *ui = drawing->ui;
    int at = drawing->line - drawing->state->first_traceback;
    int col = drawing->size + 2;
    struct strbuf text;

    drawing->line++;
    if (at < 0 || at >= drawing->rect.rows) {
        return;
    }
    if (row != NULL) {
        const struct table *table = &drawing->state->tracebacks;

        source_put_column(ui, table, row,
                          table->has_base ? COLUMN_DELTA_SIZE : COLUMN_SIZE,
                          drawing->rect.row + at, drawing->rect.col,
                          drawing->size);
    }
    if (drawing->rect.cols <= col) {
        return;
    }
    strbuf_init(&text);
    if (line == CATALOG_NONE) {
        strbuf_add_text(&text, "no caller: the outermost line");
    }
    else {
        location_add_line(&text, &ui->catalog, line,
                          drawing->rect.cols - col,
                          !screen_utf8(ui->screen));
    }
    screen_put(ui->screen, drawing->rect.row + at, drawing->rect.col + col,
               drawing->rect.cols - col, text.text,
               line == CATALOG_NONE ? STYLE(ROLE_LIBRARY, 0) : STYLE_TEXT);
    strbuf_release(&text);
}

/* The callers of a row's traceback, innermost first. */
static void
draw_traceback(struct traceback_drawing *drawing,
               const struct table_row *row)
{
    const struct catalog *catalog = &drawing->ui->catalog;
    uint32_t at = row->key.kind == ROW_PLACE ? row->key.id : CATALOG_NONE;

    if (at != CATALOG_NONE) {
        at = catalog->tracebacks[at].parent;
    }
    draw_caller(drawing, row, at == CATALOG_NONE
                                  ? CATALOG_NONE
                                  : catalog->tracebacks[at].line);
    while (at != CATALOG_NONE
           && (at = catalog->tracebacks[at].parent) != CATALOG_NONE) {
        draw_caller(drawing, NULL, catalog->tracebacks[at].line);
    }
}

/* A row that stands for something at the shown moment. */
static bool
counts(const struct table_row *row)
{
    return row->bytes != 0 || row->blocks != 0 || row->delta_bytes != 0;
}

int
source_traceback_lines(const struct source_state *state)
{
    const struct catalog *catalog = state->tracebacks.request.catalog;
    int lines = 0;

    for (uint32_t i = 0; i < state->tracebacks.count; i++) {
        const struct table_row *row = &state->tracebacks.rows[i];

        if (counts(row)) {
            int depth = row->key.kind == ROW_PLACE
                        ? (int)catalog->tracebacks[row->key.id].depth : 1;

            lines += depth > 1 ? depth - 1 : 1;
        }
    }
    return lines > 0 ? lines : 1;
}

static void
draw_trend(struct ui *ui, const struct source_state *state, struct rect rect)
{
    const struct table_row *row = source_row(state, state->line);
    struct column_style style = ui_style(ui);
    struct strbuf text;

    if (row == NULL || rect.cols < TREND_AT + 16) {
        return;
    }
    strbuf_init(&text);
    strbuf_add_text(&text, "TREND ");
    column_add_text(&text, column_get(COLUMN_TREND), &state->table, row,
                    &style, 9);
    screen_put(ui->screen, rect.row, rect.col + TREND_AT,
               rect.cols - TREND_AT, text.text, STYLE(ROLE_TEXT, LOOK_BOLD));
    strbuf_release(&text);
}

void
source_draw_tracebacks(struct ui *ui, struct source_state *state, int cells,
                       struct rect rect)
{
    struct traceback_drawing drawing = {ui, state, rect, cells, 0};
    uint32_t count = 0;
    char head[80];

    drawing.rect.row++;
    drawing.rect.rows--;
    for (uint32_t i = 0; i < state->tracebacks.count; i++) {
        const struct table_row *row = &state->tracebacks.rows[i];

        if (counts(row)) {
            count++;
            draw_traceback(&drawing, row);
        }
    }
    if (count == 0 && drawing.rect.rows > 0) {
        screen_put(ui->screen, drawing.rect.row, rect.col + 1, rect.cols - 1,
                   "it holds nothing itself", STYLE(ROLE_LIBRARY, 0));
    }
    state->traceback_lines = drawing.line;
    state->traceback_rows = drawing.rect.rows;
    snprintf(head, sizeof(head), "TRACEBACKS of line %d (%u)%s",
             (int)state->line, (unsigned)count,
             drawing.line - state->first_traceback > drawing.rect.rows
                 ? " PgDn: more ↓" : "");
    screen_put(ui->screen, rect.row, rect.col, rect.cols, head,
               STYLE(ROLE_TEXT, LOOK_BOLD));
    draw_trend(ui, state, rect);
}
