/* SPDX-License-Identifier: MIT
 *
 * One frame: one consistent copy of the counters, and what else the header
 * shows of the same moment.
 */
#ifndef PYMTOP_UI_FRAME_H
#define PYMTOP_UI_FRAME_H

#include <stdbool.h>

struct ui;

/* Set up and free what a frame is made of (catalog, snapshots, history). */
void frame_init(struct ui *ui);
void frame_release(struct ui *ui);
/* Take a copy now.  False: there is none (the script's Python has not come so
 * far yet); the one before stays. */
bool frame_take(struct ui *ui);
/* When it is time: what /proc says of the process that is shown, and whether
 * the script, or what has replaced it, waits for input.  frame_take() does. */
void frame_look_outside(struct ui *ui);
/* Does the process that is shown run still?  If not, its rates are 0 and no
 * frame adds to its graph, growth and snapshots any more. */
void frame_note_end(struct ui *ui);

#endif
