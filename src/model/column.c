/* SPDX-License-Identifier: MIT */
#include "model/column.h"

#include <string.h>

/* Own or cumulative, as the table shows them in its first columns.  By
 * function own and cumulative stand side by side. */
static const struct region_cost *
shown_cost(const struct table *table, const struct table_row *row)
{
    return table->request.cumulative && table->request.by != BY_FUNCTION
        && row->key.kind != ROW_SUM ? &row->cumulative : &row->own;
}

static double
value_delta_size(const struct table *table, const struct table_row *row)
{
    (void)table;
    return (double)row->delta_bytes;
}

static double
value_delta_blocks(const struct table *table, const struct table_row *row)
{
    (void)table;
    return (double)row->delta_blocks;
}

static double
value_size(const struct table *table, const struct table_row *row)
{
    return table->has_base ? (double)row->bytes
        : (double)cost_bytes(shown_cost(table, row), table->request.moment);
}

static double
value_percent(const struct table *table, const struct table_row *row)
{
    return table->traced_bytes == 0 ? 0.0
        : 100.0 * value_size(table, row) / (double)table->traced_bytes;
}

static double
value_cumulative(const struct table *table, const struct table_row *row)
{
    return (double)cost_bytes(&row->cumulative, table->request.moment);
}

static double
value_cumulative_percent(const struct table *table,
                         const struct table_row *row)
{
    return table->traced_bytes == 0 ? 0.0
        : 100.0 * value_cumulative(table, row) / (double)table->traced_bytes;
}

static double
value_blocks(const struct table *table, const struct table_row *row)
{
    return table->has_base ? (double)row->blocks
        : (double)cost_blocks(shown_cost(table, row), table->request.moment);
}

static double
value_average(const struct table *table, const struct table_row *row)
{
    double blocks = value_blocks(table, row);

    return blocks > 0 ? value_size(table, row) / blocks : 0.0;
}

static double
value_at_peak(const struct table *table, const struct table_row *row)
{
    return (double)shown_cost(table, row)->bytes_at_peak;
}

static double
value_ever(const struct table *table, const struct table_row *row)
{
    return (double)shown_cost(table, row)->bytes_ever;
}

static double
value_growth(const struct table *table, const struct table_row *row)
{
    (void)table;
    return row->growth;
}

static double
value_alloc_rate(const struct table *table, const struct table_row *row)
{
    (void)table;
    return row->allocs_per_second;
}

static double
value_lines(const struct table *table, const struct table_row *row)
{
    (void)table;
    return (double)row->lines;
}

#define PLAIN(line, file, function, traceback) \
    .in_plain = true, \
    .from = {[BY_LINE] = (line), [BY_FILE] = (file), \
             [BY_FUNCTION] = (function), [BY_TRACEBACK] = (traceback)}
#define NEVER COLUMN_NEVER

static const struct column columns[COLUMN_COUNT] = {
    [COLUMN_ARROW] = {
        .head = "", .width = 1, .compact_width = 1, .exact_width = 1,
        .diff_from = 1,
        .help = "grew or shrank since the base",
    },
    [COLUMN_DELTA_SIZE] = {
        .key = "delta", .head = "\xce\x94 SIZE", .letter = 'S',
        .width = 11, .compact_width = 9, .exact_width = 16,
        .diff_from = 1, .value = value_delta_size,
        .help = "bytes more or less than in the base",
    },
    [COLUMN_DELTA_BLOCKS] = {
        .key = "delta-blocks", .head = "\xce\x94 BLOCKS", .letter = 'B',
        .width = 10, .compact_width = 10, .exact_width = 14,
        .diff_from = 60, .value = value_delta_blocks,
        .help = "blocks more or less than in the base",
    },
    [COLUMN_SIZE] = {
        .key = "size", .head = "SIZE", .letter = 'S',
        .width = 10, .compact_width = 8, .exact_width = 15,
        PLAIN(1, 1, 1, 1), .diff_from = 40, .value = value_size,
        .help = "bytes held at the moment shown",
    },
    [COLUMN_PERCENT] = {
        .key = "percent", .head = "%",
        .width = 5, .compact_width = 5, .exact_width = 5,
        PLAIN(40, 40, 40, 40), .value = value_percent,
        .help = "share of all traced bytes at that moment",
    },
    [COLUMN_CUMULATIVE] = {
        .key = "cumulative", .head = "CUMULATIVE",
        .width = 10, .compact_width = 10, .exact_width = 15,
        PLAIN(0, 0, 60, 0), .value = value_cumulative,
        .help = "bytes of the function and of all it called (rows overlap)",
    },
    [COLUMN_CUMULATIVE_PERCENT] = {
        .head = "%", .width = 5, .compact_width = 5, .exact_width = 5,
        PLAIN(0, 0, 80, 0), .value = value_cumulative_percent,
        .help = "share of CUMULATIVE in all traced bytes",
    },
    [COLUMN_BAR] = {
        .head = "", .width = 6, .compact_width = 6, .exact_width = 6,
        PLAIN(100, 100, 120, 100),
        .help = "the share as a bar, full at 40 %",
    },
    [COLUMN_BLOCKS] = {
        .key = "blocks", .head = "BLOCKS", .letter = 'B',
        .width = 10, .compact_width = 10, .exact_width = 14,
        PLAIN(60, 60, 100, 60), .diff_from = 80,
        .value = value_blocks,
        .help = "blocks held at the moment shown",
    },
    [COLUMN_AVERAGE] = {
        .key = "average", .head = "AVG", .letter = 'A',
        .width = 7, .compact_width = 7, .exact_width = 13,
        PLAIN(100, 100, 140, 100), .value = value_average,
        .help = "average size of these blocks",
    },
    [COLUMN_AT_PEAK] = {
        .key = "peak", .head = "AT PEAK", .letter = 'P',
        .width = 10, .compact_width = 8, .exact_width = 15,
        PLAIN(80, 80, 120, 80), .diff_from = NEVER,
        .value = value_at_peak,
        .help = "bytes held at the peak of the whole script",
    },
    [COLUMN_TREND] = {
        .key = "trend", .head = "TREND", .letter = 'T',
        .width = 9, .compact_width = 1, .exact_width = 9, .left = true,
        PLAIN(60, 100, 120, 0), .diff_from = NEVER,
        .value = value_growth,
        .help = "grows, shrinks, steady in the last minute; "
                "size over the whole run",
    },
    [COLUMN_GROWTH] = {
        .key = "growth", .head = "GROWTH",
        .width = 15, .compact_width = 12, .exact_width = 15,
        PLAIN(120, 120, 140, 0), .diff_from = NEVER,
        .value = value_growth,
        .help = "bytes a minute, over the last minute: the leak ranking",
    },
    [COLUMN_ALLOC_RATE] = {
        .key = "allocs", .head = "ALLOC/s", .letter = 'L',
        .width = 12, .compact_width = 12, .exact_width = 12,
        PLAIN(120, 120, 140, 0), .diff_from = NEVER,
        .value = value_alloc_rate,
        .help = "blocks allocated a second, just now",
    },
    [COLUMN_EVER] = {
        .key = "ever", .head = "EVER", .letter = 'E',
        .width = 10, .compact_width = 8, .exact_width = 17,
        PLAIN(140, 140, 160, 140), .diff_from = NEVER,
        .value = value_ever,
        .help = "bytes ever allocated, freed or not",
    },
    [COLUMN_LINES] = {
        .key = "lines", .head = "LINES",
        .width = 6, .compact_width = 6, .exact_width = 6,
        PLAIN(0, 60, 0, 0), .diff_from = NEVER, .value = value_lines,
        .help = "lines of the file that ever held a block",
    },
    [COLUMN_STATE] = {
        .head = "", .width = 4, .compact_width = 4, .exact_width = 4,
        .left = true, .diff_from = 50,
        .help = "new: not in the base; gone: only in the base",
    },
    [COLUMN_LOCATION] = {
        .key = "location", .head = "LOCATION", .letter = 'O',
        .left = true, .ascending = true,
        PLAIN(1, 1, 1, 1), .diff_from = 1,
        .help = "where; marks: s standard library, p site-packages, "
                "i import system; 12~: line 12 or earlier (JIT)",
    },
};

const struct column *
column_get(enum column_id id)
{
    return &columns[id];
}

enum column_id
column_id(const struct column *column)
{
    return (enum column_id)(column - columns);
}

enum column_id
column_find_key(const char *key)
{
    enum column_id id = 0;

    while (id < COLUMN_COUNT
           && (columns[id].key == NULL || strcmp(columns[id].key, key) != 0)) {
        id++;
    }
    return id;
}

enum column_id
column_find_letter(char letter, bool diff)
{
    enum column_id first = diff ? COLUMN_DELTA_SIZE : COLUMN_SIZE;

    for (enum column_id id = first; id < COLUMN_COUNT; id++) {
        if (letter != 0 && columns[id].letter == letter) {
            return id;
        }
    }
    return COLUMN_NONE;
}

bool
column_applies(const struct column *column, const struct table *table)
{
    enum moment moment = table->request.moment;

    /* The first column shows that moment already. */
    if ((moment == MOMENT_PEAK && column_id(column) == COLUMN_AT_PEAK)
        || (moment == MOMENT_EVER && column_id(column) == COLUMN_EVER)) {
        return false;
    }
    if (!table->has_base) {
        return column->from[table->request.by] > 0;
    }
    return column->diff_from > 0
        && (column_id(column) != COLUMN_LINES || table->request.by == BY_FILE)
        && (column->left || table->request.by != BY_TRACEBACK
            || column->from[BY_TRACEBACK] > 0
            || column_id(column) <= COLUMN_DELTA_BLOCKS);
}

const char *
column_head(const struct column *column, const struct table *table,
            bool ascii)
{
    static const char *const places[BY_COUNT] = {
        "LOCATION", "FILE", "FUNCTION", "TRACEBACK"};
    enum moment moment = table->request.moment;

    switch (column_id(column)) {
    case COLUMN_SIZE:
        return moment == MOMENT_PEAK ? "AT PEAK"
            : moment == MOMENT_EVER ? "EVER"
            : table->request.by == BY_FUNCTION && !table->has_base ? "OWN"
            : "SIZE";
    case COLUMN_LOCATION:
        return places[table->request.by];
    case COLUMN_DELTA_SIZE:
        return ascii ? "D SIZE" : column->head;
    case COLUMN_DELTA_BLOCKS:
        return ascii ? "D BLOCKS" : column->head;
    default:
        return column->head;
    }
}
