/* SPDX-License-Identifier: MIT
 *
 * View 4.  The model flattens the tree into rows; here are its folds, its
 * cursor, which stays on its node, and its keys.
 */
#include "ui/view_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/xalloc.h"
#include "model/sort.h"
#include "ui/ui.h"
#include "ui/view_tree_state.h"
#include "ui/write.h"

static void
tree_view_init(struct view *view, struct ui *ui)
{
    struct tree_state *state = xcalloc(1, sizeof(*state));

    (void)ui;
    tree_init(&state->tree);
    tree_folds_init(&state->folds);
    state->head_row = -1;
    view->state = state;
}

static void
tree_view_release(struct view *view)
{
    struct tree_state *state = view->state;

    tree_release(&state->tree);
    tree_folds_release(&state->folds);
    free(state);
    view->state = NULL;
}

static void
tree_view_take_over(struct view *view, const struct view *from)
{
    struct tree_state *state = view->state;
    const struct tree_state *old = from->state;

    state->bottom_up = old->bottom_up;
    state->by_blocks = old->by_blocks;
}

const struct tree_row *
tree_view_row(const struct tree_state *state, int row)
{
    return row >= 0 && (uint32_t)row < state->tree.count
           ? &state->tree.rows[row] : NULL;
}

void
tree_view_remember(struct view *view)
{
    struct tree_state *state = view->state;
    const struct tree_row *row = tree_view_row(state, view->list.cursor);

    state->cursor = row != NULL ? row->key : TREE_KEY_NONE;
}

/* A new order at most once a second, and none so soon after a key, unless the
 * key asked for it: rows do not jump while one reads. */
static bool
order_is_due(const struct tree_state *state, const struct ui *ui)
{
    return state->changed || state->data == 0 || ui->sort_all > state->data
           || (ui->now_ns - state->sorted_ns >= UI_NS
               && ui->now_ns - ui->key_ns >= UI_NS);
}

void
tree_view_rebuild(struct view *view, struct ui *ui)
{
    struct tree_state *state = view->state;
    struct table_request request = ui_request(ui, BY_TRACEBACK);
    bool diff = request.base != NULL;

    state->changed |= diff != state->tree.has_base;
    state->tree.keep_order = !order_is_due(state, ui);
    if (!state->tree.keep_order) {
        state->sorted_ns = ui->now_ns;
    }
    tree_build(&state->tree, &request, state->bottom_up, state->by_blocks,
               &state->folds);
    list_follow(&view->list, (int)state->tree.count,
                state->cursor == TREE_KEY_NONE
                    ? -1
                    : (int)tree_find(&state->tree, state->cursor));
    state->data = ui->data;
    state->changed = false;
}

static void
tree_view_refresh(struct view *view, struct ui *ui)
{
    struct tree_state *state = view->state;

    if (state->data != ui->data || state->changed) {
        if (state->data != 0) {
            tree_view_remember(view);
        }
        tree_view_rebuild(view, ui);
    }
}

/* --- the other operations -------------------------------------------------*/

bool
tree_view_place(struct view *view, struct ui *ui, int at,
                struct place *place)
{
    const struct tree_row *row = tree_view_row(view->state, at);
    const struct catalog_line *line;

    if (row == NULL || row->line == CATALOG_NONE) {
        return false;
    }
    line = catalog_line(&ui->catalog, row->line);
    *place = (struct place){line->file, row->line, line->function};
    return true;
}

/* The biggest row of the place: rows come biggest first at each level. */
static bool
tree_view_go(struct view *view, struct ui *ui, const struct place *place)
{
    struct tree_state *state = view->state;
    int best = -1;

    for (uint32_t i = 0; i < state->tree.count; i++) {
        const struct tree_row *row = &state->tree.rows[i];
        struct place here;
        bool same;

        if (!tree_view_place(view, ui, (int)i, &here)) {
            continue;
        }
        same = place->line != CATALOG_NONE ? here.line == place->line
               : place->function != CATALOG_NONE
                   ? here.function == place->function
                   : here.file == place->file;
        if (same && (best < 0
                     || row->cost.bytes > state->tree.rows[best].cost.bytes)) {
            best = (int)i;
        }
    }
    if (best >= 0) {
        list_go(&view->list, best);
    }
    return best >= 0;
}

void
tree_show(struct ui *ui, const struct place *place)
{
    struct view *view;
    struct tree_state *state;

    if (!ui_show(ui, tree_view.digit)) {
        return;
    }
    view = ui_view(ui);
    state = view->state;
    state->bottom_up = state->changed = true;
    state->cursor = TREE_KEY_NONE;
    tree_view_rebuild(view, ui);
    if (!tree_view_go(view, ui, place)) {
        ui_say(ui, "this line is in no traceback that is shown");
    }
    else if (state->tree.rows[view->list.cursor].can_open) {
        tree_view_fold(view, ui, &state->tree.rows[view->list.cursor], true);
    }
}

static void
tree_view_row_text(struct view *view, struct ui *ui, int at, char *out,
                   size_t out_size)
{
    struct tree_state *state = view->state;
    const struct tree_row *row = tree_view_row(state, at);
    struct strbuf text;

    (void)ui;
    out[0] = '\0';
    if (row != NULL) {
        strbuf_init(&text);
        tree_row_text(&state->tree, row, &text, 0, false);
        snprintf(out, out_size, "%s", text.text);
        strbuf_release(&text);
    }
}

static void
tree_view_hint(struct view *view, struct ui *ui, char *out, size_t out_size)
{
    const struct tree_state *state = view->state;
    char base[64];

    if (state->tree.has_base && state->tree.total.delta_bytes == 0
        && state->tree.total.is_unchanged) {
        ui_moment_words(ui, ui->switches.base, base, sizeof(base));
        snprintf(out, out_size, "nothing changed since %s",
                 ui->switches.base != NULL ? base : "the peak");
    }
}

static size_t
tree_view_columns(struct view *view, struct ui *ui,
                  const struct view_column **columns)
{
    static const struct view_column all[] = {
        {"SIZE", "bytes that the line and all it called hold"},
        {"%", "part of the traced bytes"},
        {"BLOCKS", "blocks that the line and all it called hold"},
        {"TRACEBACK", "a chain of calls without a branch; siblings add up to "
                      "their parent"},
    };

    (void)view;
    (void)ui;
    *columns = all;
    return sizeof(all) / sizeof(all[0]);
}

static int
tree_view_write(struct view *view, struct ui *ui, FILE *file,
                const char *ending)
{
    struct tree_state *state = view->state;
    struct table_request request = ui_request(ui, BY_TRACEBACK);
    struct sort_order order = sort_default(request.base != NULL);

    request.cumulative = false;
    if (state->by_blocks) {
        order.column = request.base != NULL ? COLUMN_DELTA_BLOCKS
                                            : COLUMN_BLOCKS;
    }
    return write_table(ui, &request, order, file, ending);
}

const struct view_ops tree_view = {
    .name = "tracebacks",
    .digit = '4',
    .tab = "tracebacks",
    .tab_short = "traces",
    .noun = "tracebacks",
    .scope = SCOPE_TABLE | SCOPE_CHARGE | SCOPE_TREE | SCOPE_TURN
             | SCOPE_SEARCH,
    .init = tree_view_init,
    .release = tree_view_release,
    .take_over = tree_view_take_over,
    .refresh = tree_view_refresh,
    .draw = tree_view_draw,
    .act = tree_view_act,
    .click = tree_view_click,
    .place = tree_view_place,
    .go = tree_view_go,
    .row_text = tree_view_row_text,
    .hint = tree_view_hint,
    .columns = tree_view_columns,
    .write = tree_view_write,
};
