/* SPDX-License-Identifier: MIT */
#include "ui/output_escape.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define PARAMETERS_MAX 15       /* libvterm has room for 16 */
#define PARAMETER_MAX 9999      /* more rows or columns than there are */
#define STRINGS "]P_^X"         /* after ESC: begins a string */
#define BEGINS "[\\" STRINGS    /* a string or CSI sequence; ends a string */
#define STRING_MAX (1u << 20)   /* bytes; a string that goes on is none */

enum {
    BELL = 0x07, LINE_FEED = 0x0a, RETURN = 0x0d, CANCEL = 0x18,
    SUBSTITUTE = 0x1a, ESC = 0x1b, DELETE = 0x7f
};

static void
collect(struct output_escape *escape, unsigned char c)
{
    if (escape->size < ESCAPE_MAX) {
        escape->text[escape->size] = (char)c;
    }
    escape->size++;
}

static void
begin(struct output_escape *escape)
{
    escape->state = ESCAPE_BEGUN;
    escape->size = 0;
}

/* `12;3:4` with at most PARAMETERS_MAX numbers, none too big.  *from is left
 * behind them; returns the bytes written. */
static size_t
copy_parameters(const char **from, const char *end, char *out)
{
    size_t size = 0;
    int count = 1;

    while (*from < end && **from >= '0' && **from <= ';') {
        uint32_t value = 0;
        const char *digits = *from;

        while (*from < end && **from >= '0' && **from <= '9') {
            value = value * 10 + (uint32_t)(**from - '0');
            value = value > PARAMETER_MAX ? PARAMETER_MAX : value;
            (*from)++;
        }
        if (count <= PARAMETERS_MAX && *from > digits) {
            size += (size_t)snprintf(out + size, 8, "%u", (unsigned)value);
        }
        if (*from < end && (**from == ';' || **from == ':')) {
            if (++count <= PARAMETERS_MAX) {
                out[size++] = **from;
            }
            (*from)++;
        }
    }
    return size;
}

/* A whole CSI sequence: text is what stands between `ESC [` and the last
 * byte. */
static size_t
finish_csi(struct output_escape *escape, char last, char *out)
{
    const char *from = escape->text;
    const char *end = escape->text + escape->size;
    const char *leader = from;
    size_t size = 0;

    if (escape->size > ESCAPE_MAX - 32) {
        return 0;
    }
    out[size++] = ESC;
    out[size++] = '[';
    while (from < end && *from >= '<' && *from <= '?') {
        out[size++] = *from++;
    }
    if (from == leader && (last == 'r' || last == 's')) {
        escape->margins = true;
    }
    size += copy_parameters(&from, end, out + size);
    while (from < end && *from >= ' ' && *from <= '/') {
        out[size++] = *from++;
    }
    if (from != end) {
        return 0;               /* not the form of a sequence */
    }
    out[size++] = last;
    return size;
}

/* A whole sequence of ESC, intermediate bytes and a last one. */
static size_t
finish_escape(struct output_escape *escape, char last, char *out)
{
    /* A cursor that is restored may lie outside by now; libvterm puts it
     * inside with the next CSI sequence, so here is one that does nothing. */
    static const char inside[] = "\033[0n";
    size_t size = 0;

    /* libvterm takes what begins another sequence for that, whatever stands
     * before it, and what follows would come to it unread. */
    if (escape->size > 3 || strchr(BEGINS, last) != NULL) {
        return 0;
    }
    out[size++] = ESC;
    memcpy(out + size, escape->text, escape->size);
    size += escape->size;
    out[size++] = last;
    if (escape->size == 0 && last == '8') {
        memcpy(out + size, inside, sizeof(inside) - 1);
        size += sizeof(inside) - 1;
    }
    return size;
}

/* After ESC. */
static size_t
begun_byte(struct output_escape *escape, unsigned char c, char *out)
{
    if (c >= ' ' && c <= '/') {
        collect(escape, c);
        return 0;
    }
    if (escape->size == 0 && c == '[') {
        escape->state = ESCAPE_CSI;
        return 0;
    }
    if (escape->size == 0 && strchr(STRINGS, c) != NULL) {
        escape->state = ESCAPE_STRING;
        escape->kind = (char)c;
        return 0;
    }
    escape->state = ESCAPE_NONE;
    return c < DELETE ? finish_escape(escape, (char)c, out) : 0;
}

static size_t
csi_byte(struct output_escape *escape, unsigned char c, char *out)
{
    if (c >= ' ' && c <= '?') {
        collect(escape, c);
        return 0;
    }
    escape->state = ESCAPE_NONE;
    return c < DELETE ? finish_csi(escape, (char)c, out) : 0;
}

/* A string ends by BEL or ST.  A title that was never ended ends with its
 * line, and anything when it gets too long: text must not vanish for ever. */
static bool
string_byte(struct output_escape *escape, unsigned char c)
{
    escape->size++;
    if ((c == RETURN || c == LINE_FEED) && escape->kind == ']') {
        escape->state = ESCAPE_NONE;
        return false;
    }
    if (c == ESC) {
        escape->state = ESCAPE_STRING_END;
    }
    else if (c == BELL || c == CANCEL || c == SUBSTITUTE
             || escape->size > STRING_MAX) {
        escape->state = ESCAPE_NONE;
    }
    return true;
}

bool
output_escape(struct output_escape *escape, unsigned char c, char *out,
              size_t *size)
{
    *size = 0;
    if (escape->state == ESCAPE_STRING) {
        return string_byte(escape, c);
    }
    if (escape->state == ESCAPE_STRING_END) {
        if (c == '\\') {
            escape->state = ESCAPE_NONE;
            return true;
        }
        begin(escape);
    }
    if (c == ESC) {
        begin(escape);
        return true;
    }
    if (escape->state == ESCAPE_NONE) {
        return false;
    }
    if (c == CANCEL || c == SUBSTITUTE || c > DELETE) {
        escape->state = ESCAPE_NONE;
        return c <= DELETE;
    }
    if (c < ' ' || c == DELETE) {
        return false;           /* control characters work inside, too */
    }
    *size = escape->state == ESCAPE_CSI ? csi_byte(escape, c, out)
                                        : begun_byte(escape, c, out);
    return true;
}
