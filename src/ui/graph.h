/* SPDX-License-Identifier: MIT
 *
 * The graph of traced memory (blocks) and RSS (dots) over the run or its last
 * minute, with an axis where P is the peak, digits are snapshots and `┃` is
 * the past moment that is shown.
 */
#ifndef PYMTOP_UI_GRAPH_H
#define PYMTOP_UI_GRAPH_H

#include <stdint.h>

#include "ui/screen.h"

struct ui;

/* Lines it takes on a screen with so many rows: 6, 4, 1 or 0. */
int graph_lines(int rows);
/* Draw it into rect, the axis in its last line if it has more than one. */
void graph_draw(struct ui *ui, struct rect rect);
/* The axis alone, in one line (the snapshots view has it too). */
void graph_draw_axis(struct ui *ui, int row, int col, int cols);
/* The time a column of the graph stands for; 0: it is not on the plot. */
uint64_t graph_time_at(struct ui *ui, int col);

#endif
