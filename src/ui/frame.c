/* SPDX-License-Identifier: MIT */
#include "ui/frame.h"

#include "launcher/session.h"
#include "model/origin.h"
#include "ui/ending.h"
#include "ui/source_cache.h"
#include "ui/ui.h"

#define MEMORY_NS (UI_NS / 2)       /* how often the RSS is read */
#define RATES_NS UI_NS              /* and rates are shown anew */

void
frame_init(struct ui *ui)
{
    struct origin_paths paths;

    session_paths(ui->session, &paths);
    catalog_init(&ui->catalog, &paths);
    snapshot_list_init(&ui->snapshots);
    history_init(&ui->history, ui->session->start_ns);
    ui->trend = trend_new();
    ui->sources = source_cache_new();
    filter_init(&ui->filter);
    ui->shown = &ui->live;
}

void
frame_release(struct ui *ui)
{
    filter_release(&ui->filter);
    source_cache_free(ui->sources);
    trend_free(ui->trend);
    snapshot_list_release(&ui->snapshots);
    snapshot_release(&ui->live);
    snapshot_release(&ui->frozen);
    region_copy_release(&ui->copy);
    catalog_release(&ui->catalog);
}

static void
read_memory(struct ui *ui)
{
    if (ui->ended || (ui->memory_ns != 0
                      && ui->now_ns - ui->memory_ns < MEMORY_NS)) {
        return;
    }
    struct session_memory memory;
    session_memory(ui->session, &memory);
    if (memory.rss_bytes > 0) {
        ui->memory = memory;
    }
    ui->memory_ns = ui->now_ns;
    ui->waits_for_input = session_waits_for_input(ui->session);
}

static void
add_history(struct ui *ui)
{
    const struct region_totals *totals = &ui->live.totals;
    struct history_point point = {
        .when_ns = ui->now_ns,
        .traced_bytes = totals->bytes,
        .rss_bytes = ui->memory.rss_bytes > 0 ? ui->memory.rss_bytes : 0,
        .blocks = totals->blocks,
        .allocs = totals->allocs,
        .frees = region_frees(totals)
    };

    if (!ui->ended) {
        history_add(&ui->history, &point);
    }
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
        catalog_update(&ui->catalog, ui->region, 0, ui->copy.contexts);
    }
    if (!ui->ended) {
        trend_tick(ui->trend, &ui->catalog, &ui->live);
        snapshot_list_tick(&ui->snapshots, &ui->live, ui->switches.past,
                           ui->switches.base);
    }
    /* Growth and trend move even when nothing is allocated. */
    if (first || differs || !same_totals(&before, &ui->live.totals)
        || (!ui->ended && ui->now_ns - ui->data_ns >= UI_NS)) {
        ui->data++;
        ui->data_ns = ui->now_ns;
        ui->dirty = true;
    }
}

bool
frame_take(struct ui *ui)
{
    const struct slot_head *head = region_slot(ui->region, 0);

    read_memory(ui);
    if (head == NULL || region_copy_take(ui->region, 0, &ui->copy) != 0) {
        return false;
    }
    bool ending = head->state == SLOT_ENDING;
    if (ending != ui->ending) {
        ui->ending = ending;
        ui->dirty = true;
    }
    ui->trouble = head->trouble;
    ui->reattribution = head->reattribution;
    ui->tracer_bytes = region_tracer_bytes(ui->region, 0);
    take_in(ui);
    ending_look(ui);
    add_history(ui);
    return true;
}
