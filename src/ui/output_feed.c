/* SPDX-License-Identifier: MIT
 *
 * From the script's bytes to libvterm: valid UTF-8 and whole escape sequences
 * only, in small pieces.  What is not UTF-8, and C1 control characters, become
 * U+FFFD: libvterm 0.1 takes both for something else, and may write beyond
 * its buffers.
 */
#include <string.h>
#include <vterm.h>

#include "ui/output.h"
#include "ui/output_escape.h"
#include "ui/output_private.h"

#define PIECE 2048

struct piece {
    VTerm *vterm;
    char bytes[PIECE + ESCAPE_MAX];
    size_t size;
};

static void
piece_flush(struct piece *piece)
{
    if (piece->size > 0) {
        vterm_input_write(piece->vterm, piece->bytes, piece->size);
        piece->size = 0;
    }
}

static void
piece_add(struct piece *piece, const void *bytes, size_t size)
{
    memcpy(piece->bytes + piece->size, bytes, size);
    piece->size += size;
    if (piece->size >= PIECE) {
        piece_flush(piece);
    }
}

/* Bytes of the character that begins with lead; 0: none does. */
static int
utf8_size(unsigned char lead)
{
    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xc2 && lead < 0xe0) {
        return 2;
    }
    if (lead >= 0xe0 && lead < 0xf0) {
        return 3;
    }
    return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

/* May c be byte 1 of a character with this lead?  Leaves out overlong forms,
 * surrogates, what is over U+10FFFF, and C1 control characters. */
static bool
second_fits(unsigned char lead, unsigned char c)
{
    unsigned char low = 0x80, high = 0xbf;

    switch (lead) {
    case 0xc2:
        low = 0xa0;
        break;
    case 0xe0:
        low = 0xa0;
        break;
    case 0xed:
        high = 0x9f;
        break;
    case 0xf0:
        low = 0x90;
        break;
    case 0xf4:
        high = 0x8f;
        break;
    }
    return c >= low && c <= high;
}

static void
feed_byte(struct output *output, struct piece *piece, unsigned char c)
{
    static const char replacement[] = "\xef\xbf\xbd";
    int size = output->partial_size;

    if (size > 0) {
        bool fits = size == 1 ? second_fits(output->partial[0], c)
                              : (c & 0xc0) == 0x80;

        if (fits) {
            output->partial[output->partial_size++] = c;
            if (output->partial_size == utf8_size(output->partial[0])) {
                piece_add(piece, output->partial,
                          (size_t)output->partial_size);
                output->partial_size = 0;
            }
            return;
        }
        piece_add(piece, replacement, 3);
        output->partial_size = 0;
        if ((c & 0xc0) == 0x80) {
            return;
        }
    }
    switch (utf8_size(c)) {
    case 0:
        piece_add(piece, replacement, 3);
        break;
    case 1:
        piece_add(piece, &c, 1);
        break;
    default:
        output->partial[0] = c;
        output->partial_size = 1;
    }
}

/* A sequence.  One that repeats the last character (REP) needs a character with
 * a width: libvterm 0.1 does not come to an end with none, or with a combining
 * one that stands alone.  A reset (RIS) leaves the alternate screen, which
 * libvterm does without a word. */
static void
feed_sequence(struct output *output, struct piece *piece,
              const char *sequence, size_t size)
{
    static const char leave[] = "\033[?1047l";
    bool repeats = sequence[size - 1] == 'b';

    if (size == 2 && sequence[1] == 'c') {
        piece_add(piece, leave, sizeof(leave) - 1);
    }
    if (repeats) {
        piece_flush(piece);     /* what is to be repeated may be in it */
    }
    if (!repeats || output->width > 0) {
        piece_add(piece, sequence, size);
    }
}

void
output_feed(struct output *output, const char *bytes, size_t len)
{
    struct piece piece = {.vterm = output->vterm};
    char sequence[ESCAPE_MAX];
    size_t size;

    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)bytes[i];

        if (!output_escape(&output->escape, c, sequence, &size)) {
            feed_byte(output, &piece, c);
        }
        else if (size > 0) {
            feed_sequence(output, &piece, sequence, size);
        }
    }
    piece_flush(&piece);
}
