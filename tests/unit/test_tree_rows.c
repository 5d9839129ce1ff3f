/* SPDX-License-Identifier: MIT
 *
 * The tree of a shop, as small as it shows every kind of row.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "hand_region.h"
#include "model/tree.h"

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

/* The start-up is bigger than the script, and in it a library that the script
 * called only a little; what the script had others allocate is its own. */
static void
what_is_yours_opens_at_first(void **state)
{
    struct shop shop = {0};
    struct hand_region *hand = &shop.hand;
    uint32_t import, json, run, main, at[8];

    (void)state;
    hand_init(hand);
    catalog_init(&shop.catalog, &(struct origin_paths){.cwd = "/home/u"});
    import = hand_code(hand, "<frozen importlib._bootstrap>", "_load", 1);
    json = hand_code(hand, "/usr/lib/python3.13/json/decoder.py", "decode",
                     1);
    run = hand_code(hand, "<frozen runpy>", "_run_code", 1);
    main = hand_code(hand, "/home/u/main.py", "main", 1);
    at[0] = hand_context(hand, 0, import, 1);
    for (int i = 0; i < 2; i++) {
        hand_now(hand, hand_context(hand, at[0], json, 1 + i), 4000, 1);
    }
    at[1] = hand_context(hand, 0, run, 1);
    for (int i = 0; i < 5; i++) {
        at[2] = hand_context(hand, at[1], json, 10 + i);
        hand_now(hand, at[2], 1000 + i, 1);
    }
    at[3] = hand_context(hand, at[1], main, 1);
    hand_now(hand, hand_context(hand, at[3], main, 2), 1, 1);
    hand_now(hand, hand_context(hand, at[3], json, 3), 100, 1);
    hand_take(hand, &shop.catalog, &shop.before);
    hand_take(hand, &shop.catalog, &shop.now);
    tree_init(&shop.tree);
    tree_folds_init(&shop.folds);
    build(&shop, false);
    assert_row(&shop, 0, 0, 8000, ">", "import system");
    assert_row(&shop, 1, 0, 5111, "v", "<frozen runpy>:1 _run_code");
    assert_int_equal(shop.tree.rows[4].cost.bytes, 1002);
    assert_row(&shop, 5, 1, 2102, "v",
               "3 more: json/decoder.py:11, :10, main.py:1");
    assert_row(&shop, 8, 2, 101, "v", "main.py:1 main");
    assert_row(&shop, 9, 3, 100, "", "json/decoder.py:3 decode");
    assert_int_equal(shop.tree.count, 11);
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(top_down_rows),
        cmocka_unit_test(bottom_up_rows),
        cmocka_unit_test(the_order_can_be_kept),
        cmocka_unit_test(a_difference_sorts_by_change),
        cmocka_unit_test(what_is_yours_opens_at_first),
        cmocka_unit_test(rows_are_cut_in_the_middle),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
