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

static struct tree_row *
row_at(const struct tree_state *state, int row)
{
    return row >= 0 && (uint32_t)row < state->tree.count
           ? &state->tree.rows[row] : NULL;
}

/* Note which node the cursor is on, before rows move. */
static void
remember_cursor(struct view *view)
{
    struct tree_state *state = view->state;
    const struct tree_row *row = row_at(state, view->list.cursor);

    state->cursor = row != NULL ? row->key : TREE_KEY_NONE;
}

static void
rebuild(struct view *view, struct ui *ui)
{
    struct tree_state *state = view->state;
    struct table_request request = ui_request(ui, BY_TRACEBACK);

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
            remember_cursor(view);
        }
        rebuild(view, ui);
    }
}

/* --- folding --------------------------------------------------------------*/

/* Folds change what rows there are, so the rows are made anew at once: the
 * next key must see them. */
static void
set_fold(struct view *view, struct ui *ui, const struct tree_row *row,
         bool open)
{
    struct tree_state *state = view->state;

    remember_cursor(view);
    tree_folds_set(&state->folds, row->key, open);
    view->list.parked = false;
    rebuild(view, ui);
}

static void
fold(struct view *view, struct ui *ui)
{
    struct tree_state *state = view->state;
    const struct tree_row *row = row_at(state, view->list.cursor);

    if (row == NULL) {
        return;
    }
    if (row->is_open) {
        set_fold(view, ui, row, false);
    }
    else if (row->parent != UINT32_MAX) {
        list_go(&view->list, (int)row->parent);
    }
}

static void
unfold(struct view *view, struct ui *ui)
{
    struct tree_state *state = view->state;
    const struct tree_row *row = row_at(state, view->list.cursor);

    if (row == NULL) {
        return;
    }
    if (row->can_open && !row->is_open) {
        set_fold(view, ui, row, true);
    }
    else if (row->is_open) {
        list_go(&view->list, view->list.cursor + 1);
    }
    else {
        ui_say(ui, "nothing to unfold here");
    }
}

/* `*` opens all; when all is open, it closes all. */
static void
fold_all(struct view *view, struct ui *ui)
{
    struct tree_state *state = view->state;
    bool closed = false;

    for (uint32_t i = 0; i < state->tree.count; i++) {
        closed |= state->tree.rows[i].can_open && !state->tree.rows[i].is_open;
    }
    remember_cursor(view);
    tree_folds_set_all(&state->folds, closed);
    rebuild(view, ui);
}

/* --- keys -----------------------------------------------------------------*/

static void
sort_by(struct view *view, struct ui *ui, bool by_blocks)
{
    struct tree_state *state = view->state;

    (void)view;
    state->by_blocks = by_blocks;
    state->changed = true;
    ui->dirty = true;
}

static void
sort_by_letter(struct view *view, struct ui *ui, const struct key *key)
{
    if (key->code == 'S' || key->code == 'M') {
        sort_by(view, ui, false);
    }
    else if (key->code == 'B') {
        sort_by(view, ui, true);
    }
    else {
        ui_say(ui, "tracebacks sort by size (S) or blocks (B)");
    }
}

static void
turn(struct view *view, struct ui *ui)
{
    struct tree_state *state = view->state;
    const struct tree_row *row = row_at(state, view->list.cursor);
    uint32_t line = row != NULL ? row->line : CATALOG_NONE;
    bool parked = view->list.parked;

    state->bottom_up = !state->bottom_up;
    state->cursor = TREE_KEY_NONE;
    rebuild(view, ui);
    if (!parked && line != CATALOG_NONE) {
        struct place place = {CATALOG_NONE, line, CATALOG_NONE};

        view->ops->go(view, ui, &place);
    }
    ui_say(ui, state->bottom_up ? "bottom-up: lines, below them their callers"
                                : "top-down: callers, below them what they "
                                  "called");
}

static void
sort_selected(struct ui *ui, int value, void *argument)
{
    sort_by(argument, ui, value == 1);
}

static void
sort_menu(struct view *view, struct ui *ui)
{
    static const struct menu_item items[] = {
        {'S', "SIZE", "bytes, biggest first; in a difference by |Δ SIZE|", 0},
        {'B', "BLOCKS", "blocks, most first", 1},
        {0, NULL, NULL, 0},
    };
    struct tree_state *state = view->state;

    prompt_menu(ui, "sort tracebacks by", items, state->by_blocks,
                sort_selected, view);
}

static bool tree_view_place(struct view *view, struct ui *ui, int at,
                            struct place *place);

/* Enter: the line's source; several lines in one row unfold. */
static void
open_row(struct view *view, struct ui *ui)
{
    const struct tree_row *row = row_at(view->state, view->list.cursor);
    struct place place;

    if (tree_view_place(view, ui, view->list.cursor, &place)) {
        ui_open_place(ui, &place);
    }
    else if (row != NULL && row->can_open) {
        set_fold(view, ui, row, !row->is_open);
    }
    else {
        ui_say(ui, "nothing to open here");
    }
}

static bool
tree_view_act(struct view *view, struct ui *ui, enum action action,
              const struct key *key)
{
    struct tree_state *state = view->state;

    switch (action) {
    case ACTION_LEFT:
    case ACTION_FOLD:
        fold(view, ui);
        return true;
    case ACTION_RIGHT:
    case ACTION_UNFOLD:
        unfold(view, ui);
        return true;
    case ACTION_UNFOLD_ALL:
        fold_all(view, ui);
        return true;
    case ACTION_TREE:
        turn(view, ui);
        return true;
    case ACTION_OPEN:
        open_row(view, ui);
        return true;
    case ACTION_SORT:
        sort_by_letter(view, ui, key);
        return true;
    case ACTION_SORT_LEFT:
    case ACTION_SORT_RIGHT:
        sort_by(view, ui, !state->by_blocks);
        return true;
    case ACTION_SORT_MENU:
        sort_menu(view, ui);
        return true;
    case ACTION_REVERSE:
        ui_say(ui, "a tree has its biggest rows first: t turns it");
        return true;
    case ACTION_CHARGE:
        ui_say(ui, "each row holds what it called: c is for views 1 to 3");
        return true;
    default:
        return false;
    }
}

/* --- the other operations -------------------------------------------------*/

static bool
tree_view_place(struct view *view, struct ui *ui, int at,
                struct place *place)
{
    const struct tree_row *row = row_at(view->state, at);
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
    state->bottom_up = true;
    state->cursor = TREE_KEY_NONE;
    rebuild(view, ui);
    if (!tree_view_go(view, ui, place)) {
        ui_say(ui, "this line is in no traceback that is shown");
    }
    else if (state->tree.rows[view->list.cursor].can_open) {
        set_fold(view, ui, &state->tree.rows[view->list.cursor], true);
    }
}

static void
tree_view_row_text(struct view *view, struct ui *ui, int at, char *out,
                   size_t out_size)
{
    struct tree_state *state = view->state;
    const struct tree_row *row = row_at(state, at);
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
