/* SPDX-License-Identifier: MIT
 *
 * The switches that are off their default, as reversed words at the left of
 * the hint line.  Esc takes the newest one off.
 */
#ifndef PYMTOP_UI_BADGES_H
#define PYMTOP_UI_BADGES_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/ui.h"

/* Take the newest badge off; false: there is none. */
bool badge_off_newest(struct ui *ui);
/* `AT PEAK 00:01:07`, `DIFF #2 → now`. */
void badge_words(struct ui *ui, enum badge badge, char *out, size_t out_size);
/* What can be done about the newest one; "" for none. */
void badge_hint(struct ui *ui, char *out, size_t out_size);
/* Draw all of them; returns the cells used. */
int badges_draw(struct ui *ui, int row, int cols);

#endif
