/* SPDX-License-Identifier: MIT
 *
 * Keys of view 4: folding, turning, the order of siblings.
 */
#include "ui/ui.h"
#include "ui/view_tree_state.h"

/* --- folding --------------------------------------------------------------*/

/* Folds change what rows there are, so the rows are made anew at once: the
 * next key must see them. */
void
tree_view_fold(struct view *view, struct ui *ui, const struct tree_row *row,
               bool open)
{
    struct tree_state *state = view->state;

    tree_view_remember(view);
    tree_folds_set(&state->folds, row->key, open);
    view->list.parked = false;
    tree_view_rebuild(view, ui);
}

static void
fold(struct view *view, struct ui *ui)
{
    struct tree_state *state = view->state;
    const struct tree_row *row = tree_view_row(state, view->list.cursor);

    if (row == NULL) {
        return;
    }
    if (row->is_open) {
        tree_view_fold(view, ui, row, false);
    }
    else if (row->parent != UINT32_MAX) {
        list_go(&view->list, (int)row->parent);
    }
}

static void
unfold(struct view *view, struct ui *ui)
{
    struct tree_state *state = view->state;
    const struct tree_row *row = tree_view_row(state, view->list.cursor);

    if (row == NULL) {
        return;
    }
    if (row->can_open && !row->is_open) {
        tree_view_fold(view, ui, row, true);
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
    tree_view_remember(view);
    tree_folds_set_all(&state->folds, closed);
    tree_view_rebuild(view, ui);
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
    const struct tree_row *row = tree_view_row(state, view->list.cursor);
    uint32_t line = row != NULL ? row->line : CATALOG_NONE;
    bool parked = view->list.parked;

    state->bottom_up = !state->bottom_up;
    state->changed = true;
    state->cursor = TREE_KEY_NONE;
    tree_view_rebuild(view, ui);
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

/* Enter: the line's source; several lines in one row unfold. */
static void
open_row(struct view *view, struct ui *ui)
{
    const struct tree_row *row = tree_view_row(view->state, view->list.cursor);
    struct place place;

    if (tree_view_place(view, ui, view->list.cursor, &place)) {
        ui_open_place(ui, &place);
    }
    else if (row != NULL && row->can_open) {
        tree_view_fold(view, ui, row, !row->is_open);
    }
    else {
        ui_say(ui, "nothing to open here");
    }
}

bool
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
