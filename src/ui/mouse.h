/* SPDX-License-Identifier: MIT
 *
 * Clicks: a row, a head, a tab, a word of the footer, a time of the graph.
 */
#ifndef PYMTOP_UI_MOUSE_H
#define PYMTOP_UI_MOUSE_H

#include <stdbool.h>

struct key;
struct ui;

/* The second click at a place becomes a double one. */
void mouse_notice(struct ui *ui, struct key *key);
/* True: it was a click, and is done.  False: *key is a key to run, the one
 * that was pressed or the one a click stands for. */
bool mouse_key(struct ui *ui, struct key *key);

#endif
