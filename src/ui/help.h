/* SPDX-License-Identifier: MIT
 *
 * The help page over the body: this view's keys and columns, then all other
 * keys.  Made from the table of keys and the views' own columns.
 */
#ifndef PYMTOP_UI_HELP_H
#define PYMTOP_UI_HELP_H

#include "ui/screen.h"

struct ui;

void help_open(struct ui *ui);
/* Arrows scroll, any other key closes. */
void help_key(struct ui *ui, const struct key *key);
void help_draw(struct ui *ui, struct rect rect);

#endif
