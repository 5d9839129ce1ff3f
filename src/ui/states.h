/* SPDX-License-Identifier: MIT
 *
 * What the script does, in words: the right end of line 1, and the hint that
 * belongs to it.
 */
#ifndef PYMTOP_UI_STATES_H
#define PYMTOP_UI_STATES_H

#include <stdbool.h>
#include <stddef.h>

struct ui;

/* `running 00:01:42`, `exited 1: exception after 00:03:12`, ... */
void state_words(struct ui *ui, char *out, size_t out_size);
/* The same of a child that is shown, "" of one that is not known. */
void state_child_words(const struct ui *ui, char *out, size_t out_size);
/* Something is wrong: it was killed, or blocks are lost. */
bool state_is_trouble(const struct ui *ui);
/* The hint of a state, or "" when it has none. */
void state_hint(struct ui *ui, char *out, size_t out_size);

#endif
