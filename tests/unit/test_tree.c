/* SPDX-License-Identifier: MIT
 *
 * Trees of random contexts: sums, windows, folds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "hand_region.h"
#include "model/tree.h"

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
        cmocka_unit_test(siblings_add_up_to_their_parent),
        cmocka_unit_test(nothing_opens_by_itself),
    };

    return cmocka_run_group_tests(tests, make_region, forget_region);
}
