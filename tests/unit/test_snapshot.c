/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/size_text.h"
#include "hand_region.h"
#include "model/snapshot_list.h"

#define SECOND 1000000000ull

struct run {
    struct hand_region hand;
    struct catalog catalog;
    struct snapshot live;
    struct snapshot_list list;
    uint32_t context;
};

static void
start_run(struct run *run)
{
    memset(run, 0, sizeof(*run));
    hand_init(&run->hand);
    catalog_init(&run->catalog, NULL);
    snapshot_list_init(&run->list);
    run->context = hand_context(&run->hand, 0,
                                hand_code(&run->hand, "x.py", "f", 1), 1);
}

static void
end_run(struct run *run)
{
    snapshot_list_release(&run->list);
    snapshot_release(&run->live);
    catalog_release(&run->catalog);
    hand_release(&run->hand);
}

static void
at_second(struct run *run, uint64_t second, int64_t bytes)
{
    hand_now(&run->hand, run->context, bytes, 1);
    hand_take(&run->hand, &run->catalog, &run->live);
    run->live.when_ns = second * SECOND;
}

static void
snapshots_do_not_change(void **state)
{
    struct run run;

    (void)state;
    start_run(&run);
    at_second(&run, 1, 100);
    struct snapshot *one = snapshot_list_add(&run.list, SNAPSHOT_MANUAL,
                                             &run.live);
    at_second(&run, 2, 300);
    assert_int_equal(one->totals.bytes, 100);
    assert_int_equal(one->cost_count, 1);
    assert_int_equal(one->contexts[0], run.context);
    assert_int_equal(one->costs[0].bytes, 100);
    struct snapshot *two = snapshot_list_add(&run.list, SNAPSHOT_MANUAL,
                                             &run.live);
    assert_int_equal(one->number, 1);
    assert_int_equal(two->number, 2);
    assert_ptr_equal(snapshot_list_newest_manual(&run.list), two);
    snapshot_list_remove(&run.list, two);
    assert_ptr_equal(snapshot_list_newest_manual(&run.list), one);
    /* A number is never given twice. */
    assert_int_equal(snapshot_list_add(&run.list, SNAPSHOT_MANUAL,
                                       &run.live)->number, 3);
    end_run(&run);
}

static void
marks_and_names(void **state)
{
    struct run run;
    char buf[NUMBER_TEXT_SIZE];

    (void)state;
    start_run(&run);
    at_second(&run, 142, 100);
    run.live.totals.peak_ns = 107 * SECOND;
    assert_string_equal(snapshot_mark(buf, &run.live, 0), "now");
    struct snapshot *one = snapshot_list_add(&run.list, SNAPSHOT_MANUAL,
                                             &run.live);
    struct snapshot *old = snapshot_list_add(&run.list,
                                             SNAPSHOT_BEFORE_RESET,
                                             &run.live);
    struct snapshot *automatic = snapshot_list_add(
        &run.list, SNAPSHOT_AUTOMATIC, &run.live);
    assert_string_equal(snapshot_mark(buf, one, 0), "#1");
    assert_string_equal(snapshot_mark(buf, old, 0), "peak before reset");
    assert_string_equal(old->name, "peak before reset");
    assert_int_equal(old->when_ns, 107 * SECOND);
    assert_string_equal(snapshot_mark(buf, automatic, 40 * SECOND),
                        "00:01:42");
    snapshot_set_name(one, "after\x1b the load");
    assert_string_equal(one->name, "after? the load");
    snapshot_set_name(one, "");
    assert_null(one->name);
    /* By time: the peak comes first. */
    assert_ptr_equal(run.list.items[0], old);
    assert_ptr_equal(snapshot_list_older(&run.list, one), old);
    assert_ptr_equal(snapshot_list_newer(&run.list, old), one);
    assert_ptr_equal(snapshot_list_older(&run.list, NULL), automatic);
    assert_null(snapshot_list_newer(&run.list, automatic));
    assert_null(snapshot_list_older(&run.list, old));
    end_run(&run);
}

static void
automatic_ones_are_thinned(void **state)
{
    struct run run;
    struct snapshot *pinned = NULL;
    size_t automatic = 0;
    uint64_t last = 0;

    (void)state;
    start_run(&run);
    at_second(&run, 0, 10);
    assert_true(snapshot_list_tick(&run.list, &run.live, NULL, NULL));
    assert_int_equal(run.list.items[0]->kind, SNAPSHOT_START);
    assert_false(snapshot_list_tick(&run.list, &run.live, NULL, NULL));
    for (uint64_t second = 1; second <= 20000; second++) {
        run.live.when_ns = second * SECOND;
        if (second == 500) {
            snapshot_list_add(&run.list, SNAPSHOT_MANUAL, &run.live);
        }
        bool changed = snapshot_list_tick(&run.list, &run.live, pinned,
                                          NULL);
        if (second == 10) {
            assert_true(changed);
            pinned = run.list.items[1];
        }
        assert_true(run.list.count <= SNAPSHOT_AUTOMATIC_MAX + 3);
    }
    bool pinned_kept = false, manual_kept = false;
    for (size_t i = 0; i < run.list.count; i++) {
        const struct snapshot *item = run.list.items[i];
        automatic += item->kind == SNAPSHOT_AUTOMATIC;
        pinned_kept = pinned_kept || item == pinned;
        manual_kept = manual_kept || item->kind == SNAPSHOT_MANUAL;
        assert_true(item->when_ns >= last);
        last = item->when_ns;
    }
    assert_true(pinned_kept && manual_kept);
    assert_true(automatic >= SNAPSHOT_AUTOMATIC_MAX / 2);
    /* Evenly spread to the end of the run. */
    assert_true(last >= 20000 * SECOND - run.list.interval_ns);
    end_run(&run);
}

static void
the_peak_of_a_past_reset_is_kept(void **state)
{
    struct run run;

    (void)state;
    start_run(&run);
    hand_cost(&run.hand, run.context, (struct region_cost){
        .bytes = 5, .blocks = 1, .bytes_at_peak = 900, .blocks_at_peak = 9,
        .bytes_ever = 1000, .blocks_ever = 12});
    hand_take(&run.hand, &run.catalog, &run.live);
    struct snapshot *old = snapshot_list_add(&run.list,
                                             SNAPSHOT_BEFORE_RESET,
                                             &run.live);
    assert_int_equal(old->totals.bytes, 900);
    assert_int_equal(old->totals.blocks, 9);
    assert_int_equal(old->costs[0].bytes, 900);
    assert_int_equal(old->costs[0].blocks, 9);
    assert_int_equal(run.live.costs[0].bytes, 5);
    end_run(&run);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(snapshots_do_not_change),
        cmocka_unit_test(marks_and_names),
        cmocka_unit_test(automatic_ones_are_thinned),
        cmocka_unit_test(the_peak_of_a_past_reset_is_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
