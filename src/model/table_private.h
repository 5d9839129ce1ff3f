/* SPDX-License-Identifier: MIT
 *
 * How a table is built; between table.c, table_build.c, table_update.c and
 * table_cumulative.c.
 *
 * A group is where a context's cost goes: the id of its line, file, function
 * or traceback; CATALOG_IMPORT for the import system, CATALOG_NONE for what is
 * not yours.
 */
#ifndef PYMTOP_TABLE_PRIVATE_H
#define PYMTOP_TABLE_PRIVATE_H

#include "model/table.h"

struct table_scratch {
    uint32_t *row_of;           /* by group: index in rows[] + 1; 0: none */
    size_t row_of_room;
    uint32_t groups, place_count;       /* that both arrays hold */
    uint8_t *place_seen;        /* by line, or folded group: counted */
    size_t place_seen_room;
    struct region_cost *costs;  /* by context: cumulative */
    size_t costs_room;
    struct region_cost *base_costs;
    size_t base_costs_room;
};

struct table_build {
    struct table *table;
    const struct table_request *request;
    const struct catalog *catalog;
    struct table_scratch *scratch;
    bool fold;                  /* import system is one group */
    bool selective;             /* some lines are left out */
};

/* What follows from a request, and room for all places of the catalog. */
void table_begin(struct table_build *build, struct table *table,
                 const struct table_request *request);

/* Contexts that the catalog has not taken in yet are nobody's. */
static inline uint32_t
table_known(const struct table_build *build, uint32_t context)
{
    return context < build->catalog->context_count && context != CONTEXT_NONE
        ? context : CONTEXT_OTHER;
}

/* What follows runs for each context of a table: inline. */

/* The context to which the cost of another is charged: itself, or with
 * charge mine the nearest one of yours; CATALOG_NONE: no line of yours. */
static inline uint32_t
table_charged(const struct table_build *build, uint32_t context)
{
    if (!build->request->mine || context == CONTEXT_PAUSED
        || context == CONTEXT_OTHER) {
        return context;         /* unknown stays unknown */
    }
    return build->catalog->contexts[context].mine;
}

/* The group of a charged context. */
static inline uint32_t
table_group(const struct table_build *build, uint32_t charged)
{
    const struct catalog_context *context
        = &build->catalog->contexts[charged];

    if (charged == CATALOG_NONE) {
        return CATALOG_NONE;
    }
    if (build->fold && context->origin == ORIGIN_IMPORT) {
        return CATALOG_IMPORT;
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

/* Is a charged context let through by filter and only_*? */
static inline bool
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

/* The group's row, added when it is new. */
struct table_row *table_add_row(const struct table_build *build,
                                uint32_t group);
static inline struct table_row *
table_row_of(const struct table_build *build, uint32_t group)
{
    uint32_t row = build->scratch->row_of[group];

    return row != 0 ? &build->table->rows[row - 1]
        : table_add_row(build, group);
}

/* Is this the first cost of a place that is known by a bit? */
static inline bool
table_is_first(const struct table_build *build, uint32_t place, uint8_t bit)
{
    uint8_t *seen = &build->scratch->place_seen[place];
    bool first = (*seen & bit) == 0;

    *seen |= bit;
    return first;
}

/* Count the lines of a row, and the rows that a folded one stands for. */
static inline void
table_count_places(const struct table_build *build,
                   struct table_row *row, uint32_t charged)
{
    enum { LINE_SEEN = 1, FOLDED_SEEN = 2 };
    const struct catalog_context *context
        = &build->catalog->contexts[charged];

    if (table_is_first(build, context->line, LINE_SEEN)) {
        row->lines++;
        build->table->total.lines++;
    }
    if (row->key.kind == ROW_IMPORT) {
        uint32_t place = build->request->by == BY_FILE ? context->file
            : build->request->by == BY_FUNCTION ? context->function
            : context->line;
        row->places += table_is_first(build, place, FOLDED_SEEN);
    }
}

/* The group of a row; each row's place in rows[] is kept by it. */
uint32_t table_group_of_key(struct row_key key);
void table_keep_places(struct table *table);
/* Everything that follows from the costs of a row, but the trend. */
void table_finish_row(const struct table_build *build, struct table_row *row,
                      bool cumulative);
/* A difference leaves out rows without anything in either end. */
bool table_row_is_nothing(const struct table *table,
                          const struct table_row *row);
/* Growth and rates of the total, and what grows fastest. */
void table_sum_trends(const struct table_build *build);

/* Fill the cumulative costs of all rows (and add rows that have no others);
 * of the base too, if there is one. */
void table_add_cumulative(const struct table_build *build);

#endif
