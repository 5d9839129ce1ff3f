/* SPDX-License-Identifier: MIT */
#include "ui/row_order.h"

#include <stdlib.h>

#include "base/xalloc.h"

void
row_order_release(struct row_order *order)
{
    free(order->rows);
    free(order->places);
    free(order->keys);
    *order = (struct row_order){0};
}

static void
make_room(struct row_order *order, uint32_t count)
{
    order->rows = xgrow(order->rows, &order->row_room, count,
                        sizeof(*order->rows));
    order->places = xgrow(order->places, &order->place_room, count,
                          sizeof(*order->places));
    order->keys = xgrow(order->keys, &order->key_room, count,
                        sizeof(*order->keys));
}

static void
write_places(struct row_order *order, uint32_t first)
{
    for (uint32_t i = first; i < order->count; i++) {
        order->places[order->rows[i]] = i;
    }
}

void
row_order_remember(struct row_order *order, const struct table *table)
{
    for (uint32_t i = 0; i < order->count; i++) {
        order->keys[i] = table->rows[order->rows[i]].key;
    }
}

void
row_order_follow(struct row_order *order, const struct table *table)
{
    uint32_t before = order->count;

    make_room(order, table->count);
    for (uint32_t row = before; row < table->count; row++) {
        order->rows[row] = row;
    }
    order->count = table->count;
    write_places(order, before);
}

void
row_order_keep(struct row_order *order, const struct table *table)
{
    uint32_t kept = 0, sorted = 0;

    make_room(order, table->count);
    bool *seen = xcalloc(table->count + 1, sizeof(*seen));
    for (uint32_t i = 0; i < order->count; i++) {
        int64_t row = table_find(table, order->keys[i]);
        if (row >= 0 && !seen[row]) {
            seen[row] = true;
            order->rows[kept++] = (uint32_t)row;
        }
        sorted = i < order->sorted ? kept : sorted;
    }
    for (uint32_t row = 0; row < table->count; row++) {
        if (!seen[row]) {
            order->rows[kept++] = row;
        }
    }
    free(seen);
    order->count = table->count;
    order->sorted = sorted;
    write_places(order, 0);
}

/* Put a part of the places in order. */
static void
sort_from(struct row_order *order, const struct table *table,
          struct sort_order by, uint32_t first)
{
    if (by.column == COLUMN_TREND || by.column == COLUMN_GROWTH
        || by.column == COLUMN_ALLOC_RATE) {
        table_fresh_rows(table);
    }
    table_order(table, by, order->rows + first, order->count - first);
    write_places(order, first);
}

void
row_order_sort(struct row_order *order, const struct table *table,
               struct sort_order by)
{
    bool same = order->by.column == by.column
        && order->by.reverse == by.reverse
        && order->changes == table->changes
        && order->trend_stamp == table->trend_stamp
        && order->sorted == order->count;

    if (same) {
        return;
    }
    sort_from(order, table, by, 0);
    order->sorted = order->count;
    order->by = by;
    order->changes = table->changes;
    order->trend_stamp = table->trend_stamp;
}

void
row_order_sort_new(struct row_order *order, const struct table *table,
                   struct sort_order by)
{
    if (order->count > order->sorted) {
        sort_from(order, table, by, order->sorted);
    }
}

int
row_order_place(const struct row_order *order, int64_t row)
{
    return row >= 0 && row < order->count
        ? (int)order->places[row] : -1;
}

const struct table_row *
row_order_at(const struct row_order *order, const struct table *table,
             int place)
{
    return place >= 0 && (uint32_t)place < order->count
        ? table_fresh_row(table, order->rows[place]) : NULL;
}
