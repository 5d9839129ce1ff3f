/* SPDX-License-Identifier: MIT
 *
 * Tables of a random tree of contexts, in every combination of switches,
 * against sums made the slow way.
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

static const char *const files[] = {
    "/app/a.py", "/app/b.py", "/usr/lib/python3.12/json/d.py",
    "/v/lib/python3.12/site-packages/p/q.py", "<frozen importlib._bootstrap>",
};
enum { FILES = 5, FIRST_LIBRARY = 2, IMPORT = 4, FUNCTIONS_A_FILE = 3,
       CODES = FILES * FUNCTIONS_A_FILE, CONTEXTS = 400 };

/* What was written into the region, by context. */
static struct {
    uint32_t parent;
    int code, line;
    struct region_cost cost, base;
} known[CONTEXTS + CONTEXT_FIRST];

static struct hand_region hand;
static struct catalog catalog;
static struct snapshot base, now;

static int
file_of(uint32_t context)
{
    return known[context].code / FUNCTIONS_A_FILE;
}

static struct region_cost
random_cost(void)
{
    struct region_cost cost = {0};

    if (rand() % 3 == 0) {
        return cost;
    }
    cost.blocks = rand() % 4;
    cost.bytes = cost.blocks * (rand() % 5000);
    cost.blocks_at_peak = rand() % 5;
    cost.bytes_at_peak = cost.blocks_at_peak * (rand() % 3000);
    cost.blocks_ever = (uint64_t)(cost.blocks + cost.blocks_at_peak);
    cost.bytes_ever = (uint64_t)(cost.bytes + cost.bytes_at_peak);
    return cost;
}

static int
make_region(void **state)
{
    (void)state;
    srand(20260);
    hand_init(&hand);
    catalog_init(&catalog, &(struct origin_paths){.script_dir = "/app"});
    uint32_t codes[CODES];
    for (int i = 0; i < CODES; i++) {
        char name[20];
        sprintf(name, "C.f%d", i);
        codes[i] = hand_code(&hand, files[i / FUNCTIONS_A_FILE], name, 1);
    }
    for (uint32_t i = CONTEXT_FIRST; i < CONTEXTS + CONTEXT_FIRST; i++) {
        /* Long chains, so that there is much recursion. */
        uint32_t parent = i == CONTEXT_FIRST || rand() % 20 == 0
            ? CONTEXT_NONE
            : i - 1 - (uint32_t)rand() % (i - CONTEXT_FIRST < 6
                                          ? i - CONTEXT_FIRST : 6);
        known[i].parent = parent;
        known[i].code = rand() % CODES;
        known[i].line = 1 + rand() % 20;
        assert_int_equal(hand_context(&hand, parent,
                                      codes[known[i].code],
                                      known[i].line), i);
    }
    for (uint32_t i = CONTEXT_FIRST; i < CONTEXTS + CONTEXT_FIRST; i++) {
        known[i].base = random_cost();
        hand_cost(&hand, i, known[i].base);
    }
    known[CONTEXT_NO_FRAME].base = random_cost();
    hand_cost(&hand, CONTEXT_NO_FRAME, known[CONTEXT_NO_FRAME].base);
    hand_take(&hand, &catalog, &base);
    for (uint32_t i = CONTEXT_FIRST; i < CONTEXTS + CONTEXT_FIRST; i++) {
        known[i].cost = rand() % 3 == 0 ? known[i].base : random_cost();
        hand_cost(&hand, i, known[i].cost);
    }
    known[CONTEXT_NO_FRAME].cost = known[CONTEXT_NO_FRAME].base;
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

/* --- the slow way ---------------------------------------------------------*/

static bool
is_mine(uint32_t context)
{
    return context >= CONTEXT_FIRST && file_of(context) < FIRST_LIBRARY;
}

static uint32_t
charged(const struct table_request *request, uint32_t context)
{
    while (request->mine && context != CONTEXT_NONE && !is_mine(context)) {
        context = context < CONTEXT_FIRST ? CONTEXT_NONE
            : known[context].parent;
    }
    return context;
}

/* The filters of the test below, by number. */
static const char *const filters[] = {"", "*.py !*b.py", "*:1?"};

static bool
passes(int filter, uint32_t context)
{
    if (filter == 0) {
        return true;
    }
    if (context < CONTEXT_FIRST) {
        return false;
    }
    return filter == 1 ? file_of(context) != 1 && file_of(context) != IMPORT
        : known[context].line >= 10 && known[context].line < 20;
}

/* Is the context (0: no line of yours) one of the row's own? */
static bool
belongs(const struct table *table, const struct table_row *row,
        uint32_t context)
{
    const struct table_request *request = &table->request;
    bool fold = !request->unfold_import && request->by != BY_TRACEBACK;

    if (row->key.kind == ROW_NOT_MINE || context == CONTEXT_NONE) {
        return row->key.kind == ROW_NOT_MINE && context == CONTEXT_NONE;
    }
    if (context < CONTEXT_FIRST) {
        return row->key.kind == ROW_PLACE
            && table_row_origin(table, row) == ORIGIN_NONE;
    }
    if (row->key.kind == ROW_IMPORT || (fold && file_of(context) == IMPORT)) {
        return row->key.kind == ROW_IMPORT && file_of(context) == IMPORT;
    }
    const struct catalog_file *file
        = catalog_file(&catalog, table_row_file(table, row));
    if (strcmp(file->path, files[file_of(context)]) != 0) {
        return false;
    }
    if (request->by == BY_FUNCTION) {
        char name[20];
        sprintf(name, "C.f%d", known[context].code);
        return strcmp(catalog_function(&catalog, row->key.id)->name, name)
            == 0;
    }
    if (request->by == BY_FILE) {
        return true;
    }
    if (catalog_line(&catalog, table_row_line(table, row))->line
        != known[context].line) {
        return false;
    }
    if (request->by == BY_LINE) {
        return true;
    }
    /* The same lines all the way out. */
    uint32_t traceback = row->key.id;
    while (context != CONTEXT_NONE && traceback != CATALOG_NONE) {
        const struct catalog_line *line = catalog_line(
            &catalog, catalog.tracebacks[traceback].line);
        if (line->line != known[context].line
            || strcmp(catalog_file(&catalog, line->file)->path,
                      files[file_of(context)]) != 0) {
            return false;
        }
        context = known[context].parent;
        traceback = catalog.tracebacks[traceback].parent;
    }
    return context == CONTEXT_NONE && traceback == CATALOG_NONE;
}

/* Does the row hold the context or one of its callers? */
static bool
is_below(const struct table *table, const struct table_row *row, int filter,
         uint32_t context)
{
    if (context == CONTEXT_NONE) {
        return filter == 0 && belongs(table, row, context);
    }
    while (context != CONTEXT_NONE) {
        if ((!table->request.mine || is_mine(context))
            && passes(filter, context) && belongs(table, row, context)) {
            return true;
        }
        context = context < CONTEXT_FIRST ? CONTEXT_NONE
            : known[context].parent;
    }
    return false;
}

static void
assert_costs_equal(const struct region_cost *left,
                   const struct region_cost *right)
{
    assert_int_equal(left->bytes, right->bytes);
    assert_int_equal(left->blocks, right->blocks);
    assert_int_equal(left->bytes_at_peak, right->bytes_at_peak);
    assert_int_equal(left->blocks_at_peak, right->blocks_at_peak);
    assert_int_equal(left->bytes_ever, right->bytes_ever);
    assert_int_equal(left->blocks_ever, right->blocks_ever);
}

static void
check_row(const struct table *table, const struct table_row *row, int filter)
{
    const struct table_request *request = &table->request;
    struct region_cost own = {0}, cumulative = {0}, own_base = {0};
    struct region_cost cumulative_base = {0};

    for (uint32_t i = 1; i < CONTEXTS + CONTEXT_FIRST; i++) {
        uint32_t at = charged(request, i);
        bool passed = at == CONTEXT_NONE ? filter == 0 : passes(filter, at);
        if (passed && belongs(table, row, at)) {
            cost_add(&own, &known[i].cost);
            cost_add(&own_base, &known[i].base);
        }
        if (is_below(table, row, filter, at)) {
            cost_add(&cumulative, &known[i].cost);
            cost_add(&cumulative_base, &known[i].base);
        }
    }
    assert_costs_equal(&row->own, &own);
    if (table->has_cumulative) {
        assert_costs_equal(&row->cumulative, &cumulative);
    }
    const struct region_cost *end = request->cumulative ? &cumulative : &own;
    const struct region_cost *before = request->cumulative ? &cumulative_base
        : &own_base;
    int64_t bytes = cost_bytes(end, request->moment);
    int64_t blocks = cost_blocks(end, request->moment);
    assert_int_equal(row->bytes, bytes);
    assert_int_equal(row->blocks, blocks);
    if (!table->has_base) {
        return;
    }
    int64_t base_bytes = cost_bytes(before, request->base_moment);
    int64_t base_blocks = cost_blocks(before, request->base_moment);
    assert_int_equal(row->delta_bytes, bytes - base_bytes);
    assert_int_equal(row->delta_blocks, blocks - base_blocks);
    bool in_end = bytes != 0 || blocks != 0;
    bool in_base = base_bytes != 0 || base_blocks != 0;
    assert_true(in_end || in_base);
    assert_int_equal(row->is_new, in_end && !in_base);
    assert_int_equal(row->is_gone, in_base && !in_end);
    assert_int_equal(row->is_unchanged, bytes == base_bytes
                     && blocks == base_blocks);
}

/* Rows of own costs and the total, each moment; a window and `more rows`. */
static void
check_sums(const struct table *table, int filter)
{
    struct region_cost sum = {0}, expected = {0};
    struct table_row more;
    uint32_t first = table->count / 3, visible = table->count / 4;

    for (uint32_t i = 1; i < CONTEXTS + CONTEXT_FIRST; i++) {
        uint32_t at = charged(&table->request, i);
        if (at == CONTEXT_NONE ? filter == 0 : passes(filter, at)) {
            cost_add(&expected, &known[i].cost);
        }
    }
    table_more(table, first, visible, &more);
    int64_t deltas = more.delta_bytes;
    struct region_cost window = more.own;
    for (uint32_t i = 0; i < table->count; i++) {
        cost_add(&sum, &table->rows[i].own);
        if (i >= first && i < first + visible) {
            cost_add(&window, &table->rows[i].own);
            deltas += table->rows[i].delta_bytes;
        }
    }
    assert_costs_equal(&window, &sum);
    assert_int_equal(more.places, table->count - visible);
    if (table->has_base) {
        assert_int_equal(cost_bytes(&sum, table->request.moment),
                         table->total.bytes);
        assert_int_equal(cost_bytes(&expected, table->request.moment),
                         table->total.bytes);
        if (!table->request.cumulative) {
            assert_int_equal(deltas, table->total.delta_bytes);
        }
        return;
    }
    assert_costs_equal(&sum, &expected);
    assert_costs_equal(&table->total.own, &expected);
}

static void
check_table(const struct table *table, int filter)
{
    uint32_t unchanged = 0;

    assert_true(table->count > 0);
    for (uint32_t i = 0; i < table->count; i++) {
        check_row(table, &table->rows[i], filter);
        assert_int_equal(table_find(table, table->rows[i].key), i);
        unchanged += table->rows[i].is_unchanged;
    }
    assert_int_equal(table->unchanged, unchanged);
    check_sums(table, filter);
    assert_int_equal(table->traced_bytes,
                     table->request.moment == MOMENT_NOW ? now.totals.bytes
                     : table->request.moment == MOMENT_PEAK
                     ? now.totals.peak_bytes
                     : (int64_t)now.totals.alloc_bytes);
    if (filter == 0) {
        assert_int_equal(table->total.bytes, table->traced_bytes);
        assert_int_equal(table->total.blocks, table->traced_blocks);
    }
}

static void
every_switch_adds_up(void **state)
{
    struct filter filter;
    struct table table;

    (void)state;
    filter_init(&filter);
    table_init(&table);
    for (unsigned n = 0; n < BY_COUNT * 3u * 3u * 16u; n++) {
        struct table_request request = {
            .catalog = &catalog,
            .snapshot = &now,
            .by = n % BY_COUNT,
            .moment = n / BY_COUNT % 3,
            .cumulative = n / 36 % 2,
            .mine = n / 72 % 2,
            .unfold_import = n / 144 % 2,
            .base = n / 288 % 2 ? &base : NULL,
            .filter = &filter,
        };
        request.base_moment = request.moment == MOMENT_PEAK ? MOMENT_PEAK
            : MOMENT_NOW;
        int number = (int)(n / 12 % 3);
        filter_set(&filter, filters[number]);
        table_build(&table, &request);
        check_table(&table, number);
    }
    table_release(&table);
    filter_release(&filter);
}

static void
peak_snapshot_is_the_peak(void **state)
{
    struct snapshot peak = {0};
    struct table table, expected;

    (void)state;
    snapshot_take_peak(&peak, &now);
    table_init(&table);
    table_init(&expected);
    table_build(&table, &(struct table_request){
        .catalog = &catalog, .snapshot = &peak});
    table_build(&expected, &(struct table_request){
        .catalog = &catalog, .snapshot = &now, .moment = MOMENT_PEAK});
    assert_int_equal(table.total.bytes, now.totals.peak_bytes);
    assert_int_equal(peak.totals.bytes, now.totals.peak_bytes);
    for (uint32_t i = 0; i < table.count; i++) {
        int64_t at = table_find(&expected, table.rows[i].key);
        assert_true(at >= 0);
        assert_int_equal(table.rows[i].bytes, expected.rows[at].bytes);
    }
    table_release(&table);
    table_release(&expected);
    snapshot_release(&peak);
}

static void
only_one_place(void **state)
{
    struct table table;
    uint32_t file = catalog_find_file(&catalog, "a.py");
    int64_t expected = 0;

    (void)state;
    assert_int_equal(file, catalog_find_file(&catalog, files[0]));
    for (uint32_t i = CONTEXT_FIRST; i < CONTEXTS + CONTEXT_FIRST; i++) {
        expected += file_of(i) == 0 ? known[i].cost.bytes : 0;
    }
    table_init(&table);
    table_build(&table, &(struct table_request){
        .catalog = &catalog, .snapshot = &now, .only_file = file});
    assert_true(table.filtered);
    assert_int_equal(table.total.bytes, expected);
    assert_int_equal(table.traced_bytes, now.totals.bytes);
    for (uint32_t i = 0; i < table.count; i++) {
        assert_int_equal(table_row_file(&table, &table.rows[i]), file);
        assert_int_equal(table_row_origin(&table, &table.rows[i]),
                         ORIGIN_YOURS);
    }
    table_release(&table);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_switch_adds_up),
        cmocka_unit_test(peak_snapshot_is_the_peak),
        cmocka_unit_test(only_one_place),
    };

    return cmocka_run_group_tests(tests, make_region, forget_region);
}
