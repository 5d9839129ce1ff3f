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
 * A process that died or was stopped inside a booking leaves the counter odd
 * for good; then the cells are the truth and the totals are added up again.
 */
#include "region.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Rounds without any movement before a half-done booking is taken for the
 * last word of a dead or stopped process, each of about 50 microseconds. */
#define STUCK_ROUNDS 400

#define LOAD(field) __atomic_load_n(&(field), __ATOMIC_RELAXED)

static struct region_cell *
cells_of(struct region *region, unsigned slot)
{
    return (struct region_cell *)
           (region->windows[slot].base + region->sizes.cells_offset);
}

static struct region_cost
load_cost(const struct region_cost *cost)
{
    return (struct region_cost){
        .bytes = LOAD(cost->bytes),
        .blocks = LOAD(cost->blocks),
        .bytes_ever = LOAD(cost->bytes_ever),
        .blocks_ever = LOAD(cost->blocks_ever),
        .bytes_at_peak = LOAD(cost->bytes_at_peak),
        .blocks_at_peak = LOAD(cost->blocks_at_peak),
    };
}

static void
load_totals(struct region_totals *to, const struct region_totals *from)
{
    const uint64_t *source = (const uint64_t *)from;
    uint64_t words[sizeof *to / 8];
    for (size_t i = 0; i < sizeof *to / 8; i++) {
        words[i] = LOAD(source[i]);
    }
    memcpy(to, words, sizeof *to);
}
_Static_assert(sizeof(struct region_totals) % 8 == 0, "copied by words");

/* The cell as it is, at-peak values resolved. */
static struct region_cost
present_cost(const struct region_cell *cell, uint64_t peak_epoch)
{
    struct region_cost cost = load_cost(&cell->cost);
    if (LOAD(cell->peak_epoch) != peak_epoch) {
        cost.bytes_at_peak = cost.bytes;
        cost.blocks_at_peak = cost.blocks;
    }
    return cost;
}

/* The cell at the moment of copy `epoch`. */
static struct region_cost
cost_at_epoch(const struct region_cell *cell, uint32_t epoch,
              uint64_t peak_epoch)
{
    if (__atomic_load_n(&cell->copy_epoch, __ATOMIC_ACQUIRE) != epoch) {
        struct region_cost cost = present_cost(cell, peak_epoch);
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
        if (LOAD(cell->copy_epoch) != epoch) {
            return cost;
        }
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
    }
    return load_cost(&cell->saved);
}

static int
reserve(struct region_copy *copy, uint32_t contexts)
{
    if (contexts > copy->costs_size) {
        uint32_t size = contexts + contexts / 2;
        struct region_cost *costs = realloc(copy->costs,
                                            size * sizeof *costs);
        if (costs == NULL) {
            return -1;
        }
        copy->costs = costs;
        copy->costs_size = size;
    }
    memset(copy->costs, 0, contexts * sizeof *copy->costs);
    copy->contexts = contexts;
    return 0;
}

static void
add_cost(struct region_cost *to, const struct region_cost *cost)
{
    to->bytes += cost->bytes;
    to->blocks += cost->blocks;
    to->bytes_ever += cost->bytes_ever;
    to->blocks_ever += cost->blocks_ever;
    to->bytes_at_peak += cost->bytes_at_peak;
    to->blocks_at_peak += cost->blocks_at_peak;
}

/* Read all cells that copy->totals covers.  epoch 0: as they are. */
static int
read_cells(struct region *region, unsigned slot, struct region_copy *copy,
           uint32_t epoch)
{
    const struct region_header *header = &region->sizes;
    const struct region_totals *totals = &copy->totals;
    uint32_t contexts = totals->contexts < header->contexts_max
                        ? totals->contexts : header->contexts_max;
    uint32_t count = totals->cells < header->cells_max
                     ? totals->cells : header->cells_max;
    if (reserve(copy, contexts) < 0) {
        return -1;
    }
    struct region_cell *cells = cells_of(region, slot);
    for (uint32_t i = 1; i < count; i++) {
        struct region_cost cost =
            epoch != 0 ? cost_at_epoch(&cells[i], epoch, totals->peak_epoch)
                       : present_cost(&cells[i], totals->peak_epoch);
        uint32_t context = cells[i].context;
        if (context < contexts) {
            add_cost(&copy->costs[context], &cost);
        }
    }
    return 0;
}

/* Make the totals what the cells say. */
static void
settle(struct region_copy *copy)
{
    struct region_cost sum = { 0 };
    for (uint32_t i = 0; i < copy->contexts; i++) {
        add_cost(&sum, &copy->costs[i]);
    }
    copy->totals.bytes = sum.bytes;
    copy->totals.blocks = sum.blocks;
    copy->totals.peak_bytes = sum.bytes_at_peak;
    copy->totals.peak_blocks = sum.blocks_at_peak;
}

static void
pause_briefly(void)
{
    struct timespec t = { 0, 50000 };
    nanosleep(&t, NULL);
}

/* A copy without the script's help; 1: done, 0: it moved meanwhile. */
static int
plain_copy(struct region *region, unsigned slot, struct slot_head *head,
           struct region_copy *copy, bool stuck)
{
    uint64_t before = __atomic_load_n(&head->operations, __ATOMIC_ACQUIRE);
    if ((before & 1) && !stuck) {
        return 0;
    }
    load_totals(&copy->totals, &head->totals);
    if (read_cells(region, slot, copy, 0) < 0) {
        return -1;
    }
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    if (LOAD(head->operations) != before) {
        return 0;
    }
    if (before & 1) {
        settle(copy);
    }
    return 1;
}

int
region_copy_take(struct region *region, unsigned slot,
                 struct region_copy *copy)
{
    struct slot_head *head = region_slot(region, slot);
    if (head == NULL) {
        return -1;
    }
    uint32_t epoch = LOAD(head->copy_request) + 1;
    epoch += epoch == 0;        /* 0 means: never copied */
    __atomic_store_n(&head->copy_request, epoch, __ATOMIC_RELAXED);
    __atomic_fetch_add(&head->requests, 1, __ATOMIC_RELEASE);

    uint64_t last = LOAD(head->operations);
    for (int still = 0; ; still++) {
        if (__atomic_load_n(&head->copy_epoch, __ATOMIC_ACQUIRE) == epoch) {
            load_totals(&copy->totals, &head->copy_totals);
            if (read_cells(region, slot, copy, epoch) < 0) {
                return -1;
            }
            break;
        }
        int done = plain_copy(region, slot, head, copy, still > STUCK_ROUNDS);
        if (done != 0) {
            if (done < 0) {
                return -1;
            }
            break;
        }
        if (LOAD(head->operations) != last) {
            last = LOAD(head->operations);
            still = 0;
        }
        pause_briefly();
    }
    copy->when_ns = region_now_ns();
    copy->codes = __atomic_load_n(&head->codes, __ATOMIC_ACQUIRE);
    return 0;
}

void
region_copy_release(struct region_copy *copy)
{
    free(copy->costs);
    *copy = (struct region_copy){ 0 };
}
