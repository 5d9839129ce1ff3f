/* SPDX-License-Identifier: MIT
 *
 * libvterm parses; what it calls back for is kept here, in two grids (the
 * main and the alternate screen) and the scrollback.  Its own screen layer is
 * not used: that one forgets what a narrower terminal cuts off.
 */
#include "ui/output.h"

#include <stdlib.h>
#include <string.h>
#include <vterm.h>

#include "base/xalloc.h"
#include "ui/output_lines.h"
#include "ui/output_private.h"

/* libvterm 0.1 looks a few entries beyond its own arrays when a cursor that
 * was saved before the terminal shrank is restored: every block gets room
 * behind it. */
#define VTERM_SLACK 8192

void *
output_allocate(size_t size, void *user)
{
    (void)user;
    return xcalloc(1, size + VTERM_SLACK);
}

static void
release(void *block, void *user)
{
    (void)user;
    free(block);
}

static VTermAllocatorFunctions allocator = {
    .malloc = output_allocate,
    .free = release,
};

static struct grid *
current_grid(struct output *output)
{
    return &output->grids[output->alternate];
}

static int
on_glyph(VTermGlyphInfo *info, VTermPos pos, void *user)
{
    struct output *output = user;
    struct grid *grid = current_grid(output);

    /* A character in the first column right after one in the last: the line
     * was too long and goes on here. */
    if (pos.col == 0 && pos.row > 0 && pos.row < grid->rows
        && output->at_edge) {
        grid->row[pos.row - 1].wrapped = true;
    }
    grid_put(grid, pos.row, pos.col, info->chars, info->width, &output->pen);
    output->edge = pos;
    output->width = info->width;
    output->at_edge = pos.col + info->width >= grid->cols - 1;
    if (info->chars[0] > ' ') {
        output->printed = true;
    }
    return 1;
}

static int
on_cursor(VTermPos pos, VTermPos old, int visible, void *user)
{
    struct output *output = user;

    (void)old;
    (void)visible;
    output->cursor = pos;
    if (pos.row != output->edge.row || pos.col != output->edge.col) {
        output->at_edge = false;
    }
    return 1;
}

static struct grid_rect
from_vterm(VTermRect rect)
{
    return (struct grid_rect){rect.start_row, rect.end_row, rect.start_col,
                              rect.end_col};
}

static int
on_move(VTermRect to, VTermRect from, void *user)
{
    struct output *output = user;

    grid_move(current_grid(output), from_vterm(to), from_vterm(from));
    return 1;
}

static int
on_erase(VTermRect rect, int selective, void *user)
{
    struct output *output = user;

    (void)selective;
    grid_erase(current_grid(output), from_vterm(rect), &output->pen);
    return 1;
}

static int
on_scroll(VTermRect rect, int downward, int rightward, void *user)
{
    struct output *output = user;
    struct grid *grid = current_grid(output);

    if (rect.start_col != 0 || rect.end_col != grid->cols
        || rightward != 0) {
        vterm_scroll_rect(rect, downward, rightward, on_move, on_erase,
                          user);
        return 1;
    }
    if (rect.start_row == 0 && !output->alternate) {
        for (int i = 0; i < downward && i < grid->rows; i++) {
            output_push_row(output, i);
        }
    }
    grid_scroll(grid, rect.start_row, rect.end_row, downward, &output->pen);
    return 1;
}

static int
on_pen_reset(void *user)
{
    struct output *output = user;

    output->pen = (struct output_pen){0};
    return 1;
}

static uint32_t
pen_colour(const VTermColor *colour)
{
    if (VTERM_COLOR_IS_DEFAULT_FG(colour)
        || VTERM_COLOR_IS_DEFAULT_BG(colour)) {
        return PEN_DEFAULT;
    }
    if (VTERM_COLOR_IS_INDEXED(colour)) {
        return PEN_INDEXED | colour->indexed.idx;
    }
    return PEN_RGB | (uint32_t)colour->rgb.red << 16
           | (uint32_t)colour->rgb.green << 8 | colour->rgb.blue;
}

static int
on_pen(VTermAttr attribute, VTermValue *value, void *user)
{
    static const uint32_t bits[VTERM_N_ATTRS] = {
        [VTERM_ATTR_BOLD] = PEN_BOLD,
        [VTERM_ATTR_UNDERLINE] = PEN_UNDERLINE,
        [VTERM_ATTR_ITALIC] = PEN_ITALIC,
        [VTERM_ATTR_BLINK] = PEN_BLINK,
        [VTERM_ATTR_REVERSE] = PEN_REVERSE,
        [VTERM_ATTR_STRIKE] = PEN_STRIKE,
    };
    struct output *output = user;
    bool on;

    if (attribute == VTERM_ATTR_FOREGROUND) {
        output->pen.fore = pen_colour(&value->color);
        return 1;
    }
    if (attribute == VTERM_ATTR_BACKGROUND) {
        output->pen.back = pen_colour(&value->color);
        return 1;
    }
    if (attribute >= VTERM_N_ATTRS || bits[attribute] == 0) {
        return 0;
    }
    on = attribute == VTERM_ATTR_UNDERLINE ? value->number != 0
                                           : value->boolean != 0;
    if (on) {
        output->pen.attributes |= bits[attribute];
    }
    else {
        output->pen.attributes &= ~bits[attribute];
    }
    return 1;
}

static int
on_property(VTermProp property, VTermValue *value, void *user)
{
    struct output *output = user;

    if (property == VTERM_PROP_CURSORVISIBLE) {
        output->cursor_visible = value->boolean != 0;
    }
    if (property == VTERM_PROP_ALTSCREEN) {
        output->alternate = value->boolean != 0;
        output->at_edge = false;
    }
    return 1;
}

static const VTermStateCallbacks state_callbacks = {
    .putglyph = on_glyph,
    .movecursor = on_cursor,
    .scrollrect = on_scroll,
    .moverect = on_move,
    .erase = on_erase,
    .initpen = on_pen_reset,
    .setpenattr = on_pen,
    .settermprop = on_property,
    .resize = output_on_resize,
};

/* Keys and answers queue up until output_take(); a script that never reads
 * them cannot make the queue grow. */
static void
on_answer(const char *bytes, size_t len, void *user)
{
    struct output *output = user;

    if (len > sizeof(output->queue) - output->queued) {
        return;
    }
    memcpy(output->queue + output->queued, bytes, len);
    output->queued += len;
}

static int
bounded(int value, int max)
{
    if (value < 1) {
        return 1;
    }
    return value > max ? max : value;
}

struct output *
output_new(int rows, int cols)
{
    struct output *output = xcalloc(1, sizeof(*output));

    rows = bounded(rows, OUTPUT_ROWS_MAX);
    cols = bounded(cols, OUTPUT_COLS_MAX);
    grid_init(&output->grids[0], rows, cols);
    grid_init(&output->grids[1], rows, cols);
    output_lines_init(&output->lines);
    output->cursor_visible = true;
    output->vterm = vterm_new_with_allocator(rows, cols, &allocator, NULL);
    vterm_set_utf8(output->vterm, 1);
    vterm_output_set_callback(output->vterm, on_answer, output);

    VTermState *state = vterm_obtain_state(output->vterm);

    vterm_state_set_callbacks(state, &state_callbacks, output);
    vterm_state_reset(state, 1);
    return output;
}

void
output_free(struct output *output)
{
    if (output == NULL) {
        return;
    }
    vterm_free(output->vterm);
    grid_release(&output->grids[0]);
    grid_release(&output->grids[1]);
    output_lines_release(&output->lines);
    free(output);
}

/* Take back the scroll margins, as other terminals do when their size changes:
 * libvterm 0.1 would keep the top one where no row is any more.  That moves
 * the cursor, which goes back to its place. */
static void
reset_margins(struct output *output)
{
    char sequence[64];
    int size;

    if (!output->escape.margins) {
        return;
    }
    size = snprintf(sequence, sizeof(sequence), "\033[r\033[s\033[%d;%dH",
                    output->cursor.row + 1, output->cursor.col + 1);
    vterm_input_write(output->vterm, sequence, (size_t)size);
    output->escape.margins = false;
}

void
output_resize(struct output *output, int rows, int cols)
{
    rows = bounded(rows, OUTPUT_ROWS_MAX);
    cols = bounded(cols, OUTPUT_COLS_MAX);
    if (rows != output->grids[0].rows || cols != output->grids[0].cols) {
        reset_margins(output);
        vterm_set_size(output->vterm, rows, cols);
        vterm_state_get_cursorpos(vterm_obtain_state(output->vterm),
                                  &output->cursor);
    }
}

size_t
output_take(struct output *output, char *bytes, size_t size)
{
    size_t n = output->queued < size ? output->queued : size;

    memcpy(bytes, output->queue, n);
    memmove(output->queue, output->queue + n, output->queued - n);
    output->queued -= n;
    return n;
}
