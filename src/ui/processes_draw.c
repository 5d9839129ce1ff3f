/* SPDX-License-Identifier: MIT
 *
 * View 7 on the screen.
 */
#include <stdio.h>
#include <string.h>

#include "base/size_text.h"
#include "launcher/session.h"
#include "report/report_processes.h"
#include "ui/text_cells.h"
#include "ui/ui.h"
#include "ui/view_processes.h"

#define PID_CELLS 7
#define STATE_CELLS 11

/* First cells; 0: not shown. */
struct process_layout {
    int state, traced, peak, rss, command;
    int cells;                  /* of a size */
};

static struct process_layout
lay_out(const struct column_style *style)
{
    int width = style->screen_width, x = PID_CELLS;
    struct process_layout layout = {
        .cells = style->exact ? 15 : width < 80 ? 8 : 10
    };

    if (width >= 50) {
        layout.state = x + 1;
        x += STATE_CELLS + 1;
    }
    layout.traced = x + 1;
    x += layout.cells + 1;
    if (width >= 60) {
        layout.peak = x + 1;
        x += layout.cells + 1;
    }
    if (width >= (style->exact ? 90 : 70)) {
        layout.rss = x + 1;
        x += layout.cells + 1;
    }
    layout.command = x + 1;
    return layout;
}

static void
draw_heads(struct ui *ui, const struct process_layout *layout,
           struct rect line)
{
    const struct style bold = STYLE(ROLE_TEXT, LOOK_BOLD);
    struct screen *screen = ui->screen;
    const struct {
        int col;
        const char *title;
    } sizes[] = {{layout->traced, "TRACED"}, {layout->peak, "PEAK"},
                 {layout->rss, "RSS"}};

    screen_put_right(screen, line.row, line.col, PID_CELLS, "PID", bold);
    if (layout->state > 0) {
        screen_put(screen, line.row, line.col + layout->state, STATE_CELLS,
                   "STATE", bold);
    }
    for (int i = 0; i < 3; i++) {
        if (sizes[i].col > 0) {
            screen_put_right(screen, line.row, line.col + sizes[i].col,
                             layout->cells, sizes[i].title, bold);
        }
    }
    screen_put(screen, line.row, line.col + layout->command,
               line.cols - layout->command, "COMMAND", bold);
}

/* bytes < 0: there is no such number. */
static void
draw_size(struct ui *ui, const struct process_layout *layout,
          struct rect line, int col, int64_t bytes, struct style style)
{
    struct column_style numbers = ui_style(ui);
    char text[NUMBER_TEXT_SIZE];

    if (col > 0) {
        screen_put_right(ui->screen, line.row, line.col + col, layout->cells,
                         bytes < 0 ? numbers.exact ? "-" : "-  "
                         : column_size_words(text, bytes, &numbers), style);
    }
}

/* `│ └ `, below its parent. */
static void
add_branches(struct strbuf *words, const struct process_line *row)
{
    for (unsigned depth = 1; depth <= row->depth; depth++) {
        bool last = (row->last >> depth & 1) != 0;
        strbuf_add_text(words, depth == row->depth ? last ? "└ " : "├ "
                        : last ? "  " : "│ ");
    }
}

static void
draw_row(struct ui *ui, const struct process_line *row,
         const struct process_layout *layout, struct rect line)
{
    const struct process *process = process_table_find(
        session_processes(ui->session), row->id);
    struct style style = process_runs(process) ? STYLE_TEXT
                                               : STYLE(ROLE_LIBRARY, 0);
    struct strbuf words;
    char text[1024];
    int room = line.cols - layout->command;

    snprintf(text, sizeof(text), "%d", process->pid);
    screen_put_right(ui->screen, line.row, line.col, PID_CELLS, text, style);
    process_state_words(process, text, sizeof(text));
    if (layout->state > 0) {
        screen_put(ui->screen, line.row, line.col + layout->state,
                   STATE_CELLS, text, style);
    }
    draw_size(ui, layout, line, layout->traced, process->traced
              ? processes_bytes(ui, process) : -1, style);
    draw_size(ui, layout, line, layout->peak, process->traced
              ? processes_peak(ui, process) : -1, style);
    draw_size(ui, layout, line, layout->rss, process->rss_bytes > 0
              ? process->rss_bytes : -1, style);
    strbuf_init(&words);
    add_branches(&words, row);
    process_words(process, &words);
    strbuf_add_text(&words, process_runs(process) ? ""
                    : process->slot < 0 ? ", no tables any more"
                    : process->id != PROCESS_SCRIPT ? ", last state" : "");
    const char *mark = process->id == ui->watched ? "  ◀ shown" : "";
    text_cut_right(text, sizeof(text), words.text, room - text_width(mark));
    int used = screen_put(ui->screen, line.row, line.col + layout->command,
                          room, text, style);
    screen_put(ui->screen, line.row, line.col + layout->command + used,
               room - used, mark, STYLE(ROLE_KEY, 0));
    strbuf_release(&words);
}

/* What the rows from `first` on hold, of those that run. */
static struct process_sum
sum_from(const struct ui *ui, const struct processes_state *state,
         size_t first)
{
    const struct process_table *table = session_processes(ui->session);
    struct process_sum sum = {0};

    for (size_t i = first; i < state->count; i++) {
        const struct process *process = process_table_find(
            table, state->lines[i].id);
        if (process_runs(process)) {
            sum.running++;
            sum.bytes += processes_bytes(ui, process);
            sum.rss_bytes += process->rss_bytes;
        }
    }
    return sum;
}

static void
draw_sum(struct ui *ui, const struct process_layout *layout,
         struct rect line, const struct process_sum *sum, const char *words,
         struct style style)
{
    char text[256];

    draw_size(ui, layout, line, layout->traced, sum->bytes, style);
    draw_size(ui, layout, line, layout->peak, -1, style);
    draw_size(ui, layout, line, layout->rss, sum->rss_bytes, style);
    text_cut_right(text, sizeof(text), words, line.cols - layout->command);
    screen_put(ui->screen, line.row, line.col + layout->command,
               line.cols - layout->command, text, style);
}

/* Rows before the first that is shown count as more, too. */
static void
draw_more(struct view *view, struct ui *ui,
          const struct process_layout *layout, struct rect line, int shown)
{
    const struct processes_state *state = view->state;
    size_t top = (size_t)view->list.top, end = top + (size_t)shown;
    struct process_sum all = sum_from(ui, state, 0);
    struct process_sum below = sum_from(ui, state, end);
    struct process_sum from_top = sum_from(ui, state, top);
    char words[64], count[NUMBER_TEXT_SIZE];

    struct process_sum more = {
        .bytes = all.bytes - from_top.bytes + below.bytes,
        .rss_bytes = all.rss_bytes - from_top.rss_bytes + below.rss_bytes
    };
    snprintf(words, sizeof(words), "%s more rows %s",
             count_text_exact(count, (int64_t)state->count - shown),
             end < state->count ? "↓" : "↑");
    draw_sum(ui, layout, line, &more, words, STYLE(ROLE_LIBRARY, 0));
}

void
processes_draw(struct view *view, struct ui *ui, struct rect rect)
{
    const struct processes_state *state = view->state;
    struct column_style style = ui_style(ui);
    struct process_layout layout = lay_out(&style);
    struct rect line = {rect.row, rect.col, 1, rect.cols};
    int end = rect.row + rect.rows - (rect.rows >= 4);

    if (rect.rows >= 3) {
        draw_heads(ui, &layout, line);
        line.row++;
    }
    int room = end - line.row;
    bool more = (int)state->count > room && rect.rows >= 5;
    int shown = room - more;
    list_show(&view->list, line.row, shown);
    for (int i = view->list.top;
         i < view->list.count && line.row < end - more; i++, line.row++) {
        draw_row(ui, &state->lines[i], &layout, line);
        if (i == view->list.cursor) {
            screen_highlight(ui->screen, line.row, rect.col, rect.cols,
                             LOOK_REVERSE);
        }
    }
    if (more) {
        draw_more(view, ui, &layout, line, shown);
        line.row++;
    }
    if (rect.rows >= 4) {
        struct process_sum sum = sum_from(ui, state, 0);
        char total[256] = "= ";
        report_processes_words(session_processes(ui->session), total + 2,
                               sizeof(total) - 2);
        if (text_width(total) > rect.cols - layout.command) {
            total[strcspn(total, ";")] = '\0';
        }
        draw_sum(ui, &layout, line, &sum, total, STYLE(ROLE_TEXT, LOOK_BOLD));
    }
}
