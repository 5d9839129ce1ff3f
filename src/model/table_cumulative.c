/* SPDX-License-Identifier: MIT
 *
 * Cumulative costs: a row holds what its contexts allocated and what they
 * called allocated.  Parents stand before their children in the tree, so one
 * pass from the end adds everything up; a context with a caller in the same
 * row adds nothing, its caller has it already.
 */
#include "model/table_private.h"

#include <string.h>

#include "base/xalloc.h"

/* Costs of all contexts of a snapshot, with all they called. */
static void
sum_up(const struct table_build *build, const struct snapshot *snapshot,
       struct region_cost *costs)
{
    const struct catalog *catalog = build->catalog;

    memset(costs, 0, catalog->context_count * sizeof(*costs));
    for (uint32_t i = 0; i < snapshot->cost_count; i++) {
        uint32_t context = snapshot_context(snapshot, i);
        if (context >= catalog->context_count) {
            context = CONTEXT_OTHER;
        }
        cost_add(&costs[table_charged(build, context)], &snapshot->costs[i]);
    }
    for (uint32_t i = catalog->context_count; i-- > 1;) {
        uint32_t parent = catalog->contexts[i].parent;
        if (parent != CATALOG_NONE) {
            cost_add(&costs[parent], &costs[i]);
        }
    }
}

/* Does a caller of the context count for the same row? */
static bool
is_counted(const struct table_build *build, uint32_t index, uint32_t group)
{
    static const uint8_t bits[] = {
        [BY_LINE] = AGAIN_LINE, [BY_FILE] = AGAIN_FILE,
        [BY_FUNCTION] = AGAIN_FUNCTION, [BY_TRACEBACK] = 0,
    };
    const struct catalog_context *contexts = build->catalog->contexts;
    uint8_t bit = group == CATALOG_IMPORT && build->fold ? AGAIN_IMPORT
        : bits[build->request->by];

    if ((contexts[index].again & bit) == 0) {
        return false;
    }
    if (!build->selective) {
        return true;
    }
    /* The caller may be left out by the filter; seldom, so look. */
    for (uint32_t i = contexts[index].parent; i != CATALOG_NONE;
         i = contexts[i].parent) {
        if (table_group(build, i) == group && table_selects(build, i)) {
            return true;
        }
    }
    return false;
}

/* Contexts that can have a row of their own: with charge mine only yours (and
 * what is unknown). */
static bool
has_row(const struct table_build *build, uint32_t index)
{
    return index == CATALOG_NONE
        ? build->request->mine
        : table_charged(build, index) == index;
}

void
table_add_cumulative(const struct table_build *build)
{
    struct table_scratch *scratch = build->scratch;
    const struct table_request *request = build->request;
    uint32_t count = build->catalog->context_count;
    bool has_base = build->table->has_base && request->cumulative;
    struct region_cost no_base = {0};

    scratch->costs = xgrow(scratch->costs, &scratch->costs_room, count,
                           sizeof(*scratch->costs));
    sum_up(build, request->snapshot, scratch->costs);
    if (has_base) {
        scratch->base_costs = xgrow(scratch->base_costs,
                                    &scratch->base_costs_room, count,
                                    sizeof(*scratch->base_costs));
        sum_up(build, request->base, scratch->base_costs);
        /* Rows of the base were found by own cost; now by cumulative. */
        for (uint32_t i = 0; i < build->table->count; i++) {
            build->table->rows[i].base_bytes = 0;
            build->table->rows[i].base_blocks = 0;
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct region_cost *cost = &scratch->costs[i];
        const struct region_cost *base = has_base ? &scratch->base_costs[i]
            : &no_base;
        if ((cost_is_zero(cost) && cost_is_zero(base)) || !has_row(build, i)
            || !table_selects(build, i)) {
            continue;
        }
        uint32_t group = table_group(build, i);
        if (is_counted(build, i, group)) {
            continue;
        }
        struct table_row *row = table_row_of(build, group);
        cost_add(&row->cumulative, cost);
        row->base_bytes += cost_bytes(base, request->base_moment);
        row->base_blocks += cost_blocks(base, request->base_moment);
    }
}
