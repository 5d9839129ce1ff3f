/* SPDX-License-Identifier: MIT
 *
 * How a table is built; between table.c, table_build.c and
 * table_cumulative.c.
 *
 * A group is where a context's cost goes: the id of its line, file, function
 * or traceback, or one of two ids above all of these.
 */
#ifndef PYMTOP_TABLE_PRIVATE_H
#define PYMTOP_TABLE_PRIVATE_H

#include "model/table.h"

struct table_scratch {
    uint32_t *row_of;           /* by group: index in rows[] + 1; 0: none */
    size_t row_of_room;
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
    uint32_t import_group, not_mine_group;
};

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

/* Fill the cumulative costs of all rows (and add rows that have no others);
 * of the base too, if there is one. */
void table_add_cumulative(const struct table_build *build);

#endif
