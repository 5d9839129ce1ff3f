/* SPDX-License-Identifier: MIT */
#include "ui/output_lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/* Bytes of a packed text: UTF-8, one character a cell, where no control
 * character occurs, so two of them can say what is not one narrow character:
 * a mark stands before the character that it is about. */
enum {
    MARK_WIDE = 1,              /* it takes two cells */
    MARK_COMBINED = 2           /* it belongs to the cell before */
};

/* From this cell on, up to that of the next run. */
struct pen_run {
    uint32_t cell;
    struct output_pen pen;
};

struct packed_line {
    uint32_t text_size, run_count;
    bool wrapped;
    struct pen_run runs[];      /* then the text */
};

void
output_lines_init(struct output_lines *lines)
{
    memset(lines, 0, sizeof(*lines));
    lines->line = xcalloc(OUTPUT_LINES_MAX, sizeof(lines->line[0]));
}

void
output_lines_release(struct output_lines *lines)
{
    while (lines->count > 0) {
        output_lines_pop(lines);
    }
    free(lines->line);
    memset(lines, 0, sizeof(*lines));
}

static char *
packed_text(struct packed_line *line)
{
    return (char *)(line->runs + line->run_count);
}

static size_t
packed_size(const struct packed_line *line)
{
    return sizeof(*line) + line->run_count * sizeof(line->runs[0])
           + line->text_size;
}

size_t
output_encode(char *to, uint32_t c)
{
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        to[0] = (char)(0xc0 | c >> 6);
        to[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        to[0] = (char)(0xe0 | c >> 12);
        to[1] = (char)(0x80 | (c >> 6 & 0x3f));
        to[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    to[0] = (char)(0xf0 | (c >> 18 & 7));
    to[1] = (char)(0x80 | (c >> 12 & 0x3f));
    to[2] = (char)(0x80 | (c >> 6 & 0x3f));
    to[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

/* Decode what output_encode() wrote. */
static const char *
unpack_char(const char *from, uint32_t *c)
{
    unsigned char lead = (unsigned char)*from++;
    int more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    uint32_t value = more == 0 ? lead : lead & (0x3fu >> more);

    while (more-- > 0) {
        value = value << 6 | ((unsigned char)*from++ & 0x3f);
    }
    *c = value;
    return from;
}

/* The packed text of a cell; at most 5 bytes a character. */
static size_t
pack_cell(char *to, const struct output_cell *cell)
{
    size_t size = 0;

    if (cell->width == 2) {
        to[size++] = MARK_WIDE;
    }
    if (cell->chars[0] == 0) {
        to[size++] = ' ';
        return size;
    }
    size += output_encode(to + size, cell->chars[0]);
    for (int i = 1; i < OUTPUT_CHARS && cell->chars[i] != 0; i++) {
        to[size++] = MARK_COMBINED;
        size += output_encode(to + size, cell->chars[i]);
    }
    return size;
}

static struct packed_line *
pack(const struct output_cell *cells, int n, bool wrapped)
{
    char buffer[OUTPUT_CHARS * 5];
    uint32_t runs = 0, text_size = 0;
    const struct output_pen plain = {0};
    const struct output_pen *pen = &plain;

    for (int i = 0; i < n; i++) {
        if (cells[i].width == 0) {
            continue;
        }
        if (!output_pen_equal(&cells[i].pen, pen)) {
            pen = &cells[i].pen;
            runs++;
        }
        text_size += (uint32_t)pack_cell(buffer, &cells[i]);
    }
    struct packed_line *line = xmalloc(
        sizeof(*line) + runs * sizeof(line->runs[0]) + text_size);

    line->run_count = runs;
    line->text_size = text_size;
    line->wrapped = wrapped;
    char *text = packed_text(line);

    runs = 0;
    pen = &plain;
    for (int i = 0; i < n; i++) {
        if (cells[i].width == 0) {
            continue;
        }
        if (!output_pen_equal(&cells[i].pen, pen)) {
            pen = &cells[i].pen;
            line->runs[runs++] = (struct pen_run){(uint32_t)i, *pen};
        }
        text += pack_cell(text, &cells[i]);
    }
    return line;
}

static void
drop_oldest(struct output_lines *lines)
{
    struct packed_line *line = lines->line[lines->first];

    lines->bytes -= packed_size(line);
    free(line);
    lines->line[lines->first] = NULL;
    lines->first = (lines->first + 1) % OUTPUT_LINES_MAX;
    lines->count--;
    lines->dropped++;
}

void
output_lines_push(struct output_lines *lines,
                  const struct output_cell *cells, int n, bool wrapped)
{
    struct packed_line *line = pack(cells, n, wrapped);

    while (lines->count == OUTPUT_LINES_MAX
           || (lines->count > 0
               && lines->bytes + packed_size(line) > OUTPUT_BYTES_MAX)) {
        drop_oldest(lines);
    }
    lines->line[(lines->first + lines->count) % OUTPUT_LINES_MAX] = line;
    lines->count++;
    lines->bytes += packed_size(line);
}

void
output_lines_pop(struct output_lines *lines)
{
    unsigned last = (lines->first + lines->count - 1) % OUTPUT_LINES_MAX;

    lines->bytes -= packed_size(lines->line[last]);
    free(lines->line[last]);
    lines->line[last] = NULL;
    lines->count--;
}

/* One cell of the packed text; returns where the next one begins. */
static const char *
unpack_cell(const char *text, const char *end, struct output_cell *cell)
{
    int n = 1;

    if (*text == MARK_WIDE) {
        cell->width = 2;
        text++;
    }
    text = unpack_char(text, &cell->chars[0]);
    while (text < end && *text == MARK_COMBINED) {
        uint32_t c;

        text = unpack_char(text + 1, &c);
        if (n < OUTPUT_CHARS) {
            cell->chars[n++] = c;
        }
    }
    if (n == 1 && cell->chars[0] == ' ') {
        cell->chars[0] = 0;
    }
    return text;
}

int
output_lines_get(const struct output_lines *lines, unsigned i,
                 struct output_cell *cells, int max, bool *wrapped)
{
    struct packed_line *line
        = lines->line[(lines->first + i) % OUTPUT_LINES_MAX];
    const char *text = packed_text(line);
    const char *end = text + line->text_size;
    struct output_pen pen = {0};
    uint32_t run = 0;
    int n = 0;

    while (text < end && n < max) {
        struct output_cell cell = {.width = 1};

        while (run < line->run_count && line->runs[run].cell <= (uint32_t)n) {
            pen = line->runs[run++].pen;
        }
        text = unpack_cell(text, end, &cell);
        cell.pen = pen;
        cells[n++] = cell;
        if (cell.width == 2 && n < max) {
            memset(cell.chars, 0, sizeof(cell.chars));
            cell.width = 0;
            cells[n++] = cell;
        }
    }
    *wrapped = line->wrapped;
    return n;
}
