/* SPDX-License-Identifier: MIT */
#include "model/table_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "model/trend.h"

static struct row_key
key_of_group(const struct table_build *build, uint32_t group)
{
    if (group == CATALOG_NONE) {
        return (struct row_key){ROW_NOT_MINE, CATALOG_NONE};
    }
    if (group == CATALOG_IMPORT && build->fold) {
        return (struct row_key){ROW_IMPORT, CATALOG_IMPORT};
    }
    return (struct row_key){ROW_PLACE, group};
}

uint32_t
table_group_of_key(struct row_key key)
{
    return key.kind == ROW_NOT_MINE ? CATALOG_NONE
        : key.kind == ROW_IMPORT ? CATALOG_IMPORT : key.id;
}

void
table_keep_places(struct table *table)
{
    for (uint32_t i = 0; i < table->count; i++) {
        uint32_t group = table_group_of_key(table->rows[i].key);
        if (group < table->scratch->groups) {
            table->scratch->row_of[group] = i + 1;
        }
    }
}

struct table_row *
table_add_row(const struct table_build *build, uint32_t group)
{
    struct table *table = build->table;

    table->rows = xgrow(table->rows, &table->row_room,
                        (size_t)table->count + 1, sizeof(*table->rows));
    table->rows[table->count] = (struct table_row){
        .key = key_of_group(build, group),
        .places = !(build->fold && group == CATALOG_IMPORT),
    };
    build->scratch->row_of[group] = ++table->count;
    return &table->rows[table->count - 1];
}

static void
add_own(const struct table_build *build)
{
    struct table *table = build->table;
    const struct snapshot *snapshot = build->request->snapshot;
    enum moment moment = build->request->moment;
    struct region_cost total = {0};
    int64_t bytes = 0, blocks = 0, library = 0;

    for (uint32_t i = 0; i < snapshot->cost_count; i++) {
        const struct region_cost *cost = &snapshot->costs[i];
        if (cost_is_zero(cost)) {
            continue;
        }
        uint32_t context = table_known(build, snapshot_context(snapshot, i));
        uint32_t charged = table_charged(build, context);

        bytes += cost_bytes(cost, moment);
        blocks += cost_blocks(cost, moment);
        if (!table_selects(build, charged)) {
            continue;
        }
        struct table_row *row = table_row_of(build,
                                             table_group(build, charged));
        cost_add(&row->own, cost);
        cost_add(&total, cost);
        table_count_places(build, row, charged);
        if (origin_is_library(build->catalog->contexts[charged].origin)) {
            library += cost_bytes(cost, moment);
        }
    }
    table->total.own = total;
    table->traced_bytes = bytes;
    table->traced_blocks = blocks;
    table->library_bytes = build->request->mine ? 0 : library;
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
            build, table_known(build, snapshot_context(base, i)));

        if (cost_is_zero(cost) || !table_selects(build, charged)) {
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

void
table_finish_row(const struct table_build *build, struct table_row *row,
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

bool
table_row_is_nothing(const struct table *table, const struct table_row *row)
{
    return table->has_base && row->is_unchanged && row->bytes == 0
        && row->blocks == 0;
}

/* Of a row without a trend: false and zeros. */
static void
fill_trend(const struct table *table, struct table_row *row)
{
    if (table->request.trend != NULL) {
        row->has_trend = trend_rates(table->request.trend, table, row,
                                     &row->growth, &row->allocs_per_second);
    }
}

const struct table_row *
table_fresh_row(const struct table *table, uint32_t index)
{
    if (index >= table->count) {
        return NULL;
    }
    fill_trend(table, &table->rows[index]);
    return &table->rows[index];
}

void
table_fresh_rows(const struct table *table)
{
    for (uint32_t i = 0; i < table->count; i++) {
        fill_trend(table, &table->rows[i]);
    }
}

/* By groups and not by rows: these are large, and most are never seen. */
void
table_sum_trends(const struct table_build *build)
{
    struct table *table = build->table;
    struct table_row *total = &table->total;
    const struct trend *trend = build->request->trend;
    const uint32_t *row_of = build->scratch->row_of;
    double fastest = 0.0;

    total->has_trend = false;
    total->growth = total->allocs_per_second = 0.0;
    table->grower.kind = ROW_SUM;
    table->trend_stamp = trend != NULL ? trend_stamp(trend) : 0;
    for (uint32_t i = 0; trend != NULL && i < build->scratch->groups; i++) {
        struct table_row row = {.key = key_of_group(build, i)};
        if (row_of[i] == 0) {
            continue;
        }
        fill_trend(table, &row);
        total->has_trend |= row.has_trend;
        total->growth += row.growth;
        total->allocs_per_second += row.allocs_per_second;
        if (row.growth > fastest) {
            row.own.bytes = table->rows[row_of[i] - 1].own.bytes;
            if (trend_direction(&row) > 0) {
                fastest = row.growth;
                table->grower = row.key;
            }
        }
    }
}

static void
finish_rows(const struct table_build *build)
{
    struct table *table = build->table;
    uint32_t kept = 0;

    for (uint32_t i = 0; i < table->count; i++) {
        struct table_row *row = &table->rows[i];
        table_finish_row(build, row, build->request->cumulative);
        if (table_row_is_nothing(table, row)) {
            build->scratch->row_of[table_group_of_key(row->key)] = 0;
            cost_add(&table->left_out, &row->own);
            continue;
        }
        fill_trend(table, row);
        table->unchanged += row->is_unchanged;
        if (kept != i) {
            table->rows[kept] = *row;
        }
        kept++;
    }
    if (kept != table->count) {
        table->count = kept;
        table_keep_places(table);
    }
    table_sum_trends(build);
    table_finish_row(build, &table->total, false);
    table->total.key.kind = ROW_SUM;
    table->total.places = kept;
}

static uint32_t
larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* Room for all places there are; what is new there is zero. */
static void
make_room(const struct table_build *build)
{
    const struct catalog *catalog = build->catalog;
    struct table_scratch *scratch = build->scratch;
    enum table_by by = build->request->by;
    uint32_t groups = by == BY_FILE ? catalog->file_count
        : by == BY_FUNCTION ? catalog->function_count
        : by == BY_TRACEBACK ? catalog->traceback_count
        : catalog->line_count;
    uint32_t places = larger(catalog->line_count,
                             larger(catalog->function_count,
                                    catalog->file_count));

    groups = larger(groups, CATALOG_FIRST);
    if (groups > scratch->groups) {
        scratch->row_of = xgrow(scratch->row_of, &scratch->row_of_room,
                                groups, sizeof(*scratch->row_of));
        memset(scratch->row_of + scratch->groups, 0,
               (groups - scratch->groups) * sizeof(*scratch->row_of));
        scratch->groups = groups;
        build->table->rows = xgrow(build->table->rows,
                                   &build->table->row_room, groups,
                                   sizeof(*build->table->rows));
    }
    if (places > scratch->place_count) {
        scratch->place_seen = xgrow(scratch->place_seen,
                                    &scratch->place_seen_room, places, 1);
        memset(scratch->place_seen + scratch->place_count, 0,
               places - scratch->place_count);
        scratch->place_count = places;
    }
}

void
table_begin(struct table_build *build, struct table *table,
            const struct table_request *request)
{
    *build = (struct table_build){
        .table = table,
        .request = request,
        .catalog = request->catalog,
        .scratch = table->scratch,
        .fold = !request->unfold_import && request->by != BY_TRACEBACK,
        .selective = filter_active(request->filter) || request->only_line != 0
            || request->only_file != 0 || request->only_function != 0,
    };
    if (request->by == BY_TRACEBACK) {
        catalog_link(request->catalog);
    }
    if (table->has_cumulative) {
        catalog_find_again(request->catalog);
    }
    make_room(build);
}

void
table_build(struct table *table, const struct table_request *request)
{
    struct table_build build;

    table->request = *request;
    table->has_base = request->base != NULL && request->moment != MOMENT_EVER;
    table->has_cumulative = request->cumulative
        || request->by == BY_FUNCTION;
    table->generation++;
    table->changes++;
    table->count = table->unchanged = 0;
    table->total = (struct table_row){0};
    table->left_out = (struct region_cost){0};
    table->traced_bytes = table->traced_blocks = table->library_bytes = 0;
    table->scratch->groups = table->scratch->place_count = 0;
    table_begin(&build, table, request);
    table->filtered = build.selective;
    add_own(&build);
    if (table->has_base) {
        add_base(&build);
    }
    if (table->has_cumulative) {
        table_add_cumulative(&build);
    }
    finish_rows(&build);
}
