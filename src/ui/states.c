/* SPDX-License-Identifier: MIT */
#include "ui/states.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/size_text.h"
#include "launcher/session.h"
#include "launcher/signals.h"
#include "model/location.h"
#include "report/report_end.h"
#include "ui/ending.h"
#include "ui/ui.h"
#include "ui/watch.h"

/* Run time, until the end if there was one. */
static void
run_time(const struct ui *ui, char *buf)
{
    clock_text(buf, (uint64_t)(session_seconds(ui->session) * 1e9));
}

static bool
is_memory_error(const char *exception)
{
    return strncmp(exception, "MemoryError", strlen("MemoryError")) == 0;
}

/* How it ended, or what it became. */
static void
end_words(struct ui *ui, char *out, size_t out_size)
{
    struct report_end end;
    struct strbuf words;
    const char *exception = ending_exception(ui);

    session_end(ui->session, &end);
    end.by_key = ui->killed_here;
    strbuf_init(&words);
    report_end_words(&words, &end, ui->session->start_ns,
                     is_memory_error(exception) ? "out of memory"
                     : exception[0] != '\0' ? "exception" : NULL);
    snprintf(out, out_size, "%s", words.text);
    strbuf_release(&words);
}

/* Of a child: how it ended only its parent knows. */
void
state_child_words(const struct ui *ui, char *out, size_t out_size)
{
    const struct process *process = watch_process(ui);
    uint64_t end_ns = watch_end_ns(ui);
    char state[32], when[NUMBER_TEXT_SIZE];

    out[0] = '\0';
    if (process != NULL) {
        end_ns = end_ns != 0 ? end_ns : ui->now_ns;
        process_state_words(process, state, sizeof(state));
        clock_text(when, end_ns > process->start_ns
                   ? end_ns - process->start_ns : 0);
        snprintf(out, out_size, "%s%s %s%s", state,
                 process_runs(process) ? "" : " after",  when,
                 ui->tracing_paused ? ", tracing paused" : "");
    }
}

void
state_words(struct ui *ui, char *out, size_t out_size)
{
    const struct session *session = ui->session;
    char when[NUMBER_TEXT_SIZE];

    if (ui->watched != PROCESS_SCRIPT) {
        state_child_words(ui, out, out_size);
        return;
    }
    run_time(ui, when);
    if (session_ended(session) || session->replaced) {
        end_words(ui, out, out_size);
    }
    else if (session->state == SESSION_STOPPED) {
        snprintf(out, out_size, "stopped by %s %s",
                 signals_name(session->signal), when);
    }
    else if (ui->live.when_ns == 0) {
        snprintf(out, out_size, "starting");
    }
    else if (ui->ending || ui->leaving) {
        snprintf(out, out_size, "ending %s", when);
    }
    else if (ui->tracing_paused) {
        snprintf(out, out_size, "running, tracing paused %s", when);
    }
    else if (ui->waits_for_input) {
        snprintf(out, out_size, "waiting for input %s", when);
    }
    else {
        snprintf(out, out_size, "running %s", when);
    }
}

bool
state_is_trouble(const struct ui *ui)
{
    const struct session *session = ui->session;

    return ui->watched == PROCESS_SCRIPT && (session->state == SESSION_KILLED
        || (session->state == SESSION_EXITED && session->status != 0));
}

/* `biggest: 147.2 MiB shop/cache.py:88 remember`, or at the peak. */
static void
add_biggest_line(struct ui *ui, struct strbuf *buf, enum moment moment)
{
    struct table table;
    struct table_request request = {
        .catalog = &ui->catalog, .snapshot = &ui->live, .moment = moment
    };
    char size[NUMBER_TEXT_SIZE];

    table_init(&table);
    table_build(&table, &request);
    const struct table_row *best = NULL;
    for (uint32_t i = 0; i < table.count; i++) {
        if (best == NULL || table.rows[i].bytes > best->bytes) {
            best = &table.rows[i];
        }
    }
    if (best != NULL) {
        strbuf_addf(buf, "%s: %s ",
                    moment == MOMENT_PEAK ? "biggest at the peak" : "biggest",
                    size_text(size, best->bytes));
        table_row_location(&table, best, buf, 0, !screen_utf8(ui->screen));
        strbuf_add_text(buf, "; ");
    }
    table_release(&table);
}

static void
memory_hint(struct ui *ui, char *out, size_t out_size)
{
    struct strbuf buf;
    char size[NUMBER_TEXT_SIZE];

    strbuf_init(&buf);
    add_biggest_line(ui, &buf, MOMENT_NOW);
    if (ui->limits.limit_bytes > 0) {
        strbuf_addf(&buf, "limit %s (cgroup)",
                    size_text(size, ui->limits.limit_bytes));
    }
    else if (ui->limits.machine_bytes > 0) {
        const double gib = 1024.0 * 1024 * 1024;
        strbuf_addf(&buf, "RSS was %.1f of %.1f GiB",
                    (double)ui->rss_bytes / gib,
                    (double)ui->limits.machine_bytes / gib);
    }
    snprintf(out, out_size, "%s", buf.text);
    strbuf_release(&buf);
}

/* After a MemoryError: what the frames held that it left is gone, so it is
 * the peak that tells. */
static void
memory_error_hint(struct ui *ui, const char *exception, char *out,
                  size_t out_size)
{
    struct strbuf buf;
    char size[NUMBER_TEXT_SIZE];

    strbuf_init(&buf);
    add_biggest_line(ui, &buf, MOMENT_PEAK);
    if (ui->limits.address_bytes > 0) {
        strbuf_addf(&buf, "limit %s (ulimit -v); ",
                    size_text(size, ui->limits.address_bytes));
    }
    snprintf(out, out_size, "%s%s; 0 shows it all", buf.text, exception);
    strbuf_release(&buf);
}

/* What a deadly signal means, in words. */
static const char *
signal_meaning(int number)
{
    static const struct {
        int number;
        const char *words;
    } meanings[] = {
        {SIGSEGV, "segmentation fault"}, {SIGABRT, "it called abort()"},
        {SIGBUS, "bus error"}, {SIGFPE, "arithmetic fault"},
        {SIGILL, "illegal instruction"}, {SIGTERM, "terminated"},
        {SIGINT, "interrupted"}, {SIGHUP, "its terminal went away"},
        {SIGKILL, "killed"}, {SIGPIPE, "nobody reads its output"},
        {SIGXCPU, "CPU time limit"}
    };

    for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
        if (meanings[i].number == number) {
            return meanings[i].words;
        }
    }
    return "killed by a signal";
}

/* `segmentation fault; last Python line seen: shop/native.py:12 call`. */
static bool
fault_hint(struct ui *ui, char *out, size_t out_size)
{
    uint32_t context = region_last_context(ui->region, watch_slot(ui));
    struct strbuf buf;

    if (context < CONTEXT_FIRST || context >= ui->catalog.context_count) {
        return false;
    }
    strbuf_init(&buf);
    location_add_line(&buf, &ui->catalog,
                      catalog_context(&ui->catalog, context)->line, 0,
                      !screen_utf8(ui->screen));
    snprintf(out, out_size, "%s; last Python line seen: %s",
             signal_meaning(ui->session->signal), buf.text);
    strbuf_release(&buf);
    return true;
}

/* A signal that a process brings on itself. */
static bool
is_fault(int number)
{
    return number == SIGSEGV || number == SIGBUS || number == SIGABRT
        || number == SIGFPE || number == SIGILL;
}

static void
killed_hint(struct ui *ui, char *out, size_t out_size)
{
    if (is_fault(ui->session->signal) && fault_hint(ui, out, out_size)) {
        return;
    }
    if (ui->session->signal == SIGKILL && !ui->killed_here) {
        memory_hint(ui, out, out_size);
        return;
    }
    snprintf(out, out_size, "%s; all keys still work: sort, d, w writes a "
             "file, q quits", signal_meaning(ui->session->signal));
}

static void
ended_hint(struct ui *ui, char *out, size_t out_size)
{
    const char *exception = ending_exception(ui);

    if (ui->session->state == SESSION_KILLED) {
        killed_hint(ui, out, out_size);
    }
    else if (is_memory_error(exception)) {
        memory_error_hint(ui, exception, out, out_size);
    }
    else if (exception[0] != '\0') {
        snprintf(out, out_size, "%s; 0 shows it all", exception);
    }
    else {
        snprintf(out, out_size, "all keys still work: sort, d, w writes a "
                 "file, q quits");
    }
}

static void
counters_hint(struct ui *ui, char *out, size_t out_size)
{
    if (ui->live.totals.lost_blocks > 0) {
        snprintf(out, out_size,
                 "out of room for contexts: rows are short by these");
    }
    else if (ui->trouble & (TROUBLE_CONTEXTS_FULL | TROUBLE_CELLS_FULL)) {
        snprintf(out, out_size, "out of room for contexts: some tracebacks "
                 "are shorter, sums are right");
    }
    else if (ui->waits_for_input) {
        snprintf(out, out_size, "the script waits for input: Ctrl-] to type");
    }
}

void
state_hint(struct ui *ui, char *out, size_t out_size)
{
    const struct session *session = ui->session;

    out[0] = '\0';
    if (ui->watched != PROCESS_SCRIPT) {
        counters_hint(ui, out, out_size);
    }
    else if (region_slot_owner(ui->region, 0) != 0
             && region_slot(ui->region, 0) == NULL) {
        snprintf(out, out_size,
                 "no tables: the shared region cannot be mapped");
    }
    else if (session->replaced) {
        snprintf(out, out_size,
                 "tracing ended there; tables show the last moment");
    }
    else if (session_ended(session)) {
        ended_hint(ui, out, out_size);
    }
    else if (session->state == SESSION_STOPPED) {
        snprintf(out, out_size, "K c Enter continues it");
    }
    else if (ui->live.when_ns == 0) {
        snprintf(out, out_size, "starting %s", session->how);
    }
    else if (ui->ending) {
        snprintf(out, out_size,
                 "tables show the moment when the main script ended");
    }
    else if (ui->leaving) {
        snprintf(out, out_size, "the main script is over: threads or atexit "
                 "functions go on; K kills them, q quits");
    }
    else if (ui->tracing_paused) {
        snprintf(out, out_size, "K p Enter resumes");
    }
    else {
        counters_hint(ui, out, out_size);
    }
}
