/* SPDX-License-Identifier: MIT
 *
 * Consistent copies.  Two ways, both without stopping the script:
 *
 * - By epoch: the monitor asks for copy n; the next hook stores the totals and
 *   publishes copy_epoch = n; from then on each cell saves itself before its
 *   first change.  A cell's value at the moment of the copy is what it saved,
 *   or, when it has not changed since, what it holds.
 * - Plain: when the operation counter is even and the same before and after,
 *   nothing was booked in between.
 *
 * Either way only cells that have changed are read: see region_reader.c.
 *
 * A process that died or was stopped inside a booking leaves the counter odd
 * for good; then the cells are the truth and the totals are added up again.
 */
#include "region/region.h"

#include <stdlib.h>
#include <time.h>

#include "region/region_reader.h"
#include "region/region_shares.h"

/* Rounds without any movement before a half-done booking is taken for the
 * last word of a dead or stopped process, each of about 50 microseconds. */
#define STUCK_ROUNDS 400

/* When a script that neither rests nor answers is read as it is: after this
 * long, or after so many rounds when it has answered and taken that back. */
#define TORN_NS 2000000000ull
#define TORN_ROUNDS 20

#define LOAD(field) __atomic_load_n(&(field), __ATOMIC_RELAXED)

/* Make the totals what the cells say. */
static void
settle(struct region_copy *copy)
{
    struct region_cost sum = { 0 };
    for (uint32_t i = 0; i < copy->contexts; i++) {
        region_cost_add(&sum, &copy->costs[i]);
    }
    copy->totals.bytes = sum.bytes;
    copy->totals.blocks = sum.blocks;
    copy->totals.alloc_bytes = sum.bytes_ever;
    copy->totals.allocs = sum.blocks_ever;
    copy->totals.peak_bytes = sum.bytes_at_peak;
    copy->totals.peak_blocks = sum.blocks_at_peak;
}

static void
pause_briefly(void)
{
    struct timespec t = { 0, 50000 };
    nanosleep(&t, NULL);
}

/* A copy without the script's help; 1: done, 0: nothing was read, -1: what
 * was read is worth nothing, since it moved meanwhile; unless `torn` is good
 * enough: then it adds up, but is not of one moment. */
static int
plain_copy(struct region *region, unsigned slot, struct slot_head *head,
           struct region_copy *copy, bool whole, bool stuck, bool torn)
{
    bool midway, is_peak;
    uint64_t before = region_shares_operations(region, slot, &midway);
    uint32_t served = LOAD(head->copy_epoch);
    if (midway && !stuck && !torn) {
        return 0;
    }
    if (!whole && before == copy->reader->operations) {
        copy->whole = false;
        copy->change_count = 0;
        return 1;
    }
    region_load_totals(&copy->totals, &head->totals);
    is_peak = region_shares_now(region, slot, &copy->totals);
    /* Then what cells have saved for the last one is void. */
    copy->totals.peak_epoch += is_peak;
    region_reader_read(region, slot, copy, 0, served, whole);
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    bool still_midway;
    if (region_shares_operations(region, slot, &still_midway) != before
            && !torn) {
        return -1;
    }
    if (midway || torn) {
        settle(copy);
    }
    copy->reader->operations = before;
    return 1;
}

/* Ask for a copy and read it, one way or the other. */
static void
take(struct region *region, unsigned slot, struct slot_head *head,
     struct region_copy *copy, bool whole)
{
    uint32_t epoch = LOAD(head->copy_request) + 1;
    epoch += epoch == 0;        /* 0 means: never copied */
    __atomic_store_n(&head->copy_request, epoch, __ATOMIC_RELAXED);
    __atomic_fetch_add(&head->requests, 1, __ATOMIC_RELEASE);

    bool midway;
    uint64_t last = region_shares_operations(region, slot, &midway);
    uint64_t began = region_now_ns();
    int withdrawn = 0;          /* rounds since */
    for (int still = 0; ; still++) {
        /* First of all: a busy script answers within this time, and a plain
         * copy of one would come to nothing. */
        pause_briefly();
        if (__atomic_load_n(&head->copy_epoch, __ATOMIC_ACQUIRE) == epoch) {
            region_load_totals(&copy->totals, &head->copy_totals);
            region_reader_read(region, slot, copy, epoch, epoch, whole);
            copy->reader->operations = READER_ASKED;
            __atomic_thread_fence(__ATOMIC_ACQUIRE);
            if (LOAD(head->copy_epoch) == epoch) {
                return;
            }
            whole = true;       /* the engine had no room to save a cell */
            withdrawn = 1;
        }
        withdrawn += withdrawn != 0;
        int done = plain_copy(region, slot, head, copy, whole,
                              still > STUCK_ROUNDS,
                              withdrawn > TORN_ROUNDS
                              || region_now_ns() - began > TORN_NS);
        if (done > 0) {
            return;
        }
        whole |= done < 0;
        uint64_t now = region_shares_operations(region, slot, &midway);
        if (now != last) {
            last = now;
            still = 0;
        }
    }
}

int
region_copy_take(struct region *region, unsigned slot,
                 struct region_copy *copy)
{
    struct slot_head *head = region_slot(region, slot);
    if (head == NULL) {
        return -1;
    }
    if (copy->reader == NULL) {
        copy->reader = region_reader_new();
    }
    struct region_window *window = &region->windows[slot];
    take(region, slot, head, copy,
         !region_reader_follows(copy, window, head));
    copy->reader->take = ++window->takes;
    copy->when_ns = region_now_ns();
    copy->codes = __atomic_load_n(&head->codes, __ATOMIC_ACQUIRE);
    return 0;
}

void
region_copy_release(struct region_copy *copy)
{
    free(copy->costs);
    free(copy->changes);
    region_reader_free(copy->reader);
    *copy = (struct region_copy){ 0 };
}
