/* SPDX-License-Identifier: MIT
 *
 * The visible part of the script's terminal: rows of cells.  It knows nothing
 * of escape sequences; output.c drives it from libvterm's callbacks.
 *
 * A row keeps the cells beyond the right edge when the terminal gets narrower,
 * until something is written into it: so narrowing and widening a terminal
 * loses nothing of what was printed.
 *
 * Rows and columns count from 0; whatever lies outside is clipped.
 */
#ifndef PYMTOP_UI_OUTPUT_GRID_H
#define PYMTOP_UI_OUTPUT_GRID_H

#include <stdbool.h>
#include <stdint.h>

#define OUTPUT_CHARS 6          /* a character and those combined with it */

/* Colours: PEN_DEFAULT, PEN_INDEXED + 0..255 or PEN_RGB + 0xrrggbb. */
enum {
    PEN_DEFAULT = 0,
    PEN_INDEXED = 1 << 24,
    PEN_RGB = 2 << 24,
    PEN_KIND = 3 << 24
};

enum {
    PEN_BOLD = 1,
    PEN_ITALIC = 2,
    PEN_UNDERLINE = 4,
    PEN_BLINK = 8,
    PEN_REVERSE = 16,
    PEN_STRIKE = 32
};

/* How a cell looks; {0} is the terminal's default. */
struct output_pen {
    uint32_t fore, back;
    uint32_t attributes;        /* PEN_ bits */
};

struct output_cell {
    uint32_t chars[OUTPUT_CHARS];   /* up to the first 0; none: blank */
    struct output_pen pen;
    uint8_t width;              /* 2: wide; 0: right half of a wide one */
};

struct grid_row {
    struct output_cell *cells;  /* owned */
    int size;                   /* cells there are: at least the columns */
    bool wrapped;               /* the text goes on in the next row */
};

struct grid {
    int rows, cols;
    struct grid_row *row;       /* owned, rows entries */
};

struct grid_rect {
    int row, end_row, col, end_col;
};

bool output_pen_equal(const struct output_pen *a, const struct output_pen *b);

void grid_init(struct grid *grid, int rows, int cols);
void grid_release(struct grid *grid);

/* chars ends with 0; what is over OUTPUT_CHARS is left out. */
void grid_put(struct grid *grid, int row, int col, const uint32_t *chars,
              int width, const struct output_pen *pen);
/* Blank, in the pen's background. */
void grid_erase(struct grid *grid, struct grid_rect rect,
                const struct output_pen *pen);
/* Copy a rectangle to another place (the two may overlap). */
void grid_move(struct grid *grid, struct grid_rect to, struct grid_rect from);
/* Shift whole rows [row, end_row) up by n, or down by -n, blanks follow. */
void grid_scroll(struct grid *grid, int row, int end_row, int n,
                 const struct output_pen *pen);

/* A narrower grid only hides cells, see above. */
void grid_set_cols(struct grid *grid, int cols);
/* Drop n rows at the top, or add -n blank ones there; then cut or add rows
 * at the bottom so that there are `rows`. */
void grid_set_rows(struct grid *grid, int n, int rows);

/* Cells of a row up to the last one that is not blank. */
int grid_row_used(const struct grid_row *row);
/* The same for text that goes on: blanks at the edge of a wrapped row are
 * part of it. */
int grid_row_text(const struct grid *grid, int row);
/* Rows up to the last one that is not blank. */
int grid_rows_used(const struct grid *grid);

#endif
