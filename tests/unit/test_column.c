/* SPDX-License-Identifier: MIT
 *
 * Columns: that the table of them is whole, what fits which screen, and how
 * cells are written.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "hand_region.h"
#include "model/sort.h"

#define MIB (1024ll * 1024)

static struct hand_region hand;
static struct catalog catalog;
static struct snapshot base, now;
static struct table table;

static int
make_region(void **state)
{
    (void)state;
    hand_init(&hand);
    catalog_init(&catalog, &(struct origin_paths){.cwd = "/home/u"});
    uint32_t code = hand_code(&hand, "/home/u/shop/cache.py",
                              "Cache.remember", 84);
    uint32_t json = hand_code(&hand, "/usr/lib/python3.12/json/decoder.py",
                              "JSONDecoder.raw_decode", 344);
    uint32_t a = hand_context(&hand, 0, code, 88);
    uint32_t b = hand_context(&hand, a, json, 353);
    uint32_t c = hand_context(&hand, a, code, 90);
    hand_now(&hand, a, 100 * MIB, 1000);
    hand_now(&hand, c, 77, 1);
    hand_take(&hand, &catalog, &base);
    hand_cost(&hand, a, (struct region_cost){
        150 * MIB + 512, 3010561, 200 * MIB, 4000000, 115 * MIB, 2000000});
    hand_cost(&hand, b, (struct region_cost){
        50 * MIB, 100, 60 * MIB, 200, 10 * MIB, 50});
    hand_cost(&hand, c, (struct region_cost){
        0, 0, 77, 1, 77, 1});
    hand_take(&hand, &catalog, &now);
    table_init(&table);
    return 0;
}

static int
forget_region(void **state)
{
    (void)state;
    table_release(&table);
    snapshot_release(&base);
    snapshot_release(&now);
    catalog_release(&catalog);
    hand_release(&hand);
    return 0;
}

static void
build(enum table_by by, bool diff)
{
    table_build(&table, &(struct table_request){
        .catalog = &catalog, .snapshot = &now, .by = by,
        .base = diff ? &base : NULL});
    table_sort(&table, sort_default(diff));
}

static void
every_column_is_described_once(void **state)
{
    (void)state;
    for (enum column_id id = 0; id < COLUMN_COUNT; id++) {
        const struct column *column = column_get(id);
        assert_int_equal(column_id(column), id);
        assert_non_null(column->help);
        assert_non_null(column->head);
        assert_true(column->width > 0 || id == COLUMN_LOCATION);
        assert_true(column->exact_width >= column->compact_width);
        if (column->key != NULL) {
            assert_int_equal(column_find_key(column->key), id);
            assert_true(column->value != NULL || id == COLUMN_LOCATION);
        }
    }
    assert_int_equal(column_find_key("colour"), COLUMN_NONE);
    assert_int_equal(column_find_letter('S', false), COLUMN_SIZE);
    assert_int_equal(column_find_letter('S', true), COLUMN_DELTA_SIZE);
    assert_int_equal(column_find_letter('B', true), COLUMN_DELTA_BLOCKS);
    assert_int_equal(column_find_letter('T', false), COLUMN_TREND);
    assert_int_equal(column_find_letter('O', true), COLUMN_LOCATION);
    assert_int_equal(column_find_letter('X', false), COLUMN_NONE);
}

/* The heads that stand on a screen of this width, with their places. */
static void
assert_heads(enum table_by by, bool diff, int width, const char *expected)
{
    struct column_style style = {.screen_width = width};
    struct column_place places[COLUMN_COUNT];
    struct strbuf heads;

    build(by, diff);
    strbuf_init(&heads);
    size_t count = column_layout(&table, &style, sort_default(diff).column,
                                 0, places);
    int end = -1;
    for (size_t i = 0; i < count; i++) {
        const char *head = column_head(places[i].column, &table, true);
        if (column_id(places[i].column) == COLUMN_BAR) {
            head = "bar";
        }
        strbuf_addf(&heads, "%s%s", heads.len > 0 && *head ? " " : "", head);
        assert_int_equal(places[i].x, end + 1);
        end = places[i].x + places[i].cells;
    }
    assert_int_equal(end, width);
    assert_true(places[count - 1].cells >= (width >= 40 ? 24 : 1));
    assert_string_equal(heads.text, expected);
    strbuf_release(&heads);
}

static void
screens_show_what_fits(void **state)
{
    (void)state;
    assert_heads(BY_LINE, false, 30, "SIZE LOCATION");
    assert_heads(BY_LINE, false, 40, "SIZE % LOCATION");
    assert_heads(BY_LINE, false, 60, "SIZE % BLOCKS TREND LOCATION");
    assert_heads(BY_LINE, false, 80, "SIZE % BLOCKS AT PEAK TREND LOCATION");
    assert_heads(BY_LINE, false, 100,
                 "SIZE % bar BLOCKS AVG AT PEAK TREND LOCATION");
    assert_heads(BY_LINE, false, 120, "SIZE % bar BLOCKS AVG AT PEAK TREND "
                 "GROWTH ALLOC/s LOCATION");
    assert_heads(BY_LINE, false, 140, "SIZE % bar BLOCKS AVG AT PEAK TREND "
                 "GROWTH ALLOC/s EVER LOCATION");
    assert_heads(BY_FILE, false, 80, "SIZE % BLOCKS AT PEAK LINES FILE");
    assert_heads(BY_FUNCTION, false, 80, "OWN % CUMULATIVE % FUNCTION");
    assert_heads(BY_LINE, true, 80,
                 "D SIZE D BLOCKS SIZE BLOCKS LOCATION");
}

static void
the_sorted_column_is_always_there(void **state)
{
    struct column_place places[COLUMN_COUNT];
    struct column_style style = {0};

    (void)state;
    build(BY_LINE, false);
    for (style.screen_width = 40; style.screen_width < 160;
         style.screen_width += 10) {
        for (int exact = 0; exact < 2; exact++) {
            style.exact = exact;
            bool seen = false;
            size_t count = column_layout(&table, &style, COLUMN_EVER, 0,
                                         places);
            for (size_t i = 0; i < count; i++) {
                seen = seen || column_id(places[i].column) == COLUMN_EVER;
            }
            assert_true(seen);
            assert_int_equal(column_id(places[0].column), COLUMN_SIZE);
        }
    }
}

static void
columns_move_sideways(void **state)
{
    struct column_place places[COLUMN_COUNT];
    struct column_style style = {.screen_width = 80};

    (void)state;
    build(BY_LINE, false);
    size_t count = column_layout(&table, &style, COLUMN_SIZE, 3, places);
    assert_int_equal(column_id(places[0].column), COLUMN_SIZE);
    assert_int_equal(column_id(places[1].column), COLUMN_AVERAGE);
    assert_int_equal(column_id(places[count - 1].column), COLUMN_LOCATION);
    count = column_layout(&table, &style, COLUMN_SIZE, 99, places);
    assert_int_equal(count, 2);
}

static void
assert_cell(enum column_id id, const struct table_row *row, int width,
            bool exact, const char *expected)
{
    struct column_style style = {.screen_width = width, .exact = exact};
    struct strbuf buf;

    strbuf_init(&buf);
    column_add_text(&buf, column_get(id), &table, row, &style, 6);
    assert_string_equal(buf.text, expected);
    assert_true(id == COLUMN_LOCATION || utf8_width(buf.text)
                <= (exact ? column_get(id)->exact_width
                    : width < 80 ? column_get(id)->compact_width
                    : column_get(id)->width));
    strbuf_release(&buf);
}

static void
cells_are_written(void **state)
{
    (void)state;
    build(BY_LINE, false);
    const struct table_row *row = &table.rows[0];
    assert_cell(COLUMN_SIZE, row, 100, false, "150.0 MiB");
    assert_cell(COLUMN_SIZE, row, 60, false, "150.0M");
    assert_cell(COLUMN_SIZE, row, 100, true, "157,286,912");
    assert_cell(COLUMN_PERCENT, row, 100, false, "75.0");
    assert_cell(COLUMN_BAR, row, 100, false,
                "\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88\xe2\x96"
                "\x88\xe2\x96\x88");
    assert_cell(COLUMN_BLOCKS, row, 100, false, "3,010,561");
    assert_cell(COLUMN_AVERAGE, row, 100, false, "52B");
    assert_cell(COLUMN_AT_PEAK, row, 100, false, "115.0 MiB");
    assert_cell(COLUMN_EVER, row, 140, false, "200.0 MiB");
    assert_cell(COLUMN_TREND, row, 100, false, "");
    assert_cell(COLUMN_SIZE, &table.rows[2], 100, false, "0 B  ");
    assert_cell(COLUMN_BAR, &table.rows[1], 100, false,
                "\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88\xe2\x96\x8a");
    assert_cell(COLUMN_SIZE, &table.total, 100, true, "209,715,712");
    assert_cell(COLUMN_PERCENT, &table.total, 100, false, "100.0");
    assert_cell(COLUMN_BAR, &table.total, 100, false, "");

    build(BY_LINE, true);
    assert_cell(COLUMN_ARROW, &table.rows[0], 80, false, "\xe2\x96\xb2");
    assert_cell(COLUMN_DELTA_SIZE, &table.rows[0], 80, false, "+50.0 MiB");
    assert_cell(COLUMN_DELTA_SIZE, &table.rows[0], 80, true, "+52,429,312");
    assert_cell(COLUMN_STATE, &table.rows[0], 80, false, "");
    assert_cell(COLUMN_STATE, &table.rows[1], 80, false, "new");
    assert_cell(COLUMN_STATE, &table.rows[2], 80, false, "gone");
    assert_cell(COLUMN_ARROW, &table.rows[2], 80, false, "\xe2\x96\xbc");
    assert_cell(COLUMN_DELTA_SIZE, &table.rows[2], 80, false, "-77 B  ");
    assert_cell(COLUMN_DELTA_BLOCKS, &table.rows[0], 80, false,
                "+3,009,561");
}

static void
text_is_safe_and_measured(void **state)
{
    static const struct {
        const char *raw, *safe;
    } cases[] = {
        {"plain", "plain"}, {"a\tb\n\x7f", "a?b??"}, {"\x1b[1m", "?[1m"},
        {"\xc2\x9b" "1m", "?1m"}, {"caf\xc3\xa9", "caf\xc3\xa9"},
        {"\xff\xfe", "??"}, {"\xc0\xaf", "??"}, {"\xed\xa0\x80", "???"},
        {"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"}, {"\xe2\x82", "??"},
        {"\xe2\x80\xae" "x", "?x"}, {"\xf4\x90\x80\x80", "????"},
    };
    struct strbuf buf;

    (void)state;
    strbuf_init(&buf);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        strbuf_clear(&buf);
        utf8_add_safe(&buf, cases[i].raw, strlen(cases[i].raw));
        assert_string_equal(buf.text, cases[i].safe);
    }
    strbuf_clear(&buf);
    utf8_add_valid(&buf, "a\xff\n", 3);
    assert_string_equal(buf.text, "a\xef\xbf\xbd\n");
    assert_int_equal(utf8_width("caf\xc3\xa9"), 4);
    assert_int_equal(utf8_width("\xe6\xbc\xa2\xe5\xad\x97"), 4);
    strbuf_clear(&buf);
    utf8_add_cut_right(&buf, "\xe6\xbc\xa2\xe5\xad\x97", 3, true);
    assert_string_equal(buf.text, "\xe6\xbc\xa2~");
    strbuf_clear(&buf);
    utf8_add_cut_left(&buf, "abcdef", 4, false);
    assert_string_equal(buf.text, "\xe2\x80\xa6" "def");
    utf8_pad(&buf, 0, 6);
    assert_int_equal(utf8_width(buf.text), 6);
    strbuf_release(&buf);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_column_is_described_once),
        cmocka_unit_test(screens_show_what_fits),
        cmocka_unit_test(the_sorted_column_is_always_there),
        cmocka_unit_test(columns_move_sideways),
        cmocka_unit_test(cells_are_written),
        cmocka_unit_test(text_is_safe_and_measured),
    };

    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, make_region, forget_region);
}
