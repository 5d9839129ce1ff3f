/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "hand_region.h"
#include "model/tree.h"

/* --- a shop, as small as it shows every kind of row -----------------------*/

struct shop {
    struct hand_region hand;
    struct catalog catalog;
    struct snapshot before, now;
    struct tree tree;
    struct tree_folds folds;
};

enum { MAIN, LOAD, REMEMBER, EVICT, IMPORTLIB, CODES };

static void
open_shop(struct shop *shop)
{
    struct hand_region *hand = &shop->hand;
    uint32_t code[CODES], at[20];

    memset(shop, 0, sizeof(*shop));
    hand_init(hand);
    catalog_init(&shop->catalog, &(struct origin_paths){.cwd = "/home/u"});
    code[MAIN] = hand_code(hand, "/home/u/shop/__main__.py", "main", 1);
    code[LOAD] = hand_code(hand, "/home/u/shop/load.py", "ingest", 50);
    code[REMEMBER] = hand_code(hand, "/home/u/shop/cache.py",
                               "Cache.remember", 84);
    code[EVICT] = hand_code(hand, "/home/u/shop/cache.py", "Cache.evict",
                            92);
    code[IMPORTLIB] = hand_code(hand, "<frozen importlib._bootstrap>",
                                "_find_and_load", 1);

    at[0] = hand_context(hand, 0, code[MAIN], 12);
    at[1] = hand_context(hand, at[0], code[LOAD], 58);
    at[2] = hand_context(hand, at[1], code[REMEMBER], 88);
    at[3] = hand_context(hand, at[1], code[REMEMBER], 90);
    at[4] = hand_context(hand, at[3], code[EVICT], 93);
    for (int i = 0; i < 5; i++) {
        at[5 + i] = hand_context(hand, at[0], code[LOAD], 60 + i);
    }
    at[10] = hand_context(hand, 0, code[MAIN], 1);
    at[11] = hand_context(hand, at[10], code[IMPORTLIB], 20);
    at[12] = hand_context(hand, at[11], code[IMPORTLIB], 30);
    hand_now(hand, at[2], 100, 1);
    hand_take(hand, &shop->catalog, &shop->before);
    hand_now(hand, at[2], 700, 7);
    hand_now(hand, at[4], 50, 1);
    hand_now(hand, at[1], 20, 2);
    for (int i = 0; i < 5; i++) {
        hand_now(hand, at[5 + i], 10 - i, 1);
    }
    hand_now(hand, at[11], 3, 1);
    hand_now(hand, at[12], 4, 1);
    hand_take(hand, &shop->catalog, &shop->now);
    tree_init(&shop->tree);
    tree_folds_init(&shop->folds);
}

static void
close_shop(struct shop *shop)
{
    tree_release(&shop->tree);
    tree_folds_release(&shop->folds);
    snapshot_release(&shop->before);
    snapshot_release(&shop->now);
    catalog_release(&shop->catalog);
    hand_release(&shop->hand);
}

static void
build(struct shop *shop, bool bottom_up)
{
    tree_build(&shop->tree, &(struct table_request){
        .catalog = &shop->catalog, .snapshot = &shop->now}, bottom_up,
        false, &shop->folds);
}

static void
assert_row(const struct shop *shop, uint32_t index, int depth, int64_t bytes,
           const char *mark, const char *text)
{
    const struct tree_row *row = &shop->tree.rows[index];
    struct strbuf buf;

    assert_true(index < shop->tree.count);
    strbuf_init(&buf);
    tree_row_text(&shop->tree, row, &buf, 0, true);
    assert_string_equal(buf.text, text);
    assert_int_equal(row->depth, depth);
    assert_int_equal(row->cost.bytes, bytes);
    assert_string_equal(!row->can_open ? "" : row->is_open ? "v" : ">", mark);
    strbuf_release(&buf);
}

static void
top_down_rows(void **state)
{
    struct shop shop;

    (void)state;
    open_shop(&shop);
    build(&shop, false);
    assert_int_equal(shop.tree.total.bytes, 817);
    assert_row(&shop, 0, 0, 810, "v", "shop/__main__.py:12 main");
    assert_row(&shop, 1, 1, 770, "v", "shop/load.py:58 ingest");
    assert_row(&shop, 2, 2, 700, "", "shop/cache.py:88 remember");
    assert_row(&shop, 3, 2, 50, "", "shop/cache.py:90 remember -> :93 evict");
    assert_row(&shop, 4, 2, 20, "", "itself");
    assert_row(&shop, 5, 1, 10, "", "shop/load.py:60 ingest");
    assert_row(&shop, 6, 1, 9, "", "shop/load.py:61 ingest");
    assert_row(&shop, 7, 1, 21, ">", "3 more: shop/load.py:62, :63, :64 "
                                     "ingest");
    assert_row(&shop, 8, 0, 7, "",
               "shop/__main__.py:1 main -> import system");
    assert_int_equal(shop.tree.count, 9);
    assert_int_equal(shop.tree.tracebacks, 9);

    tree_folds_set(&shop.folds, shop.tree.rows[7].key, true);
    tree_folds_set(&shop.folds, shop.tree.rows[1].key, false);
    build(&shop, false);
    assert_row(&shop, 1, 1, 770, ">", "shop/load.py:58 ingest");
    assert_row(&shop, 4, 1, 21, "v", "3 more: shop/load.py:62, :63, :64 "
                                     "ingest");
    assert_row(&shop, 5, 2, 8, "", "shop/load.py:62 ingest");
    assert_int_equal(shop.tree.count, 9);
    close_shop(&shop);
}

static void
bottom_up_rows(void **state)
{
    struct shop shop;

    (void)state;
    open_shop(&shop);
    build(&shop, true);
    assert_row(&shop, 0, 0, 700, "", "shop/cache.py:88 remember <- "
               "shop/load.py:58 ingest <- shop/__main__.py:12 main");
    assert_row(&shop, 1, 0, 50, "", "shop/cache.py:93 evict <- :90 remember "
               "<- shop/load.py:58 ingest <- shop/__main__.py:12 main");
    assert_row(&shop, 2, 0, 20, "", "shop/load.py:58 ingest <- "
               "shop/__main__.py:12 main");
    assert_row(&shop, 6, 0, 7, "", "import system <- shop/__main__.py:1 "
               "main");
    /* The outermost level is not shortened. */
    assert_int_equal(shop.tree.count, 9);
    close_shop(&shop);
}

/* Numbers change under a reader; rows do not jump before they may. */
static void
the_order_can_be_kept(void **state)
{
    const uint32_t evict = CONTEXT_FIRST + 4;
    struct shop shop;

    (void)state;
    open_shop(&shop);
    build(&shop, true);
    assert_int_equal(shop.tree.rows[0].cost.bytes, 700);
    hand_now(&shop.hand, evict, 900, 1);
    hand_take(&shop.hand, &shop.catalog, &shop.now);
    shop.tree.keep_order = true;
    build(&shop, true);
    assert_int_equal(shop.tree.rows[0].cost.bytes, 700);
    assert_int_equal(shop.tree.rows[1].cost.bytes, 900);
    assert_int_equal(shop.tree.total.bytes, 817 + 850);
    build(&shop, true);
    assert_int_equal(shop.tree.rows[0].cost.bytes, 700);
    shop.tree.keep_order = false;
    build(&shop, true);
    assert_int_equal(shop.tree.rows[0].cost.bytes, 900);
    assert_int_equal(shop.tree.rows[1].cost.bytes, 700);
    close_shop(&shop);
}

static void
a_difference_sorts_by_change(void **state)
{
    struct shop shop;

    (void)state;
    open_shop(&shop);
    struct table_request request = {.catalog = &shop.catalog,
                                    .snapshot = &shop.before,
                                    .base = &shop.now};
    tree_build(&shop.tree, &request, false, false, &shop.folds);
    assert_int_equal(shop.tree.total.delta_bytes, 100 - 817);
    assert_int_equal(shop.tree.rows[0].cost.delta_bytes, 100 - 810);
    assert_true(shop.tree.rows[0].is_open == shop.tree.rows[0].can_open);
    assert_true(shop.tree.rows[shop.tree.count - 1].cost.is_gone);
    close_shop(&shop);
}

static void
rows_are_cut_in_the_middle(void **state)
{
    struct shop shop;
    struct strbuf buf;

    (void)state;
    open_shop(&shop);
    tree_folds_set_all(&shop.folds, true);
    tree_build(&shop.tree, &(struct table_request){
        .catalog = &shop.catalog, .snapshot = &shop.now,
        .only_line = catalog_find_line(
            &shop.catalog, catalog_find_file(&shop.catalog,
                                             "shop/cache.py"), 93)},
        false, false, &shop.folds);
    assert_int_equal(shop.tree.count, 1);
    assert_true(shop.tree.filtered);
    strbuf_init(&buf);
    tree_row_text(&shop.tree, &shop.tree.rows[0], &buf, 60, true);
    assert_string_equal(buf.text, "shop/__main__.py:12 main -> ~ -> "
                        "shop/cache.py:93 evict");
    strbuf_clear(&buf);
    tree_row_text(&shop.tree, &shop.tree.rows[0], &buf, 10, true);
    assert_string_equal(buf.text, "shop/__ma~");
    uint32_t lines[4];
    assert_int_equal(tree_row_lines(&shop.tree, &shop.tree.rows[0], lines,
                                    2), 4);
    assert_int_equal(catalog_line(&shop.catalog, lines[0])->line, 93);
    assert_int_equal(catalog_line(&shop.catalog, lines[1])->line, 90);
    strbuf_release(&buf);
    close_shop(&shop);
}

/* --- a random tree --------------------------------------------------------*/

enum { CONTEXTS = 3000, CODE_COUNT = 6 };

static struct hand_region hand;
static struct catalog catalog;
static struct snapshot base, now;

static int
make_region(void **state)
{
    (void)state;
    srand(77);
    hand_init(&hand);
    catalog_init(&catalog, NULL);
    uint32_t codes[CODE_COUNT];
    for (int i = 0; i < CODE_COUNT; i++) {
        codes[i] = hand_code(&hand, i < 4 ? "/app/m.py"
                             : i == 4 ? "/usr/lib/python3.12/json/d.py"
                             : "<frozen importlib._bootstrap>", "f", 1);
    }
    for (uint32_t i = CONTEXT_FIRST; i < CONTEXTS; i++) {
        uint32_t parent = i < 20 ? CONTEXT_NONE
            : CONTEXT_FIRST + (uint32_t)rand() % (i - CONTEXT_FIRST);
        hand_context(&hand, parent, codes[rand() % CODE_COUNT],
                     1 + rand() % 4);
    }
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = CONTEXT_NO_FRAME; i < CONTEXTS; i++) {
            if (rand() % 2 == 0 && (i >= CONTEXT_FIRST
                                    || i == CONTEXT_NO_FRAME)) {
                int64_t blocks = rand() % 3;
                hand_now(&hand, i, blocks * (rand() % 100), blocks);
            }
        }
        hand_take(&hand, &catalog, round == 0 ? &base : &now);
    }
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

static void
assert_sums(const struct tree *tree)
{
    int64_t *below = calloc(tree->count + 1, sizeof(*below));
    int64_t *base_below = calloc(tree->count + 1, sizeof(*below));

    for (uint32_t i = 0; i < tree->count; i++) {
        uint32_t parent = tree->rows[i].parent == UINT32_MAX ? tree->count
            : tree->rows[i].parent;
        assert_true(parent == tree->count || parent < i);
        below[parent] += tree->rows[i].cost.bytes;
        base_below[parent] += tree->rows[i].cost.base_bytes;
    }
    for (uint32_t i = 0; i < tree->count; i++) {
        const struct tree_row *row = &tree->rows[i];
        if (row->is_open) {
            assert_int_equal(below[i], row->cost.bytes);
            assert_int_equal(base_below[i], row->cost.base_bytes);
        }
        assert_int_equal(row->cost.delta_bytes, tree->has_base
                         ? row->cost.bytes - row->cost.base_bytes : 0);
    }
    assert_int_equal(below[tree->count], tree->total.bytes);
    assert_int_equal(base_below[tree->count], tree->total.base_bytes);
    free(below);
    free(base_below);
}

/* What a window shows, no byte twice, and `more rows` are the total. */
static void
assert_windows(const struct tree *tree)
{
    for (uint32_t first = 0; first < tree->count; first += 37) {
        struct table_row more;
        uint32_t visible = 25;
        uint32_t end = first + visible < tree->count ? first + visible
            : tree->count;
        tree_more(tree, first, visible, &more);
        int64_t bytes = more.bytes, blocks = more.blocks;
        for (uint32_t i = first; i < end; i++) {
            uint32_t above = tree->rows[i].parent;
            bool seen_above = false;
            for (; above != UINT32_MAX; above = tree->rows[above].parent) {
                seen_above = seen_above || (above >= first && above < end);
            }
            if (!seen_above) {
                bytes += tree->rows[i].cost.bytes;
                blocks += tree->rows[i].cost.blocks;
            }
        }
        assert_int_equal(bytes, tree->total.bytes);
        assert_int_equal(blocks, tree->total.blocks);
        assert_int_equal(more.places, tree->count - (end - first));
    }
}

/* Every row's bytes from its own traceback: the sum over all contexts that
 * begin (bottom-up: end) with it. */
static void
assert_costs(const struct tree *tree)
{
    static uint32_t lines[CONTEXTS];

    for (uint32_t i = 0; i < tree->count; i++) {
        const struct tree_row *row = &tree->rows[i];
        assert_int_equal(tree_find(tree, row->key), i);
        size_t count = tree_row_lines(tree, row, lines, CONTEXTS);
        int64_t bytes = 0;
        if (row->kind != TREE_CHAIN) {
            continue;
        }
        for (uint32_t j = 0; j < now.cost_count; j++) {
            uint32_t context = now.contexts[j];
            uint32_t depth = catalog.tracebacks[
                catalog.contexts[context].traceback].depth;
            if (depth < count) {
                continue;
            }
            /* Innermost first; top-down skips what is called further. */
            for (uint32_t skip = tree->bottom_up ? 0
                 : depth - (uint32_t)count; skip > 0; skip--) {
                context = catalog.contexts[context].parent;
            }
            size_t same = 0;
            while (same < count
                   && catalog.contexts[context].line == lines[same]) {
                context = catalog.contexts[context].parent;
                same++;
            }
            bytes += same == count ? now.costs[j].bytes : 0;
        }
        assert_int_equal(row->cost.bytes, bytes);
    }
}

static void
siblings_add_up_to_their_parent(void **state)
{
    struct tree_folds folds;
    struct tree tree;

    (void)state;
    tree_init(&tree);
    tree_folds_init(&folds);
    for (unsigned n = 0; n < 32; n++) {
        struct table_request request = {
            .catalog = &catalog, .snapshot = &now,
            .base = n & 1 ? &base : NULL, .mine = n & 2,
            .unfold_import = n & 4,
        };
        if (n & 8) {
            tree_folds_set_all(&folds, true);
        }
        else {
            tree_folds_release(&folds);
        }
        tree_build(&tree, &request, n & 16, n & 2, &folds);
        assert_int_equal(tree.total.bytes, now.totals.bytes);
        assert_int_equal(tree.traced_blocks, now.totals.blocks);
        assert_int_equal(tree.total.base_bytes, n & 1 ? base.totals.bytes
                         : 0);
        assert_sums(&tree);
        assert_windows(&tree);
        if ((n & 7) == 4) {
            assert_costs(&tree);
        }
    }
    tree_release(&tree);
    tree_folds_release(&folds);
}

static void
nothing_opens_by_itself(void **state)
{
    struct tree_folds folds;
    struct tree tree;
    struct table_request request = {.catalog = &catalog, .snapshot = &now};

    (void)state;
    tree_init(&tree);
    tree_folds_init(&folds);
    tree_build(&tree, &request, false, false, &folds);
    uint32_t count = tree.count, both = 0, opened = 0;
    struct tree_row *rows = malloc(count * sizeof(*rows));
    memcpy(rows, tree.rows, count * sizeof(*rows));
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(tree_find(&tree, rows[i].key), i);
        opened += rows[i].is_open;
        assert_true(!rows[i].is_open || rows[i].depth <= 4);
    }
    assert_true(opened > 0);
    /* Other sizes, so other rows are the biggest. */
    request.snapshot = &base;
    tree_build(&tree, &request, false, false, &folds);
    for (uint32_t i = 0; i < count; i++) {
        int64_t at = tree_find(&tree, rows[i].key);
        if (at >= 0 && tree.rows[at].can_open && rows[i].can_open) {
            assert_int_equal(tree.rows[at].is_open, rows[i].is_open);
            both++;
        }
    }
    assert_true(both > 3);
    free(rows);
    tree_folds_set_all(&folds, false);
    tree_build(&tree, &request, false, false, &folds);
    assert_int_equal(tree.rows[tree.count - 1].depth, 0);
    assert_false(tree.rows[0].is_open);
    tree_release(&tree);
    tree_folds_release(&folds);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(top_down_rows),
        cmocka_unit_test(bottom_up_rows),
        cmocka_unit_test(the_order_can_be_kept),
        cmocka_unit_test(a_difference_sorts_by_change),
        cmocka_unit_test(rows_are_cut_in_the_middle),
        cmocka_unit_test_setup_teardown(siblings_add_up_to_their_parent,
                                        make_region, forget_region),
        cmocka_unit_test_setup_teardown(nothing_opens_by_itself, make_region,
                                        forget_region),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
