/* SPDX-License-Identifier: MIT
 *
 * The script's terminal gets another size.  libvterm tells that first, and
 * from 0.2 on leaves what it keeps of each row to whoever is told.
 */
#include <stdlib.h>
#include <string.h>
#include <vterm.h>

#include "base/xalloc.h"
#include "ui/output.h"
#include "ui/output_lines.h"
#include "ui/output_private.h"

void
output_push_row(struct output *output, int row)
{
    const struct grid *grid = &output->grids[0];

    output_lines_push(&output->lines, grid->row[row].cells,
                      grid_row_text(grid, row), grid->row[row].wrapped);
}

/* Rows that the scrollback gives back at the top when the screen grows. */
static void
pull_rows(struct output *output, int n)
{
    struct grid *grid = &output->grids[0];
    struct output_cell *cells = xcalloc(OUTPUT_COLS_MAX, sizeof(cells[0]));

    for (int i = n - 1; i >= 0; i--) {
        bool wrapped;
        int used = output_lines_get(&output->lines, output->lines.count - 1,
                                    cells, OUTPUT_COLS_MAX, &wrapped);
        struct grid_row *row = &grid->row[i];

        if (used > row->size) {
            row->cells = xreallocarray(row->cells, (size_t)used,
                                       sizeof(row->cells[0]));
            row->size = used;
        }
        memcpy(row->cells, cells, (size_t)used * sizeof(cells[0]));
        row->wrapped = wrapped;
        output_lines_pop(&output->lines);
    }
    free(cells);
}

/* Rows of the main screen that are in use: to the text or the cursor. */
static int
rows_used(const struct output *output)
{
    int used = grid_rows_used(&output->grids[0]);

    if (!output->alternate && output->cursor.row >= used) {
        used = output->cursor.row + 1;
    }
    /* A cursor restored after the terminal shrank may be outside. */
    return used < output->grids[0].rows ? used : output->grids[0].rows;
}

/* Lower: what is in use moves up into the scrollback.  Higher: it comes back
 * from there.  Returns by how many rows the text moved down. */
static int
set_main_rows(struct output *output, int rows)
{
    struct grid *grid = &output->grids[0];
    int n = rows_used(output) - rows;

    if (n > 0) {
        if (!output->alternate && n > output->cursor.row) {
            n = output->cursor.row;
        }
        for (int i = 0; i < n; i++) {
            output_push_row(output, i);
        }
        grid_set_rows(grid, n, rows);
        return -n;
    }
    n = output->alternate ? 0 : rows - grid->rows;
    if (n < 0) {
        n = 0;
    }
    if ((unsigned)n > output->lines.count) {
        n = (int)output->lines.count;
    }
    grid_set_rows(grid, -n, rows);
    pull_rows(output, n);
    return n;
}

/* Returns by how many rows the text of the main screen moved down. */
static int
resize_grids(struct output *output, int rows, int cols)
{
    grid_set_cols(&output->grids[0], cols);
    grid_set_cols(&output->grids[1], cols);
    grid_set_rows(&output->grids[1], 0, rows);
    output->at_edge = false;
    return set_main_rows(output, rows);
}

#ifdef VTERM_HAS_STATE_FIELDS

/* Blank ones do: lines of double width are not to be had here, and which line
 * goes on is known to the grid. */
static VTermLineInfo *
renew_infos(VTermLineInfo *old, int rows)
{
    free(old);
    return output_allocate((size_t)rows * sizeof(old[0]), NULL);
}

int
output_on_resize(int rows, int cols, VTermStateFields *fields, void *user)
{
    struct output *output = user;
    int moved = resize_grids(output, rows, cols);

    for (int i = 0; i < 2; i++) {
        if (fields->lineinfos[i] != NULL) {
            fields->lineinfos[i] = renew_infos(fields->lineinfos[i], rows);
        }
    }
    if (!output->alternate) {
        fields->pos.row += moved;
    }
    return 1;
}

#else

int
output_on_resize(int rows, int cols, VTermPos *delta, void *user)
{
    struct output *output = user;
    int moved = resize_grids(output, rows, cols);

    if (!output->alternate) {
        delta->row = moved;
    }
    return 1;
}

#endif
