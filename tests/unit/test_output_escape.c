/* SPDX-License-Identifier: MIT
 *
 * What a script may print to break a terminal emulator.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ui/output.h"

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
escape__too_many_and_too_big_parameters(void **state)
{
    struct output *output = output_new(5, 40);
    struct output_cell cells[40];

    (void)state;
    feed(output, "\033[");
    for (int i = 0; i < 5000; i++) {
        feed(output, "1;");
    }
    feed(output, "mlong ");
    feed(output, "\033[1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1mbold ");
    feed(output, "\033[99999999999999999999;99999999999999999999Hx");
    feed(output, "\033[99999999999L\033[99999999999M\033[99999999999@"
                 "\033[99999999999P\033[99999999999S\033[99999999999T");
    feed(output, "\033[Hend");
    assert_line(output, output_screen_first(output), "end");
    assert_int_equal(output_line(output, output_screen_first(output), cells,
                                 40, NULL), 3);
    assert_int_equal(cells[0].pen.attributes, PEN_BOLD);
    output_free(output);
}

static void
escape__margins_and_a_smaller_terminal(void **state)
{
    static const char *const orders[] = {
        "\033[3S", "\033[3T", "\n\n\n\n\n", "\033M\033M\033M", "\033[9;1H\033[L",
        "\033[3;1H\033[2L\033[2M", "\033D\033E", "\033[2@\033[2P",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
        struct output *output = output_new(50, 100);

        feed(output, "\033[?69h\033[40;45r\033[80;90s\033[42;85Habc");
        output_resize(output, 5, 20);
        feed(output, orders[i]);
        feed(output, "\033[40;45r\033[?6h");
        output_resize(output, 2, 3);
        feed(output, orders[i]);
        output_resize(output, 60, 100);
        feed(output, orders[i]);
        feed(output, "\033[?6l\033[H\033[2Jok");
        assert_line(output, output_screen_first(output), "ok");
        output_free(output);
    }
}

/* Margins are gone, as in other terminals, and the cursor is where it was. */
static void
escape__the_cursor_stays_when_margins_go(void **state)
{
    struct output *output = output_new(10, 20);
    int64_t line;
    int col;

    (void)state;
    feed(output, "\033[2;5r\033[4;7Hword");
    output_resize(output, 12, 30);
    assert_true(output_cursor(output, &line, &col));
    assert_int_equal(line, 3);
    assert_int_equal(col, 10);
    feed(output, "\033[5;1H\n\nbelow");
    assert_line(output, 6, "below");
    output_free(output);
}

static void
escape__a_restored_cursor_is_inside(void **state)
{
    struct output *output = output_new(50, 100);

    (void)state;
    feed(output, "\033[50;90H\0337");
    output_resize(output, 5, 20);
    feed(output, "\0338seen");
    /* At the right edge of the last row, and on. */
    assert_line(output, output_screen_first(output) + 3,
                "                   s");
    assert_line(output, output_screen_first(output) + 4, "een");
    output_free(output);
}

static void
escape__strings_go_nowhere(void **state)
{
    struct output *output = output_new(5, 40);
    char big[5000];

    (void)state;
    memset(big, 'x', sizeof(big) - 1);
    big[sizeof(big) - 1] = '\0';
    feed(output, "a\033]0;title\007b\033]8;;http://x\033\\c\033P1;2q");
    feed(output, big);
    feed(output, "\r\n日\033\\d\033_Gimage\033\\e\033^x\033\\f\033X\033\\g");
    assert_line(output, 0, "abcdefg");
    /* Ended by nothing: it ends with its line, or by CAN. */
    feed(output, "\r\n1\033]never ended\r\n2\033P\030""3\033]4;\033[31m4");
    assert_line(output, 1, "1");
    assert_line(output, 2, "234");
    output_free(output);
}

static void
escape__endless_string_is_given_up(void **state)
{
    struct output *output = output_new(5, 40);
    char block[1024];

    (void)state;
    memset(block, 'x', sizeof(block));
    feed(output, "\033P");
    for (int i = 0; i < 1025; i++) {
        output_feed(output, block, sizeof(block));
    }
    feed(output, "\033[2J\033[Hback");
    assert_line(output, output_screen_first(output), "back");
    output_free(output);
}

static void
escape__sequences_in_pieces(void **state)
{
    /* A control character inside works at once; CAN and ESC give up. */
    static const char text[] = "x\033[1;3\r2mA\033[\030B\033\033[2;3HC"
                               "\033[4éD";
    struct output *output = output_new(5, 40);
    struct output_cell cells[40];

    (void)state;
    for (size_t i = 0; i < sizeof(text) - 1; i++) {
        output_feed(output, text + i, 1);
    }
    assert_line(output, 0, "AB");
    assert_line(output, 1, "  CéD");
    output_line(output, 0, cells, 40, NULL);
    assert_int_equal(cells[0].pen.fore, PEN_INDEXED | 2);
    assert_int_equal(cells[0].pen.attributes, PEN_BOLD);
    output_free(output);
}

static void
output__repeats_the_last_character(void **state)
{
    struct output *output = output_new(3, 10);

    (void)state;
    static const char text[] = "\033![b\033[b\033[5b\xcc\x81\033[b"
        "ab\033[3b\033c\033[2bx\033[9999b";
    char line[64];

    output_feed(output, text, sizeof(text) - 1);
    output_line_text(output, output_screen_first(output), line,
                     sizeof(line));
    assert_string_equal(line, "bbxxxxxxxx");
    output_free(output);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(output__repeats_the_last_character),
        cmocka_unit_test(escape__too_many_and_too_big_parameters),
        cmocka_unit_test(escape__margins_and_a_smaller_terminal),
        cmocka_unit_test(escape__the_cursor_stays_when_margins_go),
        cmocka_unit_test(escape__a_restored_cursor_is_inside),
        cmocka_unit_test(escape__strings_go_nowhere),
        cmocka_unit_test(escape__endless_string_is_given_up),
        cmocka_unit_test(escape__sequences_in_pieces),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
