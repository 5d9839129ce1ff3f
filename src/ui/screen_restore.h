/* SPDX-License-Identifier: MIT
 *
 * Giving the terminal back from a signal handler, where only bytes can be
 * written: they are put together when the screen opens.
 */
#ifndef PYMTOP_UI_SCREEN_RESTORE_H
#define PYMTOP_UI_SCREEN_RESTORE_H

#include <stdbool.h>

/* Remember the modes of the terminal fd; nothing to write yet. */
void restore_begin(int fd);
/* Remember its modes as we have set them. */
void restore_note_ours(void);
/* Append a terminfo string; its padding marks are left out. */
void restore_add(const char *string);
/* While active, screen_restore() (screen.h) does something. */
void restore_set_active(bool active);
bool restore_is_active(void);

#endif
