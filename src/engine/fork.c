/* SPDX-License-Identifier: MIT */
#include "fork.h"

#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>

#include "arena.h"
#include "ledger.h"
#include "slot.h"

/* The parent's counters at the fork. */
static struct {
    struct region_cell *cells;
    uint32_t count;
    struct region_totals totals;
} kept;

static void
forget(void)
{
    arena_unmap(kept.cells, kept.count * sizeof *kept.cells);
    kept.cells = NULL;
}

static void
before_fork(void)
{
    lock_take(&ledger.lock);
    if (ledger.off || ledger.forked) {
        return;         /* a child without a slot has its parent's copy */
    }
    kept.count = slot.head->cells;
    kept.totals = slot.head->totals;
    kept.cells = arena_map(kept.count * sizeof *kept.cells);
    if (kept.cells != NULL) {
        memcpy(kept.cells, slot_cells(), kept.count * sizeof *kept.cells);
    }
}

static void
after_in_parent(void)
{
    if (!ledger.off && !ledger.forked) {
        forget();
    }
    lock_drop(&ledger.lock);
}

static void
after_in_child(void)
{
    ledger.forked = !ledger.off;
    ledger.requests_seen = ~slot.head->requests;
    lock_init(&ledger.lock);
    lock_drop(&ledger.lock);
}

void
fork_watch(void)
{
    pthread_atfork(before_fork, after_in_parent, after_in_child);
}

void
fork_claim(void)
{
    int error = errno;          /* is the script's */
    ledger.forked = false;
    if (kept.cells == NULL) {
        ledger.off = true;
        return;
    }
    for (uint32_t i = 0; i < kept.count; i++) {
        kept.cells[i].copy_epoch = 0;
    }
    ledger.off = slot_claim_forked(kept.cells, kept.count, &kept.totals) < 0;
    ledger.copy_epoch = 0;
    ledger.paused = false;
    forget();
    errno = error;
}
