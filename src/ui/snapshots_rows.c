/* SPDX-License-Identifier: MIT
 *
 * The rows of view 6, and their words.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/size_text.h"
#include "base/xalloc.h"
#include "ui/ui.h"
#include "ui/view_snapshots_state.h"
#include "ui/watch.h"

const struct moment_row *
snapshots_row(const struct snapshots_state *state, int row)
{
    return row >= 0 && (size_t)row < state->count ? &state->rows[row] : NULL;
}

/* --- rows -----------------------------------------------------------------*/

static void
add_row(struct snapshots_state *state, struct moment_row row)
{
    state->rows = xgrow(state->rows, &state->room, state->count + 1,
                        sizeof(state->rows[0]));
    state->rows[state->count++] = row;
}

static void
add_kept(struct snapshots_state *state, struct ui *ui)
{
    struct moment_row group = {.kind = MOMENT_ROW_GROUP};

    for (size_t i = 0; i < ui->snapshots.count; i++) {
        struct snapshot *snapshot = ui->snapshots.items[i];

        if (snapshot->kind == SNAPSHOT_AUTOMATIC) {
            if (group.count++ == 0) {
                group.when_ns = snapshot->when_ns;
            }
            group.until_ns = snapshot->when_ns;
            if (!state->unfolded) {
                continue;
            }
        }
        add_row(state, (struct moment_row){
                           .kind = MOMENT_ROW_KEPT,
                           .snapshot = snapshot,
                           .when_ns = snapshot->when_ns,
                           .bytes = snapshot->totals.bytes,
                           .blocks = snapshot->totals.blocks});
    }
    if (group.count > 0) {
        add_row(state, group);
    }
}

static void
add_peak_and_now(struct snapshots_state *state, struct ui *ui)
{
    const struct region_totals *totals = &ui->live.totals;
    uint64_t end_ns = watch_end_ns(ui);

    if (ui->live.when_ns == 0) {
        return;
    }
    add_row(state, (struct moment_row){.kind = MOMENT_ROW_PEAK,
                                       .when_ns = totals->peak_ns,
                                       .bytes = totals->peak_bytes,
                                       .blocks = totals->peak_blocks});
    add_row(state, (struct moment_row){
                       .kind = MOMENT_ROW_LIVE,
                       .when_ns = end_ns != 0 && end_ns < ui->live.when_ns
                                  ? end_ns : ui->live.when_ns,
                       .bytes = totals->bytes,
                       .blocks = totals->blocks});
}

/* Order among rows of the same time; now is always last, the start first. */
static int
rank(const struct moment_row *row)
{
    if (row->kind == MOMENT_ROW_LIVE) {
        return 4;
    }
    if (row->kind == MOMENT_ROW_KEPT) {
        return row->snapshot->kind == SNAPSHOT_START ? 0 : 3;
    }
    return row->kind == MOMENT_ROW_GROUP ? 1 : 2;
}

static int
compare_rows(const void *a, const void *b)
{
    const struct moment_row *x = a, *y = b;

    if (rank(x) == 0 || rank(y) == 0 || rank(x) == 4 || rank(y) == 4) {
        return rank(x) - rank(y);
    }
    if (x->when_ns != y->when_ns) {
        return x->when_ns < y->when_ns ? -1 : 1;
    }
    if (rank(x) != rank(y)) {
        return rank(x) - rank(y);
    }
    return x->kind == MOMENT_ROW_KEPT
           ? (int)x->snapshot->number - (int)y->snapshot->number : 0;
}

static void
add_deltas(struct snapshots_state *state)
{
    const struct moment_row *before = NULL;

    for (size_t i = 0; i < state->count; i++) {
        struct moment_row *row = &state->rows[i];

        if (row->kind == MOMENT_ROW_GROUP) {
            continue;
        }
        row->has_before = before != NULL;
        row->delta = before != NULL ? row->bytes - before->bytes : 0;
        before = row;
    }
}

void
snapshots_refresh(struct view *view, struct ui *ui)
{
    struct snapshots_state *state = view->state;
    const struct moment_row *old = snapshots_row(state, view->list.cursor);
    struct moment_row kept = {.kind = MOMENT_ROW_LIVE};
    int cursor = -1;

    if (old != NULL) {
        kept = *old;
    }
    state->count = 0;
    add_kept(state, ui);
    add_peak_and_now(state, ui);
    if (state->count > 1) {
        qsort(state->rows, state->count, sizeof(state->rows[0]),
              compare_rows);
    }
    add_deltas(state);
    for (size_t i = 0; i < state->count; i++) {
        if (state->rows[i].kind == kept.kind
            && state->rows[i].snapshot == kept.snapshot) {
            cursor = (int)i;
        }
    }
    list_follow(&view->list, (int)state->count, cursor);
}

/* --- words ----------------------------------------------------------------*/

uint64_t
snapshots_since_start(const struct ui *ui, uint64_t when_ns)
{
    uint64_t start_ns = ui->session->start_ns;

    return when_ns > start_ns ? when_ns - start_ns : 0;
}

void
snapshots_mark(const struct ui *ui, const struct moment_row *row, char *out,
               size_t out_size)
{
    char mark[NUMBER_TEXT_SIZE];

    switch (row->kind) {
    case MOMENT_ROW_GROUP:
        snprintf(out, out_size, "%u", row->count);
        return;
    case MOMENT_ROW_PEAK:
        snprintf(out, out_size, "peak");
        return;
    case MOMENT_ROW_LIVE:
        snprintf(out, out_size, ui->still ? "end" : "now");
        return;
    default:
        break;
    }
    if (row->snapshot->kind == SNAPSHOT_AUTOMATIC) {
        snprintf(out, out_size, "auto");
    }
    else if (row->snapshot->kind == SNAPSHOT_BEFORE_RESET) {
        snprintf(out, out_size, "peak");
    }
    else {
        snapshot_mark(mark, row->snapshot, ui->session->start_ns);
        snprintf(out, out_size, "%s", mark);
    }
}

void
snapshots_taken_by(const struct ui *ui, const struct moment_row *row,
                   char *out, size_t out_size)
{
    char until[NUMBER_TEXT_SIZE];

    out[0] = '\0';
    if (row->kind == MOMENT_ROW_GROUP) {
        clock_text(until, snapshots_since_start(ui, row->until_ns));
        snprintf(out, out_size, "every %u s up to %s",
                 (unsigned)(ui->snapshots.interval_ns / UI_NS), until);
    }
    else if (row->kind == MOMENT_ROW_PEAK) {
        snprintf(out, out_size, "itself");
    }
    else if (row->kind == MOMENT_ROW_KEPT) {
        static const char *const by[] = {
            [SNAPSHOT_START] = "", [SNAPSHOT_MANUAL] = "key",
            [SNAPSHOT_AUTOMATIC] = "timer", [SNAPSHOT_PEAK] = "itself",
            [SNAPSHOT_BEFORE_RESET] = "reset",
        };

        snprintf(out, out_size, "%s",
                 row->snapshot->kind == SNAPSHOT_LIVE
                     ? "" : by[row->snapshot->kind]);
    }
}
