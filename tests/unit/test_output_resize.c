/* SPDX-License-Identifier: MIT
 *
 * The script's terminal gets another size.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <malloc.h>

#include "ui/output.h"
#include "ui/output_private.h"

static void
feed(struct output *output, const char *text)
{
    output_feed(output, text, strlen(text));
}

static void
assert_line(struct output *output, int64_t line, const char *expected)
{
    char text[4096];

    output_line_text(output, line, text, sizeof(text));
    assert_string_equal(text, expected);
}

static void
assert_cursor(struct output *output, int64_t line, int col)
{
    int64_t at_line;
    int at_col;

    assert_true(output_cursor(output, &at_line, &at_col));
    assert_int_equal(at_line, line);
    assert_int_equal(at_col, col);
}

static void
output__resize_loses_nothing(void **state)
{
    struct output *output = output_new(6, 20);

    (void)state;
    for (int i = 0; i < 9; i++) {
        char line[40];

        snprintf(line, sizeof(line), "line %d %s\r\n", i, "abcdefghijk");
        feed(output, line);
    }
    feed(output, "last");
    assert_cursor(output, 9, 4);
    output_resize(output, 3, 8);
    assert_cursor(output, 9, 4);
    assert_line(output, 9, "last");
    assert_int_equal(output_screen_first(output), 7);
    output_resize(output, 10, 30);
    assert_cursor(output, 9, 4);
    for (int i = 0; i < 9; i++) {
        char line[40];

        snprintf(line, sizeof(line), "line %d %s", i, "abcdefghijk");
        assert_line(output, i, line);
    }
    feed(output, " words");
    assert_line(output, 9, "last words");
    output_free(output);
}

/* Bytes of libvterm's array with a word for each row of the screen. */
static size_t
row_info_size(struct output *output)
{
    VTermState *state = vterm_obtain_state(output->vterm);

    return malloc_usable_size((void *)vterm_state_get_lineinfo(state, 0));
}

/* It grows with either screen, and has as much room behind it as before: that
 * would hide from all tools that it is too short. */
static void
output__rows_of_a_higher_terminal(void **state)
{
    const size_t more = (OUTPUT_ROWS_MAX - 4) * sizeof(VTermLineInfo);
    struct output *output = output_new(4, 20);

    (void)state;
    for (int alternate = 0; alternate < 2; alternate++) {
        size_t before = row_info_size(output);

        output_resize(output, OUTPUT_ROWS_MAX, 20);
        assert_true(row_info_size(output) >= before + more - 16);
        output_resize(output, 4, 20);
        feed(output, "\033[?1049h");
    }
    output_free(output);
}

/* The cursor is saved low, the terminal shrinks, the cursor is restored. */
static void
output__saved_cursor_outside(void **state)
{
    struct output *output = output_new(50, 100);

    (void)state;
    feed(output, "\033[50;100H\0337");
    output_resize(output, 2, 5);
    feed(output, "\0338here\033[1@\033[L\033[M\r\nmore\r\n\t\033[3P");
    output_resize(output, 50, 100);
    feed(output, "\0338there");
    assert_true(output_end(output) > 0);
    output_free(output);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(output__resize_loses_nothing),
        cmocka_unit_test(output__rows_of_a_higher_terminal),
        cmocka_unit_test(output__saved_cursor_outside),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
