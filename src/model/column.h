/* SPDX-License-Identifier: MIT
 *
 * The columns of the tables, written once: the screen, the text and CSV
 * reports, the sort menu, --sort, help and the man page all read this table.
 */
#ifndef PYMTOP_COLUMN_H
#define PYMTOP_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "model/table.h"

enum column_id {                /* left to right */
    COLUMN_ARROW,               /* ▲ ▼ of a difference */
    COLUMN_DELTA_SIZE,
    COLUMN_DELTA_BLOCKS,
    COLUMN_SIZE,                /* SIZE, AT PEAK, EVER or OWN: by moment */
    COLUMN_PERCENT,
    COLUMN_CUMULATIVE,
    COLUMN_CUMULATIVE_PERCENT,
    COLUMN_BAR,
    COLUMN_BLOCKS,
    COLUMN_AVERAGE,
    COLUMN_AT_PEAK,
    COLUMN_TREND,
    COLUMN_GROWTH,
    COLUMN_ALLOC_RATE,
    COLUMN_EVER,
    COLUMN_LINES,               /* lines of a file that hold something */
    COLUMN_STATE,               /* `new`, `gone` */
    COLUMN_LOCATION,            /* the mark, then LOCATION, FILE, FUNCTION */
    COLUMN_COUNT,
    COLUMN_NONE = COLUMN_COUNT
};

/* How numbers are written; a switch of the whole screen. */
struct column_style {
    int screen_width;           /* decides on compact sizes and on TREND */
    bool exact;                 /* all digits (key e): wider columns */
    bool ascii;                 /* no UTF-8 */
};

#define COLUMN_NEVER INT16_MAX  /* only as the sorted column */

struct column {
    const char *key;            /* word of --sort and of CSV; NULL: none */
    const char *head;           /* text of its head; see column_head() */
    char letter;                /* capital key that sorts by it, 0: none */
    const char *help;           /* one line, for help, sort menu, man page */
    int8_t width;               /* cells; 0: what is left */
    int8_t compact_width;       /* under 80 columns */
    int8_t exact_width;         /* with all digits */
    bool left;                  /* text stands left */
    bool ascending;             /* its first direction; else biggest first */
    bool in_plain;              /* in tables without a base */
    /* Screen widths from which it is there: in tables by line, file,
     * function, traceback, and in a difference; 0 or less: it does not
     * belong there at all. */
    int16_t from[BY_COUNT], diff_from;
    /* What it sorts by and shows; NULL: text or nothing. */
    double (*value)(const struct table *table, const struct table_row *row);
};

/* The row of the table of columns; id < COLUMN_COUNT. */
const struct column *column_get(enum column_id id);
enum column_id column_id(const struct column *column);
/* By the word of --sort, or by capital letter, for tables by `by`; a
 * difference first takes its own columns (S: Δ SIZE).  COLUMN_NONE: none. */
enum column_id column_find_key(const char *key);
enum column_id column_find_letter(char letter, bool diff);

/* Is it meant for such a table at all (whatever the width)?  AT PEAK is not
 * when the first column shows that moment already, nor EVER. */
bool column_applies(const struct column *column, const struct table *table);

/* Head text without the sort arrow: `SIZE`, `AT PEAK`, `FILE`, ... */
const char *column_head(const struct column *column,
                        const struct table *table, bool ascii);

/* The text of a cell, not padded, appended to buf.  Also for the total row
 * and `more rows` (ROW_SUM), where some columns are empty.  LOCATION of a
 * ROW_SUM is empty: the caller writes its words.  `cells` is the width of
 * the column as laid out; used by BAR, TREND, LOCATION. */
void column_add_text(struct strbuf *buf, const struct column *column,
                     const struct table *table, const struct table_row *row,
                     const struct column_style *style, int cells);

/* A size, or a signed difference of sizes, in the style's form: exact, compact
 * under 80 columns, else in cells.  buf as size_text() wants it; returns it. */
char *column_size_words(char *buf, int64_t bytes,
                        const struct column_style *style);
char *column_delta_words(char *buf, int64_t bytes,
                         const struct column_style *style);

/* Which columns fit a screen, left to right. */
struct column_place {
    const struct column *column;
    int x, cells;               /* first cell, width */
};

/* Lay out a table on style->screen_width cells.  The column `sorted` is
 * always there, if it applies; if there is no room for it, others go.  `skip`
 * columns after the first are left out, and what had no room comes in from
 * the right (← →).  Columns stand one cell apart.  Returns the number of
 * places (<= COLUMN_COUNT).  COLUMN_LOCATION is last; its cells include the
 * mark and a space: 2 cells, then the text. */
size_t column_layout(const struct table *table,
                     const struct column_style *style, enum column_id sorted,
                     int skip, struct column_place places[COLUMN_COUNT]);

#endif
