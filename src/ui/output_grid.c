/* SPDX-License-Identifier: MIT */
#include "ui/output_grid.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

bool
output_pen_equal(const struct output_pen *a, const struct output_pen *b)
{
    return a->fore == b->fore && a->back == b->back
           && a->attributes == b->attributes;
}

static int
clip(int value, int low, int high)
{
    if (value < low) {
        return low;
    }
    return value > high ? high : value;
}

static struct grid_rect
clip_rect(const struct grid *grid, struct grid_rect rect)
{
    rect.row = clip(rect.row, 0, grid->rows);
    rect.end_row = clip(rect.end_row, rect.row, grid->rows);
    rect.col = clip(rect.col, 0, grid->cols);
    rect.end_col = clip(rect.end_col, rect.col, grid->cols);
    return rect;
}

static void
blank_cells(struct output_cell *cells, int n, const struct output_pen *pen)
{
    struct output_cell blank = {.width = 1};

    if (pen != NULL) {
        blank.pen.back = pen->back;
    }
    for (int i = 0; i < n; i++) {
        cells[i] = blank;
    }
}

static void
row_init(struct grid_row *row, int size, const struct output_pen *pen)
{
    row->cells = xcalloc((size_t)size, sizeof(row->cells[0]));
    row->size = size;
    row->wrapped = false;
    blank_cells(row->cells, size, pen);
}

void
grid_init(struct grid *grid, int rows, int cols)
{
    grid->rows = rows;
    grid->cols = cols;
    grid->row = xcalloc((size_t)rows, sizeof(grid->row[0]));
    for (int i = 0; i < rows; i++) {
        row_init(&grid->row[i], cols, NULL);
    }
}

void
grid_release(struct grid *grid)
{
    for (int i = 0; i < grid->rows; i++) {
        free(grid->row[i].cells);
    }
    free(grid->row);
    memset(grid, 0, sizeof(*grid));
}

/* A row that changes loses what it kept beyond the right edge. */
static struct output_cell *
row_touch(struct grid *grid, int row)
{
    struct grid_row *r = &grid->row[row];

    if (r->size > grid->cols) {
        blank_cells(r->cells + grid->cols, r->size - grid->cols, NULL);
    }
    return r->cells;
}

/* Before cells from col on change: a wide one cut in half becomes blank. */
static void
break_wide(struct output_cell *cells, int cols, int col)
{
    if (col > 0 && col < cols && cells[col].width == 0) {
        blank_cells(&cells[col - 1], 2, &cells[col].pen);
    }
}

/* Characters without a shape that turn or hide the text around them; no cell
 * keeps one. */
static bool
is_format(uint32_t c)
{
    return (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e)
           || (c >= 0x2060 && c <= 0x206f) || c == 0xad || c == 0x61c
           || c == 0xfeff || (c >= 0xfff0 && c <= 0xfffb)
           || (c >= 0xe0000 && c <= 0xe0fff);
}

void
grid_put(struct grid *grid, int row, int col, const uint32_t *chars,
         int width, const struct output_pen *pen)
{
    if (row < 0 || row >= grid->rows || col < 0 || width < 1
        || col + width > grid->cols) {
        return;
    }
    struct output_cell *cells = row_touch(grid, row);
    struct output_cell cell = {.pen = *pen, .width = (uint8_t)width};

    for (int i = 0, used = 0; used < OUTPUT_CHARS && chars[i] != 0; i++) {
        if (!is_format(chars[i])) {
            cell.chars[used++] = chars[i];
        }
    }
    if (width == 1 && chars[0] == ' ' && chars[1] == 0) {
        cell.chars[0] = 0;
    }
    break_wide(cells, grid->cols, col);
    break_wide(cells, grid->cols, col + width);
    cells[col] = cell;
    if (width == 2) {
        blank_cells(&cells[col + 1], 1, pen);
        cells[col + 1].width = 0;
    }
}

void
grid_erase(struct grid *grid, struct grid_rect rect,
           const struct output_pen *pen)
{
    rect = clip_rect(grid, rect);
    if (rect.col == rect.end_col) {
        return;
    }
    for (int i = rect.row; i < rect.end_row; i++) {
        struct output_cell *cells = row_touch(grid, i);

        break_wide(cells, grid->cols, rect.col);
        break_wide(cells, grid->cols, rect.end_col);
        blank_cells(cells + rect.col, rect.end_col - rect.col, pen);
        if (rect.end_col == grid->cols) {
            grid->row[i].wrapped = false;
        }
    }
}

void
grid_move(struct grid *grid, struct grid_rect to, struct grid_rect from)
{
    int rows, cols;
    bool downward = to.row > from.row;

    to = clip_rect(grid, to);
    from = clip_rect(grid, from);
    rows = to.end_row - to.row;
    if (from.end_row - from.row < rows) {
        rows = from.end_row - from.row;
    }
    cols = to.end_col - to.col;
    if (from.end_col - from.col < cols) {
        cols = from.end_col - from.col;
    }
    for (int i = 0; i < rows && cols > 0; i++) {
        int at = downward ? rows - 1 - i : i;
        struct output_cell *cells = row_touch(grid, to.row + at);

        break_wide(cells, grid->cols, to.col);
        break_wide(cells, grid->cols, to.col + cols);
        memmove(cells + to.col, grid->row[from.row + at].cells + from.col,
                (size_t)cols * sizeof(cells[0]));
        if (cells[to.col].width == 0 && to.col != 0) {
            blank_cells(&cells[to.col], 1, NULL);
        }
    }
}

static void
reverse_rows(struct grid_row *rows, int n)
{
    for (int i = 0; i < n / 2; i++) {
        struct grid_row kept = rows[i];

        rows[i] = rows[n - 1 - i];
        rows[n - 1 - i] = kept;
    }
}

void
grid_scroll(struct grid *grid, int row, int end_row, int n,
            const struct output_pen *pen)
{
    row = clip(row, 0, grid->rows);
    end_row = clip(end_row, row, grid->rows);
    int height = end_row - row;
    int up;

    n = clip(n, -height, height);
    if (n == 0) {
        return;
    }
    up = n > 0 ? n : height + n;
    reverse_rows(grid->row + row, up);
    reverse_rows(grid->row + row + up, height - up);
    reverse_rows(grid->row + row, height);
    for (int i = 0; i < abs(n); i++) {
        int at = n > 0 ? end_row - 1 - i : row + i;

        blank_cells(grid->row[at].cells, grid->row[at].size, pen);
        grid->row[at].wrapped = false;
    }
}

void
grid_set_cols(struct grid *grid, int cols)
{
    for (int i = 0; i < grid->rows; i++) {
        struct grid_row *row = &grid->row[i];

        if (row->size < cols) {
            row->cells = xreallocarray(row->cells, (size_t)cols,
                                       sizeof(row->cells[0]));
            blank_cells(row->cells + row->size, cols - row->size, NULL);
            row->size = cols;
        }
    }
    grid->cols = cols;
}

void
grid_set_rows(struct grid *grid, int n, int rows)
{
    int drop = n > 0 ? clip(n, 0, grid->rows) : 0;
    int add = n < 0 ? clip(-n, 0, rows) : 0;
    int keep = clip(grid->rows - drop, 0, rows - add);
    struct grid_row *fresh = xcalloc((size_t)rows, sizeof(fresh[0]));

    for (int i = 0; i < grid->rows; i++) {
        if (i >= drop && i < drop + keep) {
            fresh[add + i - drop] = grid->row[i];
        }
        else {
            free(grid->row[i].cells);
        }
    }
    for (int i = 0; i < rows; i++) {
        if (fresh[i].cells == NULL) {
            row_init(&fresh[i], grid->cols, NULL);
        }
    }
    free(grid->row);
    grid->row = fresh;
    grid->rows = rows;
}

static bool
cell_blank(const struct output_cell *cell)
{
    return cell->chars[0] == 0 && cell->width == 1
           && cell->pen.back == PEN_DEFAULT
           && (cell->pen.attributes
               & (PEN_REVERSE | PEN_UNDERLINE | PEN_STRIKE)) == 0;
}

int
grid_row_used(const struct grid_row *row)
{
    int used = row->size;

    while (used > 0 && cell_blank(&row->cells[used - 1])) {
        used--;
    }
    return used;
}

int
grid_row_text(const struct grid *grid, int row)
{
    int used = grid_row_used(&grid->row[row]);

    if (grid->row[row].wrapped && used < grid->cols) {
        used = grid->cols;
    }
    return used;
}

int
grid_rows_used(const struct grid *grid)
{
    int used = grid->rows;

    while (used > 0 && grid_row_used(&grid->row[used - 1]) == 0) {
        used--;
    }
    return used;
}
