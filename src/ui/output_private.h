/* SPDX-License-Identifier: MIT
 *
 * Inside of struct output, for the output_*.c files only.
 */
#ifndef PYMTOP_UI_OUTPUT_PRIVATE_H
#define PYMTOP_UI_OUTPUT_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <vterm.h>

#include "ui/output_escape.h"
#include "ui/output_grid.h"
#include "ui/output_lines.h"

struct output {
    VTerm *vterm;               /* owned: parser and modes */
    struct grid grids[2];       /* main and alternate screen */
    bool alternate;
    struct output_lines lines;  /* what left the main screen at the top */
    struct output_pen pen;
    VTermPos cursor;
    bool cursor_visible;
    VTermPos edge;              /* of the last character written */
    bool at_edge;               /* ... which filled its row */
    bool printed;               /* a visible character, ever */
    int width;                  /* of the last character, which may be
                                   repeated */

    struct output_escape escape;
    /* A UTF-8 character that is cut by the end of a read. */
    unsigned char partial[4];
    int partial_size;

    char queue[65536];          /* for output_take() */
    size_t queued;
};

/* A block of zeros for libvterm, as it asks for it; free() takes it back. */
void *output_allocate(size_t size, void *user);
/* A row of the main screen is the newest line of the scrollback. */
void output_push_row(struct output *output, int row);

/* libvterm's callback: the grids get the new size. */
#ifdef VTERM_HAS_STATE_FIELDS
int output_on_resize(int rows, int cols, VTermStateFields *fields, void *user);
#else
int output_on_resize(int rows, int cols, VTermPos *delta, void *user);
#endif

#endif
