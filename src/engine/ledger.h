/* SPDX-License-Identifier: MIT
 *
 * The ledger: every live block is booked to a cell; cells and totals are
 * counters in the region, and nothing is ever recomputed from events.
 *
 * - Every booking is done under one lock and counted in slot_head.operations.
 * - At peak: when the total makes a new maximum, all saved at-peak values are
 *   void, which is said by one increment of the peak epoch.  A cell that is
 *   about to change while its epoch is older saves its values first.
 * - Copies: see region_layout.h and src/region/region_copy.c.
 *
 * Nothing here prints, raises, aborts, or asks Python for memory; so no hook
 * meets itself below, though the thread-local guard is up in some calls only.
 */
#ifndef PYMTOP_LEDGER_H
#define PYMTOP_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lock.h"
#include "pymtop/region_layout.h"
#include "shadow.h"

/* A page of its own, which the kernel wipes in a forked child
 * (MADV_WIPEONFORK): whatever makes a process, with handlers or without, the
 * child finds requests_seen to be nothing it has seen, and comes to
 * ledger_serve() before it books.
 *
 * A hook compares one word, at_once, to know that nothing at all is in the way
 * of its booking: so at_once is never slot_head.requests while the ledger is
 * off or paused. */
struct ledger {
    struct lock lock;
    bool ours;                  /* false: wiped, and not set up again */
    bool off;                   /* nothing is booked any more; atomic */
    bool paused;                /* book to CONTEXT_PAUSED */
    bool dirty;                 /* a cell saved its values since the peak */
    bool forked;                /* a child that has no slot yet */
    uint32_t requests_seen;     /* not slot_head.requests: ledger_serve() */
    uint32_t at_once;           /* not slot_head.requests: take the slow way */
    uint32_t copy_epoch;
    size_t min_size;            /* smallest size given to the allocator */

    /* Free-threaded builds (share.h); what shared mode reads, in a line that
     * is seldom written. */
    uint32_t closed __attribute__((aligned(64)));   /* 1: somebody has the
                                   lock; atomic, a futex */
    uint32_t sleepers;          /* on it; atomic */
    bool alone;                 /* there is one share */
    int64_t limit;              /* what a share may hold more than when it was
                                   settled */
} __attribute__((aligned(REGION_PAGE)));

extern struct ledger ledger;

/* Nothing is booked any more. */
static inline bool
ledger_is_off(void)
{
    return __atomic_load_n(&ledger.off, __ATOMIC_RELAXED);
}

/* Make the tables.  Needs a claimed slot.  -1: no memory. */
int ledger_init(void);

/* Between bookings, under the lock: do what the monitor asked for; a child
 * that has no slot of its own yet claims one. */
void ledger_serve(void);

/* A cell keeps its values as of the running copy, before it changes. */
void ledger_save_for_copy(struct region_cell *cell);

/* Block in, whatever it needs. */
void ledger_add_slowly(const void *block, size_t size, uint32_t cell);

/* A realloc in two steps: the entry is taken out of the shadow while the
 * allocator works (another thread may get the old address), and the counters
 * change when its outcome is known.  Each takes the lock itself. */
struct shadow_block ledger_lift(const void *block);
void ledger_put_back(const void *block, struct shadow_block lifted);

/* Book a live block to another cell: it left a free list.  Under the lock. */
void ledger_rebook(const void *block, uint32_t cell);

/* The interpreter finalises: the counters stay as they are from now on.
 * Under the lock. */
void ledger_end(void);

/* The frames of this Python cannot be read: say why, book no more. */
void ledger_refuse(const char *why);


#endif
