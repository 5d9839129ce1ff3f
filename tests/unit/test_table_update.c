/* SPDX-License-Identifier: MIT
 *
 * Copies that read only what is marked, and tables brought up to date by
 * them, against copies and tables made from nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hand_region.h"
#include "model/table.h"

#define CODES 40
#define CONTEXTS 400
#define STEPS 60
#define TABLES (BY_COUNT * 3 * 2 * 2 * 3)

static struct hand_region hand;
static struct catalog catalog;
static struct snapshot live, base;
static uint32_t codes[CODES], contexts[CONTEXTS], context_count;
static struct table tables[TABLES];
static unsigned updated, built;

static uint32_t
below(uint32_t n)
{
    return (uint32_t)rand() % n;
}

/* As the engine does it: the cell, then its mark. */
static void
book(uint32_t context)
{
    int64_t blocks = below(50), size = 1 + below(100);
    int64_t peak = below(50);
    uint32_t cell = hand.contexts[context].cell;
    struct region_cost cost = {0};

    if (cell != 0) {
        cost = hand.cells[cell].cost;
    }
    cost.bytes = blocks * size;
    cost.blocks = blocks;
    cost.bytes_ever += (uint64_t)(50 * size);
    cost.blocks_ever += 50;
    cost.bytes_at_peak = peak * size;
    cost.blocks_at_peak = peak;
    hand_cost(&hand, context, cost);
    cell = hand.contexts[context].cell;
    hand.cells[cell].peak_epoch = hand.head->totals.peak_epoch;
    uint64_t *marks = (uint64_t *)((char *)hand.head
                                   + hand.region.header->marks_offset);
    marks[cell / 64] |= (uint64_t)1 << cell % 64;
    hand.head->operations += 2;
}

/* A call of what there is already, or of something that nobody calls. */
static void
add_context(void)
{
    static const char *const files[] = {
        "/s/app.py", "/s/shop/cache.py", "/usr/lib/python3/json/x.py",
        "<frozen importlib._bootstrap>"
    };
    uint32_t number = below(CODES);

    if (codes[number] == 0) {
        char name[20];
        snprintf(name, sizeof(name), "f%u", number);
        codes[number] = hand_code(&hand, files[number % 4], name,
                                  (int)(1 + number * 5));
    }
    uint32_t parent = context_count == 0 || below(5) == 0 ? 0
        : contexts[below(context_count)];
    contexts[context_count++] = hand_context(
        &hand, parent, codes[number], (int)(1 + number * 5 + below(4)));
}

/* The peak is where everything stands now. */
static void
move_peak(void)
{
    struct region_totals *totals = &hand.head->totals;

    totals->peak_epoch++;
    hand.head->operations += 2;
    totals->peak_bytes = totals->bytes;
    totals->peak_blocks = totals->blocks;
    for (uint32_t i = 1; i < hand.head->cells; i++) {
        struct region_cost *cost = &hand.cells[i].cost;
        cost->bytes_at_peak = -1000;    /* void, as the epoch says */
        cost->blocks_at_peak = -1000;
    }
}

/* hand_cost() takes what was at peak off the totals before. */
static void
make_present(void)
{
    for (uint32_t i = 1; i < hand.head->cells; i++) {
        struct region_cell *cell = &hand.cells[i];
        if (cell->peak_epoch != hand.head->totals.peak_epoch) {
            cell->cost.bytes_at_peak = cell->cost.bytes;
            cell->cost.blocks_at_peak = cell->cost.blocks;
        }
    }
}

static void
copy_is_right(void)
{
    const struct region_copy *copy = &hand.copy;
    struct region_cost sum = {0};

    for (uint32_t i = 0; i < copy->contexts; i++) {
        uint32_t cell = hand.contexts[i].cell;
        struct region_cost zero = {0}, expected = cell == 0 ? zero
            : hand.cells[cell].cost;
        if (cell != 0 && hand.cells[cell].peak_epoch
            != hand.head->totals.peak_epoch) {
            expected.bytes_at_peak = expected.bytes;
            expected.blocks_at_peak = expected.blocks;
        }
        assert_memory_equal(&copy->costs[i], &expected, sizeof(expected));
        sum.bytes += expected.bytes;
        sum.bytes_at_peak += expected.bytes_at_peak;
    }
    assert_int_equal(sum.bytes, copy->totals.bytes);
    assert_int_equal(sum.bytes_at_peak, copy->totals.peak_bytes);
}

static void
rows_are_equal(const struct table *table, const struct table *fresh)
{
    struct region_cost more_own, row_own;
    struct table_row more;

    assert_int_equal(table->count, fresh->count);
    for (uint32_t i = 0; i < fresh->count; i++) {
        const struct table_row *expected = &fresh->rows[i];
        int64_t at = table_find(table, expected->key);
        assert_true(at >= 0);
        assert_memory_equal(&table->rows[at], expected, sizeof(*expected));
    }
    assert_memory_equal(&table->total, &fresh->total, sizeof(fresh->total));
    assert_int_equal(table->unchanged, fresh->unchanged);
    assert_int_equal(table->traced_bytes, fresh->traced_bytes);
    assert_int_equal(table->traced_blocks, fresh->traced_blocks);
    assert_int_equal(table->library_bytes, fresh->library_bytes);
    /* `more rows` and the rows that are seen are the total. */
    table_more(table, 0, 3, &more);
    more_own = more.own;
    for (uint32_t i = 0; i < table->count && i < 3; i++) {
        row_own = table->rows[i].own;
        cost_add(&more_own, &row_own);
    }
    if (!table->has_base) {
        assert_memory_equal(&more_own, &table->total.own, sizeof(more_own));
    }
}

static struct table_request
request_of(unsigned number)
{
    unsigned against = number % 3;
    struct table_request request = {
        .catalog = &catalog, .snapshot = &live,
        .by = number / 3 % BY_COUNT,
        .moment = number / 3 / BY_COUNT % 3,
        .mine = number / 9 / BY_COUNT % 2,
        .cumulative = number / 18 / BY_COUNT % 2,
        .base = against == 0 ? NULL : against == 1 ? &base : &live,
        .base_moment = against == 2 ? MOMENT_PEAK : MOMENT_NOW,
    };
    return request;
}

static void
bring_up_to_date(void)
{
    for (unsigned i = 0; i < TABLES; i++) {
        struct table fresh;
        struct table_request request = request_of(i);
        table_init(&fresh);
        table_build(&fresh, &request);
        if (tables[i].generation != 0
            && table_update(&tables[i], &hand.copy)) {
            updated++;
            rows_are_equal(&tables[i], &fresh);
        }
        else {
            built++;
            table_build(&tables[i], &request);
        }
        table_release(&fresh);
    }
}

static void
take(void)
{
    assert_int_equal(region_copy_take(&hand.region, 0, &hand.copy), 0);
    copy_is_right();
    catalog_update(&catalog, &hand.region, 0, hand.copy.contexts);
    snapshot_look(&live, &hand.copy);
}

static void
updates_are_builds(void **state)
{
    struct origin_paths paths = {
        .stdlib = "/usr/lib/python3", .script_dir = "/s", .cwd = "/s"
    };

    (void)state;
    srand(7);
    hand_init(&hand);
    hand.head->marking = 1;
    catalog_init(&catalog, &paths);
    for (unsigned i = 0; i < TABLES; i++) {
        table_init(&tables[i]);
    }
    for (int i = 0; i < CONTEXTS / 2; i++) {
        add_context();
        book(contexts[i]);
    }
    take();
    assert_true(hand.copy.whole);
    snapshot_copy(&base, &live);
    for (int step = 0; step < STEPS; step++) {
        if (below(3) == 0 && context_count < CONTEXTS) {
            add_context();
        }
        make_present();
        for (uint32_t n = below(step % 2 ? 4 : 30); n > 0; n--) {
            book(contexts[below(context_count)]);
        }
        if (below(4) == 0) {
            move_peak();
        }
        take();
        assert_false(hand.copy.whole);
        bring_up_to_date();
    }
    assert_true(updated > 2000 && built > 1000);
    for (unsigned i = 0; i < TABLES; i++) {
        table_release(&tables[i]);
    }
    snapshot_release(&base);
    snapshot_release(&live);
    catalog_release(&catalog);
    hand_release(&hand);
}

/* Who asks for copies in turn with another one reads everything. */
static void
two_copies_in_turns(void **state)
{
    struct region_copy other = {0};

    (void)state;
    hand_init(&hand);
    hand.head->marking = 1;
    context_count = 0;
    memset(codes, 0, sizeof(codes));
    for (int i = 0; i < 20; i++) {
        add_context();
        book(contexts[i]);
    }
    for (int i = 0; i < 10; i++) {
        assert_int_equal(region_copy_take(&hand.region, 0, &hand.copy), 0);
        copy_is_right();
        book(contexts[below(20)]);
        assert_int_equal(region_copy_take(&hand.region, 0, &other), 0);
        assert_true(other.whole);
        book(contexts[below(20)]);
    }
    region_copy_release(&other);
    hand_release(&hand);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(updates_are_builds),
        cmocka_unit_test(two_copies_in_turns),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
