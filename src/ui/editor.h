/* SPDX-License-Identifier: MIT
 *
 * The user's editor in our terminal, while the script runs on.
 */
#ifndef PYMTOP_UI_EDITOR_H
#define PYMTOP_UI_EDITOR_H

#include <stddef.h>

struct ui;

/* Open a file at a line in $VISUAL, $EDITOR or vi, and come back when it is
 * closed.  The variable is a program and its arguments, separated by blanks;
 * no shell reads it.  Returns 0; -1 with one line in why. */
int editor_run(struct ui *ui, const char *path, int line, char *why,
               size_t why_size);

#endif
