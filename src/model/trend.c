/* SPDX-License-Identifier: MIT */
#include "model/trend.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

#define SECOND_NS 1000000000ull
#define MINUTE_NS (60 * SECOND_NS)
#define RUN_SAMPLES 32          /* of the whole run; halved when full */
#define RUN_INTERVAL_NS (SECOND_NS / 4)         /* at first */
#define RECENT_SAMPLES 31       /* of the last minute */
#define RECENT_INTERVAL_NS (2 * SECOND_NS)
#define RATE_INTERVAL_NS SECOND_NS
#define OLD_ENOUGH_NS (3 * SECOND_NS)
#define STEADY_PERCENT 1.0      /* of its size a minute */

/* Lines, files and functions; tracebacks have no trend. */
#define KINDS 3

/* One value for each place of a kind.  The index CATALOG_IMPORT of each kind
 * holds the import system as a whole. */
struct values {
    int64_t *of[KINDS];
    uint32_t count[KINDS];
};

struct sample {
    uint64_t when_ns;
    uint64_t operations;        /* of the script, until then */
    struct values bytes;
};

/* Slopes of all places of a kind, worked out when they are first asked for
 * after a recent sample. */
struct growth {
    uint64_t stamp;             /* trend.recent_stamp */
    double *of;
    uint32_t count;
};

struct trend {
    uint64_t first_ns;
    uint64_t stamp, recent_stamp;       /* count what is new, and recent
                                           samples */
    struct sample run[RUN_SAMPLES];
    uint32_t run_count;
    uint64_t run_interval_ns;
    struct sample recent[RECENT_SAMPLES];       /* oldest first */
    uint32_t recent_count;

    struct growth *growth;                      /* [KINDS] */
    uint64_t rate_ns, rate_span_ns;
    uint64_t rate_operations, span_operations;  /* until then; since the rate
                                                   before */
    struct values blocks_ever;                  /* at rate_ns */
    struct values allocs;                       /* in the span before */
};

struct trend *
trend_new(void)
{
    struct trend *trend = xcalloc(1, sizeof(*trend));

    trend->run_interval_ns = RUN_INTERVAL_NS;
    trend->growth = xcalloc(KINDS, sizeof(*trend->growth));
    return trend;
}

static void
release_values(struct values *values)
{
    for (int kind = 0; kind < KINDS; kind++) {
        free(values->of[kind]);
    }
    *values = (struct values){0};
}

void
trend_free(struct trend *trend)
{
    if (trend == NULL) {
        return;
    }
    for (uint32_t i = 0; i < trend->run_count; i++) {
        release_values(&trend->run[i].bytes);
    }
    for (uint32_t i = 0; i < trend->recent_count; i++) {
        release_values(&trend->recent[i].bytes);
    }
    release_values(&trend->blocks_ever);
    release_values(&trend->allocs);
    for (int kind = 0; kind < KINDS; kind++) {
        free(trend->growth[kind].of);
    }
    free(trend->growth);
    free(trend);
}

static void
make_values(struct values *values, const struct catalog *catalog)
{
    values->count[BY_LINE] = catalog->line_count;
    values->count[BY_FILE] = catalog->file_count;
    values->count[BY_FUNCTION] = catalog->function_count;
    for (int kind = 0; kind < KINDS; kind++) {
        values->of[kind] = xcalloc(values->count[kind], sizeof(int64_t));
    }
}

static void
add_value(struct values *values, const struct catalog_context *context,
          int64_t value)
{
    values->of[BY_LINE][context->line] += value;
    values->of[BY_FILE][context->file] += value;
    values->of[BY_FUNCTION][context->function] += value;
    if (context->origin == ORIGIN_IMPORT) {
        for (int kind = 0; kind < KINDS; kind++) {
            values->of[kind][CATALOG_IMPORT] += value;
        }
    }
}

static struct values
sample_of(const struct catalog *catalog, const struct snapshot *live,
          bool blocks_ever)
{
    struct values values;

    make_values(&values, catalog);
    for (uint32_t i = 0; i < live->cost_count; i++) {
        const struct region_cost *cost = &live->costs[i];
        int64_t value = blocks_ever ? (int64_t)cost->blocks_ever
            : cost->bytes;
        if (value != 0) {
            add_value(&values, catalog_context(catalog,
                                               snapshot_context(live, i)),
                      value);
        }
    }
    return values;
}

static struct values
same_values(const struct values *from)
{
    struct values values;

    for (int kind = 0; kind < KINDS; kind++) {
        uint32_t count = from->count[kind];
        values.count[kind] = count;
        values.of[kind] = xreallocarray(NULL, count, sizeof(int64_t));
        memcpy(values.of[kind], from->of[kind], count * sizeof(int64_t));
    }
    return values;
}

static int64_t
value_at(const struct values *values, int kind, uint32_t id)
{
    return id < values->count[kind] ? values->of[kind][id] : 0;
}

/* As long as this does not move, nothing does. */
static uint64_t
operations(const struct snapshot *live)
{
    return live->totals.allocs + region_frees(&live->totals);
}

static void
add_run_sample(struct trend *trend, struct sample sample)
{
    if (trend->run_count == RUN_SAMPLES) {
        /* Keep every second one, the first of the run among them. */
        for (uint32_t i = 0; i < RUN_SAMPLES / 2; i++) {
            release_values(&trend->run[2 * i + 1].bytes);
            trend->run[i] = trend->run[2 * i];
        }
        trend->run_count = RUN_SAMPLES / 2;
        trend->run_interval_ns *= 2;
    }
    trend->run[trend->run_count++] = sample;
}

/* Nothing has moved in all of the last minute, so nothing grows. */
static bool
is_still(const struct trend *trend)
{
    uint32_t count = trend->recent_count;

    return count > 1 && trend->recent[0].operations
        == trend->recent[count - 1].operations;
}

static void
add_recent_sample(struct trend *trend, struct sample sample)
{
    bool was_still = trend->recent_count > 2 && is_still(trend);

    if (trend->recent_count == RECENT_SAMPLES) {
        release_values(&trend->recent[0].bytes);
        memmove(trend->recent, trend->recent + 1,
                (RECENT_SAMPLES - 1) * sizeof(*trend->recent));
        trend->recent_count--;
    }
    trend->recent[trend->recent_count++] = sample;
    if (!was_still || !is_still(trend)) {
        trend->recent_stamp++;
        trend->stamp++;
    }
}

/* What every place holds; the newest sample knows it if nothing has moved. */
static struct values
bytes_of(const struct trend *trend, const struct catalog *catalog,
         const struct snapshot *live)
{
    uint32_t count = trend->recent_count;
    const struct sample *newest = count == 0 ? NULL
        : &trend->recent[count - 1];

    return newest != NULL && newest->operations == operations(live)
        && newest->bytes.count[BY_LINE] == catalog->line_count
        && newest->bytes.count[BY_FUNCTION] == catalog->function_count
        ? same_values(&newest->bytes) : sample_of(catalog, live, false);
}

static void
add_samples(struct trend *trend, const struct catalog *catalog,
            const struct snapshot *live)
{
    uint64_t now = live->when_ns;
    bool run = trend->run_count == 0
        || now - trend->run[trend->run_count - 1].when_ns
        >= trend->run_interval_ns;
    bool recent = trend->recent_count == 0
        || now - trend->recent[trend->recent_count - 1].when_ns
        >= RECENT_INTERVAL_NS;

    if (!run && !recent) {
        return;
    }
    struct sample sample = {
        now, operations(live), bytes_of(trend, catalog, live)
    };
    if (run && recent) {
        struct sample same = sample;
        same.bytes = same_values(&sample.bytes);
        add_run_sample(trend, same);
    }
    else if (run) {
        add_run_sample(trend, sample);
    }
    if (recent) {
        add_recent_sample(trend, sample);
    }
}

/* Slopes of the least-squares lines through the samples of each place, in
 * bytes a minute.  A place that is younger than a sample had 0 bytes there. */
static void
work_out_growth(const struct trend *trend, int kind)
{
    struct growth *growth = &trend->growth[kind];
    const struct sample *samples = trend->recent;
    uint32_t last = trend->recent_count - 1;
    uint32_t count = samples[last].bytes.count[kind];
    double n = trend->recent_count, sum_x = 0, sum_xx = 0;
    double *sum_y = xcalloc(count, sizeof(*sum_y));
    double *sum_xy = xcalloc(count, sizeof(*sum_xy));

    for (uint32_t i = 0; i <= last; i++) {
        const int64_t *of = samples[i].bytes.of[kind];
        uint32_t there = samples[i].bytes.count[kind];
        double x = (double)(samples[i].when_ns - samples[0].when_ns)
            / (double)MINUTE_NS;
        sum_x += x;
        sum_xx += x * x;
        for (uint32_t id = 0; id < there; id++) {
            sum_y[id] += (double)of[id];
            sum_xy[id] += x * (double)of[id];
        }
    }
    double below = n * sum_xx - sum_x * sum_x;
    for (uint32_t id = 0; id < count; id++) {
        sum_xy[id] = below > 0 ? (n * sum_xy[id] - sum_x * sum_y[id]) / below
            : 0.0;
    }
    free(sum_y);
    free(growth->of);
    *growth = (struct growth){trend->recent_stamp, sum_xy, count};
}

static void
take_rates(struct trend *trend, const struct catalog *catalog,
           const struct snapshot *live)
{
    uint64_t span = operations(live) - trend->rate_operations;

    if (trend->rate_ns != 0 && span == 0 && trend->span_operations == 0) {
        trend->rate_span_ns = live->when_ns - trend->rate_ns;
        trend->rate_ns = live->when_ns;
        return;                 /* no allocation then, none since */
    }
    trend->rate_operations += span;
    trend->span_operations = span;
    struct values now = sample_of(catalog, live, true);
    release_values(&trend->allocs);
    make_values(&trend->allocs, catalog);
    for (int kind = 0; kind < KINDS; kind++) {
        for (uint32_t id = 0; id < now.count[kind]; id++) {
            trend->allocs.of[kind][id] = now.of[kind][id]
                - value_at(&trend->blocks_ever, kind, id);
        }
    }
    trend->rate_span_ns = trend->rate_ns != 0
        ? live->when_ns - trend->rate_ns : 0;
    trend->rate_ns = live->when_ns;
    release_values(&trend->blocks_ever);
    trend->blocks_ever = now;
    trend->stamp++;
}

void
trend_tick(struct trend *trend, const struct catalog *catalog,
           const struct snapshot *live)
{
    uint64_t now = live->when_ns;

    if (trend->first_ns == 0) {
        trend->first_ns = now;
    }
    add_samples(trend, catalog, live);
    if (trend->rate_ns == 0 || now - trend->rate_ns >= RATE_INTERVAL_NS) {
        take_rates(trend, catalog, live);
    }
}

uint64_t
trend_stamp(const struct trend *trend)
{
    return trend->stamp;
}

/* The kind of a table's rows, or -1: they have no trend. */
static int
kind_of(const struct table *table, const struct table_row *row)
{
    return table->request.by < KINDS
        && (row->key.kind == ROW_PLACE || row->key.kind == ROW_IMPORT)
        ? (int)table->request.by : -1;
}

bool
trend_rates(const struct trend *trend, const struct table *table,
            const struct table_row *row, double *growth,
            double *allocs_per_second)
{
    int kind = kind_of(table, row);
    uint32_t id = row->key.id;

    *growth = *allocs_per_second = 0.0;
    if (kind < 0 || trend->recent_count < 2
        || trend->recent[trend->recent_count - 1].when_ns - trend->first_ns
        < OLD_ENOUGH_NS) {
        return false;
    }
    if (trend->growth[kind].stamp != trend->recent_stamp) {
        work_out_growth(trend, kind);
    }
    if (id < trend->growth[kind].count) {
        *growth = trend->growth[kind].of[id];
    }
    if (trend->rate_span_ns != 0) {
        *allocs_per_second = (double)value_at(&trend->allocs, kind, id)
            * (double)SECOND_NS / (double)trend->rate_span_ns;
    }
    return true;
}

void
trend_levels(const struct trend *trend, const struct table *table,
             const struct table_row *row, int cells, uint8_t *levels)
{
    int kind = kind_of(table, row);
    int64_t sizes[TREND_CELLS_MAX] = {0}, largest = 0;

    memset(levels, 0, cells > 0 ? (size_t)cells : 0);
    if (kind < 0 || trend->run_count == 0) {
        return;
    }
    uint64_t first = trend->run[0].when_ns;
    uint64_t span = trend->run[trend->run_count - 1].when_ns - first;
    uint32_t at = 0;
    for (int cell = 0; cell < cells; cell++) {
        /* The last sample within this cell's part of the run. */
        uint64_t until = first + (uint64_t)((double)span * (cell + 1)
                                            / cells);
        while (at + 1 < trend->run_count
               && (trend->run[at + 1].when_ns <= until
                   || cell + 1 == cells)) {
            at++;
        }
        int64_t size = value_at(&trend->run[at].bytes, kind, row->key.id);
        sizes[cell] = size > 0 ? size : 0;
        largest = size > largest ? size : largest;
    }
    for (int cell = 0; cell < cells && largest > 0; cell++) {
        levels[cell] = (uint8_t)ceil((double)sizes[cell] * TREND_LEVELS
                                     / (double)largest);
    }
}

int
trend_direction(const struct table_row *row)
{
    double steady = (double)row->own.bytes * STEADY_PERCENT / 100.0;

    if (!row->has_trend || fabs(row->growth) <= steady
        || fabs(row->growth) < 1.0) {
        return 0;
    }
    return row->growth > 0 ? 1 : -1;
}
