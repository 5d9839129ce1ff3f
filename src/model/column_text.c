/* SPDX-License-Identifier: MIT */
#include "model/column.h"

#include <stdio.h>
#include <string.h>

#include "base/size_text.h"
#include "model/trend.h"

#define BAR_FULL_PERCENT 40.0

char *
column_size_words(char *buf, int64_t bytes, const struct column_style *style)
{
    return style->exact ? size_text_exact(buf, bytes)
        : style->screen_width < 80 ? size_text_compact(buf, bytes)
        : size_text_cell(buf, bytes);
}

char *
column_delta_words(char *buf, int64_t bytes, const struct column_style *style)
{
    return style->exact ? size_text_delta_exact(buf, bytes)
        : style->screen_width < 80 ? size_text_delta_compact(buf, bytes)
        : size_text_delta_cell(buf, bytes);
}

static char *
growth_words(char *buf, const struct table_row *row,
             const struct column_style *style)
{
    if (style->screen_width >= 80) {
        return growth_text(buf, row->growth);
    }
    size_text_delta_compact(buf, whole_number(row->growth));
    return strcat(buf, "/min");
}

static void
add_bar(struct strbuf *buf, double percent, int cells, bool ascii)
{
    static const char *const eighths[] = {
        "", "\xe2\x96\x8f", "\xe2\x96\x8e", "\xe2\x96\x8d", "\xe2\x96\x8c",
        "\xe2\x96\x8b", "\xe2\x96\x8a", "\xe2\x96\x89"};
    double share = percent / BAR_FULL_PERCENT;
    int steps = (int)((share > 1 ? 1 : share < 0 ? 0 : share) * cells * 8
                      + 0.5);

    for (int i = 0; i < steps / 8; i++) {
        strbuf_add_text(buf, ascii ? "#" : "\xe2\x96\x88");
    }
    if (!ascii) {
        strbuf_add_text(buf, eighths[steps % 8]);
    }
    else if (steps % 8 >= 4) {
        strbuf_add_char(buf, '#');
    }
}

static const char *
arrow(int direction, bool ascii)
{
    return direction > 0 ? ascii ? "+" : "\xe2\x96\xb2"
        : direction < 0 ? ascii ? "-" : "\xe2\x96\xbc"
        : ascii ? "." : "\xc2\xb7";
}

static void
add_trend(struct strbuf *buf, const struct table *table,
          const struct table_row *row, int cells, bool ascii)
{
    static const char *const bars[] = {
        " ", "\xe2\x96\x81", "\xe2\x96\x82", "\xe2\x96\x83", "\xe2\x96\x84",
        "\xe2\x96\x85", "\xe2\x96\x86", "\xe2\x96\x87", "\xe2\x96\x88"};
    static const char ascii_bars[] = " _.-=+*%#";
    uint8_t levels[TREND_CELLS_MAX];

    if (table->request.trend == NULL) {
        return;
    }
    strbuf_add_text(buf, arrow(trend_direction(row), ascii));
    cells = cells - 1 < TREND_CELLS_MAX ? cells - 1 : TREND_CELLS_MAX;
    trend_levels(table->request.trend, table, row, cells, levels);
    for (int i = 0; i < cells; i++) {
        if (ascii) {
            strbuf_add_char(buf, ascii_bars[levels[i]]);
        }
        else {
            strbuf_add_text(buf, bars[levels[i]]);
        }
    }
}

/* Columns that say nothing about a sum of rows; where rows overlap, sizes of
 * `more rows` neither. */
static bool
is_empty_in_sum(enum column_id id, const struct table *table,
                const struct table_row *row)
{
    bool is_total = row == &table->total;

    switch (id) {
    case COLUMN_BAR:
    case COLUMN_TREND:
    case COLUMN_CUMULATIVE:
    case COLUMN_CUMULATIVE_PERCENT:
    case COLUMN_STATE:
        return true;
    case COLUMN_AVERAGE:
        return !is_total;
    case COLUMN_GROWTH:
    case COLUMN_ALLOC_RATE:
        return !row->has_trend;
    default:
        return !is_total && table->request.cumulative
            && (table->request.by != BY_FUNCTION || table->has_base);
    }
}

static void
add_delta_arrow(struct strbuf *buf, const struct table_row *row, bool ascii)
{
    int64_t delta = row->delta_bytes != 0 ? row->delta_bytes
        : row->delta_blocks;

    if (delta != 0) {
        strbuf_add_text(buf, arrow(delta > 0 ? 1 : -1, ascii));
    }
}

static void
add_state(struct strbuf *buf, const struct table_row *row)
{
    if (row->is_new || row->is_gone) {
        strbuf_add_text(buf, row->is_new ? "new" : "gone");
    }
}

/* A cell that holds a number; false: it stays empty. */
static bool
number_words(char *buf, enum column_id id, const struct table_row *row,
             double value, const struct column_style *style)
{
    int64_t number = whole_number(value);

    switch (id) {
    case COLUMN_DELTA_SIZE:
        column_delta_words(buf, number, style);
        return true;
    case COLUMN_DELTA_BLOCKS:
        (style->exact ? count_text_delta_exact : count_text_delta)(buf,
                                                                   number);
        return true;
    case COLUMN_PERCENT:
    case COLUMN_CUMULATIVE_PERCENT:
        snprintf(buf, NUMBER_TEXT_SIZE, "%.1f", value);
        return true;
    case COLUMN_BLOCKS:
    case COLUMN_LINES:
        (style->exact ? count_text_exact : count_text)(buf, number);
        return true;
    case COLUMN_AVERAGE:
        (style->exact ? size_text_exact : size_text_compact)(buf, number);
        return true;
    case COLUMN_GROWTH:
        growth_words(buf, row, style);
        return row->has_trend;
    case COLUMN_ALLOC_RATE:
        count_text(buf, number);
        return row->has_trend;
    default:
        column_size_words(buf, number, style);
        return true;
    }
}

void
column_add_text(struct strbuf *buf, const struct column *column,
                const struct table *table, const struct table_row *row,
                const struct column_style *style, int cells)
{
    enum column_id id = column_id(column);
    char text[NUMBER_TEXT_SIZE];

    if (row->key.kind == ROW_SUM && is_empty_in_sum(id, table, row)) {
        return;
    }
    switch (id) {
    case COLUMN_ARROW:
        add_delta_arrow(buf, row, style->ascii);
        break;
    case COLUMN_BAR:
        add_bar(buf, column_get(COLUMN_PERCENT)->value(table, row), cells,
                style->ascii);
        break;
    case COLUMN_TREND:
        add_trend(buf, table, row, cells, style->ascii);
        break;
    case COLUMN_STATE:
        add_state(buf, row);
        break;
    case COLUMN_LOCATION:
        table_row_location(table, row, buf, cells, style->ascii);
        break;
    default:
        if (number_words(text, id, row, column->value(table, row), style)) {
            strbuf_add_text(buf, text);
        }
        break;
    }
}
