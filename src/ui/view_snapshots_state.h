/* SPDX-License-Identifier: MIT
 *
 * What view 6 knows; for view_snapshots.c and snapshots_*.c only.
 */
#ifndef PYMTOP_UI_VIEW_SNAPSHOTS_STATE_H
#define PYMTOP_UI_VIEW_SNAPSHOTS_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/snapshot.h"
#include "ui/view.h"

enum moment_kind {
    MOMENT_ROW_KEPT,            /* a snapshot of the list */
    MOMENT_ROW_GROUP,           /* all automatic ones */
    MOMENT_ROW_PEAK,
    MOMENT_ROW_LIVE             /* now, or the end */
};

struct moment_row {
    enum moment_kind kind;
    struct snapshot *snapshot;  /* KEPT; owned by the list */
    uint64_t when_ns;
    int64_t bytes, blocks;
    bool has_before;            /* delta means something */
    int64_t delta;              /* bytes since the row before */
    unsigned count;             /* GROUP: snapshots in it ... */
    uint64_t until_ns;          /* ... up to this time */
};

struct snapshots_state {
    struct moment_row *rows;    /* owned; by time */
    size_t count, room;
    bool unfolded;              /* automatic ones are rows */
};

void snapshots_refresh(struct view *view, struct ui *ui);
const struct moment_row *snapshots_row(const struct snapshots_state *state,
                                       int row);
/* The words in the column MARK: `start`, `#2`, `auto`, `peak`, `now`. */
void snapshots_mark(const struct ui *ui, const struct moment_row *row,
                    char *out, size_t out_size);
/* `key`, `itself`, ...; of a group, what it is. */
void snapshots_taken_by(const struct ui *ui, const struct moment_row *row,
                        char *out, size_t out_size);
/* Nanoseconds from the start of the run. */
uint64_t snapshots_since_start(const struct ui *ui, uint64_t when_ns);

void snapshots_draw(struct view *view, struct ui *ui, struct rect rect);
int snapshots_write(struct view *view, struct ui *ui, FILE *file,
                    const char *ending);

#endif
