/* SPDX-License-Identifier: MIT */
#include "base/size_text.h"

#include <ctype.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char units[][4] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
#define UNIT_LAST 6

enum form { FORM_PLAIN, FORM_CELL, FORM_COMPACT };

/* Tenths of the unit, rounded half up, without floating point: a total and
 * its parts must be rounded by one rule whatever their size. */
static uint64_t
tenths_of(uint64_t bytes, int unit)
{
    int shift = 10 * unit;
    uint64_t whole = bytes >> shift;
    uint64_t rest = bytes - (whole << shift);

    /* rest * 10 fits as long as shift <= 60. */
    return whole * 10 + ((rest * 10 + ((uint64_t)1 << (shift - 1))) >> shift);
}

static char *
write_size(char *buf, const char *sign, uint64_t bytes, enum form form)
{
    int unit = 0;
    uint64_t tenths = 0;

    if (bytes >= 1024) {
        unit = 1;
        while ((tenths = tenths_of(bytes, unit)) >= 10240
               && unit < UNIT_LAST) {
            unit++;
        }
    }
    char number[NUMBER_TEXT_SIZE];
    if (unit == 0) {
        snprintf(number, sizeof(number), "%s%" PRIu64, sign, bytes);
    }
    else {
        snprintf(number, sizeof(number), "%s%" PRIu64 ".%" PRIu64, sign,
                 tenths / 10, tenths % 10);
    }
    if (form == FORM_COMPACT) {
        snprintf(buf, NUMBER_TEXT_SIZE, "%.24s%c", number, units[unit][0]);
    }
    else {
        snprintf(buf, NUMBER_TEXT_SIZE,
                 form == FORM_CELL ? "%.24s %-3.3s" : "%.24s %.3s", number,
                 units[unit]);
    }
    return buf;
}

static uint64_t
magnitude(int64_t value)
{
    return value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
}

static const char *
sign_of(int64_t value, bool delta)
{
    return value < 0 ? "-" : delta && value > 0 ? "+" : "";
}

static char *
write_grouped(char *buf, const char *sign, uint64_t value)
{
    char digits[24];
    int len = snprintf(digits, sizeof(digits), "%" PRIu64, value);
    char *end = stpcpy(buf, sign);

    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0) {
            *end++ = ',';
        }
        *end++ = digits[i];
    }
    *end = '\0';
    return buf;
}

char *
size_text(char *buf, int64_t bytes)
{
    return write_size(buf, sign_of(bytes, false), magnitude(bytes),
                      FORM_PLAIN);
}

char *
size_text_cell(char *buf, int64_t bytes)
{
    return write_size(buf, sign_of(bytes, false), magnitude(bytes),
                      FORM_CELL);
}

char *
size_text_compact(char *buf, int64_t bytes)
{
    return write_size(buf, sign_of(bytes, false), magnitude(bytes),
                      FORM_COMPACT);
}

char *
size_text_exact(char *buf, int64_t bytes)
{
    return write_grouped(buf, sign_of(bytes, false), magnitude(bytes));
}

char *
size_text_delta(char *buf, int64_t bytes)
{
    return write_size(buf, sign_of(bytes, true), magnitude(bytes),
                      FORM_PLAIN);
}

char *
size_text_delta_cell(char *buf, int64_t bytes)
{
    return write_size(buf, sign_of(bytes, true), magnitude(bytes), FORM_CELL);
}

char *
size_text_delta_compact(char *buf, int64_t bytes)
{
    return write_size(buf, sign_of(bytes, true), magnitude(bytes),
                      FORM_COMPACT);
}

char *
size_text_delta_exact(char *buf, int64_t bytes)
{
    return write_grouped(buf, sign_of(bytes, true), magnitude(bytes));
}

static char *
write_count(char *buf, const char *sign, uint64_t count)
{
    static const char letters[] = "MGTPE";
    uint64_t unit = 1000000;
    int letter = 0;

    if (count <= 99999999) {
        return write_grouped(buf, sign, count);
    }
    /* Switched after rounding, as sizes are. */
    while (count / (unit / 10) + (count % (unit / 10) >= unit / 20) >= 10000
           && letter < 4) {
        unit *= 1000;
        letter++;
    }
    uint64_t tenth = unit / 10;
    uint64_t tenths = count / tenth + (count % tenth >= tenth / 2);
    snprintf(buf, NUMBER_TEXT_SIZE, "%s%" PRIu64 ".%" PRIu64 " %c", sign,
             tenths / 10, tenths % 10, letters[letter]);
    return buf;
}

char *
count_text(char *buf, int64_t count)
{
    return write_count(buf, sign_of(count, false), magnitude(count));
}

char *
count_text_exact(char *buf, int64_t count)
{
    return write_grouped(buf, sign_of(count, false), magnitude(count));
}

char *
count_text_delta(char *buf, int64_t count)
{
    return write_count(buf, sign_of(count, true), magnitude(count));
}

char *
count_text_delta_exact(char *buf, int64_t count)
{
    return write_grouped(buf, sign_of(count, true), magnitude(count));
}

char *
percent_text(char *buf, int64_t part, int64_t whole)
{
    double percent = whole != 0 ? 100.0 * (double)part / (double)whole : 0.0;

    snprintf(buf, NUMBER_TEXT_SIZE, "%.1f", percent);
    if (strcmp(buf, "-0.0") == 0) {
        strcpy(buf, "0.0");
    }
    return buf;
}

int64_t
whole_number(double value)
{
    if (!(fabs(value) < 9.2e18)) {
        return isnan(value) ? 0 : value < 0 ? INT64_MIN : INT64_MAX;
    }
    return (int64_t)llround(value);
}

char *
growth_text(char *buf, double bytes_per_minute)
{
    size_text_delta(buf, whole_number(bytes_per_minute));
    return strcat(buf, "/min");
}

char *
rate_text(char *buf, double per_second)
{
    count_text(buf, whole_number(per_second));
    return strcat(buf, "/s");
}

char *
clock_text(char *buf, uint64_t nanoseconds)
{
    uint64_t seconds = nanoseconds / 1000000000u;
    unsigned hours = (unsigned)(seconds / 3600 % 24);
    unsigned minutes = (unsigned)(seconds / 60 % 60);

    if (seconds >= 86400) {
        snprintf(buf, NUMBER_TEXT_SIZE, "%" PRIu64 "d%02u:%02u",
                 seconds / 86400, hours, minutes);
    }
    else {
        snprintf(buf, NUMBER_TEXT_SIZE, "%02u:%02u:%02u", hours, minutes,
                 (unsigned)(seconds % 60));
    }
    return buf;
}

/* The power of 1024 that a suffix means, or -1. */
static int
suffix_power(const char *suffix)
{
    static const char letters[] = "kmgt";

    if (*suffix == '\0' || strcasecmp(suffix, "b") == 0) {
        return 0;
    }
    const char *letter = strchr(letters, tolower((unsigned char)*suffix));
    if (letter == NULL) {
        return -1;
    }
    suffix++;
    if (*suffix != '\0' && strcasecmp(suffix, "b") != 0
        && strcasecmp(suffix, "ib") != 0) {
        return -1;
    }
    return (int)(letter - letters) + 1;
}

bool
parse_size(const char *text, int64_t *bytes)
{
    size_t whole = strspn(text, "0123456789");
    size_t end = whole;
    long double value = 0, place = 1;

    if (whole == 0) {
        return false;
    }
    for (size_t i = 0; i < whole; i++) {
        value = value * 10 + (text[i] - '0');
    }
    if (text[end] == '.') {
        size_t digits = strspn(text + end + 1, "0123456789");
        if (digits == 0) {
            return false;
        }
        for (size_t i = 0; i < digits; i++) {
            place /= 10;
            value += place * (text[end + 1 + i] - '0');
        }
        end += 1 + digits;
    }
    int power = suffix_power(text + end);
    if (power < 0) {
        return false;
    }
    value = ldexpl(value, 10 * power);
    if (!(value < 9223372036854775807.0L)) {
        return false;
    }
    *bytes = (int64_t)(value + 0.5L);
    return true;
}
