/* SPDX-License-Identifier: MIT */
#include "ui/text_match.h"

#include <stdint.h>
#include <wctype.h>

#include "ui/text_cells.h"

static bool
has_capital(const char *text)
{
    while (*text != '\0') {
        int width;

        if (iswupper((wint_t)text_next(&text, &width))) {
            return true;
        }
    }
    return false;
}

/* Does text begin with the needle?  Then its width in cells, else -1. */
static int
begins_with(const char *text, const char *needle, bool exact)
{
    int cells = 0;

    while (*needle != '\0') {
        int text_cells, needle_cells;
        uint32_t a, b;

        if (*text == '\0') {
            return -1;
        }
        a = text_next(&text, &text_cells);
        b = text_next(&needle, &needle_cells);
        if (a != b && (exact || towlower((wint_t)a) != towlower((wint_t)b))) {
            return -1;
        }
        cells += text_cells;
    }
    return cells;
}

bool
text_match(const char *text, const char *needle, int from, int *col,
           int *width)
{
    bool exact = has_capital(needle);
    int cell = 0;

    if (*needle == '\0') {
        return false;
    }
    while (*text != '\0') {
        int cells, found = cell < from ? -1 : begins_with(text, needle, exact);

        if (found > 0) {
            *col = cell;
            *width = found;
            return true;
        }
        text_next(&text, &cells);
        cell += cells;
    }
    return false;
}
