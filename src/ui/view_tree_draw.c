/* SPDX-License-Identifier: MIT
 *
 * Drawing of view 4.  The columns are those of a table by traceback.
 */
#include <stdio.h>
#include <string.h>

#include "base/size_text.h"
#include "base/strbuf.h"
#include "ui/ui.h"
#include "ui/view_tree_state.h"

#define INDENT 2                /* cells a depth */
#define TEXT_MIN 32             /* cells that the cursor's row always has */
#define WIDE 120                /* columns; from here on AT PEAK is shown too */

/* A table that the model's columns can read: the tree's switches and sums. */
static struct table
as_table(const struct tree *tree)
{
    struct table table = {
        .request = tree->request,
        .has_base = tree->has_base,
        .total = tree->total,
        .traced_bytes = tree->traced_bytes,
        .traced_blocks = tree->traced_blocks,
        .filtered = tree->filtered,
    };

    table.request.by = BY_TRACEBACK;
    table.request.cumulative = false;
    return table;
}

static bool
wanted(const struct column *column, const struct column_style *style)
{
    switch (column_id(column)) {
    case COLUMN_BAR:
    case COLUMN_AVERAGE:
        return false;
    case COLUMN_AT_PEAK:
        return style->screen_width >= WIDE;
    default:
        return true;
    }
}

/* Long chains need room: fewer columns than a table of lines has. */
static void
lay_out(struct tree_state *state, const struct table *table,
        const struct column_style *style)
{
    struct column_place places[COLUMN_COUNT];
    size_t count = column_layout(table, style,
                                 state->by_blocks ? COLUMN_BLOCKS
                                                  : COLUMN_SIZE, 0, places);
    int x = 0;

    state->place_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (column_id(places[i].column) == COLUMN_LOCATION) {
            break;
        }
        if (state->place_count < TREE_COLUMNS_MAX
            && wanted(places[i].column, style)) {
            places[i].x = x;
            state->places[state->place_count++] = places[i];
            x += places[i].cells + 1;
        }
    }
    state->text_col = x;
}

static bool
is_sorted(const struct tree_state *state, const struct column *column)
{
    enum column_id id = column_id(column);

    if (state->tree.has_base) {
        return id == (state->by_blocks ? COLUMN_DELTA_BLOCKS
                                       : COLUMN_DELTA_SIZE);
    }
    return id == (state->by_blocks ? COLUMN_BLOCKS : COLUMN_SIZE);
}

static void
draw_heads(struct ui *ui, struct tree_state *state,
           const struct table *table, struct rect rect)
{
    bool ascii = !screen_utf8(ui->screen);
    const struct column *last = column_get(COLUMN_LOCATION);
    char head[64];

    state->head_row = rect.row;
    for (size_t i = 0; i < state->place_count; i++) {
        const struct column_place *place = &state->places[i];

        snprintf(head, sizeof(head), "%s%s",
                 is_sorted(state, place->column) ? "▼" : "",
                 column_head(place->column, table, ascii));
        screen_put_right(ui->screen, rect.row, rect.col + place->x,
                         place->cells, head, STYLE(ROLE_TEXT, LOOK_BOLD));
    }
    screen_put(ui->screen, rect.row, rect.col + state->text_col + 2,
               rect.cols - state->text_col - 2,
               column_head(last, table, ascii),
               STYLE(ROLE_TEXT, LOOK_BOLD));
}

static struct style
delta_style(const struct table_row *row, struct style style)
{
    if (row->delta_bytes > 0) {
        style.role = ROLE_GREW;
    }
    else if (row->delta_bytes < 0) {
        style.role = ROLE_SHRANK;
    }
    return style;
}

static void
draw_numbers(struct ui *ui, const struct tree_state *state,
             const struct table *table, const struct table_row *row,
             struct style style, struct rect rect)
{
    struct column_style look = ui_style(ui);

    for (size_t i = 0; i < state->place_count; i++) {
        const struct column_place *place = &state->places[i];
        enum column_id id = column_id(place->column);
        struct style cell = style;
        struct strbuf text;

        if (id <= COLUMN_DELTA_BLOCKS || id == COLUMN_STATE) {
            cell = delta_style(row, style);
        }
        strbuf_init(&text);
        column_add_text(&text, place->column, table, row, &look,
                        place->cells);
        if (place->column->left) {
            screen_put(ui->screen, rect.row, rect.col + place->x,
                       place->cells, text.text, cell);
        }
        else {
            screen_put_right(ui->screen, rect.row, rect.col + place->x,
                             place->cells, text.text, cell);
        }
        strbuf_release(&text);
    }
}

/* Library lines are dim; without colours, of others big ones are bold and
 * small ones dim. */
static struct style
row_style(struct ui *ui, const struct tree_state *state,
          const struct tree_row *row)
{
    double share = state->tree.traced_bytes > 0
                   ? (double)row->cost.bytes / (double)state->tree.traced_bytes
                   : 0.0;
    struct style style = STYLE_TEXT;

    if (row->line != CATALOG_NONE
        && origin_is_library(
            catalog_file(&ui->catalog,
                         catalog_line(&ui->catalog, row->line)->file)
                ->origin)) {
        return STYLE(ROLE_LIBRARY, 0);
    }
    if (screen_colours(ui->screen) == 0) {
        style.look |= share >= 0.1 ? LOOK_BOLD : share < 0.01 ? LOOK_DIM : 0;
    }
    return style;
}

/* Deep rows are indented less, so that the cursor's has room for its text. */
static void
choose_shift(struct tree_state *state, int cursor, int cols)
{
    int room = cols - state->text_col - 2;
    int depth = cursor >= 0 && (uint32_t)cursor < state->tree.count
                ? state->tree.rows[cursor].depth : 0;
    int least = room < TEXT_MIN ? room : TEXT_MIN;

    state->shift = depth * INDENT - (room - least);
    if (state->shift < 0) {
        state->shift = 0;
    }
}

/* Where the fold mark of a row stands. */
static int
mark_col(const struct tree_state *state, const struct tree_row *row)
{
    int indent = row->depth * INDENT - state->shift;

    return state->text_col + (indent > 0 ? indent : 0);
}

static void
draw_row(struct ui *ui, struct tree_state *state, const struct table *table,
         int at, bool cursor, struct rect rect)
{
    const struct tree_row *row = &state->tree.rows[at];
    struct style style = row_style(ui, state, row);
    int col = mark_col(state, row);
    struct strbuf text;

    draw_numbers(ui, state, table, &row->cost, style, rect);
    if (row->can_open) {
        screen_put(ui->screen, rect.row, rect.col + col, 1,
                   row->is_open ? "▾" : "▸", style);
    }
    col += 2;
    if (col < rect.cols) {
        strbuf_init(&text);
        tree_row_text(&state->tree, row, &text, rect.cols - col,
                      !screen_utf8(ui->screen));
        screen_put(ui->screen, rect.row, rect.col + col, rect.cols - col,
                   text.text, style);
        strbuf_release(&text);
    }
    if (cursor) {
        screen_highlight(ui->screen, rect.row, rect.col, rect.cols,
                         LOOK_REVERSE);
    }
}

static bool
is_shown(const struct tree *tree, uint32_t row, int first, int end)
{
    return row != UINT32_MAX && (int)row >= first && (int)row < end
           && row < tree->count;
}

/* What the visible rows leave of the total.  A row whose parent is visible is
 * part of that one; the others stand for themselves. */
static struct table_row
more_row(const struct tree *tree, int first, int end)
{
    struct table_row more = tree->total;

    for (int i = first; i < end; i++) {
        const struct tree_row *row = &tree->rows[i];
        const struct table_row *cost = &row->cost;
        bool inside = false;

        for (uint32_t up = row->parent; up != UINT32_MAX && !inside;
             up = tree->rows[up].parent) {
            inside = is_shown(tree, up, first, end);
        }
        if (inside) {
            continue;
        }
        more.bytes -= cost->bytes;
        more.blocks -= cost->blocks;
        more.delta_bytes -= cost->delta_bytes;
        more.delta_blocks -= cost->delta_blocks;
        more.own.bytes -= cost->own.bytes;
        more.own.blocks -= cost->own.blocks;
        more.own.bytes_ever -= cost->own.bytes_ever;
        more.own.blocks_ever -= cost->own.blocks_ever;
        more.own.bytes_at_peak -= cost->own.bytes_at_peak;
        more.own.blocks_at_peak -= cost->own.blocks_at_peak;
    }
    more.key = (struct row_key){ROW_SUM, 0};
    more.has_trend = false;
    return more;
}

/* In a difference rows that did not change come last. */
static bool
rest_is_unchanged(const struct tree *tree, int first, int end)
{
    for (int i = end; i < (int)tree->count; i++) {
        if (!tree->rows[i].cost.is_unchanged) {
            return false;
        }
    }
    return tree->has_base && first == 0;
}

static void
draw_more(struct ui *ui, const struct tree_state *state,
          const struct table *table, int first, int end, struct rect rect)
{
    struct table_row more = more_row(&state->tree, first, end);
    int hidden = (int)state->tree.count - (end - first);
    int col = state->text_col + 2;
    bool below = end < (int)state->tree.count;
    char count[NUMBER_TEXT_SIZE], words[64];

    draw_numbers(ui, state, table, &more, STYLE(ROLE_TEXT, LOOK_DIM), rect);
    bool unchanged = rest_is_unchanged(&state->tree, first, end);

    snprintf(words, sizeof(words), "%s %s%s %s",
             count_text_exact(count, hidden), unchanged ? "" : "more ",
             hidden == 1 ? "row" : "rows",
             unchanged ? "unchanged ↓" : !below ? "↑"
             : first > 0 ? "↑↓" : "↓");
    screen_put(ui->screen, rect.row, rect.col + col, rect.cols - col, words,
               STYLE(ROLE_TEXT, LOOK_DIM));
}

static void
draw_total(struct ui *ui, const struct tree_state *state,
           const struct table *table, struct rect rect)
{
    const struct tree *tree = &state->tree;
    int col = state->text_col;
    char words[256];

    draw_numbers(ui, state, table, &table->total,
                 STYLE(ROLE_TEXT, LOOK_BOLD), rect);
    ui_total_words(ui, words, sizeof(words), &tree->total,
                   tree->traced_bytes, tree->filtered, "tracebacks",
                   tree->tracebacks, false, rect.cols - col);
    screen_put(ui->screen, rect.row, rect.col + col, rect.cols - col, words,
               STYLE(ROLE_TEXT, LOOK_BOLD));
}

/* Nothing to show, and why. */
static void
draw_empty(struct ui *ui, const struct tree_state *state, struct rect rect)
{
    char words[PROMPT_SIZE + 64];

    if (state->tree.filtered) {
        snprintf(words, sizeof(words), "no row matches %s: Esc ends it",
                 ui->filter.text != NULL ? ui->filter.text : "");
    }
    else {
        snprintf(words, sizeof(words), "no blocks yet");
    }
    screen_put(ui->screen, rect.row, rect.col + 1, rect.cols - 1, words,
               STYLE(ROLE_TEXT, LOOK_DIM));
}

void
tree_view_draw(struct view *view, struct ui *ui, struct rect rect)
{
    struct tree_state *state = view->state;
    struct table table = as_table(&state->tree);
    struct column_style style = ui_style(ui);
    int count = (int)state->tree.count;
    bool plain = screen_rows(ui->screen) < 6;
    int heads = !plain && rect.rows >= 4, totals = !plain && rect.rows >= 3;
    int height = rect.rows - heads - totals;
    bool more = totals && count > height;
    struct rect line = {rect.row, rect.col, 1, rect.cols};
    int end;

    lay_out(state, &table, &style);
    state->head_row = -1;
    if (heads) {
        draw_heads(ui, state, &table, line);
        line.row++;
    }
    height -= more;
    list_show(&view->list, line.row, height);
    if (count == 0 && height > 0) {
        draw_empty(ui, state, line);
        return;
    }
    choose_shift(state, view->list.cursor, rect.cols);
    end = view->list.top + height < count ? view->list.top + height : count;
    for (int i = view->list.top; i < end; i++, line.row++) {
        draw_row(ui, state, &table, i, i == view->list.cursor, line);
    }
    if (more) {
        draw_more(ui, state, &table, view->list.top, end, line);
        line.row++;
    }
    if (totals) {
        draw_total(ui, state, &table, line);
    }
}

/* A click on a head sorts, one on a fold mark folds. */
bool
tree_view_click(struct view *view, struct ui *ui, int row, int col)
{
    struct tree_state *state = view->state;
    int at = list_row_at(&view->list, row);

    if (row == state->head_row) {
        for (size_t i = 0; i < state->place_count; i++) {
            const struct column_place *place = &state->places[i];

            if (col >= place->x && col < place->x + place->cells) {
                struct key key = {0};

                key.code = (uint32_t)place->column->letter;
                return view->ops->act(view, ui, ACTION_SORT, &key);
            }
        }
        return true;
    }
    if (at >= 0 && state->tree.rows[at].can_open
        && col == mark_col(state, &state->tree.rows[at])) {
        list_go(&view->list, at);
        return view->ops->act(view, ui,
                              state->tree.rows[at].is_open ? ACTION_FOLD
                                                           : ACTION_UNFOLD,
                              NULL);
    }
    return false;
}
