/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hand_region.h"
#include "model/sort.h"

static struct hand_region hand;
static struct catalog catalog;
static struct snapshot base, now;

/* Few different sizes, so that there are many ties. */
static int
make_region(void **state)
{
    static const char *const files[] = {"/app/b.py", "/app/c.py",
                                        "/app/a.py"};

    (void)state;
    srand(5);
    hand_init(&hand);
    catalog_init(&catalog, &(struct origin_paths){.script_dir = "/app"});
    uint32_t context = CONTEXT_FIRST;
    for (int i = 0; i < 3; i++) {
        uint32_t code = hand_code(&hand, files[i], "f", 1);
        for (int line = HAND_LINES; line > 0; line--) {
            context = hand_context(&hand, 0, code, line);
            hand_now(&hand, context, 100 * (rand() % 5), rand() % 4);
        }
    }
    hand_take(&hand, &catalog, &base);
    for (uint32_t i = CONTEXT_FIRST; i <= context; i++) {
        if (rand() % 2 == 0) {
            hand_cost(&hand, i, (struct region_cost){
                .bytes = 100 * (rand() % 5), .blocks = rand() % 4,
                .bytes_at_peak = 100 * (rand() % 5), .bytes_ever = 500,
                .blocks_ever = (uint64_t)(rand() % 5)});
        }
    }
    hand_take(&hand, &catalog, &now);
    return 0;
}

static int
forget_region(void **state)
{
    (void)state;
    snapshot_release(&base);
    snapshot_release(&now);
    catalog_release(&catalog);
    hand_release(&hand);
    return 0;
}

static int
compare_places(const struct table_row *left, const struct table_row *right)
{
    const struct catalog_line *a = catalog_line(&catalog, left->key.id);
    const struct catalog_line *b = catalog_line(&catalog, right->key.id);
    int paths = strcmp(catalog_file(&catalog, a->file)->shown,
                       catalog_file(&catalog, b->file)->shown);

    return paths != 0 ? paths : a->line - b->line;
}

static void
assert_order(const struct table *table, enum column_id id, bool reverse)
{
    const struct column *column = column_get(id);
    uint32_t ties = 0;

    for (uint32_t i = 1; i < table->count; i++) {
        const struct table_row *left = &table->rows[i - 1];
        const struct table_row *right = &table->rows[i];
        double a = fabs(column->value(table, left));
        double b = fabs(column->value(table, right));
        if (table->has_base && left->is_unchanged != right->is_unchanged) {
            assert_true(right->is_unchanged);
            continue;
        }
        assert_true(reverse ? a <= b : a >= b);
        if (a == b) {
            assert_true(compare_places(left, right) < 0);
            ties++;
        }
    }
    assert_true(ties > 0);
}

static void
every_column_sorts_with_ties_by_place(void **state)
{
    static const enum column_id ids[] = {
        COLUMN_SIZE, COLUMN_BLOCKS, COLUMN_AVERAGE, COLUMN_AT_PEAK,
        COLUMN_EVER, COLUMN_PERCENT};
    struct table table;

    (void)state;
    table_init(&table);
    table_build(&table, &(struct table_request){
        .catalog = &catalog, .snapshot = &now});
    for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
        for (int reverse = 0; reverse < 2; reverse++) {
            table_sort(&table, (struct sort_order){ids[i], reverse});
            assert_order(&table, ids[i], reverse);
        }
    }
    /* What a table cannot be sorted by: its size. */
    table_sort(&table, (struct sort_order){COLUMN_DELTA_SIZE, false});
    assert_order(&table, COLUMN_SIZE, false);
    table_sort(&table, (struct sort_order){COLUMN_BAR, false});
    assert_order(&table, COLUMN_SIZE, false);
    table_release(&table);
}

static void
places_sort_by_path_then_line(void **state)
{
    struct table table;

    (void)state;
    table_init(&table);
    table_build(&table, &(struct table_request){
        .catalog = &catalog, .snapshot = &now});
    for (int reverse = 0; reverse < 2; reverse++) {
        table_sort(&table, (struct sort_order){COLUMN_LOCATION, reverse});
        for (uint32_t i = 1; i < table.count; i++) {
            int order = compare_places(&table.rows[i - 1], &table.rows[i]);
            assert_true(reverse ? order > 0 : order < 0);
        }
    }
    table_release(&table);
}

static void
differences_sort_by_amount_and_unchanged_rows_last(void **state)
{
    struct table table;

    (void)state;
    table_init(&table);
    table_build(&table, &(struct table_request){
        .catalog = &catalog, .snapshot = &now, .base = &base});
    assert_true(table.unchanged > 0 && table.unchanged < table.count);
    table_sort(&table, sort_default(true));
    assert_order(&table, COLUMN_DELTA_SIZE, false);
    assert_true(table.rows[table.count - 1].is_unchanged);
    table_sort(&table, (struct sort_order){COLUMN_DELTA_BLOCKS, true});
    assert_order(&table, COLUMN_DELTA_BLOCKS, true);
    assert_true(table.rows[table.count - 1].is_unchanged);
    table_release(&table);
}

static void
functions_sort_by_the_chosen_charge(void **state)
{
    struct table table;

    (void)state;
    table_init(&table);
    for (int cumulative = 0; cumulative < 2; cumulative++) {
        table_build(&table, &(struct table_request){
            .catalog = &catalog, .snapshot = &now, .by = BY_FUNCTION,
            .cumulative = cumulative});
        table_sort(&table, sort_default(false));
        for (uint32_t i = 1; i < table.count; i++) {
            const struct table_row *a = &table.rows[i - 1];
            const struct table_row *b = &table.rows[i];
            assert_true(cumulative ? a->cumulative.bytes
                        >= b->cumulative.bytes : a->own.bytes
                        >= b->own.bytes);
        }
    }
    table_release(&table);
}

static int
compare_keys(const void *a, const void *b)
{
    const struct row_key *left = a, *right = b;

    return left->kind != right->kind ? (left->kind > right->kind) * 2 - 1
        : (left->id > right->id) - (left->id < right->id);
}

/* All keys of a table, in an order of their own. */
static struct row_key *
keys_of(const struct table *table)
{
    struct row_key *keys = calloc(table->count, sizeof(*keys));

    for (uint32_t i = 0; i < table->count; i++) {
        keys[i] = table->rows[i].key;
    }
    qsort(keys, table->count, sizeof(*keys), compare_keys);
    return keys;
}

static void
the_first_rows_are_those_of_a_full_sort(void **state)
{
    static const enum column_id ids[] = {
        COLUMN_SIZE, COLUMN_BLOCKS, COLUMN_AVERAGE, COLUMN_DELTA_SIZE,
        COLUMN_LOCATION};
    struct table full, some;

    (void)state;
    table_init(&full);
    table_init(&some);
    for (int trial = 0; trial < 400; trial++) {
        struct table_request request = {
            .catalog = &catalog, .snapshot = &now,
            .base = trial % 2 == 0 ? &base : NULL};
        struct sort_order order = {ids[trial / 2 % 5], trial / 10 % 2};
        table_build(&full, &request);
        table_build(&some, &request);
        uint32_t top = (uint32_t)rand() % (full.count + 2);
        table_sort(&full, order);
        table_sort_top(&some, order, top);
        assert_int_equal(full.count, some.count);
        for (uint32_t i = 0; i < (top == 0 ? full.count : top); i++) {
            if (i < full.count) {
                assert_memory_equal(&full.rows[i].key, &some.rows[i].key,
                                    sizeof(full.rows[i].key));
            }
        }
        struct row_key *one = keys_of(&full), *other = keys_of(&some);
        assert_memory_equal(one, other, full.count * sizeof(*one));
        free(one);
        free(other);
    }
    table_release(&full);
    table_release(&some);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_column_sorts_with_ties_by_place),
        cmocka_unit_test(places_sort_by_path_then_line),
        cmocka_unit_test(differences_sort_by_amount_and_unchanged_rows_last),
        cmocka_unit_test(functions_sort_by_the_chosen_charge),
        cmocka_unit_test(the_first_rows_are_those_of_a_full_sort),
    };

    return cmocka_run_group_tests(tests, make_region, forget_region);
}
