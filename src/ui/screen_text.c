/* SPDX-License-Identifier: MIT
 *
 * Text on the screen, made of cells.  Everything that is drawn passes here,
 * and here characters that must not reach a terminal are replaced.
 */
#include <string.h>
#include <wchar.h>

#include "ui/screen.h"
#include "ui/text_cells.h"

#define CLUSTER_MAX 4           /* a character and its accents */

/* The next character of *text with its accents; returns their number. */
static int
next_cluster(const char **text, uint32_t *chars, int *width)
{
    int n = 1;

    chars[0] = text_next(text, width);
    while (*width > 0 && **text != '\0') {
        const char *after = *text;
        int accent_width;
        uint32_t accent = text_next(&after, &accent_width);
        if (accent_width != 0) {
            break;
        }
        *text = after;
        if (n < CLUSTER_MAX) {
            chars[n++] = accent;
        }
    }
    return n;
}

static void
put_ascii(struct screen *screen, int row, int col, uint32_t c, int width,
          struct style style)
{
    static const uint32_t right[] = {'-', '>'}, left[] = {'<', '-'};
    uint32_t one = (unsigned char)sign_ascii(c);

    if (width == 2) {
        const uint32_t *arrow = c == 0x2190 ? left : right;
        screen_cell(screen, row, col, arrow, 1, style);
        screen_cell(screen, row, col + 1, arrow + 1, 1, style);
        return;
    }
    screen_cell(screen, row, col, &one, 1, style);
}

int
screen_put(struct screen *screen, int row, int col, int width,
           const char *text, struct style style)
{
    int used = 0;
    int room = screen_cols(screen) - col;

    width = width < room ? width : room;
    while (*text != '\0') {
        uint32_t chars[CLUSTER_MAX];
        int w;
        int n = next_cluster(&text, chars, &w);
        if (used + w > width) {
            break;
        }
        if (w > 0 && screen_utf8(screen)) {
            screen_cell(screen, row, col + used, chars, n, style);
        }
        else if (w > 0) {
            put_ascii(screen, row, col + used, chars[0], w, style);
        }
        used += w;
    }
    return used;
}

int
screen_put_char(struct screen *screen, int row, int col,
                const uint32_t *chars, int n, struct style style)
{
    uint32_t first = n > 0 && chars[0] != 0 ? chars[0] : ' ';
    uint32_t safe[CLUSTER_MAX];
    int width = first < 0x7f ? 1 : wcwidth((wchar_t)first);
    int used = 1;

    if (width < 1 || first < 0x20 || first == 0x7f) {
        first = '?';
        width = 1;
    }
    if (col + width > screen_cols(screen)) {
        return width;
    }
    if (!screen_utf8(screen)) {
        put_ascii(screen, row, col, first, 1, style);
        return width;
    }
    safe[0] = first;
    for (int i = 1; i < n && used < CLUSTER_MAX; i++) {
        if (chars[i] > 0x7f && wcwidth((wchar_t)chars[i]) == 0) {
            safe[used++] = chars[i];
        }
    }
    screen_cell(screen, row, col, safe, used, style);
    return width;
}

void
screen_blank(struct screen *screen, int row, int col, int width,
             struct style style)
{
    static const uint32_t blank = ' ';

    for (int i = 0; i < width; i++) {
        screen_cell(screen, row, col + i, &blank, 1, style);
    }
}

void
screen_put_right(struct screen *screen, int row, int col, int width,
                 const char *text, struct style style)
{
    int blank = width - text_width(text);

    blank = blank > 0 ? blank : 0;
    screen_blank(screen, row, col, blank, style);
    screen_put(screen, row, col + blank, width - blank, text, style);
}
