/* SPDX-License-Identifier: MIT */
#include "model/sort.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/* What is compared, found out once a row. */
struct sort_item {
    double value;
    uint32_t rank;              /* of the file; what has none comes last */
    int32_t line;               /* or the first line of a function */
    uint32_t index;             /* in rows[] before */
    bool unchanged;
};

struct sort_way {
    bool by_location, ascending;
};

struct sort_order
sort_default(bool diff)
{
    return (struct sort_order){
        .column = diff ? COLUMN_DELTA_SIZE : COLUMN_SIZE};
}

/* -1 0 1, ties by path, then line, then as it was. */
static int
compare(const void *a, const void *b, void *arg)
{
    const struct sort_item *left = a, *right = b;
    const struct sort_way *way = arg;
    int turn = way->ascending ? 1 : -1;

    if (left->unchanged != right->unchanged) {
        return left->unchanged ? 1 : -1;
    }
    if (!way->by_location && left->value != right->value) {
        return left->value < right->value ? -turn : turn;
    }
    int place = way->by_location ? turn : 1;
    if (left->rank != right->rank) {
        return left->rank < right->rank ? -place : place;
    }
    if (left->line != right->line) {
        return left->line < right->line ? -place : place;
    }
    return left->index < right->index ? -1 : 1;
}

static struct sort_item
item_of(const struct table *table, uint32_t index,
        const struct column *column)
{
    const struct catalog *catalog = table->request.catalog;
    const struct table_row *row = &table->rows[index];
    uint32_t line = table_row_line(table, row);
    uint32_t function = table_row_function(table, row);
    uint32_t file = table_row_file(table, row);
    struct sort_item item = {.rank = UINT32_MAX, .index = index};

    if (file != CATALOG_NONE && file < catalog->ranked_count) {
        item.rank = catalog->file_ranks[file];
    }
    item.line = line != CATALOG_NONE ? catalog_line(catalog, line)->line
        : function != CATALOG_NONE
        ? catalog_function(catalog, function)->firstlineno : 0;
    item.unchanged = table->has_base && row->is_unchanged;
    if (column->value != NULL) {
        item.value = column->value(table, row);
        if (column_id(column) == COLUMN_DELTA_SIZE
            || column_id(column) == COLUMN_DELTA_BLOCKS) {
            item.value = fabs(item.value);
        }
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
table_sort(struct table *table, struct sort_order order)
{
    const struct column *column = sorting_column(table, order.column);
    struct sort_way way = {
        .by_location = column_id(column) == COLUMN_LOCATION,
        .ascending = column->ascending != order.reverse,
    };

    catalog_rank(table->request.catalog);
    struct sort_item *items = xreallocarray(NULL, table->count,
                                            sizeof(*items));
    for (uint32_t i = 0; i < table->count; i++) {
        items[i] = item_of(table, i, column);
    }
    qsort_r(items, table->count, sizeof(*items), compare, &way);

    size_t room = table->count;
    struct table_row *rows = xreallocarray(NULL, room, sizeof(*rows));
    for (uint32_t i = 0; i < table->count; i++) {
        rows[i] = table->rows[items[i].index];
    }
    free(items);
    free(table->rows);
    table->rows = rows;
    table->row_room = room;
}
