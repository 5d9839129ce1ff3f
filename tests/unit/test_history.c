/* SPDX-License-Identifier: MIT
 *
 * The run over time: the graph's points, and the trends of rows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "hand_region.h"
#include "model/history.h"
#include "model/trend.h"

#define SECOND 1000000000ull
#define MIB (1024ll * 1024)

static struct history history;

static void
add(uint64_t when_ns, int64_t traced, int64_t rss)
{
    history_add(&history, &(struct history_point){
        .when_ns = when_ns, .traced_bytes = traced, .rss_bytes = rss,
        .allocs = when_ns / 1000, .frees = when_ns / 4000});
}

static void
a_long_run_stays_bounded_and_keeps_its_peak(void **state)
{
    int64_t traced[100], rss[100];
    const uint64_t seconds = 100000;

    (void)state;
    history_init(&history, 0);
    for (uint64_t tenth = 0; tenth < seconds * 10; tenth++) {
        int64_t size = tenth == 333333 ? 5000 : 1000;
        add(tenth * SECOND / 10, size, 2 * size);
        assert_true(history.count <= HISTORY_POINTS);
    }
    assert_true(history.count > HISTORY_POINTS / 4);
    int64_t largest = history_columns(&history, 0, seconds * SECOND, 100,
                                      traced, rss);
    assert_int_equal(largest, 10000);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(traced[i], i == 33 ? 5000 : 1000);
        assert_int_equal(rss[i], i == 33 ? 10000 : 2000);
    }
    double allocs, frees;
    history_rates(&history, &allocs, &frees);
    assert_float_equal(allocs, 1000000.0, 1.0);
    assert_float_equal(frees, 250000.0, 1.0);
}

static void
columns_repeat_where_nothing_is_known(void **state)
{
    int64_t traced[10], rss[10];

    (void)state;
    history_init(&history, 0);
    assert_int_equal(history_columns(&history, 0, SECOND, 10, traced, rss),
                     0);
    assert_int_equal(traced[9], 0);
    add(3 * SECOND, 70, 0);
    add(6 * SECOND, 40, 100);
    assert_int_equal(history_columns(&history, 0, 10 * SECOND, 10, traced,
                                     rss), 100);
    static const int64_t expected[] = {0, 0, 0, 70, 70, 70, 40, 40, 40, 40};
    assert_memory_equal(traced, expected, sizeof(expected));
    assert_int_equal(rss[5], 0);
    assert_int_equal(rss[9], 100);
    /* The last seconds only: what was before holds until the next point. */
    history_columns(&history, 5 * SECOND, 10 * SECOND, 5, traced, rss);
    assert_int_equal(traced[0], 70);
    assert_int_equal(traced[1], 40);
}

static void
the_top_of_the_graph_is_round(void **state)
{
    (void)state;
    assert_int_equal(history_top(545 * MIB), 640 * MIB);
    assert_int_equal(history_top(640 * MIB), 640 * MIB);
    assert_int_equal(history_top(640 * MIB + 1), 800 * MIB);
    assert_int_equal(history_top(801 * MIB), 1000 * MIB);
    assert_int_equal(history_top(1 * MIB + 1), 2 * MIB);
    assert_int_equal(history_top(3 * MIB), 4 * MIB);
    assert_int_equal(history_top(41 * MIB), 50 * MIB);
    assert_int_equal(history_top(300 * 1024), 400 * 1024);
    assert_int_equal(history_top(0), 1024);
}

/* --- trends ---------------------------------------------------------------*/

struct run {
    struct hand_region hand;
    struct catalog catalog;
    struct snapshot live;
    struct table table;
    struct trend *trend;
    uint32_t grows, shrinks, steady, first;
};

static void
start_run(struct run *run)
{
    memset(run, 0, sizeof(*run));
    hand_init(&run->hand);
    catalog_init(&run->catalog, NULL);
    table_init(&run->table);
    run->trend = trend_new();
    uint32_t code = hand_code(&run->hand, "a.py", "f", 1);
    uint32_t other = hand_code(&run->hand, "<frozen importlib._bootstrap>",
                               "g", 1);
    run->grows = hand_context(&run->hand, 0, code, 1);
    run->shrinks = hand_context(&run->hand, 0, code, 2);
    run->steady = hand_context(&run->hand, 0, other, 3);
    run->first = hand_context(&run->hand, 0, other, 4);
}

static void
end_run(struct run *run)
{
    trend_free(run->trend);
    table_release(&run->table);
    snapshot_release(&run->live);
    catalog_release(&run->catalog);
    hand_release(&run->hand);
}

static void
run_until(struct run *run, uint64_t from_second, uint64_t second)
{
    for (uint64_t i = from_second * 10; i < second * 10; i++) {
        int64_t tenth = (int64_t)i;
        hand_cost(&run->hand, run->grows, (struct region_cost){
            .bytes = 1000 * tenth, .blocks = tenth,
            .blocks_ever = (uint64_t)tenth * 5});
        hand_now(&run->hand, run->shrinks, 9000000 - 600 * tenth, 1);
        hand_now(&run->hand, run->steady, 500, 1);
        hand_now(&run->hand, run->first, tenth < 100 ? 800 : 0, 1);
        hand_take(&run->hand, &run->catalog, &run->live);
        run->live.when_ns = SECOND * 1000 + i * SECOND / 10;
        trend_tick(run->trend, &run->catalog, &run->live);
    }
}

static const struct table_row *
row_of(struct run *run, enum table_by by, uint32_t id)
{
    table_build(&run->table, &(struct table_request){
        .catalog = &run->catalog, .snapshot = &run->live, .by = by,
        .trend = run->trend});
    int64_t at = table_find(&run->table, (struct row_key){
        id == CATALOG_IMPORT ? ROW_IMPORT : ROW_PLACE, id});
    assert_true(at >= 0);
    return &run->table.rows[at];
}

static void
rows_grow_and_shrink(void **state)
{
    struct run run;

    (void)state;
    start_run(&run);
    run_until(&run, 0, 2);
    uint32_t line = run.catalog.contexts[run.grows].line;
    assert_false(row_of(&run, BY_LINE, line)->has_trend);
    run_until(&run, 2, 120);

    const struct table_row *row = row_of(&run, BY_LINE, line);
    assert_true(row->has_trend);
    assert_float_equal(row->growth, 600000.0, 1.0);
    assert_float_equal(row->allocs_per_second, 50.0, 0.01);
    assert_int_equal(trend_direction(row), 1);
    uint8_t levels[8];
    trend_levels(run.trend, &run.table, row, 8, levels);
    static const uint8_t rising[] = {1, 2, 3, 4, 5, 6, 7, 8};
    assert_memory_equal(levels, rising, sizeof(rising));

    row = row_of(&run, BY_LINE, run.catalog.contexts[run.shrinks].line);
    assert_float_equal(row->growth, -360000.0, 1.0);
    assert_int_equal(trend_direction(row), -1);
    row = row_of(&run, BY_FILE, run.catalog.contexts[run.grows].file);
    assert_float_equal(row->growth, 240000.0, 1.0);
    assert_float_equal(run.table.total.growth, 240000.0, 1.0);
    row = row_of(&run, BY_FUNCTION, run.catalog.contexts[run.grows].function);
    assert_float_equal(row->growth, 240000.0, 1.0);
    end_run(&run);
}

static void
the_folded_import_system_has_one_trend(void **state)
{
    struct run run;
    uint8_t levels[TREND_CELLS_MAX];

    (void)state;
    start_run(&run);
    run_until(&run, 0, 100);
    const struct table_row *row = row_of(&run, BY_LINE, CATALOG_IMPORT);
    assert_int_equal(row->bytes, 500);
    assert_int_equal(trend_direction(row), 0);
    trend_levels(run.trend, &run.table, row, TREND_CELLS_MAX, levels);
    assert_int_equal(levels[0], 8);             /* 1300 of 1300 */
    assert_int_equal(levels[TREND_CELLS_MAX - 1], 4);   /* 500 of 1300 */
    end_run(&run);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_long_run_stays_bounded_and_keeps_its_peak),
        cmocka_unit_test(columns_repeat_where_nothing_is_known),
        cmocka_unit_test(the_top_of_the_graph_is_round),
        cmocka_unit_test(rows_grow_and_shrink),
        cmocka_unit_test(the_folded_import_system_has_one_trend),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
