/* SPDX-License-Identifier: MIT
 *
 * The scrollback: lines that have left the script's terminal at the top,
 * packed (a plain line of 60 characters takes 60 bytes and a header), oldest
 * dropped first.  Bounded in lines and in bytes.
 */
#ifndef PYMTOP_UI_OUTPUT_LINES_H
#define PYMTOP_UI_OUTPUT_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/output_grid.h"

#define OUTPUT_LINES_MAX 10000
#define OUTPUT_BYTES_MAX (32u << 20)

struct packed_line;

struct output_lines {
    struct packed_line **line;  /* owned ring of OUTPUT_LINES_MAX */
    unsigned first, count;      /* oldest, how many */
    size_t bytes;               /* of all packed lines */
    uint64_t dropped;           /* lines that are gone for good */
};

void output_lines_init(struct output_lines *lines);
void output_lines_release(struct output_lines *lines);

/* Append a row of n cells; wrapped: its text goes on in the next one. */
void output_lines_push(struct output_lines *lines,
                       const struct output_cell *cells, int n, bool wrapped);
/* Line i, 0 the oldest: at most max cells.  Returns how many there are. */
int output_lines_get(const struct output_lines *lines, unsigned i,
                     struct output_cell *cells, int max, bool *wrapped);
/* Take the newest line away again. */
void output_lines_pop(struct output_lines *lines);

/* Write a code point as UTF-8, 1 to 4 bytes; returns how many. */
size_t output_encode(char *to, uint32_t c);

#endif
