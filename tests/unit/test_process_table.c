/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/xalloc.h"
#include "model/process_table.h"

static struct process *
add(struct process_table *table, uint32_t parent, int32_t pid, int64_t bytes)
{
    struct process *process = process_table_add(table);

    process->parent = parent;
    process->pid = pid;
    process->parent_pid = 1000;
    process->bytes = process->peak_bytes = bytes;
    process->rss_bytes = 2 * bytes;
    process->blocks = 1;
    process->traced = true;
    return process;
}

/* 0 script ─┬ 1 (ended) ─ 3
 *           ├ 2 ─ 4
 *           └ 6 (ended)
 * 5 of nobody we know */
static void
make(struct process_table *table)
{
    memset(table, 0, sizeof(*table));
    add(table, PROCESS_NONE, 100, 10);
    add(table, 0, 101, 900)->state = PROCESS_ENDED;
    add(table, 0, 102, 30);
    add(table, 1, 103, 40);
    add(table, 2, 104, 50);
    add(table, 77, 105, 5);
    struct process *last = add(table, 0, 101, 20);
    last->state = PROCESS_KILLED;
    last->status = 9;
}

static void
expect(const struct process_row *rows, const uint32_t *ids,
       const unsigned *depths)
{
    for (int i = 0; i < 7; i++) {
        assert_int_equal(rows[i].at, ids[i]);
        assert_int_equal(rows[i].depth, depths[i]);
    }
}

static void
test_order(void **state)
{
    struct process_table table;
    struct process_row rows[7];

    (void)state;
    make(&table);
    process_table_order(&table, true, rows);
    expect(rows, (uint32_t[]){0, 2, 4, 1, 3, 6, 5},
           (unsigned[]){0, 1, 2, 1, 2, 1, 0});
    assert_int_equal(rows[1].last >> 1 & 1, 0);
    assert_int_equal(rows[2].last >> 2 & 1, 1);
    assert_int_equal(rows[5].last >> 1 & 1, 1);
    process_table_order(&table, false, rows);
    expect(rows, (uint32_t[]){4, 3, 2, 0, 5, 1, 6}, (unsigned[7]){0});
    process_table_release(&table);
}

static void
test_sum_is_of_those_that_run(void **state)
{
    struct process_table table;

    (void)state;
    make(&table);
    struct process_sum sum = process_table_sum(&table);
    assert_int_equal(sum.running, 5);
    assert_int_equal(sum.bytes, 10 + 30 + 40 + 50 + 5);
    assert_int_equal(sum.rss_bytes, 2 * sum.bytes);
    assert_int_equal(sum.blocks, 5);
    process_table_release(&table);
}

static void
test_find(void **state)
{
    struct process_table table;

    (void)state;
    make(&table);
    assert_int_equal(process_table_find(&table, 4)->pid, 104);
    assert_null(process_table_find(&table, 7));
    /* The newest of two with one pid. */
    assert_int_equal(process_table_by_pid(&table, 101)->id, 6);
    assert_null(process_table_by_pid(&table, 1));
    process_table_release(&table);
}

static void
test_trim(void **state)
{
    struct process_table table;
    struct process_row rows[7];

    (void)state;
    make(&table);
    for (size_t i = 0; i < table.count; i++) {
        table.items[i].slot = i == 6 ? 3 : -1;
    }
    process_table_trim(&table, 6);
    assert_int_equal(table.count, 6);
    assert_int_equal(table.dropped, 1);
    assert_null(process_table_find(&table, 1));
    /* Those that run, or have tables, stay. */
    process_table_trim(&table, 2);
    assert_int_equal(table.count, 6);
    assert_int_equal(process_table_find(&table, 6)->pid, 101);
    /* A child whose parent has no row any more stands alone. */
    process_table_order(&table, true, rows);
    assert_int_equal(table.items[rows[0].at].id, 3);
    assert_int_equal(rows[0].depth, 0);
    assert_int_equal(process_table_add(&table)->id, 7);
    process_table_release(&table);
}

static void
test_words(void **state)
{
    struct process_table table;
    struct strbuf words;
    char text[32];

    (void)state;
    make(&table);
    strbuf_init(&words);
    struct process *process = &table.items[2];
    process->command = xstrdup("/usr/bin/python3 /a/b c.py");
    process_words(process, &words);
    assert_string_equal(words.text, "python3 /a/b c.py");
    process->parent_pid = process->pid;
    strbuf_clear(&words);
    process_words(process, &words);
    assert_string_equal(words.text, "exec: python3 /a/b c.py");
    process->forked = true;
    process->traced = false;
    process->refusal = xstrdup("because");
    strbuf_clear(&words);
    process_words(process, &words);
    assert_string_equal(words.text, "fork of 102, not traced: because");
    strbuf_release(&words);
    process_state_words(&table.items[6], text, sizeof(text));
    assert_string_equal(text, "killed by 9");
    process_state_words(&table.items[1], text, sizeof(text));
    assert_string_equal(text, "ended");
    process_table_release(&table);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_sum_is_of_those_that_run),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_trim),
        cmocka_unit_test(test_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
