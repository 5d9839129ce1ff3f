/* SPDX-License-Identifier: MIT
 *
 * Order of a table's rows: stable, ties by path, then line.  In a difference
 * unchanged rows always come last.
 */
#ifndef PYMTOP_SORT_H
#define PYMTOP_SORT_H

#include <stdbool.h>

#include "model/column.h"
#include "model/table.h"

struct sort_order {
    enum column_id column;      /* one with a value, or COLUMN_LOCATION */
    bool reverse;               /* against the column's first direction */
};

/* What a table is sorted by at first: SIZE, in a difference |Δ SIZE|. */
struct sort_order sort_default(bool diff);

/* Put these rows (indices in rows[], each once) in order; those that are equal
 * stay as they stand.  What is in order already costs little. */
void table_order(const struct table *table, struct sort_order order,
                 uint32_t *rows, uint32_t count);

/* Sort rows[].  Δ columns sort by their absolute value.  A column that the
 * table cannot be sorted by: as sort_default(). */
void table_sort(struct table *table, struct sort_order order);

/* The same for a report of `top` rows (0: of all): these come first and in
 * order, the others in any. */
void table_sort_top(struct table *table, struct sort_order order,
                    uint32_t top);

#endif
