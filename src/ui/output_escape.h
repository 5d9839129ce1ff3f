/* SPDX-License-Identifier: MIT
 *
 * Escape sequences of the script's output, made fit for libvterm 0.1, which
 * trusts them: more than 16 parameters overwrite its own state, and scroll
 * margins that a smaller terminal has cut off move memory backwards.
 *
 * Only whole sequences go on, with few and small parameters.  Strings (OSC,
 * DCS, APC, PM, SOS: titles, pictures, palettes) mean nothing here and go
 * nowhere, so libvterm never waits for the rest of anything.
 */
#ifndef PYMTOP_UI_OUTPUT_ESCAPE_H
#define PYMTOP_UI_OUTPUT_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>

#define ESCAPE_MAX 256          /* bytes; longer sequences are dropped */

struct output_escape {
    enum {
        ESCAPE_NONE,            /* not in a sequence */
        ESCAPE_BEGUN,           /* ESC was read */
        ESCAPE_CSI,
        ESCAPE_STRING,
        ESCAPE_STRING_END       /* ESC was read in a string */
    } state;
    char text[ESCAPE_MAX];      /* of the sequence so far */
    size_t size;                /* may count beyond ESCAPE_MAX */
    char kind;                  /* of the string: what followed ESC */
    bool margins;               /* scroll margins were set */
};

/* Take a byte (below 0x80, or any byte of a longer character).  Returns false
 * if it belongs to no sequence: it is text or a control character.  Else *size
 * bytes at out (room for ESCAPE_MAX) go to libvterm, maybe none. */
bool output_escape(struct output_escape *escape, unsigned char c, char *out,
                   size_t *size);

#endif
