/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"

#include <string.h>
#include <wchar.h>

size_t
utf8_decode(const char *text, size_t len, uint32_t *point)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *byte = (const unsigned char *)text;
    size_t need = byte[0] < 0x80 ? 1
        : (byte[0] & 0xe0) == 0xc0 ? 2
        : (byte[0] & 0xf0) == 0xe0 ? 3
        : (byte[0] & 0xf8) == 0xf0 ? 4 : 0;

    *point = UTF8_INVALID;
    if (need == 0 || need > len) {
        return 1;
    }
    uint32_t value = need == 1 ? byte[0] : byte[0] & (0x7fu >> need);
    for (size_t i = 1; i < need; i++) {
        if ((byte[i] & 0xc0) != 0x80) {
            return 1;
        }
        value = value << 6 | (byte[i] & 0x3f);
    }
    if (value < least[need] || value > 0x10ffff
        || (value >= 0xd800 && value <= 0xdfff)) {
        return 1;
    }
    *point = value;
    return need;
}

bool
utf8_is_unsafe(uint32_t point)
{
    return point == UTF8_INVALID || point < 0x20
        || (point >= 0x7f && point <= 0x9f)
        || point == 0xad || point == 0x61c
        || (point >= 0x200b && point <= 0x200f)
        || (point >= 0x2028 && point <= 0x202e)
        || (point >= 0x2060 && point <= 0x206f)
        || point == 0xfeff || (point >= 0xfff9 && point <= 0xfffb)
        || (point >= 0xe0000 && point <= 0xe007f);
}

/* In place; the length that is left. */
static size_t
make_safe(char *text, size_t len)
{
    size_t kept = 0;
    uint32_t point;

    for (size_t i = 0; i < len;) {
        size_t step = utf8_decode(text + i, len - i, &point);
        if (utf8_is_unsafe(point)) {
            text[kept++] = '?';
        }
        else {
            memmove(text + kept, text + i, step);
            kept += step;
        }
        i += step;
    }
    return kept;
}

void
utf8_add_safe(struct strbuf *buf, const char *text, size_t len)
{
    size_t before = buf->len;

    if (len > 0) {
        strbuf_add(buf, text, len);
        strbuf_cut(buf, before + make_safe(buf->text + before, len));
    }
}

void
utf8_make_safe(char *text)
{
    text[make_safe(text, strlen(text))] = '\0';
}

void
utf8_add_valid(struct strbuf *buf, const char *text, size_t len)
{
    uint32_t point;

    for (size_t i = 0; i < len;) {
        size_t step = utf8_decode(text + i, len - i, &point);
        if (point == UTF8_INVALID) {
            strbuf_add_text(buf, "\xef\xbf\xbd");
        }
        else {
            strbuf_add(buf, text + i, step);
        }
        i += step;
    }
}

/* Cells of one character.  wcwidth() knows the terminal's rules; where the
 * locale does not know the character it is taken for one cell. */
static int
point_width(uint32_t point)
{
    if (point < 0x300 || point == UTF8_INVALID) {
        return 1;
    }
    int width = wcwidth((wchar_t)point);
    return width < 0 ? 1 : width;
}

int
utf8_width(const char *text)
{
    size_t len = strlen(text);
    uint32_t point;
    int width = 0;

    for (size_t i = 0; i < len;) {
        i += utf8_decode(text + i, len - i, &point);
        width += point_width(point);
    }
    return width;
}

/* Bytes of the longest beginning that is not wider than `cells`. */
static size_t
fitting(const char *text, size_t len, int cells)
{
    uint32_t point;
    size_t i = 0;

    while (i < len) {
        size_t step = utf8_decode(text + i, len - i, &point);
        cells -= point_width(point);
        if (cells < 0) {
            break;
        }
        i += step;
    }
    return i;
}

static const char *
cut_mark(bool ascii)
{
    return ascii ? "~" : "\xe2\x80\xa6";        /* … */
}

void
utf8_add_cut_right(struct strbuf *buf, const char *text, int cells,
                   bool ascii)
{
    size_t len = strlen(text);

    if (cells <= 0) {
        return;
    }
    if (fitting(text, len, cells) == len) {
        strbuf_add(buf, text, len);
        return;
    }
    strbuf_add(buf, text, fitting(text, len, cells - 1));
    strbuf_add_text(buf, cut_mark(ascii));
}

void
utf8_add_cut_left(struct strbuf *buf, const char *text, int cells, bool ascii)
{
    size_t len = strlen(text);
    int width = utf8_width(text);
    uint32_t point;

    if (cells <= 0) {
        return;
    }
    if (width <= cells) {
        strbuf_add(buf, text, len);
        return;
    }
    size_t i = 0;
    while (i < len && width > cells - 1) {
        i += utf8_decode(text + i, len - i, &point);
        width -= point_width(point);
    }
    strbuf_add_text(buf, cut_mark(ascii));
    strbuf_add(buf, text + i, len - i);
}

void
utf8_pad(struct strbuf *buf, size_t from, int cells)
{
    int width = from < buf->len ? utf8_width(buf->text + from) : 0;

    if (width < cells) {
        strbuf_add_repeat(buf, ' ', (size_t)(cells - width));
    }
}
