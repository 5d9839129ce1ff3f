/* SPDX-License-Identifier: MIT
 *
 * Arithmetic of costs (struct region_cost): they add and subtract, and each
 * moment sees one part of them.  Inline: they are what large tables are made
 * of.
 */
#ifndef PYMTOP_COST_H
#define PYMTOP_COST_H

#include <stdbool.h>
#include <stdint.h>

#include "region/region.h"

enum moment { MOMENT_NOW, MOMENT_PEAK, MOMENT_EVER };

static inline int64_t
cost_bytes(const struct region_cost *cost, enum moment moment)
{
    return moment == MOMENT_NOW ? cost->bytes
        : moment == MOMENT_PEAK ? cost->bytes_at_peak
        : (int64_t)cost->bytes_ever;
}

static inline int64_t
cost_blocks(const struct region_cost *cost, enum moment moment)
{
    return moment == MOMENT_NOW ? cost->blocks
        : moment == MOMENT_PEAK ? cost->blocks_at_peak
        : (int64_t)cost->blocks_ever;
}

static inline void
cost_add(struct region_cost *sum, const struct region_cost *cost)
{
    region_cost_add(sum, cost);
}

static inline void
cost_subtract(struct region_cost *sum, const struct region_cost *cost)
{
    sum->bytes -= cost->bytes;
    sum->blocks -= cost->blocks;
    sum->bytes_ever -= cost->bytes_ever;
    sum->blocks_ever -= cost->blocks_ever;
    sum->bytes_at_peak -= cost->bytes_at_peak;
    sum->blocks_at_peak -= cost->blocks_at_peak;
}

/* Never a block at any moment. */
static inline bool
cost_is_zero(const struct region_cost *cost)
{
    return (cost->bytes_ever | cost->blocks_ever | (uint64_t)cost->bytes
            | (uint64_t)cost->blocks | (uint64_t)cost->bytes_at_peak
            | (uint64_t)cost->blocks_at_peak) == 0;
}

#endif
