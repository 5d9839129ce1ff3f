/* SPDX-License-Identifier: MIT */
#include "model/sort.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "model/table_private.h"

/* What is compared, found out once a row: the smaller one comes first. */
struct sort_item {
    double value;
    uint64_t place;             /* rank of the file, then line; what has none
                                   comes last */
    uint32_t index;             /* in rows[] */
    bool unchanged;
};

#define INSERT_UP_TO 12

struct sort_order
sort_default(bool diff)
{
    return (struct sort_order){
        .column = diff ? COLUMN_DELTA_SIZE : COLUMN_SIZE};
}

static inline bool
is_before(const struct sort_item *a, const struct sort_item *b)
{
    if (a->unchanged != b->unchanged) {
        return b->unchanged;
    }
    return a->value != b->value ? a->value < b->value : a->place < b->place;
}

/* Merge items[0 .. middle - 1] and the rest of them; spare holds the former. */
static void
merge(struct sort_item *items, uint32_t middle, uint32_t count,
      struct sort_item *spare)
{
    uint32_t left = 0, right = middle, to = 0;

    memcpy(spare, items, middle * sizeof(*spare));
    while (left < middle && right < count) {
        items[to++] = is_before(&items[right], &spare[left])
            ? items[right++] : spare[left++];
    }
    memcpy(items + to, spare + left, (middle - left) * sizeof(*items));
}

/* Stable; what is in order already costs one look at each. */
static void
sort_items(struct sort_item *items, uint32_t count, struct sort_item *spare)
{
    if (count > INSERT_UP_TO) {
        uint32_t middle = count / 2;
        sort_items(items, middle, spare);
        sort_items(items + middle, count - middle, spare);
        if (is_before(&items[middle], &items[middle - 1])) {
            merge(items, middle, count, spare);
        }
        return;
    }
    for (uint32_t i = 1; i < count; i++) {
        struct sort_item item = items[i];
        uint32_t to = i;
        for (; to > 0 && is_before(&item, &items[to - 1]); to--) {
            items[to] = items[to - 1];
        }
        items[to] = item;
    }
}

static uint64_t
place_of(const struct table *table, const struct table_row *row)
{
    const struct catalog *catalog = table->request.catalog;
    uint32_t line = table_row_line(table, row);
    uint32_t function = table_row_function(table, row);
    uint32_t file = table_row_file(table, row);
    uint32_t rank = file != CATALOG_NONE && file < catalog->ranked_count
        ? catalog->file_ranks[file] : UINT32_MAX;
    int32_t number = line != CATALOG_NONE ? catalog_line(catalog, line)->line
        : function != CATALOG_NONE
        ? catalog_function(catalog, function)->firstlineno : 0;

    return (uint64_t)rank << 32 | ((uint32_t)number ^ 0x80000000u);
}

/* The smaller one comes first; equal ones by place. */
static double
value_of(const struct table *table, const struct table_row *row,
         const struct column *column, bool ascending)
{
    if (column_id(column) == COLUMN_LOCATION || column->value == NULL) {
        return 0.0;
    }
    double value = column->value(table, row);
    if (column_id(column) == COLUMN_DELTA_SIZE
        || column_id(column) == COLUMN_DELTA_BLOCKS) {
        value = fabs(value);
    }
    return ascending ? value : -value;
}

static struct sort_item
item_of(const struct table *table, uint32_t index,
        const struct column *column, bool ascending)
{
    const struct table_row *row = &table->rows[index];
    struct sort_item item = {
        .value = value_of(table, row, column, ascending),
        .place = place_of(table, row),
        .index = index,
        .unchanged = table->has_base && row->is_unchanged,
    };

    if (column_id(column) == COLUMN_LOCATION) {
        item.place = ascending ? item.place : ~item.place;
    }
    return item;
}

/* The column that is meant; by function `cumulative` chooses which of the two
 * sizes sorts. */
static const struct column *
sorting_column(const struct table *table, enum column_id id)
{
    const struct column *column = id < COLUMN_COUNT ? column_get(id) : NULL;

    if (column == NULL || !column_applies(column, table)
        || (column->value == NULL && id != COLUMN_LOCATION)) {
        column = column_get(sort_default(table->has_base).column);
    }
    if (column_id(column) == COLUMN_SIZE && table->request.cumulative
        && table->request.by == BY_FUNCTION && !table->has_base) {
        column = column_get(COLUMN_CUMULATIVE);
    }
    return column;
}

void
table_order(const struct table *table, struct sort_order order,
            uint32_t *rows, uint32_t count)
{
    const struct column *column = sorting_column(table, order.column);
    bool ascending = column->ascending != order.reverse;

    catalog_rank(table->request.catalog);
    struct sort_item *items = xreallocarray(NULL, count, sizeof(*items));
    struct sort_item *spare = xreallocarray(NULL, count, sizeof(*items));
    for (uint32_t i = 0; i < count; i++) {
        items[i] = item_of(table, rows[i], column, ascending);
    }
    sort_items(items, count, spare);
    for (uint32_t i = 0; i < count; i++) {
        rows[i] = items[i].index;
    }
    free(items);
    free(spare);
}

/* rows[i] becomes what was at from[i]: cycle by cycle, without another table.
 * from[] is used up. */
static void
move_rows(struct table_row *rows, uint32_t *from, uint32_t count)
{
    for (uint32_t start = 0; start < count; start++) {
        struct table_row first = rows[start];
        uint32_t to = start;

        while (from[to] != start) {
            uint32_t next = from[to];
            rows[to] = rows[next];
            from[to] = to;
            to = next;
        }
        rows[to] = first;
        from[to] = to;
    }
}

void
table_sort(struct table *table, struct sort_order order)
{
    uint32_t *from = xreallocarray(NULL, table->count, sizeof(*from));

    for (uint32_t i = 0; i < table->count; i++) {
        from[i] = i;
    }
    table_order(table, order, from, table->count);
    move_rows(table->rows, from, table->count);
    free(from);
    table_keep_places(table);
}

/* The top-th smallest of the values (Hoare's quickselect), which are moved. */
static double
nth_value(double *values, uint32_t count, uint32_t top)
{
    uint32_t first = 0, last = count - 1, nth = top - 1;

    while (first < last) {
        double pivot = values[first + (last - first) / 2];
        uint32_t i = first, j = last;
        for (;; i++, j--) {
            while (values[i] < pivot) {
                i++;
            }
            while (pivot < values[j]) {
                j--;
            }
            if (i >= j) {
                break;
            }
            double value = values[i];
            values[i] = values[j];
            values[j] = value;
        }
        if (nth <= j) {
            last = j;
        }
        else {
            first = j + 1;
        }
    }
    return values[nth];
}

/* The rows that may be among the first `top`, at least so many; their number
 * is returned. */
static uint32_t
choose(const struct table *table, const struct column *column, bool ascending,
       uint32_t top, uint32_t *rows)
{
    double *values = xreallocarray(NULL, (size_t)table->count * 2,
                                   sizeof(*values));
    double *moved = values + table->count;
    uint32_t chosen = 0;

    for (uint32_t i = 0; i < table->count; i++) {
        values[i] = table->has_base && table->rows[i].is_unchanged ? INFINITY
            : value_of(table, &table->rows[i], column, ascending);
    }
    memcpy(moved, values, table->count * sizeof(*values));
    double last = nth_value(moved, table->count, top);
    for (uint32_t i = 0; i < table->count; i++) {
        if (values[i] <= last) {
            rows[chosen++] = i;
        }
    }
    free(values);
    return chosen;
}

/* Bring rows[] to the table's beginning, in this order. */
static void
bring_forward(struct table *table, const uint32_t *rows, uint32_t count)
{
    struct table_row *first = xreallocarray(NULL, count, sizeof(*first));
    bool *taken = xcalloc(table->count, sizeof(*taken));
    uint32_t from = 0;          /* a row that has to make room */

    for (uint32_t i = 0; i < count; i++) {
        first[i] = table->rows[rows[i]];
        taken[rows[i]] = true;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (rows[i] >= count) {
            while (taken[from]) {
                from++;
            }
            table->rows[rows[i]] = table->rows[from++];
        }
    }
    memcpy(table->rows, first, count * sizeof(*first));
    free(first);
    free(taken);
}

void
table_sort_top(struct table *table, struct sort_order order, uint32_t top)
{
    const struct column *column = sorting_column(table, order.column);

    if (top == 0 || top >= table->count) {
        table_sort(table, order);
        return;
    }
    uint32_t *rows = xreallocarray(NULL, table->count, sizeof(*rows));
    uint32_t chosen = choose(table, column, column->ascending != order.reverse,
                             top, rows);
    table_order(table, order, rows, chosen);
    bring_forward(table, rows, top);
    free(rows);
    table_keep_places(table);
}
