/* SPDX-License-Identifier: MIT */
#include "ui/frame.h"

#include "launcher/session.h"
#include "ui/ending.h"
#include "ui/source_cache.h"
#include "ui/ui.h"
#include "ui/watch.h"

#define OUTSIDE_NS (UI_NS / 2)      /* how often it is looked outside */
#define RATES_NS UI_NS              /* and rates are shown anew */

void
frame_init(struct ui *ui)
{
    watch_init(ui);
    ui->sources = source_cache_new();
    filter_init(&ui->filter);
    ui->shown = &ui->live;
}

void
frame_release(struct ui *ui)
{
    filter_release(&ui->filter);
    source_cache_free(ui->sources);
    watch_release(ui);
}

void
frame_look_outside(struct ui *ui)
{
    bool first = ui->outside_ns == 0;

    if (first) {
        session_look(ui->session);      /* a script may be short */
    }
    const struct process *process = watch_process(ui);
    if (!ui->still && process != NULL && process->rss_bytes > 0) {
        ui->rss_bytes = process->rss_bytes;
    }
    if (!first && ui->now_ns - ui->outside_ns < OUTSIDE_NS) {
        return;
    }
    ui->outside_ns = ui->now_ns;
    ui->waits_for_input = ui->watched == PROCESS_SCRIPT
        && session_waits_for_input(ui->session);
    /* A script that is gone before the first frame has its limits still. */
    if (!ui->still && (first || watch_runs(ui))) {
        session_limits(ui->session, &ui->limits);
    }
}

static void
add_history(struct ui *ui)
{
    const struct region_totals *totals = &ui->live.totals;
    struct history_point point = {
        .when_ns = ui->now_ns,
        .traced_bytes = totals->bytes,
        .rss_bytes = ui->rss_bytes,
        .blocks = totals->blocks,
        .allocs = totals->allocs,
        .frees = region_frees(totals)
    };

    if (ui->still) {
        return;
    }
    history_add(&ui->history, &point);
    if (ui->rates_ns == 0 || ui->now_ns - ui->rates_ns >= RATES_NS) {
        history_rates(&ui->history, &ui->allocs_per_second,
                      &ui->frees_per_second);
        ui->rates_ns = ui->now_ns;
    }
}

static bool
same_totals(const struct region_totals *a, const struct region_totals *b)
{
    return a->allocs == b->allocs && a->blocks == b->blocks
        && a->bytes == b->bytes && a->peak_bytes == b->peak_bytes
        && a->peak_ns == b->peak_ns && a->contexts == b->contexts;
}

/* Keep a moment when it is time to; only while there is something new. */
static void
take_in(struct ui *ui)
{
    struct region_totals before = ui->live.totals;
    bool first = ui->live.when_ns == 0;
    bool differs = ui->copy.whole || ui->copy.change_count != 0;

    snapshot_look(&ui->live, &ui->copy);
    ui->copies += differs;
    if (first || before.contexts != ui->live.totals.contexts) {
        catalog_update(&ui->catalog, ui->region, watch_slot(ui),
                       ui->copy.contexts);
    }
    if (!ui->still) {
        trend_tick(ui->trend, &ui->catalog, &ui->live);
        snapshot_list_tick(&ui->snapshots, &ui->live, ui->switches.past,
                           ui->switches.base);
    }
    /* Growth and trend move even when nothing is allocated. */
    if (first || differs || !same_totals(&before, &ui->live.totals)
        || (!ui->still && ui->now_ns - ui->data_ns >= UI_NS)) {
        ui->data++;
        ui->data_ns = ui->now_ns;
        ui->dirty = true;
    }
}

void
frame_note_end(struct ui *ui)
{
    ui->still = !watch_runs(ui);
    if (ui->still) {
        ui->allocs_per_second = ui->frees_per_second = 0;
    }
}

bool
frame_take(struct ui *ui)
{
    unsigned slot = watch_slot(ui);
    const struct slot_head *head = region_slot(ui->region, slot);

    frame_look_outside(ui);
    if (head == NULL || region_copy_take(ui->region, slot, &ui->copy) != 0) {
        return false;
    }
    bool ending = head->state == SLOT_ENDING;
    if (ending != ui->ending) {
        ui->ending = ending;
        ui->dirty = true;
    }
    ui->trouble = head->trouble;
    ui->reattribution = head->reattribution;
    ui->tracer_bytes = region_tracer_bytes(ui->region, slot);
    take_in(ui);
    if (ui->watched == PROCESS_SCRIPT) {
        ending_look(ui);
    }
    add_history(ui);
    return true;
}
