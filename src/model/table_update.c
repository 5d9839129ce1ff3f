/* SPDX-License-Identifier: MIT
 *
 * A table brought up to date: what changed is added where the whole was added
 * when it was built, so all that held then holds now.
 */
#include "model/table_private.h"

#include "model/trend.h"

/* Of so many contexts one may have changed, and following the callers of each
 * still costs less than adding everything up. */
#define CALLERS_SHARE 16
#define BATCH 32                /* changes whose rows are fetched at once */

static void
finish(const struct table_build *build, struct table_row *row)
{
    build->table->unchanged -= row->is_unchanged;
    table_finish_row(build, row, build->request->cumulative);
    build->table->unchanged += row->is_unchanged;
}

/* The base is what the live counters were at the peak, and moves with them. */
static void
add_to_base(struct table_row *row, const struct region_cost *by,
            enum moment moment)
{
    row->base_bytes += cost_bytes(by, moment);
    row->base_blocks += cost_blocks(by, moment);
}

/* Own costs.  False: in a difference a row comes or goes; what was left out
 * before is not known any more. */
static bool
add_own(const struct table_build *build, uint32_t charged,
        const struct region_cost *by)
{
    const struct table_request *request = build->request;
    struct table *table = build->table;
    uint32_t count = table->count;
    struct table_row *row = table_row_of(build, table_group(build, charged));

    cost_add(&row->own, by);
    cost_add(&table->total.own, by);
    if (table->has_base && request->base == request->snapshot) {
        add_to_base(row, by, request->base_moment);
        add_to_base(&table->total, by, request->base_moment);
    }
    if (!request->mine
        && origin_is_library(build->catalog->contexts[charged].origin)) {
        table->library_bytes += cost_bytes(by, request->moment);
    }
    table_count_places(build, row, charged);
    finish(build, row);
    return !table->has_base
        || (table->count == count && !table_row_is_nothing(table, row));
}

/* Every row with a caller of the context in it holds the change too. */
static void
add_cumulative(const struct table_build *build, uint32_t context,
               const struct region_cost *by)
{
    static const uint8_t bits[] = {
        [BY_LINE] = AGAIN_LINE, [BY_FILE] = AGAIN_FILE,
        [BY_FUNCTION] = AGAIN_FUNCTION, [BY_TRACEBACK] = 0,
    };
    const struct catalog_context *contexts = build->catalog->contexts;

    for (uint32_t i = context; i != CATALOG_NONE; i = contexts[i].parent) {
        bool folded = build->fold && contexts[i].origin == ORIGIN_IMPORT;
        uint8_t bit = folded ? AGAIN_IMPORT : bits[build->request->by];
        if ((contexts[i].again & bit) == 0) {
            struct table_row *row = table_row_of(build,
                                                 table_group(build, i));
            cost_add(&row->cumulative, by);
            finish(build, row);
        }
    }
}

static bool
add_change(const struct table_build *build,
           const struct region_change *change)
{
    uint32_t context = table_known(build, change->context);
    uint32_t charged = table_charged(build, context);
    enum moment moment = build->request->moment;

    build->table->traced_bytes += cost_bytes(&change->by, moment);
    build->table->traced_blocks += cost_blocks(&change->by, moment);
    if (!table_selects(build, charged)) {
        return true;
    }
    if (build->table->has_cumulative) {
        add_cumulative(build, charged, &change->by);
    }
    return add_own(build, charged, &change->by);
}

/* Sums of callers overlap in ways that only a build can tell apart. */
static bool
is_simple(const struct table_build *build, const struct region_copy *copy)
{
    const struct table *table = build->table;

    return !table->has_cumulative
        || (!build->selective && !table->request.mine && !table->has_base
            && copy->change_count
            <= build->catalog->context_count / CALLERS_SHARE);
}

/* Rows of the next changes lie anywhere: ask for all of them before the first
 * is needed. */
static void
fetch(const struct table_build *build, const struct region_copy *copy,
      uint32_t first)
{
    const struct table *table = build->table;
    uint32_t last = copy->change_count - first < BATCH ? copy->change_count
        : first + BATCH;
    uint32_t groups[BATCH];

    for (uint32_t i = first; i < last; i++) {
        uint32_t context = table_known(build, copy->changes[i].context);
        groups[i - first] = table_group(build, table_charged(build, context));
        __builtin_prefetch(&build->scratch->row_of[groups[i - first]]);
    }
    for (uint32_t i = 0; i < last - first; i++) {
        uint32_t place = build->scratch->row_of[groups[i]];
        if (place != 0) {
            __builtin_prefetch(&table->rows[place - 1].bytes);
            __builtin_prefetch(&table->rows[place - 1].own.bytes_at_peak);
        }
    }
}

bool
table_update(struct table *table, const struct region_copy *copy)
{
    struct table_build build;
    uint32_t count = table->count;

    table_begin(&build, table, &table->request);
    if (copy->whole || !is_simple(&build, copy)) {
        return false;
    }
    table->generation++;
    table->changes += copy->change_count != 0;
    for (uint32_t i = 0; i < copy->change_count; i++) {
        if (i % BATCH == 0) {
            fetch(&build, copy, i);
        }
        if (!add_change(&build, &copy->changes[i])) {
            return false;
        }
    }
    if (table->request.trend != NULL
        && (table->count != count
            || trend_stamp(table->request.trend) != table->trend_stamp)) {
        table_sum_trends(&build);
    }
    table_finish_row(&build, &table->total, false);
    table->total.places = table->count;
    return true;
}
