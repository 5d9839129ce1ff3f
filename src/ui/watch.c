/* SPDX-License-Identifier: MIT */
#include "ui/watch.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "launcher/session.h"
#include "ui/frame.h"
#include "ui/switches.h"
#include "ui/views.h"

/* What struct ui has of one process, while another one is shown. */
struct watch {
    struct watch *next;
    uint32_t watched;
    struct region_copy copy;
    struct snapshot live, frozen;
    struct catalog catalog;
    struct snapshot_list snapshots;
    struct history history;
    struct trend *trend;
    bool tracing_paused;
    int64_t rss_bytes;
    uint64_t outside_ns;
};

static struct watch *
watch_new(const struct ui *ui, uint32_t id)
{
    struct watch *watch = xcalloc(1, sizeof(*watch));
    struct origin_paths paths;

    watch->watched = id;
    session_paths(ui->session, &paths);
    catalog_init(&watch->catalog, &paths);
    snapshot_list_init(&watch->snapshots);
    history_init(&watch->history, ui->session->start_ns);
    watch->trend = trend_new();
    return watch;
}

static void
watch_free(struct watch *watch)
{
    trend_free(watch->trend);
    snapshot_list_release(&watch->snapshots);
    snapshot_release(&watch->live);
    snapshot_release(&watch->frozen);
    region_copy_release(&watch->copy);
    catalog_release(&watch->catalog);
    free(watch);
}

#define EXCHANGE(field) \
    do { \
        __typeof__(ui->field) of_ui = ui->field; \
        ui->field = watch->field; \
        watch->field = of_ui; \
    } while (0)

/* What is shown is put aside in its place. */
static void
exchange(struct ui *ui, struct watch *watch)
{
    EXCHANGE(watched);
    EXCHANGE(copy);
    EXCHANGE(live);
    EXCHANGE(frozen);
    EXCHANGE(catalog);
    EXCHANGE(snapshots);
    EXCHANGE(history);
    EXCHANGE(trend);
    EXCHANGE(tracing_paused);
    EXCHANGE(rss_bytes);
    EXCHANGE(outside_ns);
}

void
watch_init(struct ui *ui)
{
    struct watch *watch = watch_new(ui, 0);

    exchange(ui, watch);
    free(watch);                /* nothing was there */
}

void
watch_release(struct ui *ui)
{
    struct watch *watch = xcalloc(1, sizeof(*watch));

    exchange(ui, watch);
    watch_free(watch);
    while (ui->aside != NULL) {
        watch = ui->aside;
        ui->aside = watch->next;
        watch_free(watch);
    }
}

void
watch_forget_gone(struct ui *ui)
{
    for (struct watch **at = &ui->aside; *at != NULL; ) {
        struct watch *watch = *at;
        const struct process *process = process_table_find(
            session_processes(ui->session), watch->watched);
        if (watch->watched != PROCESS_SCRIPT
            && (process == NULL || process->slot < 0)) {
            *at = watch->next;
            watch_free(watch);
        }
        else {
            at = &watch->next;
        }
    }
}

/* --- the one that is shown ------------------------------------------------*/

const struct process *
watch_process(const struct ui *ui)
{
    return process_table_find(session_processes(ui->session), ui->watched);
}

unsigned
watch_slot(const struct ui *ui)
{
    const struct process *process = watch_process(ui);

    return process != NULL && process->slot > 0 ? (unsigned)process->slot : 0;
}

const char *
watch_noun(const struct ui *ui)
{
    return ui->watched == PROCESS_SCRIPT ? "the script" : "the process";
}

bool
watch_is_fork_of_script(const struct ui *ui)
{
    const struct process *process = watch_process(ui);

    return process != NULL && process->forked
        && process->parent_pid == ui->session->pid;
}

void
watch_paths(const struct ui *ui, struct origin_paths *paths,
            char cwd[WATCH_CWD_SIZE])
{
    const struct process *process = watch_process(ui);

    session_paths(ui->session, paths);
    if (ui->watched == PROCESS_SCRIPT || process == NULL) {
        return;
    }
    if (!watch_is_fork_of_script(ui)) {
        snprintf(cwd, WATCH_CWD_SIZE, "/proc/%d/cwd", (int)process->pid);
        paths->cwd = cwd;
    }
    const struct slot_head *head = region_slot(ui->region, watch_slot(ui));
    const struct slot_head *script = region_slot(ui->region, 0);
    if (head == NULL || script == NULL
        || head->python_hex != script->python_hex) {
        paths->stdlib = NULL;
    }
}

bool
watch_runs(const struct ui *ui)
{
    const struct process *process = watch_process(ui);

    if (ui->watched == PROCESS_SCRIPT) {
        return !session_ended(ui->session) && !ui->session->replaced;
    }
    return process != NULL && process_runs(process);
}

uint64_t
watch_end_ns(const struct ui *ui)
{
    const struct process *process = watch_process(ui);

    return ui->watched == PROCESS_SCRIPT ? ui->session->end_ns
        : process != NULL ? process->end_ns : 0;
}

static struct watch *
find(struct ui *ui, uint32_t id)
{
    struct watch *watch = ui->aside;

    while (watch != NULL && watch->watched != id) {
        watch = watch->next;
    }
    if (watch == NULL) {
        watch = watch_new(ui, id);
        watch->next = ui->aside;
        ui->aside = watch;
    }
    return watch;
}

static void
end_switches(struct ui *ui)
{
    ui->switches.frozen = false;
    ui_badge(ui, BADGE_FROZEN, false);
    ui_show_past(ui, NULL);
    ui_diff(ui, false, NULL);
}

bool
watch_show(struct ui *ui, uint32_t id)
{
    const struct process *process = process_table_find(
        session_processes(ui->session), id);

    if (process == NULL || process->slot < 0) {
        ui_say(ui, "its tables are not kept any more: only those of the "
               "newest and the biggest are");
        return false;
    }
    if (!process->traced) {
        ui_say(ui, "it is not traced: %s", process->refusal);
        return false;
    }
    if (id != ui->watched) {
        ui_page_close(ui);
        end_switches(ui);
        exchange(ui, find(ui, id));
        session_hold(ui->session, id);
        views_renew(ui);
        frame_note_end(ui);             /* nothing new happens to it then */
        ui->rates_ns = 0;
        ui->ending = false;
        ui->live.when_ns = 0;           /* whatever has happened meanwhile */
        ui->copies++;
        frame_take(ui);
        switches_settle(ui);
        ui->sort_all = ui->data + 1;
        ui_badge(ui, BADGE_PROCESS, id != PROCESS_SCRIPT);
        ui_changed(ui);
    }
    return true;
}
