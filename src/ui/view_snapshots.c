/* SPDX-License-Identifier: MIT
 *
 * View 6.  Its rows are moments: kept snapshots, the peak, and now, in the
 * order of time.
 */
#include "ui/view_snapshots.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/size_text.h"
#include "base/xalloc.h"
#include "ui/text_cells.h"
#include "ui/ui.h"
#include "ui/view_snapshots_state.h"

#define NAME_CELLS 60           /* of a name in a question */

static void
snapshots_init(struct view *view, struct ui *ui)
{
    (void)ui;
    view->state = xcalloc(1, sizeof(struct snapshots_state));
}

static void
snapshots_release(struct view *view)
{
    struct snapshots_state *state = view->state;

    free(state->rows);
    free(state);
    view->state = NULL;
}

/* The snapshot of the cursor's row; says why there is none. */
static struct snapshot *
chosen(struct view *view, struct ui *ui)
{
    const struct moment_row *row = snapshots_row(view->state,
                                                 view->list.cursor);

    if (row == NULL) {
        return NULL;
    }
    switch (row->kind) {
    case MOMENT_ROW_KEPT:
        return row->snapshot;
    case MOMENT_ROW_GROUP:
        ui_say(ui, "these are several: → shows them");
        return NULL;
    case MOMENT_ROW_PEAK:
        ui_say(ui, "the peak keeps itself; it has no name");
        return NULL;
    default:
        ui_say(ui, "this is no snapshot: s takes one");
        return NULL;
    }
}

/* An automatic one may have been thinned out while a prompt was open. */
static bool
is_kept(struct ui *ui, const struct snapshot *snapshot)
{
    for (size_t i = 0; i < ui->snapshots.count; i++) {
        if (ui->snapshots.items[i] == snapshot) {
            return true;
        }
    }
    ui_say(ui, "this snapshot is not kept any more");
    return false;
}

static void
note_given(struct ui *ui, const char *text, void *argument)
{
    if (is_kept(ui, argument)) {
        snapshot_set_note(argument, text);
        ui_changed(ui);
    }
}

static void
name_given(struct ui *ui, const char *text, void *argument)
{
    struct snapshot *snapshot = argument;

    if (!is_kept(ui, snapshot)) {
        return;
    }
    snapshot_set_name(snapshot, text);
    ui_changed(ui);
    prompt_line(ui, "note: ", snapshot->note != NULL ? snapshot->note : "",
                note_given, snapshot);
}

static void
edit(struct view *view, struct ui *ui)
{
    struct snapshot *snapshot = chosen(view, ui);
    char mark[NUMBER_TEXT_SIZE], label[80];

    if (snapshot == NULL) {
        return;
    }
    snapshot_mark(mark, snapshot, ui->session->start_ns);
    snprintf(label, sizeof(label), "name of %s: ", mark);
    prompt_line(ui, label, snapshot->name != NULL ? snapshot->name : "",
                name_given, snapshot);
}

static void
delete_it(struct ui *ui, void *argument)
{
    struct snapshot *snapshot = argument;
    char mark[NUMBER_TEXT_SIZE];

    if (!is_kept(ui, snapshot)) {
        return;
    }
    snapshot_mark(mark, snapshot, ui->session->start_ns);
    ui_forget(ui, snapshot);
    snapshot_list_remove(&ui->snapshots, snapshot);
    ui_changed(ui);
    ui_say(ui, "%s is deleted", mark);
}

static void
ask_delete(struct view *view, struct ui *ui)
{
    struct snapshot *snapshot = chosen(view, ui);
    char mark[NUMBER_TEXT_SIZE], name[256], question[128];

    if (snapshot == NULL) {
        return;
    }
    if (snapshot->kind == SNAPSHOT_START) {
        ui_say(ui, "the start stays: D compares with it");
        return;
    }
    snapshot_mark(mark, snapshot, ui->session->start_ns);
    if (snapshot->name != NULL && snapshot->kind == SNAPSHOT_MANUAL) {
        text_cut_right(name, sizeof(name), snapshot->name, NAME_CELLS / 2);
        snprintf(question, sizeof(question), "delete %s \"%.60s\"? y/N", mark,
                 name);
    }
    else {
        snprintf(question, sizeof(question), "delete %s? y/N", mark);
    }
    prompt_yes(ui, question, delete_it, snapshot);
}

/* Show the moment of a row in the tables. */
static void
show(struct view *view, struct ui *ui)
{
    const struct moment_row *row = snapshots_row(view->state,
                                                 view->list.cursor);

    if (row == NULL) {
        return;
    }
    if (row->kind == MOMENT_ROW_GROUP) {
        struct snapshots_state *state = view->state;

        state->unfolded = !state->unfolded;
        return;
    }
    ui_show_past(ui, row->snapshot);
    ui->switches.moment = row->kind == MOMENT_ROW_PEAK ? MOMENT_PEAK
                                                       : MOMENT_NOW;
    ui_badge(ui, BADGE_MOMENT,
             row->kind == MOMENT_ROW_PEAK || row->snapshot != NULL);
    ui_changed(ui);
    ui_show(ui, '1');
}

/* Rows change, so they are made anew before the next key. */
static void
set_fold(struct view *view, struct ui *ui, bool unfolded)
{
    struct snapshots_state *state = view->state;

    if (state->unfolded == unfolded) {
        return;
    }
    state->unfolded = unfolded;
    view->list.parked = false;
    snapshots_refresh(view, ui);
}

/* d: the difference from the snapshot of the row, else from the newest one,
 * shown where there are rows to compare. */
static void
compare(struct view *view, struct ui *ui)
{
    const struct moment_row *row = snapshots_row(view->state,
                                                 view->list.cursor);
    const struct snapshot *base = row != NULL && !view->list.parked
                                  ? row->snapshot : NULL;

    if (base == NULL) {
        base = snapshot_list_newest_manual(&ui->snapshots);
    }
    if (base == NULL) {
        ui_say(ui, "no snapshot yet: press s, then d shows what has changed "
               "since");
        return;
    }
    ui_show_past(ui, NULL);
    ui_diff(ui, true, base);
    ui_show(ui, '1');
}

static bool
snapshots_act(struct view *view, struct ui *ui, enum action action,
              const struct key *key)
{
    struct snapshots_state *state = view->state;

    (void)key;
    switch (action) {
    case ACTION_OPEN:
        show(view, ui);
        return true;
    case ACTION_DIFF:
        compare(view, ui);
        return true;
    case ACTION_EDIT:
        edit(view, ui);
        return true;
    case ACTION_DELETE:
        ask_delete(view, ui);
        return true;
    case ACTION_RIGHT:
    case ACTION_UNFOLD:
        set_fold(view, ui, true);
        return true;
    case ACTION_LEFT:
    case ACTION_FOLD:
        set_fold(view, ui, false);
        return true;
    case ACTION_UNFOLD_ALL:
        set_fold(view, ui, !state->unfolded);
        return true;
    default:
        return false;
    }
}

static bool
snapshots_click(struct view *view, struct ui *ui, int row, int col)
{
    struct snapshots_state *state = view->state;
    int at = list_row_at(&view->list, row);

    if (at >= 0 && state->rows[at].kind == MOMENT_ROW_GROUP && col <= 1) {
        list_go(&view->list, at);
        set_fold(view, ui, !state->unfolded);
        return true;
    }
    return false;
}

/* --- the other operations -------------------------------------------------*/

static void
snapshots_row_text(struct view *view, struct ui *ui, int at, char *out,
                   size_t out_size)
{
    const struct moment_row *row = snapshots_row(view->state, at);
    char mark[64];

    out[0] = '\0';
    if (row == NULL) {
        return;
    }
    snapshots_mark(ui, row, mark, sizeof(mark));
    if (row->kind == MOMENT_ROW_KEPT) {
        const struct snapshot *snapshot = row->snapshot;

        snprintf(out, out_size, "%s %s %s", mark,
                 snapshot->name != NULL ? snapshot->name : "",
                 snapshot->note != NULL ? snapshot->note : "");
    }
    else {
        snprintf(out, out_size, "%s", mark);
    }
}

static void
snapshots_hint(struct view *view, struct ui *ui, char *out, size_t out_size)
{
    (void)view;
    if (snapshot_list_newest_manual(&ui->snapshots) == NULL) {
        snprintf(out, out_size,
                 "press s to take a snapshot, d compares with it");
    }
}

static size_t
snapshots_columns(struct view *view, struct ui *ui,
                  const struct view_column **columns)
{
    static const struct view_column all[] = {
        {"MARK", "start, #n by key, auto by timer, peak, now"},
        {"WHEN", "time since the script was started"},
        {"TRACED", "bytes traced at that moment"},
        {"Δ BEFORE", "bytes more or less than in the row above"},
        {"BLOCKS", "blocks traced at that moment"},
        {"TAKEN BY", "key s, timer, or reset of the peak"},
        {"NAME", "name and note: v changes them"},
    };

    (void)view;
    (void)ui;
    *columns = all;
    return sizeof(all) / sizeof(all[0]);
}

const struct view_ops snapshots_view = {
    .name = "snapshots",
    .digit = '6',
    .tab = "snapshots",
    .tab_short = "snaps",
    .noun = "snapshots",
    .scope = SCOPE_SNAPSHOTS | SCOPE_SEARCH,
    .init = snapshots_init,
    .release = snapshots_release,
    .refresh = snapshots_refresh,
    .draw = snapshots_draw,
    .act = snapshots_act,
    .click = snapshots_click,
    .row_text = snapshots_row_text,
    .hint = snapshots_hint,
    .columns = snapshots_columns,
    .write = snapshots_write,
};
