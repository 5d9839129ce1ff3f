/* SPDX-License-Identifier: MIT
 *
 * How rows have moved: a few samples of every line, file and function over
 * the whole run (they halve their resolution when full, so memory is bounded
 * by the number of lines), and finer ones of the last minute for slopes and
 * rates.  All values are own bytes now.
 */
#ifndef PYMTOP_TREND_H
#define PYMTOP_TREND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/table.h"

#define TREND_CELLS_MAX 15
#define TREND_LEVELS 8          /* a cell is 0 (nothing) to 8 (its maximum) */

struct trend;

struct trend *trend_new(void);
void trend_free(struct trend *trend);

/* Call with every new live snapshot; samples only when it is time, then costs
 * O(contexts).  Snapshots must come in the order of their times. */
void trend_tick(struct trend *trend, const struct catalog *catalog,
                const struct snapshot *live);

/* Counts up whenever trend_rates() may say something new. */
uint64_t trend_stamp(const struct trend *trend);

/* Growth in bytes a minute (slope over the last minute, or the run if it is
 * shorter) and blocks allocated a second, of a row; for table_build().
 * False: too young to tell (under 3 s), or a sum; then both are 0. */
bool trend_rates(const struct trend *trend, const struct table *table,
                 const struct table_row *row, double *growth,
                 double *allocs_per_second);

/* The size over the whole run in `cells` (<= TREND_CELLS_MAX) levels of
 * 0..TREND_LEVELS, oldest first, scaled to the row's own maximum. */
void trend_levels(const struct trend *trend, const struct table *table,
                  const struct table_row *row, int cells, uint8_t *levels);

/* 1 grows, -1 shrinks: the slope is over 1 %/min of the row's size; else 0. */
int trend_direction(const struct table_row *row);

#endif
