/* SPDX-License-Identifier: MIT */
#include "ui/graph.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/size_text.h"
#include "base/xalloc.h"
#include "ui/text_cells.h"
#include "ui/ui.h"
#include "ui/watch.h"

#define LABEL_CELLS 5               /* ` 640M`, then the axis */
#define EIGHTHS 8

static const char *const block[EIGHTHS + 1] = {
    " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"
};

int
graph_lines(int rows)
{
    return rows >= 28 ? 6 : rows >= 20 ? 4 : rows >= 14 ? 1 : 0;
}

/* The time that is drawn. */
static void
graph_range(const struct ui *ui, uint64_t *from, uint64_t *to)
{
    const struct process *process = watch_process(ui);
    uint64_t end_ns = watch_end_ns(ui);

    *to = end_ns != 0 ? end_ns : ui->now_ns;
    *from = ui->watched == PROCESS_SCRIPT || process == NULL
        ? ui->session->start_ns : process->start_ns;
    if (ui->switches.last_minute && *to - *from > 60 * UI_NS) {
        *from = *to - 60 * UI_NS;
    }
    if (*to <= *from) {
        *to = *from + 1;
    }
}

static int
column_of(uint64_t when, uint64_t from, uint64_t to, int cols)
{
    /* The copy of a frame is a little younger than its time. */
    if (when < from || when > to + UI_NS || cols <= 0) {
        return -1;
    }
    int col = (int)((double)(when - from) / (double)(to - from) * cols);
    return col < cols ? col : cols - 1;
}

/* One column: traced as eighths of a cell from below, RSS as a dot above. */
static void
draw_column(struct ui *ui, struct rect plot, int i, int64_t traced,
            int64_t rss, int64_t top)
{
    int full = plot.rows * EIGHTHS;
    int level = (int)((double)traced / (double)top * full + 0.5);
    int dot = rss > 0 ? (int)((double)rss / (double)top * plot.rows) : -1;

    if (traced > 0 && level == 0) {
        level = 1;
    }
    for (int line = 0; line < plot.rows; line++) {
        int row = plot.row + plot.rows - 1 - line;
        int eighths = level - line * EIGHTHS;
        if (eighths > 0) {
            screen_put(ui->screen, row, plot.col + i, 1,
                       block[eighths < EIGHTHS ? eighths : EIGHTHS],
                       STYLE(ROLE_TRACED, 0));
        }
        else if (line == dot || (dot >= plot.rows
                                 && line == plot.rows - 1)) {
            screen_put(ui->screen, row, plot.col + i, 1, "·",
                       STYLE(ROLE_RSS, 0));
        }
    }
}

/* What the signs mean, where the plot leaves room in its first line. */
static void
draw_legend(struct ui *ui, struct rect plot, const int64_t *traced,
            const int64_t *rss, int64_t top)
{
    static const char legend[] =
        "  █ traced  · RSS  P peak  1 2 snapshots  ";
    int width = text_width(legend);
    double floor = (double)top * (plot.rows - 1) / plot.rows;

    if (screen_cols(ui->screen) < 80 || plot.cols < width) {
        return;
    }
    for (int i = 0; i < width; i++) {
        if ((double)traced[i] >= floor || (double)rss[i] >= floor) {
            return;
        }
    }
    screen_put(ui->screen, plot.row, plot.col, width, legend,
               STYLE(ROLE_TEXT, LOOK_DIM));
    screen_put(ui->screen, plot.row, plot.col + 2, 1, "█",
               STYLE(ROLE_TRACED, 0));
}

/* ` 640M┤`, and half of it in the middle of an odd number of lines. */
static void
draw_scale(struct ui *ui, struct rect rect, int lines, int64_t top)
{
    char size[NUMBER_TEXT_SIZE];

    for (int line = 0; line < lines; line++) {
        size[0] = '\0';
        if (line == 0 || (lines >= 5 && line == lines / 2)) {
            size_text_compact(size, line == 0 ? top : top / 2);
            char *point = strstr(size, ".0");
            if (point != NULL) {
                memmove(point, point + 2, strlen(point + 2) + 1);
            }
        }
        screen_put_right(ui->screen, rect.row + line, rect.col, LABEL_CELLS,
                         size, STYLE(ROLE_TEXT, LOOK_DIM));
        screen_put(ui->screen, rect.row + line, rect.col + LABEL_CELLS, 1,
                   "┤", STYLE(ROLE_TEXT, LOOK_DIM));
    }
}

static void
axis_mark(struct ui *ui, int row, struct rect plot, uint64_t when,
          const char *mark, enum role role)
{
    uint64_t from, to;

    graph_range(ui, &from, &to);
    int col = column_of(when, from, to, plot.cols);
    if (when != 0 && col >= 0) {
        screen_put(ui->screen, row, plot.col + col, 1, mark,
                   STYLE(role, LOOK_BOLD));
    }
}

void
graph_draw_axis(struct ui *ui, int row, int col, int cols)
{
    struct rect plot = {row, col + LABEL_CELLS + 1, 1,
                        cols - LABEL_CELLS - 1};
    char digit[2] = "";

    screen_put_right(ui->screen, row, col, LABEL_CELLS, "0",
                     STYLE(ROLE_TEXT, LOOK_DIM));
    screen_put(ui->screen, row, col + LABEL_CELLS, 1, "└",
               STYLE(ROLE_TEXT, LOOK_DIM));
    for (int i = 0; i < plot.cols; i++) {
        screen_put(ui->screen, row, plot.col + i, 1, "─",
                   STYLE(ROLE_TEXT, LOOK_DIM));
    }
    axis_mark(ui, row, plot, ui->live.totals.peak_ns, "P", ROLE_TEXT);
    for (size_t i = 0; i < ui->snapshots.count; i++) {
        const struct snapshot *snapshot = ui->snapshots.items[i];
        if (snapshot->kind == SNAPSHOT_MANUAL) {
            digit[0] = (char)('0' + snapshot->number % 10);
            axis_mark(ui, row, plot, snapshot->when_ns, digit, ROLE_TEXT);
        }
    }
    if (ui->switches.past != NULL) {
        axis_mark(ui, row, plot, ui->switches.past->when_ns, "┃",
                  ROLE_TRACED);
    }
}

void
graph_draw(struct ui *ui, struct rect rect)
{
    bool spark = rect.rows == 1;
    int lines = spark ? 1 : rect.rows - 1;
    struct rect plot = {rect.row, rect.col + LABEL_CELLS + 1, lines,
                        rect.cols - LABEL_CELLS - 1};
    uint64_t from, to;

    ui->graph = plot;
    if (rect.rows <= 0 || plot.cols <= 0) {
        ui->graph.rows = 0;
        return;
    }
    size_t cols = (size_t)plot.cols;
    int64_t *traced = xcalloc(cols * 2, sizeof(*traced));
    int64_t *rss = traced + cols;
    graph_range(ui, &from, &to);
    int64_t top = history_top(history_columns(&ui->history, from, to, cols,
                                              traced, rss));
    draw_scale(ui, rect, lines, top);
    for (int i = 0; i < plot.cols; i++) {
        draw_column(ui, plot, i, traced[i], spark ? 0 : rss[i], top);
    }
    if (!spark) {
        draw_legend(ui, plot, traced, rss, top);
        graph_draw_axis(ui, rect.row + lines, rect.col, rect.cols);
    }
    free(traced);
}

uint64_t
graph_time_at(struct ui *ui, int col)
{
    uint64_t from, to;
    int i = col - ui->graph.col;

    graph_range(ui, &from, &to);
    if (i < 0 || i >= ui->graph.cols) {
        return 0;
    }
    return from + (uint64_t)((double)(to - from) * (i + 0.5)
                             / ui->graph.cols);
}
