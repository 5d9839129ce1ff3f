/* SPDX-License-Identifier: MIT
 *
 * The last line, strings that grow, and finding things by hash.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/die.h"
#include "base/hash_index.h"
#include "base/strbuf.h"
#include "base/xalloc.h"

/* Under AddressSanitizer: no room is no room, and not its own message. */
const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static void
restore_once(void)
{
    fputs("<restored>", stderr);
}

static void
die_while_dying(void)
{
    die(3, "again");
}

/* Run last in a child; returns its status and what it wrote on stderr. */
static int
run_child(void (*last)(void), char *text, size_t size)
{
    int ends[2];
    size_t len = 0;
    ssize_t count;

    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        last();
        _exit(99);
    }
    close(ends[1]);
    while ((count = read(ends[0], text + len, size - 1 - len)) > 0) {
        len += (size_t)count;
    }
    text[len] = '\0';
    close(ends[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void
die_plainly(void)
{
    die(DIE_NOT_FOUND, "%s: %s", "python3.99", "no such interpreter");
}

static void
die_restored(void)
{
    die_set_restore(restore_once);
    warn("first");
    die_plainly();
}

static void
die_twice(void)
{
    die_set_restore(die_while_dying);
    die_plainly();
}

static void
run_out_of_memory(void)
{
    free(xreallocarray(NULL, SIZE_MAX / 2, 4));
}

static void
death_is_one_line_on_a_restored_terminal(void **state)
{
    char text[500];

    (void)state;
    assert_int_equal(run_child(die_plainly, text, sizeof(text)),
                     DIE_NOT_FOUND);
    assert_string_equal(text, "pymtop: python3.99: no such interpreter\n");
    assert_int_equal(run_child(die_restored, text, sizeof(text)),
                     DIE_NOT_FOUND);
    assert_string_equal(text, "pymtop: first\n<restored>"
                        "pymtop: python3.99: no such interpreter\n");
    assert_int_equal(run_child(die_twice, text, sizeof(text)), 3);
    assert_string_equal(text, "pymtop: again\n");
    assert_int_equal(run_child(run_out_of_memory, text, sizeof(text)),
                     DIE_CANNOT_TRACE);
    assert_string_equal(text, "pymtop: out of memory: the monitor itself "
                        "got none\n");
}

static void
strings_grow(void **state)
{
    struct strbuf buf;

    (void)state;
    strbuf_init(&buf);
    assert_string_equal(buf.text, "");
    for (int i = 0; i < 1000; i++) {
        strbuf_addf(&buf, "%d,", i);
    }
    assert_int_equal(buf.len, 10 * 2 + 90 * 3 + 900 * 4);
    assert_int_equal(strlen(buf.text), buf.len);
    strbuf_cut(&buf, 4);
    strbuf_cut(&buf, 100);
    assert_string_equal(buf.text, "0,1,");
    strbuf_add_repeat(&buf, '-', 3);
    strbuf_add(&buf, "ab\0c", 4);
    assert_int_equal(buf.len, 11);
    strbuf_clear(&buf);
    strbuf_add_text(&buf, "kept");
    char *text = strbuf_detach(&buf);
    assert_string_equal(text, "kept");
    assert_int_equal(buf.len, 0);
    free(text);
    strbuf_release(&buf);
}

static bool
same_number(const void *owner, uint32_t index, const void *key)
{
    return ((const uint32_t *)owner)[index] == *(const uint32_t *)key;
}

static void
everything_is_found_again(void **state)
{
    enum { COUNT = 20000 };
    static uint32_t numbers[COUNT];
    struct hash_index table;
    uint32_t absent = 5;

    (void)state;
    hash_index_init(&table);
    assert_int_equal(hash_index_find(&table, 1, same_number, numbers,
                                     &absent), 0);
    for (uint32_t i = 1; i < COUNT; i++) {
        numbers[i] = i * 6;
        /* Many with the same hash. */
        hash_index_add(&table, hash_pair(i / 3, 0), i);
    }
    for (uint32_t i = 1; i < COUNT; i++) {
        assert_int_equal(hash_index_find(&table, hash_pair(i / 3, 0),
                                         same_number, numbers, &numbers[i]),
                         i);
    }
    assert_int_equal(hash_index_find(&table, hash_pair(1, 0), same_number,
                                     numbers, &absent), 0);
    hash_index_release(&table);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(death_is_one_line_on_a_restored_terminal),
        cmocka_unit_test(strings_grow),
        cmocka_unit_test(everything_is_found_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
