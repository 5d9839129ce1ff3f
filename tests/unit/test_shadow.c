/* SPDX-License-Identifier: MIT
 * The shadow table: what is put is found, whole, and leaves nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/shadow_slots.h"

#define TOO_HIGH ((void *)((uintptr_t)1 << SHADOW_ADDRESS_BITS))
#define CHUNK ((uintptr_t)1 << SHADOW_CHUNK_BITS)

static int
put(void *block, size_t size, uint32_t cell)
{
    struct shadow_block stale;
    int result = shadow_put(block, size, cell, &stale);
    assert_int_equal(stale.cell, 0);
    return result;
}

static int
start(void **state)
{
    (void)state;
    return shadow_init(NULL);
}

static void
check(uintptr_t address, size_t size, uint32_t cell)
{
    const void *block = (const void *)address;
    assert_int_equal(put((void *)address, size, cell), 0);
    struct shadow_block found = shadow_get(block);
    assert_int_equal(found.size, size);
    assert_int_equal(found.cell, cell);
    assert_false(found.code);
    found = shadow_take(block);
    assert_int_equal(found.size, size);
    assert_int_equal(found.cell, cell);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(shadow_get((const char *)block + 16 * i).cell, 0);
    }
}

static void
test_every_size(void **state)
{
    (void)state;
    const size_t sizes[] = {
        0, 1, 15, 16, 17, 512, 513, 1u << 20, (1u << 29) - 1, 1u << 29,
        (1u << 29) + 1, 1ul << 30, (1ul << 31) + 7, 1ul << 40,
    };
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        check(0x7f0000001000, sizes[i], 1);
        check(0x7f0000001000, sizes[i], SHADOW_SMALL_CELLS - 1);
        check(0x1000, sizes[i], 77);
    }
    check(0x7f0000001000, 17, (1u << 29) - 1);
}

static void
test_across_chunks(void **state)
{
    (void)state;
    uintptr_t edge = 0x7f0000000000 + CHUNK;
    check(edge - 16, 100, 5);
    check(edge - 16, 1ul << 33, 5);
    check(edge - 32, 1ul << 33, 5);
    check(edge - 16, 16, 5);
}

static void
test_neighbours(void **state)
{
    (void)state;
    enum { COUNT = 10000 };
    uintptr_t at = 0x560000000000;
    for (uint32_t i = 0; i < COUNT; i++) {
        assert_int_equal(put((void *)(at + 32 * i), 17 + i % 16, i + 1), 0);
    }
    for (uint32_t i = 0; i < COUNT; i += 2) {
        shadow_take((void *)(at + 32 * i));
    }
    for (uint32_t i = 0; i < COUNT; i++) {
        struct shadow_block found = shadow_get((void *)(at + 32 * i));
        assert_int_equal(found.cell, i % 2 ? i + 1 : 0);
        assert_int_equal(found.size, i % 2 ? 17 + i % 16 : 0);
    }
}

static void
test_code_and_move(void **state)
{
    (void)state;
    void *small = (void *)0x7f1000000000, *block = (void *)0x7f1000001000;
    put(small, 8, 3);
    put(block, 400, 4);
    assert_false(shadow_mark_code(small));
    assert_true(shadow_mark_code(block));
    assert_false(shadow_mark_code((char *)block + 16));
    assert_false(shadow_mark_code((void *)0x10));
    shadow_move(small, 9);
    shadow_move(block, 10);
    assert_int_equal(shadow_get(small).cell, 9);
    assert_int_equal(shadow_get(small).size, 8);
    struct shadow_block found = shadow_take(block);
    assert_true(found.code);
    assert_int_equal(found.cell, 10);
    assert_int_equal(found.size, 400);
}

static void
test_a_stale_entry_goes(void **state)
{
    (void)state;
    void *block = (void *)0x7f2000000000;
    struct shadow_block stale;
    put(block, 1ul << 33, 6);
    shadow_mark_code(block);
    assert_int_equal(shadow_put(block, 8, 7, &stale), 0);
    assert_int_equal(stale.cell, 6);
    assert_int_equal(stale.size, 1ul << 33);
    assert_true(stale.code);
    struct shadow_block found = shadow_take(block);
    assert_int_equal(found.cell, 7);
    assert_int_equal(found.size, 8);
    assert_false(found.code);
}

static void
test_what_cannot_be_kept(void **state)
{
    (void)state;
    assert_int_equal(put(TOO_HIGH, 20, 1), -1);
    assert_int_equal(put((void *)0x7f1000000008, 20, 1), -1);
    assert_int_equal(shadow_get(TOO_HIGH).cell, 0);
    assert_int_equal(shadow_take((void *)0x123450000000).cell, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_size),
        cmocka_unit_test(test_across_chunks),
        cmocka_unit_test(test_neighbours),
        cmocka_unit_test(test_code_and_move),
        cmocka_unit_test(test_a_stale_entry_goes),
        cmocka_unit_test(test_what_cannot_be_kept),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
