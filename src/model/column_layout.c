/* SPDX-License-Identifier: MIT */
#include "model/column.h"

#define LOCATION_CELLS_MIN 24   /* mark, space and 22 cells of text */
#define COMPACT_UNDER 80

static int
cells_of(const struct column *column, const struct column_style *style)
{
    if (column_id(column) == COLUMN_TREND) {
        return style->screen_width < 80 ? 1
            : style->screen_width < 100 ? 8 : 9;
    }
    return style->exact ? column->exact_width
        : style->screen_width < COMPACT_UNDER ? column->compact_width
        : column->width;
}

/* The first of a table's columns, and what belongs to it, never go. */
static bool
must_stay(const struct column *column, const struct table *table,
          enum column_id sorted)
{
    enum column_id id = column_id(column);

    return id == sorted || id == COLUMN_LOCATION
        || (table->has_base ? id <= COLUMN_DELTA_SIZE : id == COLUMN_SIZE);
}

static size_t
choose(const struct table *table, const struct column_style *style,
       enum column_id sorted, int skip,
       const struct column *chosen[COLUMN_COUNT])
{
    size_t count = 0;
    int left_out = skip;

    for (enum column_id id = 0; id < COLUMN_COUNT; id++) {
        const struct column *column = column_get(id);
        int from = table->has_base ? column->diff_from
            : column->from[table->request.by];
        if (!column_applies(column, table)) {
            continue;
        }
        if (!must_stay(column, table, sorted)) {
            if (left_out > 0) {
                left_out--;
                continue;
            }
            if (from > style->screen_width
                && (skip == 0 || from == COLUMN_NEVER)) {
                continue;
            }
        }
        chosen[count++] = column;
    }
    return count;
}

static int
total_cells(const struct column *const *chosen, size_t count,
            const struct column_style *style)
{
    int cells = LOCATION_CELLS_MIN;

    for (size_t i = 0; i + 1 < count; i++) {
        cells += cells_of(chosen[i], style) + 1;
    }
    return cells;
}

size_t
column_layout(const struct table *table, const struct column_style *style,
              enum column_id sorted, int skip,
              struct column_place places[COLUMN_COUNT])
{
    const struct column *chosen[COLUMN_COUNT];
    size_t count = choose(table, style, sorted, skip, chosen);
    int x = 0;

    /* From the right, what may go goes until the location has room. */
    for (size_t i = count - 1; i-- > 0
         && total_cells(chosen, count, style) > style->screen_width;) {
        if (!must_stay(chosen[i], table, sorted)) {
            for (size_t j = i; j + 1 < count; j++) {
                chosen[j] = chosen[j + 1];
            }
            count--;
        }
    }
    for (size_t i = 0; i < count; i++) {
        int cells = cells_of(chosen[i], style);
        if (column_id(chosen[i]) == COLUMN_LOCATION) {
            cells = style->screen_width > x ? style->screen_width - x : 0;
        }
        places[i] = (struct column_place){chosen[i], x, cells};
        x += cells + 1;
    }
    return count;
}
