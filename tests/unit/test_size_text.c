/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/size_text.h"

#define KIB 1024ll
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)

static char buf[NUMBER_TEXT_SIZE];

static void
sizes_switch_units_after_rounding(void **state)
{
    (void)state;
    assert_string_equal(size_text(buf, 0), "0 B");
    assert_string_equal(size_text(buf, 612), "612 B");
    assert_string_equal(size_text(buf, 1023), "1023 B");
    assert_string_equal(size_text(buf, 1024), "1.0 KiB");
    assert_string_equal(size_text(buf, MIB - 52), "1023.9 KiB");
    assert_string_equal(size_text(buf, MIB - 51), "1.0 MiB");
    assert_string_equal(size_text(buf, 154350387), "147.2 MiB");
    assert_string_equal(size_text(buf, GIB - 1), "1.0 GiB");
    assert_string_equal(size_text(buf, 1023 * GIB), "1023.0 GiB");
    assert_string_equal(size_text(buf, 1024 * GIB), "1.0 TiB");
    assert_string_equal(size_text(buf, INT64_MAX), "8.0 EiB");
    assert_string_equal(size_text(buf, INT64_MIN), "-8.0 EiB");
    assert_string_equal(size_text(buf, -2306867), "-2.2 MiB");
}

static void
units_fill_three_cells_in_columns(void **state)
{
    (void)state;
    assert_string_equal(size_text_cell(buf, 612), "612 B  ");
    assert_string_equal(size_text_cell(buf, 0), "0 B  ");
    assert_string_equal(size_text_cell(buf, 512 * KIB), "512.0 KiB");
    assert_int_equal(strlen(size_text_cell(buf, MIB - 52)), 10);
}

static void
compact_and_exact_sizes(void **state)
{
    (void)state;
    assert_string_equal(size_text_compact(buf, 51), "51B");
    assert_string_equal(size_text_compact(buf, 154350387), "147.2M");
    assert_string_equal(size_text_compact(buf, 512 * KIB), "512.0K");
    assert_string_equal(size_text_exact(buf, 154350387), "154,350,387");
    assert_string_equal(size_text_exact(buf, 999), "999");
    assert_string_equal(size_text_exact(buf, -1000), "-1,000");
    assert_string_equal(size_text_exact(buf, INT64_MIN),
                        "-9,223,372,036,854,775,808");
}

static void
differences_have_a_sign(void **state)
{
    (void)state;
    assert_string_equal(size_text_delta(buf, 0), "0 B");
    assert_string_equal(size_text_delta(buf, 13736346), "+13.1 MiB");
    assert_string_equal(size_text_delta(buf, -88), "-88 B");
    assert_string_equal(size_text_delta_cell(buf, 88), "+88 B  ");
    assert_string_equal(size_text_delta_compact(buf, 512 * KIB), "+512.0K");
    assert_string_equal(size_text_delta_exact(buf, 368640), "+368,640");
    assert_string_equal(count_text_delta(buf, 368640), "+368,640");
    assert_string_equal(count_text_delta(buf, -8120), "-8,120");
    assert_string_equal(count_text_delta(buf, 0), "0");
}

static void
counts_are_shortened_over_a_hundred_million(void **state)
{
    (void)state;
    assert_string_equal(count_text(buf, 0), "0");
    assert_string_equal(count_text(buf, 7207408), "7,207,408");
    assert_string_equal(count_text(buf, 99999999), "99,999,999");
    assert_string_equal(count_text(buf, 100000000), "100.0 M");
    assert_string_equal(count_text(buf, 123449999), "123.4 M");
    assert_string_equal(count_text(buf, 999949999), "999.9 M");
    assert_string_equal(count_text(buf, 999950000), "1.0 G");
    assert_string_equal(count_text(buf, 1234567890123), "1.2 T");
    assert_string_equal(count_text(buf, INT64_MAX), "9.2 E");
    assert_string_equal(count_text_exact(buf, 123449999), "123,449,999");
}

static void
percent_rates_and_growth(void **state)
{
    (void)state;
    assert_string_equal(percent_text(buf, 357, 1000), "35.7");
    assert_string_equal(percent_text(buf, 5, 5), "100.0");
    assert_string_equal(percent_text(buf, 5, 0), "0.0");
    assert_string_equal(percent_text(buf, -1, 100000), "0.0");
    assert_string_equal(rate_text(buf, 148211.7), "148,212/s");
    assert_string_equal(growth_text(buf, 35.7 * MIB), "+35.7 MiB/min");
    assert_string_equal(growth_text(buf, -100), "-100 B/min");
    assert_string_equal(growth_text(buf, 0), "0 B/min");
}

static void
clocks_count_hours_then_days(void **state)
{
    const uint64_t second = 1000000000;

    (void)state;
    assert_string_equal(clock_text(buf, 0), "00:00:00");
    assert_string_equal(clock_text(buf, 102 * second + 999999999),
                        "00:01:42");
    assert_string_equal(clock_text(buf, 86399 * second), "23:59:59");
    assert_string_equal(clock_text(buf, (86400 + 2 * 3600 + 180) * second),
                        "1d02:03");
}

static void
sizes_are_read_back(void **state)
{
    static const struct {
        const char *text;
        int64_t bytes;
    } good[] = {
        {"0", 0}, {"500", 500}, {"12b", 12}, {"500M", 500 * MIB},
        {"500mib", 500 * MIB}, {"500MB", 500 * MIB}, {"1.5G", 3 * GIB / 2},
        {"2k", 2 * KIB}, {"1T", 1024 * GIB}, {"8388607T", 8388607ll << 40},
    };
    static const char *const bad[] = {
        "", "M", "-1", "+1", "1 M", "1..5M", "1.", ".5M", "1X", "1MM",
        "1Mi", "0x10", "8388608T", "99999999999999999999", "1e3", "nan"};

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
        int64_t bytes = -1;
        assert_true(parse_size(good[i].text, &bytes));
        assert_int_equal(bytes, good[i].bytes);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        int64_t bytes = -1;
        if (parse_size(bad[i], &bytes)) {
            fail_msg("\"%s\" was taken for a size", bad[i]);
        }
        assert_int_equal(bytes, -1);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_switch_units_after_rounding),
        cmocka_unit_test(units_fill_three_cells_in_columns),
        cmocka_unit_test(compact_and_exact_sizes),
        cmocka_unit_test(differences_have_a_sign),
        cmocka_unit_test(counts_are_shortened_over_a_hundred_million),
        cmocka_unit_test(percent_rates_and_growth),
        cmocka_unit_test(clocks_count_hours_then_days),
        cmocka_unit_test(sizes_are_read_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
