/* SPDX-License-Identifier: MIT
 *
 * Text measured in cells: how wide UTF-8 text is on the screen, and how it is
 * cut so that it still reads.  Invalid bytes and control characters count one
 * cell (they are drawn as `?`).
 */
#ifndef PYMTOP_UI_TEXT_CELLS_H
#define PYMTOP_UI_TEXT_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The locale decides; it is set here, since the C library must know it for
 * wcwidth(). */
bool text_locale_is_utf8(void);
/* No UTF-8: `→` and `←` are two cells, every other sign is one.  The screen
 * sets this when it opens. */
void text_set_ascii(bool on);

/* Decode one character at *text (not at its end) and step over it.  Returns
 * the code point, or '?' for what cannot be shown; *width is 0, 1 or 2. */
uint32_t text_next(const char **text, int *width);
int text_width(const char *text);
/* Bytes of text that fit in width cells. */
size_t text_fit(const char *text, int width);

/* Write text to out, at most width cells: too long, it ends (cut_right) or
 * begins (cut_left) with `…`.  out always ends in NUL. */
void text_cut_right(char *out, size_t out_size, const char *text, int width);
void text_cut_left(char *out, size_t out_size, const char *text, int width);

/* The ASCII sign for one of pymtop's own (`▲` is `+`, `…` is `~`, `█` is
 * `#`), '?' for any other character over 126. */
char sign_ascii(uint32_t character);

#endif
