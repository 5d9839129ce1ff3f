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

/* The context to which the cost of another is charged: itself, or with
 * charge mine the nearest one of yours; CATALOG_NONE: no line of yours. */
uint32_t table_charged(const struct table_build *build, uint32_t context);
/* The group of a charged context. */
uint32_t table_group(const struct table_build *build, uint32_t charged);
/* Is a charged context let through by filter and only_*? */
bool table_selects(const struct table_build *build, uint32_t charged);
/* The group's row, added when it is new. */
struct table_row *table_row_of(const struct table_build *build,
                               uint32_t group);

/* The group of a row; each row's place in rows[] is kept by it. */
uint32_t table_group_of_key(struct row_key key);
void table_keep_places(struct table *table);
/* Count the lines of a row, and the rows that a folded one stands for. */
void table_count_places(const struct table_build *build,
                        struct table_row *row, uint32_t charged);
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
