/* SPDX-License-Identifier: MIT
 *
 * View 0: the script's terminal and its scrollback.  It follows the end until
 * it is scrolled; G, and typing into the script, follow it again.
 *
 * The list's rows are the lines of the output from the oldest one on; its
 * cursor is where a search begins and ends.
 */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "ui/output.h"
#include "ui/text_match.h"
#include "ui/ui.h"

#define SIDEWAYS 8              /* cells that ← and → move */

struct output_state {
    bool scrolled;              /* top counts; else the end is shown */
    int64_t top;                /* first line shown */
    int64_t found;              /* line of the last match, -1: none */
    int cursor;                 /* what the list's cursor was left at */
    int left;                   /* cells hidden at the left */
    int rows, cols;             /* as drawn at last */
    struct output_cell *cells;  /* owned; OUTPUT_COLS_MAX */
};

static void
output_init(struct view *view, struct ui *ui)
{
    struct output_state *state = xcalloc(1, sizeof(*state));

    (void)ui;
    state->rows = 1;
    state->found = -1;
    state->cells = xcalloc(OUTPUT_COLS_MAX, sizeof(state->cells[0]));
    view->state = state;
}

static void
output_release(struct view *view)
{
    struct output_state *state = view->state;

    free(state->cells);
    free(state);
    view->state = NULL;
}

/* The first line shown when the end is followed: the screen's, or lower when
 * the view is smaller than the script's terminal. */
static int64_t
end_top(const struct output_state *state, const struct output *output)
{
    int64_t top = output_screen_first(output);
    int64_t low = output_end(output) - state->rows;

    return low > top ? low : top;
}

/* Go to a first line; at the end the view follows it again. */
static void
scroll_to(struct view *view, struct ui *ui, int64_t top)
{
    struct output_state *state = view->state;
    int64_t first = output_first(ui->output);

    if (top < first) {
        top = first;
    }
    state->scrolled = top < end_top(state, ui->output);
    state->top = top;
}

/* Leave the list's cursor where a search should begin. */
static void
settle_cursor(struct view *view, struct ui *ui)
{
    struct output_state *state = view->state;
    int64_t at = state->found >= 0 ? state->found
                 : state->scrolled ? state->top
                                   : output_end(ui->output) - 1;
    int64_t first = output_first(ui->output);

    view->list.parked = false;
    view->list.count = (int)(output_end(ui->output) - first);
    view->list.cursor = at > first ? (int)(at - first) : 0;
    state->cursor = view->list.cursor;
}

/* A search has moved the list's cursor: show that line. */
static void
show_found(struct view *view, struct ui *ui)
{
    struct output_state *state = view->state;
    int64_t line = output_first(ui->output) + view->list.cursor;
    int64_t top = state->scrolled ? state->top : end_top(state, ui->output);

    state->found = line;
    if (line < top || line >= top + state->rows) {
        scroll_to(view, ui, line - state->rows / 2);
    }
}

static void
output_refresh(struct view *view, struct ui *ui)
{
    struct output_state *state = view->state;

    if (ui->talking) {
        state->scrolled = false;
        state->found = -1;
    }
    if (view->list.cursor != state->cursor && view->list.count > 0) {
        show_found(view, ui);
    }
    settle_cursor(view, ui);
}

/* A palette colour as the screen wants it: 24 bits become the nearest of the
 * 6x6x6 cube. */
static int16_t
colour_of(uint32_t colour)
{
    int level[3];

    switch (colour & PEN_KIND) {
    case PEN_INDEXED:
        return (int16_t)(colour & 255);
    case PEN_RGB:
        for (int i = 0; i < 3; i++) {
            int value = (int)(colour >> (16 - 8 * i) & 255);

            level[i] = value < 48 ? 0 : value < 115 ? 1 : (value - 35) / 40;
        }
        return (int16_t)(16 + 36 * level[0] + 6 * level[1] + level[2]);
    default:
        return COLOUR_DEFAULT;
    }
}

static struct style
style_of(const struct output_pen *pen)
{
    static const struct {
        uint32_t pen;
        uint8_t look;
    } looks[] = {
        {PEN_BOLD, LOOK_BOLD}, {PEN_ITALIC, LOOK_ITALIC},
        {PEN_UNDERLINE, LOOK_UNDERLINE}, {PEN_BLINK, LOOK_BLINK},
        {PEN_REVERSE, LOOK_REVERSE},
    };
    struct style style = {ROLE_TEXT, LOOK_PALETTE, colour_of(pen->fore),
                          colour_of(pen->back)};

    for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
        if (pen->attributes & looks[i].pen) {
            style.look |= looks[i].look;
        }
    }
    return style;
}

static void
draw_cells(struct ui *ui, const struct output_cell *cells, int n, int left,
           struct rect rect)
{
    for (int i = left; i < n && i - left < rect.cols; i++) {
        const struct output_cell *cell = &cells[i];
        int used = 0;

        while (used < OUTPUT_CHARS && cell->chars[used] != 0) {
            used++;
        }
        if (cell->width != 0 && i - left + cell->width <= rect.cols) {
            screen_put_char(ui->screen, rect.row, rect.col + i - left,
                            cell->chars, used, style_of(&cell->pen));
        }
    }
}

/* Underline what was searched for; in reverse video where it was found. */
static void
draw_matches(struct view *view, struct ui *ui, int64_t line, struct rect rect)
{
    struct output_state *state = view->state;
    char text[4 * OUTPUT_COLS_MAX];
    int col, width, from = 0;

    if (state->found < 0 || ui->needle == NULL || ui->needle[0] == '\0') {
        return;
    }
    output_line_text(ui->output, line, text, sizeof(text));
    while (text_match(text, ui->needle, from, &col, &width)) {
        int at = col - state->left;

        if (at >= 0 && at + width <= rect.cols) {
            screen_highlight(ui->screen, rect.row, rect.col + at, width,
                             line == state->found ? LOOK_REVERSE
                                                  : LOOK_UNDERLINE);
        }
        from = col + width;
    }
}

static void
output_draw(struct view *view, struct ui *ui, struct rect rect)
{
    struct output_state *state = view->state;
    int64_t top, cursor_line;
    int cursor_col;

    state->rows = rect.rows;
    state->cols = rect.cols;
    if (output_empty(ui->output) && !ui->talking) {
        screen_put(ui->screen, rect.row, rect.col, rect.cols,
                   "nothing printed yet", STYLE(ROLE_LIBRARY, 0));
        return;
    }
    if (state->scrolled) {
        scroll_to(view, ui, state->top);
    }
    top = state->scrolled ? state->top : end_top(state, ui->output);
    for (int i = 0; i < rect.rows; i++) {
        struct rect row = {rect.row + i, rect.col, 1, rect.cols};
        int n = output_line(ui->output, top + i, state->cells,
                            OUTPUT_COLS_MAX, NULL);

        draw_cells(ui, state->cells, n, state->left, row);
        draw_matches(view, ui, top + i, row);
    }
    if (ui->talking && output_cursor(ui->output, &cursor_line, &cursor_col)
        && cursor_line >= top && cursor_line < top + rect.rows
        && cursor_col >= state->left
        && cursor_col - state->left < rect.cols) {
        screen_cursor(ui->screen, rect.row + (int)(cursor_line - top),
                      rect.col + cursor_col - state->left);
    }
}

/* Rows to move the view by; 0: the action is no movement. */
static int64_t
movement(const struct output_state *state, enum action action)
{
    int page = state->rows > 1 ? state->rows - 1 : 1;

    switch (action) {
    case ACTION_UP:
        return -1;
    case ACTION_DOWN:
        return 1;
    case ACTION_PAGE_UP:
        return -page;
    case ACTION_PAGE_DOWN:
        return page;
    case ACTION_WHEEL_UP:
        return -3;
    case ACTION_WHEEL_DOWN:
        return 3;
    default:
        return 0;
    }
}

static bool
output_act(struct view *view, struct ui *ui, enum action action,
           const struct key *key)
{
    struct output_state *state = view->state;
    int64_t rows = movement(state, action);
    int64_t top = state->scrolled ? state->top : end_top(state, ui->output);

    (void)key;
    if (rows == 0 && action != ACTION_FIRST && action != ACTION_LAST
        && action != ACTION_LEFT && action != ACTION_RIGHT) {
        return false;
    }
    state->found = -1;
    if (rows != 0) {
        scroll_to(view, ui, top + rows);
    }
    else if (action == ACTION_FIRST) {
        scroll_to(view, ui, output_first(ui->output));
    }
    else if (action == ACTION_LAST) {
        state->scrolled = false;
    }
    else if (action == ACTION_RIGHT) {
        if (state->left + SIDEWAYS < OUTPUT_COLS_MAX) {
            state->left += SIDEWAYS;
        }
    }
    else {
        state->left = state->left > SIDEWAYS ? state->left - SIDEWAYS : 0;
    }
    settle_cursor(view, ui);
    return true;
}

static void
output_row_text(struct view *view, struct ui *ui, int row, char *out,
                size_t out_size)
{
    (void)view;
    output_line_text(ui->output, output_first(ui->output) + row, out,
                     out_size);
}

static void
output_hint(struct view *view, struct ui *ui, char *out, size_t out_size)
{
    const struct output_state *state = view->state;
    int64_t first = output_first(ui->output);

    if (state->scrolled && !ui->talking) {
        snprintf(out, out_size, "line %lld of %lld: G follows the end",
                 (long long)(state->top - first + 1),
                 (long long)(output_end(ui->output) - first));
    }
}

/* All that is kept, as text: the only form it has. */
static int
output_write(struct view *view, struct ui *ui, FILE *file,
             const char *ending)
{
    (void)view;
    (void)ending;
    output_print_tail_plain(ui->output, file, INT32_MAX);
    return fflush(file) == 0 && !ferror(file) ? 0 : -1;
}

const struct view_ops output_view = {
    .name = "output",
    .digit = '0',
    .tab = "output",
    .tab_short = "out",
    .noun = "lines",
    .scope = SCOPE_OUTPUT | SCOPE_SEARCH,
    .of_all = true,
    .bare = true,
    .text_only = true,
    .init = output_init,
    .release = output_release,
    .refresh = output_refresh,
    .draw = output_draw,
    .act = output_act,
    .row_text = output_row_text,
    .hint = output_hint,
    .write = output_write,
};
