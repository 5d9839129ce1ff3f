/* SPDX-License-Identifier: MIT
 *
 * A table: one snapshot grouped into rows, by five switches: by, moment,
 * against, charge, filter.  Built in O(contexts); brought up to date from
 * frame to frame in O(contexts that changed).
 *
 * It adds up: the own costs of the rows are the total row's, and without a
 * filter that is the snapshot's total, to the byte, in each of now, at peak
 * and ever.  Cumulative costs overlap (a row counts what it called; recursion
 * once), so they have no sum.
 */
#ifndef PYMTOP_TABLE_H
#define PYMTOP_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "model/catalog.h"
#include "model/cost.h"
#include "model/filter.h"
#include "model/snapshot.h"

struct trend;

enum table_by {                 /* --by: lineno filename function traceback */
    BY_LINE, BY_FILE, BY_FUNCTION, BY_TRACEBACK, BY_COUNT
};

/* The word of --by, and back (BY_COUNT: unknown). */
const char *table_by_name(enum table_by by);
enum table_by table_by_parse(const char *name);

/* What is asked.  Zeroed and with catalog and snapshot set it is the plain
 * table by line, now, own.  All pointers are borrowed; NULL: not wanted. */
struct table_request {
    struct catalog *catalog;
    const struct snapshot *snapshot;
    enum table_by by;
    enum moment moment;

    const struct snapshot *base;        /* difference against this one */
    enum moment base_moment;            /* MOMENT_NOW, or _PEAK of base */

    bool cumulative;            /* rows show what they called too; by
                                   function both are shown, this one sorts */
    bool mine;                  /* library bytes are charged to the nearest
                                   line of yours that called; the rest is in
                                   one row ROW_NOT_MINE */
    bool unfold_import;         /* rows of the import system one by one
                                   (by traceback they always are) */
    struct filter *filter;      /* NULL or inactive: everything */

    /* Only rows at this line, in this file or function; at most one of them
     * not CATALOG_NONE.  Works as a filter does. */
    uint32_t only_line, only_file, only_function;

    const struct trend *trend;  /* for growth, alloc/s and trend cells */
};

enum row_kind {
    ROW_PLACE,                  /* a line, file, function or traceback */
    ROW_IMPORT,                 /* the import system, folded */
    ROW_NOT_MINE,               /* `no line of yours` */
    ROW_SUM                     /* a total or `more rows`: not in rows[] */
};

/* What a row is, the same in every table by the same thing: for the cursor,
 * marks and the like.  ROW_PLACE: id is an index of the catalog, of
 * lines[], files[], functions[] or tracebacks[] as table.by says. */
struct row_key {
    enum row_kind kind;
    uint32_t id;
};

struct table_row {
    struct row_key key;

    /* What the switches select: moment, and own or cumulative. */
    int64_t bytes, blocks;
    int64_t base_bytes, base_blocks;    /* of the base; 0 without one */
    int64_t delta_bytes, delta_blocks;  /* end - base; 0 without one */

    struct region_cost own;             /* all moments of the end snapshot */
    struct region_cost cumulative;      /* 0 unless table.has_cumulative */

    uint32_t places;            /* rows it stands for: 1; more in a folded
                                   import system and in a sum */
    uint32_t lines;             /* lines in it that ever had a block */
    bool is_new, is_gone;       /* only in the end, only in the base */
    bool is_unchanged;          /* in a difference: no byte, no block */
    /* In a table that was updated: see table_fresh_row(). */
    bool has_trend;             /* the next two mean something */
    double growth;              /* own bytes a minute, last minute's slope */
    double allocs_per_second;   /* blocks, over the last second or so */
};

struct table {
    struct table_request request;       /* as given to table_build() */
    bool has_base;                      /* request.base was used */
    bool has_cumulative;                /* asked for, or by function */
    uint64_t generation;                /* +1 with every build and update */
    uint64_t changes;                   /* +1 if costs may have changed */

    struct table_row *rows;             /* in the order of the last sort */
    uint32_t count;
    uint32_t unchanged;                 /* rows with is_unchanged */

    /* The total row; its cumulative is 0, its places = count. */
    struct table_row total;
    /* Without filter and only_*: bytes and blocks at the shown moment of the
     * whole snapshot (= total's when nothing is filtered). */
    int64_t traced_bytes, traced_blocks;
    bool filtered;                      /* filter or only_* is at work */
    /* Of the total: own bytes in library lines (stdlib, site-packages,
     * import system) at the shown moment; 0 with charge mine. */
    int64_t library_bytes;

    /* What grows fastest of all that grows; kind ROW_SUM: nothing does. */
    struct row_key grower;

    uint64_t trend_stamp;               /* of the trend that rows show */

    /* Private. */
    struct region_cost left_out;        /* own costs, at other moments, of
                                           what has no row in a difference */
    size_t row_room;
    struct table_scratch *scratch;
};

void table_init(struct table *table);
void table_release(struct table *table);

/* Build the rows anew (memory is reused).  A row is there if it ever had a
 * block; in a difference, if it has one in the end or in the base (then sums
 * hold for the shown moment only).  MOMENT_EVER has no difference.  Rows come
 * unsorted: call table_sort() (sort.h) next. */
void table_build(struct table *table, const struct table_request *request);

/* Bring the rows up to date with what has changed, as the copy that
 * request.snapshot is a look at says; the request is that of the build, and
 * nothing but the copy has changed since.  Rows stay in their places in rows[],
 * new ones come last.  False: build it anew (a row has gone, or too much has
 * changed); the table is worth nothing then. */
bool table_update(struct table *table, const struct region_copy *copy);

/* rows[index] with its growth and rates up to date, or NULL: an update works
 * out the total's only. */
const struct table_row *table_fresh_row(const struct table *table,
                                        uint32_t index);
/* The same for all rows, for who sorts by them or adds them up. */
void table_fresh_rows(const struct table *table);

/* The row with this key, its place in rows[], or -1. */
int64_t table_find(const struct table *table, struct row_key key);
/* The line, file or function a row belongs to, or CATALOG_NONE if it is none
 * (by file there is no line, in a folded row nothing).  A traceback's line
 * is its innermost. */
uint32_t table_row_line(const struct table *table,
                        const struct table_row *row);
uint32_t table_row_file(const struct table *table,
                        const struct table_row *row);
uint32_t table_row_function(const struct table *table,
                            const struct table_row *row);
/* Its origin; ORIGIN_NONE for ROW_NOT_MINE and ROW_SUM. */
enum origin table_row_origin(const struct table *table,
                             const struct table_row *row);

/* The `more rows` row: *more becomes the sum of the own costs of all rows but
 * those in rows[first .. first + visible - 1], key.kind ROW_SUM, places = how
 * many.  Visible own costs plus this are the total row, to the byte. */
void table_more(const struct table *table, uint32_t first, uint32_t visible,
                struct table_row *more);

/* The same for rows in another order: all rows, then without each of those
 * that are to be seen. */
void table_all(const struct table *table, struct table_row *sum);
void table_leave_out(const struct table *table, const struct table_row *row,
                     struct table_row *sum);

/* The text of the LOCATION column, cut to `cells` (0: uncut):
 * `shop/cache.py:88 remember`, `import system: 68 lines`,
 * `no line of yours`. */
void table_row_location(const struct table *table,
                        const struct table_row *row, struct strbuf *buf,
                        int cells, bool ascii);

#endif
