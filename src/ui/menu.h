/* SPDX-License-Identifier: MIT
 *
 * A menu over the body: the list of a prompt of kind PROMPT_MENU, and the
 * menus that belong to no view: the script's, quitting, the ends of a diff.
 */
#ifndef PYMTOP_UI_MENU_H
#define PYMTOP_UI_MENU_H

#include "ui/screen.h"

struct ui;

void menu_key(struct ui *ui, const struct key *key);
void menu_draw(struct ui *ui, struct rect rect);

/* K: interrupt, terminate, kill, stop, continue, pause tracing. */
void menu_script(struct ui *ui);
/* q: leaves at once when the script has ended, else asks. */
void menu_quit(struct ui *ui);
/* The script has ended: what q asked is no question any more. */
void menu_note_end(struct ui *ui);
/* D: both ends of a difference, one after the other. */
void menu_diff_ends(struct ui *ui);

#endif
