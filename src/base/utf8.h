/* SPDX-License-Identifier: MIT
 *
 * Text from untrusted names: decoding, making it safe for a terminal,
 * measuring and cutting it in terminal cells.
 */
#ifndef PYMTOP_UTF8_H
#define PYMTOP_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

/* Decode the first character of len > 0 bytes.  Returns its length 1..4 and
 * stores the code point; an invalid byte (overlong forms and surrogates
 * included) has length 1 and the code point UTF8_INVALID. */
#define UTF8_INVALID UINT32_MAX
size_t utf8_decode(const char *text, size_t len, uint32_t *point);

/* Must not go to a terminal as it is: control characters (C0, DEL, C1), line
 * and paragraph separators, characters that reorder or hide text; and
 * UTF8_INVALID. */
bool utf8_is_unsafe(uint32_t point);

/* Append len bytes of text so that they may go to a terminal: what
 * must not becomes `?`. */
void utf8_add_safe(struct strbuf *buf, const char *text, size_t len);

/* The same in place; needs no memory. */
void utf8_make_safe(char *text);

/* Append the text as valid UTF-8: invalid bytes become U+FFFD. */
void utf8_add_valid(struct strbuf *buf, const char *text, size_t len);

/* Width in terminal cells of NUL-terminated safe text: East Asian wide
 * characters are 2 cells, combining ones 0. */
int utf8_width(const char *text);

/* Append text cut to at most `cells` cells.  If something is cut, the last
 * (right) or the first (left) cell is `…`, or `~` with ascii. */
void utf8_add_cut_right(struct strbuf *buf, const char *text, int cells,
                        bool ascii);
void utf8_add_cut_left(struct strbuf *buf, const char *text, int cells,
                       bool ascii);

/* Append spaces up to a width of `cells` in total for what buf holds from
 * byte `from` on. */
void utf8_pad(struct strbuf *buf, size_t from, int cells);

#endif
