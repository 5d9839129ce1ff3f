/* SPDX-License-Identifier: MIT */
#include "ui/view_processes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "launcher/options.h"
#include "launcher/session.h"
#include "report/report_processes.h"
#include "ui/ui.h"
#include "ui/watch.h"

static void
processes_init(struct view *view, struct ui *ui)
{
    (void)ui;
    view->state = xcalloc(1, sizeof(struct processes_state));
}

static void
processes_release(struct view *view)
{
    struct processes_state *state = view->state;

    free(state->lines);
    free(state);
    view->state = NULL;
}

int64_t
processes_bytes(const struct ui *ui, const struct process *process)
{
    return process->id == ui->watched && ui->live.when_ns != 0
        ? ui->live.totals.bytes : process->bytes;
}

int64_t
processes_peak(const struct ui *ui, const struct process *process)
{
    return process->id == ui->watched && ui->live.when_ns != 0
        ? ui->live.totals.peak_bytes : process->peak_bytes;
}

/* The process of a row; NULL: it has no row any more. */
static const struct process *
process_at(const struct view *view, const struct ui *ui, int row)
{
    const struct processes_state *state = view->state;

    return row < 0 || (size_t)row >= state->count ? NULL
        : process_table_find(session_processes(ui->session),
                             state->lines[row].id);
}

static void
processes_refresh(struct view *view, struct ui *ui)
{
    struct processes_state *state = view->state;
    const struct process_table *table = session_processes(ui->session);
    struct process_row *rows = xcalloc(table->count + 1, sizeof(*rows));
    int row = view->list.cursor, cursor = -1;
    uint32_t id = row >= 0 && (size_t)row < state->count
        ? state->lines[row].id : PROCESS_NONE;

    process_table_order(table, !state->list, rows);
    state->lines = xgrow(state->lines, &state->room, table->count + 1,
                         sizeof(*state->lines));
    state->count = table->count;
    for (size_t i = 0; i < table->count; i++) {
        state->lines[i] = (struct process_line){
            table->items[rows[i].at].id, rows[i].depth, rows[i].last
        };
        cursor = state->lines[i].id == id ? (int)i : cursor;
    }
    list_follow(&view->list, (int)state->count, cursor);
    free(rows);
}

static void
show(struct view *view, struct ui *ui)
{
    const struct process *process = process_at(view, ui, view->list.cursor);

    if (process != NULL && watch_show(ui, process->id)) {
        ui_show(ui, '1');
    }
}

static bool
processes_act(struct view *view, struct ui *ui, enum action action,
              const struct key *key)
{
    struct processes_state *state = view->state;

    (void)key;
    switch (action) {
    case ACTION_OPEN:
        show(view, ui);
        return true;
    case ACTION_TREE:
        state->list = !state->list;
        ui_say(ui, state->list ? "biggest first"
               : "children below their parents");
        processes_refresh(view, ui);
        return true;
    default:
        return false;
    }
}

static void
processes_row_text(struct view *view, struct ui *ui, int row, char *out,
                   size_t out_size)
{
    const struct process *process = process_at(view, ui, row);
    struct strbuf words;

    out[0] = '\0';
    if (process != NULL) {
        strbuf_init(&words);
        process_words(process, &words);
        snprintf(out, out_size, "%d %s", process->pid, words.text);
        strbuf_release(&words);
    }
}

static void
processes_hint(struct view *view, struct ui *ui, char *out, size_t out_size)
{
    const struct processes_state *state = view->state;

    if (state->count > 1) {
        snprintf(out, out_size, "Enter shows a process in all views, t list "
                 "or tree");
    }
    else {
        snprintf(out, out_size, ui->options->no_follow
                 ? "children are left alone: --no-follow"
                 : "no child process that is Python yet");
    }
}

static size_t
processes_columns(struct view *view, struct ui *ui,
                  const struct view_column **columns)
{
    static const struct view_column all[] = {
        {"PID", "of the process"},
        {"STATE", "running; how the script ended; ended: nobody knows how"},
        {"TRACED", "bytes traced now, or when it ended"},
        {"PEAK", "the most that was traced at once"},
        {"RSS", "resident memory, by the kernel"},
        {"COMMAND", "fork of its parent, or what was started"},
    };

    (void)view;
    (void)ui;
    *columns = all;
    return sizeof(all) / sizeof(all[0]);
}

static int
processes_write(struct view *view, struct ui *ui, FILE *file,
                const char *ending)
{
    const struct process_table *table = session_processes(ui->session);
    uint64_t start_ns = ui->session->start_ns;
    struct json_writer json;

    (void)view;
    switch (report_format_of_file(ending)) {
    case REPORT_JSON:
        json_init(&json, file, false);
        json_object(&json);
        report_processes_json(&json, table, start_ns);
        json_object_end(&json);
        json_finish(&json);
        break;
    case REPORT_CSV:
        report_processes_csv(file, table, start_ns);
        break;
    default:
        report_processes_text(file, table, ui->switches.exact,
                              !screen_utf8(ui->screen));
        break;
    }
    return fflush(file) == 0 && !ferror(file) ? 0 : -1;
}

const struct view_ops processes_view = {
    .name = "processes",
    .digit = '7',
    .tab = "processes",
    .tab_short = "procs",
    .noun = "processes",
    .scope = SCOPE_TURN | SCOPE_SEARCH,
    .of_all = true,
    .init = processes_init,
    .release = processes_release,
    .refresh = processes_refresh,
    .draw = processes_draw,
    .act = processes_act,
    .row_text = processes_row_text,
    .hint = processes_hint,
    .columns = processes_columns,
    .write = processes_write,
};
