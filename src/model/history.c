/* SPDX-License-Identifier: MIT */
#include "model/history.h"

#include <string.h>

#define SECOND_NS 1000000000ull
#define INTERVAL_FIRST_NS (SECOND_NS / 10)
#define RATE_NS SECOND_NS

void
history_init(struct history *history, uint64_t start_ns)
{
    memset(history, 0, sizeof(*history));
    history->start_ns = start_ns;
    history->interval_ns = INTERVAL_FIRST_NS;
}

/* One point for two: the later one with the maxima of both. */
static struct history_point
joined(const struct history_point *earlier, const struct history_point *later)
{
    struct history_point point = *later;

    if (point.traced_bytes < earlier->traced_bytes) {
        point.traced_bytes = earlier->traced_bytes;
    }
    if (point.rss_bytes < earlier->rss_bytes) {
        point.rss_bytes = earlier->rss_bytes;
    }
    return point;
}

static void
halve(struct history *history)
{
    for (size_t i = 0; i < history->count / 2; i++) {
        history->points[i] = joined(&history->points[2 * i],
                                    &history->points[2 * i + 1]);
    }
    history->count /= 2;
    history->interval_ns *= 2;
}

void
history_add(struct history *history, const struct history_point *point)
{
    size_t count = history->count;

    history->recent[history->recent_next] = *point;
    history->recent_next = (history->recent_next + 1) % HISTORY_RECENT;
    if (history->recent_count < HISTORY_RECENT) {
        history->recent_count++;
    }
    /* The newest point of the run grows until its interval is over. */
    if (count > 0 && point->when_ns / history->interval_ns
        == history->points[count - 1].when_ns / history->interval_ns) {
        history->points[count - 1] = joined(&history->points[count - 1],
                                            point);
        return;
    }
    if (count == HISTORY_POINTS) {
        halve(history);
    }
    history->points[history->count++] = *point;
}

/* i = 0: the newest. */
static const struct history_point *
recent(const struct history *history, size_t i)
{
    return &history->recent[(history->recent_next + HISTORY_RECENT - 1 - i)
                            % HISTORY_RECENT];
}

void
history_rates(const struct history *history, double *allocs_per_second,
              double *frees_per_second)
{
    *allocs_per_second = *frees_per_second = 0.0;
    if (history->recent_count < 2) {
        return;
    }
    const struct history_point *last = recent(history, 0), *first = last;
    for (size_t i = 1; i < history->recent_count; i++) {
        first = recent(history, i);
        if (last->when_ns - first->when_ns >= RATE_NS) {
            break;
        }
    }
    if (last->when_ns > first->when_ns) {
        double seconds = (double)(last->when_ns - first->when_ns)
            / (double)SECOND_NS;
        *allocs_per_second = (double)(last->allocs - first->allocs) / seconds;
        *frees_per_second = (double)(last->frees - first->frees) / seconds;
    }
}

struct columns {
    uint64_t from_ns, to_ns;
    size_t count;
    int64_t *traced, *rss;
};

static void
put_point(const struct columns *columns, const struct history_point *point)
{
    if (point->when_ns >= columns->to_ns) {
        return;
    }
    size_t at = 0;
    if (point->when_ns > columns->from_ns) {
        at = (size_t)((double)(point->when_ns - columns->from_ns)
                      / (double)(columns->to_ns - columns->from_ns)
                      * (double)columns->count);
    }
    if (at >= columns->count) {
        at = columns->count - 1;
    }
    if (columns->traced[at] < point->traced_bytes) {
        columns->traced[at] = point->traced_bytes;
    }
    if (columns->rss[at] < point->rss_bytes) {
        columns->rss[at] = point->rss_bytes;
    }
}

int64_t
history_columns(const struct history *history, uint64_t from_ns,
                uint64_t to_ns, size_t columns, int64_t *traced, int64_t *rss)
{
    struct columns wanted = {from_ns, to_ns, columns, traced, rss};
    const struct history_point *before = NULL;
    int64_t largest = 0;

    for (size_t i = 0; i < columns; i++) {
        traced[i] = rss[i] = -1;                /* no point yet */
    }
    if (columns == 0 || to_ns <= from_ns) {
        return 0;
    }
    for (size_t i = 0; i < history->count; i++) {
        if (history->points[i].when_ns < from_ns) {
            before = &history->points[i];
        }
        else {
            put_point(&wanted, &history->points[i]);
        }
    }
    /* The last minute is known more finely. */
    for (size_t i = 0; i < history->recent_count; i++) {
        if (recent(history, i)->when_ns >= from_ns) {
            put_point(&wanted, recent(history, i));
        }
    }
    int64_t last_traced = before != NULL && before->traced_bytes > 0
        ? before->traced_bytes : 0;
    int64_t last_rss = before != NULL ? before->rss_bytes : 0;
    for (size_t i = 0; i < columns; i++) {
        traced[i] = last_traced = traced[i] < 0 ? last_traced : traced[i];
        rss[i] = last_rss = rss[i] < 0 ? last_rss : rss[i];
        largest = traced[i] > largest ? traced[i] : largest;
        largest = rss[i] > largest ? rss[i] : largest;
    }
    return largest;
}

int64_t
history_top(int64_t bytes)
{
    static const int64_t tenths[] = {10, 20, 40, 50, 64, 80};
    int64_t unit = bytes > 1 << 20 ? 1 << 20 : 1 << 10;

    for (int64_t power = 1; power <= 1000000000; power *= 10) {
        for (size_t i = 0; i < sizeof(tenths) / sizeof(*tenths); i++) {
            int64_t top = tenths[i] * power * unit / 10;
            if (top >= bytes) {
                return top;
            }
        }
    }
    return bytes;
}
