/* SPDX-License-Identifier: MIT
 *
 * In a free-threaded build of Python each thread counts for itself, until what
 * it has counted is added to the totals of the slot.
 */
#include "region/region_shares.h"

#include <string.h>

#define LOAD(field) __atomic_load_n(&(field), __ATOMIC_RELAXED)

_Static_assert(sizeof(struct region_totals) % 8 == 0, "copied by words");

void
region_load_totals(struct region_totals *to, const struct region_totals *from)
{
    const uint64_t *source = (const uint64_t *)from;
    uint64_t words[sizeof *to / 8];
    for (size_t i = 0; i < sizeof *to / 8; i++) {
        words[i] = LOAD(source[i]);
    }
    memcpy(to, words, sizeof *to);
}

/* The shares of a slot that is mapped, and how many, number 0 included. */
static const struct region_share *
shares_of(const struct region *region, unsigned slot, uint32_t *count)
{
    const struct region_header *sizes = &region->sizes;
    const char *base = region->windows[slot].base;
    const struct slot_head *head = (const struct slot_head *)base;

    *count = __atomic_load_n(&head->shares, __ATOMIC_ACQUIRE);
    if (*count > sizes->shares_max) {
        *count = sizes->shares_max;
    }
    return (const struct region_share *)(base + sizes->shares_offset);
}

bool
region_shares_now(const struct region *region, unsigned slot,
                  struct region_totals *totals)
{
    uint32_t count;
    const struct region_share *shares = shares_of(region, slot, &count);

    for (uint32_t i = 1; i < count; i++) {
        totals->bytes += LOAD(shares[i].bytes);
        totals->blocks += LOAD(shares[i].blocks);
        totals->alloc_bytes += LOAD(shares[i].alloc_bytes);
        totals->allocs += LOAD(shares[i].allocs);
    }
    if (count == 0 || totals->bytes <= totals->peak_bytes) {
        return false;
    }
    totals->peak_bytes = totals->bytes;
    totals->peak_blocks = totals->blocks;
    totals->peak_ns = LOAD(region->header->clock_ns);
    return true;
}

uint64_t
region_shares_operations(const struct region *region, unsigned slot,
                         bool *midway)
{
    uint32_t count;
    const struct region_share *shares = shares_of(region, slot, &count);
    const struct slot_head *head =
        (const struct slot_head *)region->windows[slot].base;
    uint64_t sum = __atomic_load_n(&head->operations, __ATOMIC_ACQUIRE);

    *midway = sum & 1;
    for (uint32_t i = 1; i < count; i++) {
        uint64_t one = __atomic_load_n(&shares[i].operations,
                                       __ATOMIC_ACQUIRE);
        *midway |= one & 1;
        sum += one;
    }
    return sum;
}
