/* SPDX-License-Identifier: MIT */
#include "ui/text_cells.h"

#include <langinfo.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "base/utf8.h"

static bool ascii_only;

/* Signs of pymtop's own and what stands for them without UTF-8. */
static const struct {
    uint32_t character;
    char ascii;
} signs[] = {
    {0x2581, '_'}, {0x2582, '.'}, {0x2583, '-'}, {0x2584, '='},
    {0x2585, '+'}, {0x2586, '*'}, {0x2587, '%'}, {0x2588, '#'},
    {0x2589, '%'}, {0x258a, '*'}, {0x258b, '+'}, {0x258c, '='},
    {0x258d, '-'}, {0x258e, '.'}, {0x258f, '.'},        /* bars */
    {0x00b7, '.'}, {0x25b2, '+'}, {0x25bc, '-'}, {0x2026, '~'},
    {0x25b8, '>'}, {0x25be, 'v'}, {0x25b6, '>'}, {0x25c0, '<'},
    {0x2190, '<'}, {0x2192, '>'}, {0x2191, '^'}, {0x2193, 'v'},
    {0x2500, '-'}, {0x2502, '|'}, {0x2503, '|'}, {0x250c, '+'},
    {0x2510, '+'}, {0x2514, '+'}, {0x2518, '+'}, {0x251c, '|'},
    {0x2524, '|'}, {0x0394, 'd'}, {0x203a, '>'}, {0x00d7, 'x'},
    {0x2264, '<'}, {0x221e, '-'}
};

bool
text_locale_is_utf8(void)
{
    setlocale(LC_CTYPE, "");
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

void
text_set_ascii(bool on)
{
    ascii_only = on;
}

char
sign_ascii(uint32_t character)
{
    if (character >= 0x20 && character <= 0x7e) {
        return (char)character;
    }
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        if (signs[i].character == character) {
            return signs[i].ascii;
        }
    }
    return '?';
}

/* Characters without a shape of their own that change how others are shown:
 * direction marks, joiners, tags.  Combining accents are not among them. */
static bool
is_format(uint32_t c)
{
    return c == 0xad || c == 0x61c || (c >= 0x200b && c <= 0x200f)
        || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f)
        || c == 0xfeff || (c >= 0xfff0 && c <= 0xfffb)
        || (c >= 0xe0000 && c <= 0xe0fff);
}

uint32_t
text_next(const char **text, int *width)
{
    uint32_t c;

    *text += utf8_decode(*text, strnlen(*text, 4), &c);
    *width = 1;
    if (c == UTF8_INVALID || c < 0x20 || (c >= 0x7f && c < 0xa0) || is_format(c)) {
        return '?';
    }
    if (c < 0x7f) {
        return c;
    }
    if (ascii_only) {
        *width = c == 0x2190 || c == 0x2192 ? 2 : 1;    /* <- and -> */
        return c;
    }
    *width = wcwidth((wchar_t)c);
    if (*width < 0) {
        *width = 1;
        return '?';
    }
    return c;
}

int
text_width(const char *text)
{
    int total = 0;

    while (*text != '\0') {
        int width;
        text_next(&text, &width);
        total += width;
    }
    return total;
}

size_t
text_fit(const char *text, int width)
{
    const char *at = text;
    int used = 0;

    while (*at != '\0') {
        const char *next = at;
        int w;
        text_next(&next, &w);
        if (used + w > width) {
            break;
        }
        used += w;
        at = next;
    }
    return (size_t)(at - text);
}

void
text_cut_right(char *out, size_t out_size, const char *text, int width)
{
    if (width <= 0) {
        out[0] = '\0';
    }
    else if (text_width(text) <= width) {
        snprintf(out, out_size, "%s", text);
    }
    else {
        snprintf(out, out_size, "%.*s…", (int)text_fit(text, width - 1),
                 text);
    }
}

void
text_cut_left(char *out, size_t out_size, const char *text, int width)
{
    int total = text_width(text);

    if (width <= 0) {
        out[0] = '\0';
        return;
    }
    if (total <= width) {
        snprintf(out, out_size, "%s", text);
        return;
    }
    while (total > width - 1) {
        int w;
        text_next(&text, &w);
        total -= w;
    }
    snprintf(out, out_size, "…%s", text);
}
