/* SPDX-License-Identifier: MIT */
#include "model/table_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "model/trend.h"

/* Contexts that the catalog has not taken in yet are nobody's. */
static uint32_t
known_context(const struct catalog *catalog, uint32_t context)
{
    return context < catalog->context_count && context != CONTEXT_NONE
        ? context : CONTEXT_OTHER;
}

uint32_t
table_charged(const struct table_build *build, uint32_t context)
{
    if (!build->request->mine || context == CONTEXT_PAUSED
        || context == CONTEXT_OTHER) {
        return context;         /* unknown stays unknown */
    }
    return build->catalog->contexts[context].mine;
}

uint32_t
table_group(const struct table_build *build, uint32_t charged)
{
    const struct catalog_context *context
        = &build->catalog->contexts[charged];

    if (charged == CATALOG_NONE) {
        return build->not_mine_group;
    }
    if (build->fold && context->origin == ORIGIN_IMPORT) {
        return build->import_group;
    }
    switch (build->request->by) {
    case BY_FILE:
        return context->file;
    case BY_FUNCTION:
        return context->function;
    case BY_TRACEBACK:
        return context->traceback;
    default:
        return context->line;
    }
}

bool
table_selects(const struct table_build *build, uint32_t charged)
{
    const struct table_request *request = build->request;

    if (!build->selective) {
        return true;
    }
    if (charged == CATALOG_NONE) {
        return false;
    }
    const struct catalog_context *context
        = &build->catalog->contexts[charged];
    return (request->only_line == CATALOG_NONE
            || request->only_line == context->line)
        && (request->only_file == CATALOG_NONE
            || request->only_file == context->file)
        && (request->only_function == CATALOG_NONE
            || request->only_function == context->function)
        && filter_line(request->filter, build->catalog, context->line);
}

static struct row_key
key_of_group(const struct table_build *build, uint32_t group)
{
    if (group == build->import_group) {
        return (struct row_key){ROW_IMPORT, CATALOG_IMPORT};
    }
    if (group == build->not_mine_group) {
        return (struct row_key){ROW_NOT_MINE, CATALOG_NONE};
    }
    return (struct row_key){ROW_PLACE, group};
}

struct table_row *
table_row_of(const struct table_build *build, uint32_t group)
{
    struct table *table = build->table;
    uint32_t *row_of = &build->scratch->row_of[group];

    if (*row_of == 0) {
        table->rows = xgrow(table->rows, &table->row_room,
                            (size_t)table->count + 1, sizeof(*table->rows));
        table->rows[table->count] = (struct table_row){
            .key = key_of_group(build, group),
            .places = group != build->import_group,
        };
        *row_of = ++table->count;
    }
    return &table->rows[*row_of - 1];
}

/* Is this the first cost of a place that is known by a bit? */
static bool
is_first(const struct table_build *build, uint32_t place, uint8_t bit)
{
    uint8_t *seen = &build->scratch->place_seen[place];
    bool first = (*seen & bit) == 0;

    *seen |= bit;
    return first;
}

/* Count the lines of a row, and the rows that a folded one stands for. */
static void
count_places(const struct table_build *build, struct table_row *row,
             uint32_t charged)
{
    enum { LINE_SEEN = 1, FOLDED_SEEN = 2 };
    const struct catalog_context *context
        = &build->catalog->contexts[charged];

    if (is_first(build, context->line, LINE_SEEN)) {
        row->lines++;
        build->table->total.lines++;
    }
    if (row->key.kind == ROW_IMPORT) {
        uint32_t place = build->request->by == BY_FILE ? context->file
            : build->request->by == BY_FUNCTION ? context->function
            : context->line;
        row->places += is_first(build, place, FOLDED_SEEN);
    }
}

static void
add_own(const struct table_build *build)
{
    struct table *table = build->table;
    const struct snapshot *snapshot = build->request->snapshot;
    enum moment moment = build->request->moment;

    for (uint32_t i = 0; i < snapshot->cost_count; i++) {
        const struct region_cost *cost = &snapshot->costs[i];
        uint32_t context = known_context(build->catalog,
                                         snapshot->contexts[i]);
        uint32_t charged = table_charged(build, context);

        table->traced_bytes += cost_bytes(cost, moment);
        table->traced_blocks += cost_blocks(cost, moment);
        if (!table_selects(build, charged)) {
            continue;
        }
        struct table_row *row = table_row_of(build,
                                             table_group(build, charged));
        cost_add(&row->own, cost);
        cost_add(&table->total.own, cost);
        count_places(build, row, charged);
        if (!build->request->mine && origin_is_library(
                build->catalog->contexts[charged].origin)) {
            table->library_bytes += cost_bytes(cost, moment);
        }
    }
}

static void
add_base(const struct table_build *build)
{
    const struct snapshot *base = build->request->base;
    enum moment moment = build->request->base_moment;
    struct table_row *total = &build->table->total;

    for (uint32_t i = 0; i < base->cost_count; i++) {
        const struct region_cost *cost = &base->costs[i];
        uint32_t charged = table_charged(
            build, known_context(build->catalog, base->contexts[i]));

        if (!table_selects(build, charged)) {
            continue;
        }
        struct table_row *row = table_row_of(build,
                                             table_group(build, charged));
        row->base_bytes += cost_bytes(cost, moment);
        row->base_blocks += cost_blocks(cost, moment);
        total->base_bytes += cost_bytes(cost, moment);
        total->base_blocks += cost_blocks(cost, moment);
    }
}

static void
fill_trend(const struct table_build *build, struct table_row *row)
{
    if (build->request->trend != NULL) {
        row->has_trend = trend_rates(build->request->trend, build->table,
                                     row, &row->growth,
                                     &row->allocs_per_second);
    }
}

/* Everything that follows from the costs of a row. */
static void
finish_row(const struct table_build *build, struct table_row *row,
           bool cumulative)
{
    enum moment moment = build->request->moment;
    const struct region_cost *cost = cumulative ? &row->cumulative
        : &row->own;

    row->bytes = cost_bytes(cost, moment);
    row->blocks = cost_blocks(cost, moment);
    if (!build->table->has_base) {
        return;
    }
    bool in_end = row->bytes != 0 || row->blocks != 0;
    bool in_base = row->base_bytes != 0 || row->base_blocks != 0;
    row->delta_bytes = row->bytes - row->base_bytes;
    row->delta_blocks = row->blocks - row->base_blocks;
    row->is_new = in_end && !in_base;
    row->is_gone = in_base && !in_end;
    row->is_unchanged = row->delta_bytes == 0 && row->delta_blocks == 0;
}

static void
finish_rows(const struct table_build *build)
{
    struct table *table = build->table;
    uint32_t kept = 0;

    for (uint32_t i = 0; i < table->count; i++) {
        struct table_row *row = &table->rows[i];
        finish_row(build, row, build->request->cumulative);
        if (table->has_base && row->is_unchanged && row->bytes == 0
            && row->blocks == 0) {
            continue;
        }
        fill_trend(build, row);
        if (row->has_trend) {
            table->total.has_trend = true;
            table->total.growth += row->growth;
            table->total.allocs_per_second += row->allocs_per_second;
        }
        table->unchanged += row->is_unchanged;
        table->rows[kept++] = *row;
    }
    table->count = kept;
    finish_row(build, &table->total, false);
    table->total.key.kind = ROW_SUM;
    table->total.places = kept;
}

/* n zeroed items of an array that is kept from build to build. */
static void *
zeroed(void *array, size_t *room, size_t count, size_t size)
{
    array = xgrow(array, room, count, size);
    memset(array, 0, count * size);
    return array;
}

static void
prepare_scratch(struct table_build *build)
{
    const struct catalog *catalog = build->catalog;
    struct table_scratch *scratch = build->scratch;
    uint32_t groups = build->request->by == BY_FILE ? catalog->file_count
        : build->request->by == BY_FUNCTION ? catalog->function_count
        : build->request->by == BY_TRACEBACK ? catalog->traceback_count
        : catalog->line_count;
    uint32_t places = catalog->line_count;

    if (catalog->function_count > places) {
        places = catalog->function_count;
    }
    if (catalog->file_count > places) {
        places = catalog->file_count;
    }
    build->import_group = groups;
    build->not_mine_group = groups + 1;
    scratch->row_of = zeroed(scratch->row_of, &scratch->row_of_room,
                             (size_t)groups + 2, sizeof(*scratch->row_of));
    scratch->place_seen = zeroed(scratch->place_seen,
                                 &scratch->place_seen_room, places, 1);
}

void
table_build(struct table *table, const struct table_request *request)
{
    struct table_build build = {
        .table = table,
        .request = request,
        .catalog = request->catalog,
        .scratch = table->scratch,
        .fold = !request->unfold_import && request->by != BY_TRACEBACK,
        .selective = filter_active(request->filter) || request->only_line != 0
            || request->only_file != 0 || request->only_function != 0,
    };

    table->request = *request;
    table->has_base = request->base != NULL && request->moment != MOMENT_EVER;
    table->has_cumulative = request->cumulative
        || request->by == BY_FUNCTION;
    table->generation++;
    table->count = table->unchanged = 0;
    table->total = (struct table_row){0};
    table->traced_bytes = table->traced_blocks = table->library_bytes = 0;
    table->filtered = build.selective;
    prepare_scratch(&build);
    add_own(&build);
    if (table->has_base) {
        add_base(&build);
    }
    if (table->has_cumulative) {
        table_add_cumulative(&build);
    }
    finish_rows(&build);
}
