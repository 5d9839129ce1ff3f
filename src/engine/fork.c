/* SPDX-License-Identifier: MIT */
#include "fork.h"

#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "follow.h"
#include "ledger.h"
#include "slot.h"

/* The parent at the fork. */
static struct {
    struct region_cell *cells;
    uint32_t count;
    struct region_totals totals;
    bool off;
    size_t min_size;
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
    kept.min_size = ledger.min_size;
    kept.off = ledger.off || !ledger.ours || slot.header->follow == 0;
    if (kept.off || ledger.forked) {
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
    if (!kept.off && !ledger.forked) {
        forget();
    }
    lock_drop(&ledger.lock);
}

/* The kernel has wiped the ledger (ledger.h). */
static void
after_in_child(void)
{
    ledger = (struct ledger){
        .ours = true, .off = kept.off, .forked = !kept.off,
        .min_size = kept.min_size,
        .requests_seen = ~slot.head->requests,
        .at_once = ~slot.head->requests,
    };
    lock_after_fork(&ledger.lock);
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
    ledger.off = true;
    int fd = kept.cells == NULL ? -1 : follow_open();
    if (fd >= 0) {
        for (uint32_t i = 0; i < kept.count; i++) {
            kept.cells[i].copy_epoch = 0;
        }
        ledger.off = slot_claim_forked(fd, kept.cells, kept.count,
                                       &kept.totals) < 0;
        close(fd);
    }
    else {
        __atomic_fetch_add(&slot.header->slots_refused, 1, __ATOMIC_RELAXED);
    }
    if (!ledger.off) {
        follow_set_parent(slot.head->pid);
    }
    ledger.copy_epoch = 0;
    ledger.paused = false;
    forget();
    errno = error;
}

void
fork_bypassed(void)
{
    __atomic_fetch_add(&slot.header->slots_refused, 1, __ATOMIC_RELAXED);
    lock_after_fork(&ledger.lock);
    lock_take(&ledger.lock);
    ledger.ours = true;
    ledger.off = true;
}
