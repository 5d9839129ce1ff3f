/* SPDX-License-Identifier: MIT
 *
 * The whole screen from top to bottom: header, graph, tabs, the view's body,
 * hint and keys; what goes when it is small.
 */
#ifndef PYMTOP_UI_LAYOUT_H
#define PYMTOP_UI_LAYOUT_H

#include "ui/screen.h"

struct ui;

#define LAYOUT_ROWS_MIN 4
#define LAYOUT_COLS_MIN 20

/* Draw a frame into the screen's memory; screen_flush() shows it. */
void layout_draw(struct ui *ui);
/* The size of the output view's body on the present screen: the script's
 * terminal has the same. */
void layout_output_size(struct ui *ui, int *rows, int *cols);

#endif
