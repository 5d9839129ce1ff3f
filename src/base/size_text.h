/* SPDX-License-Identifier: MIT
 *
 * Numbers as words, one rule for screen, text report and messages, and back.
 *
 * Sizes go in powers of 1024 with one decimal, switched after rounding:
 * `612 B`, `1023.9 KiB`, then `1.0 MiB`.  Each function writes into buf
 * (NUMBER_TEXT_SIZE bytes are always enough) and returns buf.
 */
#ifndef PYMTOP_SIZE_TEXT_H
#define PYMTOP_SIZE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NUMBER_TEXT_SIZE 40

/* `147.2 MiB`, `612 B`, `0 B`; negative values with a `-`. */
char *size_text(char *buf, int64_t bytes);
/* The same for a right-aligned column: the unit fills 3 cells (`612 B  `),
 * so that the points of a column are in line. */
char *size_text_cell(char *buf, int64_t bytes);
/* `147.2M`, `409.6K`, `51B`. */
char *size_text_compact(char *buf, int64_t bytes);
/* All digits: `154,350,387`. */
char *size_text_exact(char *buf, int64_t bytes);

/* The same four for a difference: a `+` before what grew, `0 B` for zero. */
char *size_text_delta(char *buf, int64_t bytes);
char *size_text_delta_cell(char *buf, int64_t bytes);
char *size_text_delta_compact(char *buf, int64_t bytes);
char *size_text_delta_exact(char *buf, int64_t bytes);

/* `3,010,561`; over 99,999,999 `123.4 M`, `1.2 G` (powers of 1000).
 * Exact: all digits, whatever the size. */
char *count_text(char *buf, int64_t count);
char *count_text_exact(char *buf, int64_t count);
char *count_text_delta(char *buf, int64_t count);
char *count_text_delta_exact(char *buf, int64_t count);

/* part of whole in percent, one decimal: `35.7`; whole 0: `0.0`. */
char *percent_text(char *buf, int64_t part, int64_t whole);

/* The nearest whole number; what does not fit is clamped, NaN is 0. */
int64_t whole_number(double value);

/* `+35.7 MiB/min`, `148,212/s`.  A rate is rounded to a whole number first. */
char *growth_text(char *buf, double bytes_per_minute);
char *rate_text(char *buf, double per_second);

/* `00:01:42`, over a day `1d02:03`.  Whole seconds, rounded down. */
char *clock_text(char *buf, uint64_t nanoseconds);

/* `500M` is 500 * 2^20.  Accepts digits with an optional fraction, then
 * nothing, B, K, M, G or T, also as KB, KiB, kib; no sign, no spaces.
 * Returns false (and leaves *bytes) if text is anything else or too big. */
bool parse_size(const char *text, int64_t *bytes);

#endif
