/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/size_text.h"
#include "base/strbuf.h"
#include "model/location.h"
#include "ui/page_source_state.h"
#include "ui/text_cells.h"
#include "ui/ui.h"

/* Where things stand in a line; widths are cells. */
struct source_layout {
    int size, blocks;           /* blocks 0: not shown */
    int mark;                   /* column of ▶ */
    int number, number_width;   /* of the line number */
    int text;
};

static struct source_layout
lay_out(const struct source_state *state, const struct column_style *style)
{
    const struct column *size = column_get(COLUMN_SIZE);
    const struct column *blocks = column_get(COLUMN_BLOCKS);
    struct source_layout layout = {.number_width = 3};
    int last = state->text.count > state->line ? state->text.count
                                               : state->line;

    for (; last >= 1000; last /= 10) {
        layout.number_width++;
    }
    layout.size = style->exact ? size->exact_width
                  : style->screen_width < 80 ? size->compact_width
                                             : size->width;
    if (style->screen_width >= 60) {
        layout.blocks = style->exact ? blocks->exact_width
                                     : blocks->width;
    }
    layout.mark = layout.size + 1;
    if (layout.blocks > 0) {
        layout.mark += layout.blocks + 2;
    }
    layout.number = layout.mark + 2;
    layout.text = layout.number + layout.number_width + 1;
    return layout;
}

void
source_put_column(struct ui *ui, const struct table *table,
                  const struct table_row *row, enum column_id id,
                  int screen_row, int col, int cells)
{
    struct column_style style = ui_style(ui);
    struct strbuf text;

    strbuf_init(&text);
    column_add_text(&text, column_get(id), table, row, &style, cells);
    screen_put_right(ui->screen, screen_row, col, cells, text.text,
                     STYLE_TEXT);
    strbuf_release(&text);
}

/* The two numbers of a line: in a difference Δ SIZE and SIZE. */
static void
put_numbers(struct ui *ui, const struct source_state *state,
            const struct source_layout *layout, const struct table_row *row,
            struct rect rect)
{
    bool diff = state->table.has_base;

    source_put_column(ui, &state->table, row,
                      diff ? COLUMN_DELTA_SIZE : COLUMN_SIZE, rect.row,
                      rect.col, layout->size);
    if (layout->blocks > 0) {
        source_put_column(ui, &state->table, row,
                          diff ? COLUMN_SIZE : COLUMN_BLOCKS, rect.row,
                          rect.col + layout->size + 1, layout->blocks);
    }
}

static void
draw_heads(struct ui *ui, const struct source_state *state,
           const struct source_layout *layout, struct rect rect)
{
    bool diff = state->table.has_base;
    bool ascii = !screen_utf8(ui->screen);
    enum column_id first = diff ? COLUMN_DELTA_SIZE : COLUMN_SIZE;
    enum column_id second = diff ? COLUMN_SIZE : COLUMN_BLOCKS;

    screen_put_right(ui->screen, rect.row, rect.col, layout->size,
                     column_head(column_get(first), &state->table, ascii),
                     STYLE(ROLE_TEXT, LOOK_BOLD));
    if (layout->blocks > 0) {
        screen_put_right(ui->screen, rect.row, rect.col + layout->size + 1,
                         layout->blocks,
                         column_head(column_get(second), &state->table,
                                     ascii),
                         STYLE(ROLE_TEXT, LOOK_BOLD));
    }
    if (state->changed) {
        screen_put(ui->screen, rect.row, rect.col + layout->number,
                   rect.cols - layout->number, "file changed since it ran",
                   STYLE(ROLE_TROUBLE, 0));
    }
}

/* --- line 1: what and how much --------------------------------------------*/

/* How much the line holds: 0 in all words, 1 without its growth, 2 short. */
static void
line_sums(struct ui *ui, const struct source_state *state, int shorter,
          struct strbuf *out)
{
    const struct table_row *row = source_row(state, state->line);
    const struct region_cost nothing = {0};
    const struct region_cost *own = row != NULL ? &row->own : &nothing;
    const char *now = ui->switches.past != NULL ? "then"
                      : ui->still ? "at the end" : "now";
    char size[NUMBER_TEXT_SIZE];
    bool exact = ui->switches.exact;

    strbuf_clear(out);
    if (shorter >= 2) {
        strbuf_addf(out, "%s %s", size_text_compact(size, own->bytes), now);
        return;
    }
    strbuf_addf(out, "%s %s",
                exact ? size_text_exact(size, own->bytes)
                      : size_text(size, own->bytes), now);
    strbuf_addf(out, ", %s at peak",
                exact ? size_text_exact(size, own->bytes_at_peak)
                      : size_text(size, own->bytes_at_peak));
    if (row != NULL && row->has_trend && shorter < 1) {
        strbuf_addf(out, ", %s", growth_text(size, row->growth));
    }
}

/* `shop/cache.py:88 remember`; a line without a row has no function. */
static void
place_words(struct ui *ui, const struct source_state *state, int cells,
            struct strbuf *out)
{
    const struct catalog_file *file = catalog_file(&ui->catalog, state->file);
    uint32_t line = source_catalog_line(state, state->line);
    struct strbuf place;
    char cut[1024];

    strbuf_clear(out);
    if (line != CATALOG_NONE) {
        location_add_line(out, &ui->catalog, line, cells,
                          !screen_utf8(ui->screen));
        return;
    }
    strbuf_init(&place);
    strbuf_addf(&place, "%s:%d", file->shown, (int)state->line);
    text_cut_left(cut, sizeof(cut), place.text, cells > 0 ? cells : 1000);
    strbuf_add_text(out, cut);
    strbuf_release(&place);
}

static void
draw_title(struct ui *ui, const struct source_state *state, struct rect rect)
{
    const char *view = ui->views[ui->current].ops->name;
    struct strbuf sums, place;
    int col, room, shorter = 0;

    strbuf_init(&sums);
    strbuf_init(&place);
    col = screen_put(ui->screen, rect.row, rect.col, rect.cols, view,
                     STYLE(ROLE_LIBRARY, 0));
    col += screen_put(ui->screen, rect.row, rect.col + col, rect.cols - col,
                      " › ", STYLE(ROLE_LIBRARY, 0));
    place_words(ui, state, 0, &place);
    do {
        line_sums(ui, state, shorter, &sums);
        room = rect.cols - col - text_width(sums.text) - 2;
    } while (text_width(place.text) > room && ++shorter <= 2);
    place_words(ui, state, room > 0 ? room : 1, &place);
    if (room > 0) {
        screen_put(ui->screen, rect.row, rect.col + col, room, place.text,
                   STYLE(ROLE_TEXT, LOOK_BOLD));
        screen_put(ui->screen, rect.row, rect.col + col + room + 2,
                   text_width(sums.text), sums.text, STYLE_TEXT);
    }
    strbuf_release(&place);
    strbuf_release(&sums);
}

/* --- the source -----------------------------------------------------------*/

/* Scroll so that the line is in view, in the middle when it was not. */
static void
scroll_source(struct source_state *state, int rows)
{
    int last = state->text.count > state->line ? state->text.count
                                               : state->line;

    if (state->line < state->top || state->line >= state->top + rows) {
        state->top = state->line - (rows - 1) / 2;
    }
    if (state->top > last - rows + 1) {
        state->top = last - rows + 1;
    }
    if (state->top < 1) {
        state->top = 1;
    }
}

/* The part of a text from cell `left` on. */
static const char *
skip_cells(const char *text, int left)
{
    while (left > 0 && *text != '\0') {
        int width;

        text_next(&text, &width);
        left -= width;
    }
    return text;
}

/* Something at the shown moment, or a difference. */
static bool
holds(const struct table_row *row)
{
    return row->bytes != 0 || row->blocks != 0 || row->delta_bytes != 0;
}

static void
draw_line(struct ui *ui, const struct source_state *state,
          const struct source_layout *layout, int32_t line, struct rect rect)
{
    const struct table_row *row = source_row(state, line);
    const char *text = source_text_line(&state->text, line);
    char number[16];

    if (row != NULL && (holds(row) || line == state->line)) {
        put_numbers(ui, state, layout, row, rect);
    }
    if (line == state->line) {
        screen_put(ui->screen, rect.row, rect.col + layout->mark, 1, "▶",
                   STYLE(ROLE_TRACED, LOOK_BOLD));
    }
    snprintf(number, sizeof(number), "%d", (int)line);
    screen_put_right(ui->screen, rect.row, rect.col + layout->number,
                     layout->number_width, number, STYLE(ROLE_LIBRARY, 0));
    if (text != NULL && rect.cols > layout->text) {
        char cut[SOURCE_CELLS_MAX * 4 + 16];

        text_cut_right(cut, sizeof(cut), skip_cells(text, state->left),
                       rect.cols - layout->text);
        screen_put(ui->screen, rect.row, rect.col + layout->text,
                   rect.cols - layout->text, cut, STYLE_TEXT);
    }
    if (line == state->line) {
        screen_highlight(ui->screen, rect.row, rect.col, rect.cols,
                         LOOK_REVERSE);
    }
}

/* Lines without text are worth a row only when they hold something. */
static bool
is_listed(const struct source_state *state, size_t i)
{
    return holds(&state->table.rows[state->held[i].row])
           || state->held[i].line == state->line;
}

/* Instead of the text: the lines that hold something, around the one chosen. */
static void
list_lines(struct ui *ui, struct source_state *state,
           const struct source_layout *layout, struct rect rect)
{
    int before = 0, skip;

    for (size_t i = 0; i < state->held_count
         && state->held[i].line < state->line; i++) {
        before += is_listed(state, i);
    }
    skip = before > rect.rows / 2 ? before - rect.rows / 2 : 0;
    for (size_t i = 0; i < state->held_count && rect.rows > 0; i++) {
        if (!is_listed(state, i) || skip-- > 0) {
            continue;
        }
        draw_line(ui, state, layout, state->held[i].line, rect);
        rect.row++;
        rect.rows--;
    }
}

static void
draw_without_text(struct ui *ui, struct source_state *state,
                  const struct source_layout *layout, struct rect rect)
{
    const struct catalog_file *file = catalog_file(&ui->catalog, state->file);
    char words[4300];

    if (state->text.path != NULL && state->text.error != 0) {
        snprintf(words, sizeof(words), "no source: %s (%s)", file->shown,
                 strerror(state->text.error));
    }
    else {
        snprintf(words, sizeof(words), "no source: %s", file->shown);
    }
    screen_put(ui->screen, rect.row, rect.col + 1, rect.cols - 1, words,
               STYLE(ROLE_TROUBLE, 0));
    rect.row++;
    rect.rows--;
    list_lines(ui, state, layout, rect);
}

static void
draw_source(struct ui *ui, struct source_state *state,
            const struct source_layout *layout, struct rect rect)
{
    state->source_row = rect.row;
    state->source_rows = 0;
    if (rect.rows <= 0) {
        return;
    }
    if (state->text.count == 0) {
        draw_without_text(ui, state, layout, rect);
        return;
    }
    state->source_rows = rect.rows;
    scroll_source(state, rect.rows);
    for (int i = 0; i < rect.rows; i++) {
        struct rect row = {rect.row + i, rect.col, 1, rect.cols};
        int32_t line = state->top + i;

        if (line > state->text.count && line != state->line
            && source_row(state, line) == NULL) {
            break;
        }
        draw_line(ui, state, layout, line, row);
    }
}

void
source_draw(struct view *view, struct ui *ui, struct rect rect)
{
    struct source_state *state = view->state;
    struct column_style style = ui_style(ui);
    struct source_layout layout = lay_out(state, &style);
    struct rect part = rect;
    int below = (rect.rows - 2) / 2;
    int needed = source_traceback_lines(state) + 1;

    draw_title(ui, state, rect);
    if (rect.rows < 2) {
        return;
    }
    part.row++;
    draw_heads(ui, state, &layout, part);
    if (rect.rows < 6) {
        below = 0;
    }
    else if (below > needed) {
        below = needed;
    }
    part.row++;
    part.rows = rect.rows - 2 - below;
    draw_source(ui, state, &layout, part);
    if (below > 0) {
        part.row += part.rows;
        part.rows = below;
        source_draw_tracebacks(ui, state, layout.size, part);
    }
}
