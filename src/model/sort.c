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

static struct sort_item
item_of(const struct table *table, uint32_t index,
        const struct column *column, bool ascending)
{
    const struct table_row *row = &table->rows[index];
    struct sort_item item = {
        .place = place_of(table, row),
        .index = index,
        .unchanged = table->has_base && row->is_unchanged,
    };

    if (column_id(column) == COLUMN_LOCATION) {
        item.place = ascending ? item.place : ~item.place;
    }
    else if (column->value != NULL) {
        item.value = column->value(table, row);
        if (column_id(column) == COLUMN_DELTA_SIZE
            || column_id(column) == COLUMN_DELTA_BLOCKS) {
            item.value = fabs(item.value);
        }
        item.value = ascending ? item.value : -item.value;
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
