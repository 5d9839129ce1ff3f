/* SPDX-License-Identifier: MIT
 *
 * The order in which the rows of a table stand on the screen.  Rows stay where
 * they are in table.rows[]; here is which one stands where, so that a new
 * order moves numbers and not rows, and so that rows can keep their order
 * while what they hold changes.
 */
#ifndef PYMTOP_UI_ROW_ORDER_H
#define PYMTOP_UI_ROW_ORDER_H

#include "model/sort.h"
#include "model/table.h"

struct row_order {
    uint32_t *rows;             /* by place: index in table.rows[] */
    uint32_t *places;           /* the other way */
    struct row_key *keys;       /* by place: what stood there before a build */
    uint32_t count;             /* places; the table's rows */
    uint32_t sorted;            /* so many of them by the last sort; those
                                   after them have come since */
    /* Of the last sort: by what, of which state of the table. */
    struct sort_order by;
    uint64_t changes, trend_stamp;
    size_t row_room, place_room, key_room;
};

void row_order_release(struct row_order *order);

/* The table is about to be built anew. */
void row_order_remember(struct row_order *order, const struct table *table);
/* It was, and rows are somewhere else in rows[]: they keep their places, new
 * ones come after them. */
void row_order_keep(struct row_order *order, const struct table *table);
/* The table was updated: rows are where they were, new ones come last. */
void row_order_follow(struct row_order *order, const struct table *table);
/* After one of these: put all rows in the order of a column (for nothing if
 * they are in it), or only those
 * that have come since. */
void row_order_sort(struct row_order *order, const struct table *table,
                    struct sort_order by);
void row_order_sort_new(struct row_order *order, const struct table *table,
                        struct sort_order by);

/* The place of a row (an index in table.rows[], -1: none), or -1. */
int row_order_place(const struct row_order *order, int64_t row);
/* The row that stands at a place, with its trend, or NULL. */
const struct table_row *row_order_at(const struct row_order *order,
                                     const struct table *table, int place);

#endif
