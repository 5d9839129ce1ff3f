/* SPDX-License-Identifier: MIT
 *
 * Where a searched text stands in another one, in cells.  Smart case: capitals
 * count only if the needle has one.
 */
#ifndef PYMTOP_UI_TEXT_MATCH_H
#define PYMTOP_UI_TEXT_MATCH_H

#include <stdbool.h>

/* The first match that begins at cell `from` or later: its first cell and its
 * width.  false: there is none, or the needle is empty. */
bool text_match(const char *text, const char *needle, int from, int *col,
                int *width);

#endif
