/* SPDX-License-Identifier: MIT
 *
 * The script's terminal, fed with what real programs print.
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
#include "ui/output_lines.h"

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
assert_taken(struct output *output, const char *expected)
{
    char bytes[100];
    size_t n = output_take(output, bytes, sizeof(bytes));

    assert_int_equal(n, strlen(expected));
    assert_memory_equal(bytes, expected, n);
}

static char *
tail(struct output *output, int lines, bool plain)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);

    assert_non_null(file);
    (plain ? output_print_tail_plain : output_print_tail)(output, file,
                                                          lines);
    fclose(file);
    return text;
}

static void
assert_tail(struct output *output, int lines, const char *expected)
{
    char *text = tail(output, lines, true);

    assert_string_equal(text, expected);
    free(text);
}

static void
output__is_empty_until_something_shows(void **state)
{
    struct output *output = output_new(5, 20);

    (void)state;
    assert_true(output_empty(output));
    assert_int_equal(output_end(output), 0);
    feed(output, "\r\n  \033[31m");
    assert_true(output_empty(output));
    feed(output, "x");
    assert_false(output_empty(output));
    assert_line(output, 1, "  x");
    output_free(output);
}

/* What tqdm writes: a bar redrawn after each carriage return. */
static void
output__progress_bar_stays_in_its_line(void **state)
{
    struct output *output = output_new(5, 40);

    (void)state;
    feed(output, "loading\r\n");
    for (int i = 0; i <= 100; i += 10) {
        char bar[100];

        snprintf(bar, sizeof(bar), "\r%3d%%|%-10.*s| %d/100 [00:01]", i,
                 i / 10 * 3, "██████████", i);
        feed(output, bar);
    }
    assert_line(output, 0, "loading");
    assert_line(output, 1, "100%|██████████| 100/100 [00:01]");
    assert_int_equal(output_end(output), 2);
    feed(output, "\r\033[K");
    assert_line(output, 1, "");
    feed(output, "done\r\n");
    assert_tail(output, 10, "loading\ndone\n");
    output_free(output);
}

static void
output__colours_reach_cells_and_tail(void **state)
{
    struct output *output = output_new(5, 40);
    struct output_cell cells[40];
    char *text;

    (void)state;
    feed(output, "\033[1;31mred\033[0m \033[38;5;208mor\033[48;2;1;2;3mon"
                 "\033[m\033[92;7mx\033[39;27my\r\n");
    assert_int_equal(output_line(output, 0, cells, 40, NULL), 10);
    assert_int_equal(cells[0].pen.fore, PEN_INDEXED | 1);
    assert_int_equal(cells[0].pen.attributes, PEN_BOLD);
    assert_int_equal(cells[3].pen.fore, PEN_DEFAULT);
    assert_int_equal(cells[4].pen.fore, PEN_INDEXED | 208);
    assert_int_equal(cells[6].pen.fore, PEN_INDEXED | 208);
    assert_int_equal(cells[6].pen.back, PEN_RGB | 0x010203);
    assert_int_equal(cells[8].pen.fore, PEN_INDEXED | 10);
    assert_int_equal(cells[8].pen.attributes, PEN_REVERSE);
    assert_int_equal(cells[9].pen.attributes, 0);
    text = tail(output, 1, false);
    assert_string_equal(text,
                        "\033[0;1;31mred\033[0m \033[0;38;5;208mor"
                        "\033[0;38;5;208;48;2;1;2;3mon\033[0;7;92mx"
                        "\033[0my\n");
    free(text);
    output_free(output);
}

static void
output__wide_and_combining_characters(void **state)
{
    struct output *output = output_new(3, 8);
    struct output_cell cells[8];
    bool wrapped;

    (void)state;
    feed(output, "日本e\xcc\x81!\r\n");
    assert_line(output, 0, "日本e\xcc\x81!");
    assert_int_equal(output_line(output, 0, cells, 8, NULL), 6);
    assert_int_equal(cells[0].width, 2);
    assert_int_equal(cells[1].width, 0);
    assert_int_equal(cells[4].chars[0], 'e');
    assert_int_equal(cells[4].chars[1], 0x301);
    /* Half of a wide character does not stay. */
    feed(output, "日本\rx");
    assert_line(output, 1, "x 本");
    /* A wide one that does not fit at the edge goes to the next row. */
    feed(output, "\r\n1234567日\r\n\r\n\r\n");
    assert_int_equal(output_line(output, 2, cells, 8, &wrapped), 8);
    assert_true(wrapped);
    assert_line(output, 3, "日");
    /* All of it the same out of the scrollback. */
    assert_true(output_screen_first(output) > 3);
    assert_line(output, 0, "日本e\xcc\x81!");
    assert_int_equal(output_line(output, 0, cells, 8, NULL), 6);
    assert_int_equal(cells[2].width, 2);
    assert_int_equal(cells[3].width, 0);
    assert_int_equal(cells[4].chars[1], 0x301);
    output_free(output);
}

/* What turns or hides text stays with the script. */
static void
output__format_characters_are_left_out(void **state)
{
    struct output *output = output_new(3, 20);

    (void)state;
    feed(output, "a\u202eb\u200bc\u2066d\r\n\u202ex\u200fy");
    /* One that libvterm gives a cell of its own is a blank. */
    assert_line(output, 0, "abc d");
    assert_line(output, 1, "xy");
    output_free(output);
}

/* Characters cut anywhere by the end of a read, and bytes that are none. */
static void
output__utf8_in_pieces_and_broken(void **state)
{
    static const char text[] = "é€𝄞日";
    static const char broken[] = "a\xff" "b\xc3" "c\xe2\x82\r\n\xc2\x9b"
                                 "31mX\xed\xa0\x80";
    struct output *output = output_new(4, 20);

    (void)state;
    for (size_t i = 0; i < strlen(text); i++) {
        output_feed(output, text + i, 1);
    }
    assert_line(output, 0, text);
    feed(output, "\r\n");
    for (size_t i = 0; i < sizeof(broken) - 1; i++) {
        output_feed(output, broken + i, 1);
    }
    assert_line(output, 1, "a\xef\xbf\xbd" "b\xef\xbf\xbd" "c\xef\xbf\xbd");
    /* A C1 control character is not obeyed. */
    char line[100];

    output_line_text(output, 2, line, sizeof(line));
    assert_non_null(strstr(line, "31mX"));
    output_free(output);
}

static void
output__long_lines_are_joined_in_the_tail(void **state)
{
    struct output *output = output_new(3, 10);

    (void)state;
    feed(output, "0123456789abcdef\r\n");
    feed(output, "0123456789\r\n");
    feed(output, "end");
    assert_line(output, 0, "0123456789");
    assert_line(output, 1, "abcdef");
    assert_line(output, 2, "0123456789");
    assert_tail(output, 10, "0123456789abcdef\n0123456789\nend\n");
    output_free(output);
}

static void
output__alternate_screen_leaves_the_main_one(void **state)
{
    struct output *output = output_new(4, 20);

    (void)state;
    feed(output, "before\r\n$ vi\r\n");
    feed(output, "\033[?1049h\033[2J\033[H~ editor\033[4;1Hstatus");
    assert_true(output_alternate(output));
    assert_line(output, output_screen_first(output), "~ editor");
    assert_line(output, output_screen_first(output) + 3, "status");
    assert_tail(output, 10, "before\n$ vi\n");
    for (int i = 0; i < 20; i++) {
        feed(output, "\r\nscrolled");
    }
    assert_int_equal(output_screen_first(output), 0);
    feed(output, "\033[?1049l");
    assert_false(output_alternate(output));
    assert_line(output, 0, "before");
    assert_line(output, 1, "$ vi");
    assert_cursor(output, 2, 0);
    output_free(output);
}

/* What `reset` sends when an editor was killed. */
static void
output__reset_leaves_the_alternate_screen(void **state)
{
    struct output *output = output_new(3, 20);

    (void)state;
    feed(output, "1\r\n2\r\n3\r\n4\033[?1049h~ editor\033c");
    assert_false(output_alternate(output));
    feed(output, "$ \r\n$ \r\n$ \r\n$ ls");
    assert_line(output, 0, "1");
    assert_tail(output, 1, "$ ls\n");
    output_free(output);
}

static void
output__scrollback_is_bounded(void **state)
{
    struct output *output = output_new(5, 40);
    const int lines = OUTPUT_LINES_MAX + 500;

    (void)state;
    for (int i = 0; i < lines; i++) {
        char line[40];

        snprintf(line, sizeof(line), "%d\r\n", i);
        feed(output, line);
    }
    assert_int_equal(output_end(output), lines + 1);
    assert_int_equal(output_screen_first(output) - output_first(output),
                     OUTPUT_LINES_MAX);
    assert_line(output, output_first(output) - 1, "");
    for (int64_t i = output_first(output); i < lines; i += 777) {
        char expected[40];

        snprintf(expected, sizeof(expected), "%d", (int)i);
        assert_line(output, i, expected);
    }
    output_free(output);
}

static void
output__answers_and_keys(void **state)
{
    struct output *output = output_new(5, 40);
    static const struct {
        uint32_t code;
        const char *bytes;
    } keys[] = {
        {'a', "a"}, {0xe9, "é"}, {0x65e5, "日"}, {3, "\x03"},
        {4, "\x04"}, {29, "\x1d"}, {KEYCODE_ENTER, "\r"},
        {KEYCODE_TAB, "\t"}, {KEYCODE_ESC, "\033"},
        {KEYCODE_BACKSPACE, "\x7f"}, {KEYCODE_UP, "\033[A"},
        {KEYCODE_LEFT, "\033[D"}, {KEYCODE_HOME, "\033[H"},
        {KEYCODE_END, "\033[F"}, {KEYCODE_DELETE, "\033[3~"},
        {KEYCODE_PAGE_UP, "\033[5~"}, {KEYCODE_BACK_TAB, "\033[Z"},
        {KEYCODE_F1, "\033OP"}, {KEYCODE_F1 + 4, "\033[15~"},
        {KEYCODE_F12, "\033[24~"}, {KEYCODE_CLICK, ""},
        {KEYCODE_RESIZE, ""},
    };

    (void)state;
    feed(output, "abc\r\nde\033[6n");
    assert_taken(output, "\033[2;3R");
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        struct key key = {keys[i].code, 0, 0};

        output_key(output, &key);
        assert_taken(output, keys[i].bytes);
    }
    feed(output, "\033[?1h");
    output_key(output, &(struct key){KEYCODE_UP, 0, 0});
    assert_taken(output, "\033OA");
    assert_taken(output, "");
    output_free(output);
}

static void
output__regions_and_insertions(void **state)
{
    struct output *output = output_new(5, 10);

    (void)state;
    feed(output, "1\r\n2\r\n3\r\n4\r\n5");
    feed(output, "\033[2;4r\033[4;1H\n");
    assert_line(output, 0, "1");
    assert_line(output, 1, "3");
    assert_line(output, 2, "4");
    assert_line(output, 3, "");
    assert_line(output, 4, "5");
    assert_int_equal(output_screen_first(output), 0);
    feed(output, "\033[r\033[1;1H\033[L\033[2;1H\033[3@ab");
    assert_line(output, 0, "");
    assert_line(output, 1, "ab 1");
    feed(output, "\033[2;1H\033[P");
    assert_line(output, 1, "b 1");
    output_free(output);
}

/* A stream of everything at once, in the way a fuzzer would. */
static void
output__survives_noise(void **state)
{
    struct output *output = output_new(24, 80);
    uint32_t seed = 12345;

    (void)state;
    for (int round = 0; round < 3000; round++) {
        char bytes[64];

        for (size_t i = 0; i < sizeof(bytes); i++) {
            seed = seed * 1664525u + 1013904223u;
            static const char likely[] = "\033[;?0123456789HJKmhlLM@P\r\n\t日";

            bytes[i] = seed >> 31 ? (char)(seed >> 16)
                                  : likely[(seed >> 8) % (sizeof(likely) - 1)];
        }
        output_feed(output, bytes, sizeof(bytes));
        if (round % 50 == 0) {
            output_resize(output, 1 + (int)(seed >> 8) % 60,
                          1 + (int)(seed >> 16) % 200);
        }
    }
    for (int64_t i = output_first(output); i < output_end(output); i++) {
        char text[4096];

        output_line_text(output, i, text, sizeof(text));
        for (size_t j = 0; text[j] != '\0'; j++) {
            assert_true((unsigned char)text[j] >= ' ' && text[j] != 127);
        }
    }
    output_free(output);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(output__is_empty_until_something_shows),
        cmocka_unit_test(output__progress_bar_stays_in_its_line),
        cmocka_unit_test(output__colours_reach_cells_and_tail),
        cmocka_unit_test(output__wide_and_combining_characters),
        cmocka_unit_test(output__format_characters_are_left_out),
        cmocka_unit_test(output__utf8_in_pieces_and_broken),
        cmocka_unit_test(output__long_lines_are_joined_in_the_tail),
        cmocka_unit_test(output__alternate_screen_leaves_the_main_one),
        cmocka_unit_test(output__reset_leaves_the_alternate_screen),
        cmocka_unit_test(output__scrollback_is_bounded),
        cmocka_unit_test(output__answers_and_keys),
        cmocka_unit_test(output__regions_and_insertions),
        cmocka_unit_test(output__survives_noise),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
