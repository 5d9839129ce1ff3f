/* SPDX-License-Identifier: MIT
 *
 * A snapshot: the counters of all contexts at one moment, never changed after
 * it was taken.  It holds only contexts that ever had a block, so it grows
 * with the number of call sites, not of blocks.
 *
 * Invariant (proved by the region's copy): the sum over costs[] of bytes,
 * blocks and at-peak values is the totals' to the byte.
 */
#ifndef PYMTOP_SNAPSHOT_H
#define PYMTOP_SNAPSHOT_H

#include <stdbool.h>
#include <stdint.h>

#include "region/region.h"

enum snapshot_kind {
    SNAPSHOT_LIVE,              /* the present frame's; in no list */
    SNAPSHOT_START,             /* the first one of the run */
    SNAPSHOT_MANUAL,            /* #1, #2, ...: by key */
    SNAPSHOT_AUTOMATIC,         /* every so many seconds */
    SNAPSHOT_PEAK,              /* made of at-peak values */
    SNAPSHOT_BEFORE_RESET       /* the peak that a reset forgot */
};

struct snapshot {
    enum snapshot_kind kind;
    unsigned number;            /* #number of a manual one, else 0 */
    uint64_t when_ns;           /* CLOCK_MONOTONIC; peak: of the peak */
    struct region_totals totals;
    uint32_t context_count;     /* all contexts that existed */
    uint32_t cost_count;
    uint32_t *contexts;         /* [cost_count], ascending; owned.  NULL in a
                                   look: costs[] is by context */
    struct region_cost *costs;  /* [cost_count], parallel; owned, but in a
                                   look */
    uint32_t cost_room;         /* private: allocated entries */
    char *name, *note;          /* owned; NULL: none */
};

/* Look at a copy of the region: SNAPSHOT_LIVE, without name and note.  Nothing
 * is copied, so it is valid until the copy is taken again or released; some of
 * its costs are zero.  *snapshot is zeroed, or was a look before.  To keep it:
 * snapshot_copy(). */
void snapshot_look(struct snapshot *snapshot, const struct region_copy *copy);

/* The context of costs[i]. */
static inline uint32_t
snapshot_context(const struct snapshot *snapshot, uint32_t i)
{
    return snapshot->contexts != NULL ? snapshot->contexts[i] : i;
}

/* *snapshot (zeroed) becomes the moment of the peak as `from` knows it: its
 * now-values are from's at-peak values, its time that of the peak. */
void snapshot_take_peak(struct snapshot *snapshot,
                        const struct snapshot *from);

/* An independent duplicate into *snapshot (zeroed); of a look, too. */
void snapshot_copy(struct snapshot *snapshot, const struct snapshot *from);
/* Frees what it holds and zeroes it. */
void snapshot_release(struct snapshot *snapshot);

/* Replace name or note; NULL or "" takes it away.  Made safe for display. */
void snapshot_set_name(struct snapshot *snapshot, const char *name);
void snapshot_set_note(struct snapshot *snapshot, const char *note);

/* `start`, `#2`, `peak`, `peak before reset`, `00:01:40` (automatic, time
 * since start_ns) or `now` (live).  buf: NUMBER_TEXT_SIZE bytes. */
char *snapshot_mark(char *buf, const struct snapshot *snapshot,
                    uint64_t start_ns);

#endif
