/* SPDX-License-Identifier: MIT
 *
 * The run over time, for the graph: points of the whole run in a bounded
 * ring that halves its resolution when full (of joined points the maxima are
 * kept, so no peak is lost), and fine ones of the last minute.
 */
#ifndef PYMTOP_HISTORY_H
#define PYMTOP_HISTORY_H

#include <stddef.h>
#include <stdint.h>

struct history_point {
    uint64_t when_ns;           /* CLOCK_MONOTONIC */
    int64_t traced_bytes;       /* the largest since the point before */
    int64_t rss_bytes;          /* likewise; 0: not known */
    int64_t blocks;             /* at that time, as the next two */
    uint64_t allocs, frees;     /* ever */
};

#define HISTORY_POINTS 2048     /* of the whole run; a power of two */
#define HISTORY_RECENT 1024     /* of the last minute */

struct history {
    uint64_t start_ns;          /* of the run */
    struct history_point points[HISTORY_POINTS];
    size_t count;
    uint64_t interval_ns;       /* points nearer than this are joined */
    struct history_point recent[HISTORY_RECENT];    /* ring */
    size_t recent_count, recent_next;
};

void history_init(struct history *history, uint64_t start_ns);
void history_add(struct history *history, const struct history_point *point);

/* Blocks allocated and freed a second, over the last second. */
void history_rates(const struct history *history, double *allocs_per_second,
                   double *frees_per_second);

/* Graph columns: traced[i] and rss[i] become the largest value in the i-th of
 * `columns` equal parts of [from_ns, to_ns); a part without a point repeats
 * the one before (0 before the first point).  Returns the largest value. */
int64_t history_columns(const struct history *history, uint64_t from_ns,
                        uint64_t to_ns, size_t columns, int64_t *traced,
                        int64_t *rss);

/* The graph's top for a largest value: the next of 1 2 4 5 6.4 8 * 10^n MiB
 * (of KiB below 1 MiB). */
int64_t history_top(int64_t bytes);

#endif
