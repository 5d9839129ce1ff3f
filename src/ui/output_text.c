/* SPDX-License-Identifier: MIT
 *
 * The lines of the output: as cells, as text, and printed once more on the
 * real terminal.
 */
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/xalloc.h"
#include "ui/output.h"
#include "ui/output_private.h"

static int
screen_rows_used(const struct output *output)
{
    const struct grid *grid = &output->grids[output->alternate];
    int used = grid_rows_used(grid);

    if (output->cursor.row >= used
        && (output->printed || output->cursor.row > 0)) {
        used = output->cursor.row + 1;
    }
    return used < grid->rows ? used : grid->rows;
}

int64_t
output_first(const struct output *output)
{
    return (int64_t)output->lines.dropped;
}

int64_t
output_screen_first(const struct output *output)
{
    return output_first(output) + output->lines.count;
}

int64_t
output_end(const struct output *output)
{
    return output_screen_first(output) + screen_rows_used(output);
}

bool
output_cursor(const struct output *output, int64_t *line, int *col)
{
    *line = output_screen_first(output) + output->cursor.row;
    *col = output->cursor.col;
    return output->cursor_visible;
}

bool
output_empty(const struct output *output)
{
    return !output->printed;
}

bool
output_alternate(const struct output *output)
{
    return output->alternate;
}

static int
grid_line(const struct grid *grid, int row, struct output_cell *cells,
          int max, bool *wrapped)
{
    int used;

    if (row < 0 || row >= grid->rows) {
        return 0;
    }
    used = grid_row_text(grid, row);
    if (used > max) {
        used = max;
    }
    memcpy(cells, grid->row[row].cells, (size_t)used * sizeof(cells[0]));
    *wrapped = grid->row[row].wrapped;
    return used;
}

static int
line_cells(const struct output *output, const struct grid *grid,
           int64_t line, struct output_cell *cells, int max, bool *wrapped)
{
    int64_t screen_first = output_screen_first(output);

    *wrapped = false;
    if (line < output_first(output)) {
        return 0;
    }
    if (line < screen_first) {
        return output_lines_get(&output->lines,
                                (unsigned)(line - output_first(output)),
                                cells, max, wrapped);
    }
    if (line - screen_first >= grid->rows) {
        return 0;
    }
    return grid_line(grid, (int)(line - screen_first), cells, max, wrapped);
}

int
output_line(const struct output *output, int64_t line,
            struct output_cell *cells, int max, bool *wrapped)
{
    bool unused;

    return line_cells(output, &output->grids[output->alternate], line, cells,
                      max, wrapped != NULL ? wrapped : &unused);
}

/* The UTF-8 of a cell; a blank is a space, the right half of a wide one
 * nothing. */
static size_t
cell_text(const struct output_cell *cell, char *text)
{
    size_t size = 0;

    if (cell->width == 0) {
        return 0;
    }
    if (cell->chars[0] == 0) {
        text[0] = ' ';
        return 1;
    }
    for (int i = 0; i < OUTPUT_CHARS && cell->chars[i] != 0; i++) {
        size += output_encode(text + size, cell->chars[i]);
    }
    return size;
}

void
output_line_text(const struct output *output, int64_t line, char *out,
                 size_t out_size)
{
    struct output_cell *cells = xcalloc(OUTPUT_COLS_MAX, sizeof(cells[0]));
    int n = output_line(output, line, cells, OUTPUT_COLS_MAX, NULL);
    size_t used = 0;

    for (int i = 0; i < n; i++) {
        char text[OUTPUT_CHARS * 4];
        size_t size = cell_text(&cells[i], text);

        if (used + size + 1 > out_size) {
            break;
        }
        memcpy(out + used, text, size);
        used += size;
    }
    if (out_size > 0) {
        out[used] = '\0';
    }
    free(cells);
}

static void
add_colour(struct strbuf *buf, uint32_t colour, int base)
{
    uint32_t value = colour & 0xffffff;

    switch (colour & PEN_KIND) {
    case PEN_INDEXED:
        if (value < 8) {
            strbuf_addf(buf, ";%u", (unsigned)base + value);
        }
        else if (value < 16) {
            strbuf_addf(buf, ";%u", (unsigned)base + 52 + value);
        }
        else {
            strbuf_addf(buf, ";%d;5;%u", base + 8, (unsigned)value);
        }
        break;
    case PEN_RGB:
        strbuf_addf(buf, ";%d;2;%u;%u;%u", base + 8, (unsigned)value >> 16,
                    (unsigned)value >> 8 & 255, (unsigned)value & 255);
        break;
    }
}

/* Select the pen: reset, then what differs from plain. */
static void
add_pen(struct strbuf *buf, const struct output_pen *pen)
{
    static const struct {
        uint32_t bit;
        int sgr;
    } codes[] = {
        {PEN_BOLD, 1}, {PEN_ITALIC, 3}, {PEN_UNDERLINE, 4},
        {PEN_BLINK, 5}, {PEN_REVERSE, 7}, {PEN_STRIKE, 9},
    };

    strbuf_add_text(buf, "\033[0");
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        if (pen->attributes & codes[i].bit) {
            strbuf_addf(buf, ";%d", codes[i].sgr);
        }
    }
    add_colour(buf, pen->fore, 30);
    add_colour(buf, pen->back, 40);
    strbuf_add_char(buf, 'm');
}

static void
add_line(struct strbuf *buf, const struct output_cell *cells, int n,
         bool coloured)
{
    const struct output_pen plain = {0};
    const struct output_pen *pen = &plain;

    for (int i = 0; i < n; i++) {
        char text[OUTPUT_CHARS * 4];

        if (coloured && !output_pen_equal(pen, &cells[i].pen)) {
            pen = &cells[i].pen;
            add_pen(buf, pen);
        }
        strbuf_add(buf, text, cell_text(&cells[i], text));
    }
    if (!output_pen_equal(pen, &plain)) {
        strbuf_add_text(buf, "\033[0m");
    }
}

/* An editor that ended with its screen up leaves the main one to print. */
static void
print_tail(struct output *output, FILE *file, int lines, bool coloured)
{
    const struct grid *grid = &output->grids[0];
    int64_t end = output_screen_first(output) + grid_rows_used(grid);
    int64_t first = output_first(output);
    struct output_cell *cells = xcalloc(OUTPUT_COLS_MAX, sizeof(cells[0]));
    struct strbuf buf;
    bool wrapped;

    if (grid_rows_used(grid) == 0) {
        while (end > first
               && line_cells(output, grid, end - 1, cells, OUTPUT_COLS_MAX,
                             &wrapped) == 0) {
            end--;
        }
    }
    if (end - first > lines) {
        first = end - lines;
    }
    strbuf_init(&buf);
    for (int64_t line = first; line < end; line++) {
        int n = line_cells(output, grid, line, cells, OUTPUT_COLS_MAX,
                           &wrapped);

        add_line(&buf, cells, n, coloured);
        if (!wrapped || line == end - 1) {
            strbuf_add_char(&buf, '\n');
        }
    }
    fwrite(buf.text, 1, buf.len, file);
    strbuf_release(&buf);
    free(cells);
}

void
output_print_tail(struct output *output, FILE *file, int lines)
{
    print_tail(output, file, lines, true);
}

void
output_print_tail_plain(struct output *output, FILE *file, int lines)
{
    print_tail(output, file, lines, false);
}
