/* SPDX-License-Identifier: MIT */
#include "ui/switches.h"

#include <stdio.h>
#include <string.h>

#include "base/size_text.h"
#include "ui/badges.h"
#include "ui/frame.h"
#include "ui/menu.h"
#include "ui/watch.h"

void
switches_settle(struct ui *ui)
{
    ui->shown = ui->switches.past != NULL ? ui->switches.past
        : ui->switches.frozen ? &ui->frozen : &ui->live;
}

void
ui_moment_words(const struct ui *ui, const struct snapshot *snapshot,
                char *out, size_t out_size)
{
    char mark[NUMBER_TEXT_SIZE];

    if (snapshot == &ui->live || snapshot == &ui->frozen) {
        snprintf(out, out_size, ui->still ? "end" : "now");
        return;
    }
    snprintf(out, out_size, "%s", snapshot == NULL ? "peak"
             : snapshot_mark(mark, snapshot, ui->session->start_ns));
}

/* --- moment ---------------------------------------------------------------*/

static void
moment_next(struct ui *ui)
{
    static const char *const says[] = {
        "as it is now", "as it was at the peak",
        "everything that was ever allocated"
    };
    enum moment *moment = &ui->switches.moment;

    *moment = *moment == MOMENT_NOW ? MOMENT_PEAK
        : *moment == MOMENT_PEAK && !ui->switches.diff ? MOMENT_EVER
        : MOMENT_NOW;
    ui_badge(ui, BADGE_MOMENT, *moment != MOMENT_NOW
             || ui->switches.past != NULL);
    if (ui->switches.diff && *moment == MOMENT_NOW) {
        ui_say(ui, "the difference ends now again: ever has no diff");
    }
    else {
        ui_say(ui, "%s", says[*moment]);
    }
}

void
ui_show_past(struct ui *ui, const struct snapshot *past)
{
    ui->switches.past = past;
    ui_badge(ui, BADGE_MOMENT, past != NULL
             || ui->switches.moment != MOMENT_NOW);
    switches_settle(ui);
}

static void
past_older(struct ui *ui)
{
    const struct snapshot *older = snapshot_list_older(&ui->snapshots,
                                                       ui->switches.past);

    if (older == NULL) {
        ui_say(ui, "no older moment is kept");
        return;
    }
    ui_show_past(ui, older);
}

static void
past_newer(struct ui *ui)
{
    if (ui->switches.past == NULL) {
        ui_say(ui, "this is now: [ goes back");
        return;
    }
    ui_show_past(ui, snapshot_list_newer(&ui->snapshots, ui->switches.past));
}

/* --- against --------------------------------------------------------------*/

void
ui_diff(struct ui *ui, bool on, const struct snapshot *base)
{
    ui->switches.diff = on;
    ui->switches.base = on ? base : NULL;
    if (on && ui->switches.moment == MOMENT_EVER) {
        ui->switches.moment = MOMENT_NOW;
        ui_badge(ui, BADGE_MOMENT, ui->switches.past != NULL);
        ui_say(ui, "ever has no diff: it ends now");
    }
    ui_badge(ui, BADGE_DIFF, on);
}

static void
diff_toggle(struct ui *ui)
{
    const struct snapshot *base = snapshot_list_newest_manual(
        &ui->snapshots);

    if (ui->switches.diff) {
        ui_diff(ui, false, NULL);
        ui_say(ui, "no difference any more");
    }
    else if (base == NULL) {
        ui_say(ui, "no snapshot yet: press s, then d shows what has changed "
               "since");
    }
    else {
        ui_diff(ui, true, base);
    }
}

/* { and }: the base, one kept moment older or newer. */
static void
base_move(struct ui *ui, bool older)
{
    const struct snapshot *base = ui->switches.base;

    if (!ui->switches.diff) {
        ui_say(ui, "no difference is shown: d starts one");
        return;
    }
    base = older ? snapshot_list_older(&ui->snapshots, base)
        : base == NULL ? NULL : snapshot_list_newer(&ui->snapshots, base);
    if (base == NULL) {
        ui_say(ui, older ? "no older moment is kept"
               : "no newer moment is kept");
        return;
    }
    ui->switches.base = base;
    ui_changed(ui);
}

/* --- snapshots ------------------------------------------------------------*/

static void
past_named(struct ui *ui, const char *text, void *argument)
{
    struct snapshot *kept = argument;

    char mark[NUMBER_TEXT_SIZE];

    snapshot_set_name(kept, text);
    if (kept->kind == SNAPSHOT_AUTOMATIC) {
        kept->kind = SNAPSHOT_MANUAL;
        kept->number = ++ui->snapshots.last_number;
    }
    ui_changed(ui);
    snapshot_mark(mark, kept, ui->session->start_ns);
    ui_say(ui, kept->name != NULL ? "kept as %s \"%s\"" : "kept as %s",
           mark, kept->name);
}

static void
name_past(struct ui *ui)
{
    char label[128], mark[NUMBER_TEXT_SIZE];

    for (size_t i = 0; i < ui->snapshots.count; i++) {
        struct snapshot *kept = ui->snapshots.items[i];
        if (kept == ui->switches.past) {
            snapshot_mark(mark, kept, ui->session->start_ns);
            snprintf(label, sizeof(label), "keep %s, name: ", mark);
            prompt_line(ui, label, kept->name != NULL ? kept->name : "",
                        past_named, kept);
            return;
        }
    }
}

static void
snapshot_key(struct ui *ui)
{
    char when[NUMBER_TEXT_SIZE], size[NUMBER_TEXT_SIZE], base[64];

    if (ui->switches.past != NULL) {
        name_past(ui);
        return;
    }
    if (!ui->still) {
        frame_take(ui);         /* now is now, not the last frame */
    }
    if (ui->live.when_ns == 0) {
        ui_say(ui, "no blocks yet: nothing to keep");
        return;
    }
    const struct snapshot *kept = snapshot_list_add(
        &ui->snapshots, SNAPSHOT_MANUAL, &ui->live);
    ui_changed(ui);
    if (ui->switches.diff) {
        ui_moment_words(ui, ui->switches.base, base, sizeof(base));
        ui_say(ui, "#%u taken; the diff stays on %s, } moves it",
               kept->number, base);
        return;
    }
    clock_text(when, kept->when_ns - ui->session->start_ns);
    ui_say(ui, "snapshot #%u at %s, %s: d shows what has changed since",
           kept->number, when, size_text(size, kept->totals.bytes));
}

static void
reset_peak(struct ui *ui)
{
    char size[NUMBER_TEXT_SIZE];

    if (ui->still) {
        ui_say(ui, "%s has ended: its peak stays", watch_noun(ui));
        return;
    }
    frame_take(ui);
    if (ui->live.when_ns == 0) {
        ui_say(ui, "no blocks yet: no peak to reset");
        return;
    }
    snapshot_list_add(&ui->snapshots, SNAPSHOT_BEFORE_RESET, &ui->live);
    region_reset_peak(ui->region, watch_slot(ui));
    ui_changed(ui);
    ui_say(ui, "peak reset; the old one, %s, stays as \"peak before reset\"",
           size_text(size, ui->live.totals.peak_bytes));
}

void
ui_forget(struct ui *ui, const struct snapshot *snapshot)
{
    if (ui->switches.past == snapshot) {
        ui_show_past(ui, NULL);
    }
    if (ui->switches.diff && ui->switches.base == snapshot) {
        ui_diff(ui, false, NULL);
    }
}

/* --- charge, filter, freeze -----------------------------------------------*/

static void
filter_done(struct ui *ui, const char *text, void *argument)
{
    (void)argument;
    ui_filter(ui, text);
}

void
ui_filter(struct ui *ui, const char *text)
{
    filter_set(&ui->filter, text);
    ui_badge(ui, BADGE_FILTER, filter_active(&ui->filter));
}

static void
freeze(struct ui *ui)
{
    struct switches *switches = &ui->switches;

    switches->frozen = !switches->frozen;
    if (switches->frozen) {
        snapshot_release(&ui->frozen);
        snapshot_copy(&ui->frozen, &ui->live);
    }
    ui_badge(ui, BADGE_FROZEN, switches->frozen);
    switches_settle(ui);
    ui->sort_all = ui->data;
    if (!switches->frozen) {
        ui_say(ui, "live again");
    }
}

static void
toggle_charge(struct ui *ui)
{
    ui->switches.cumulative = !ui->switches.cumulative;
    ui_badge(ui, BADGE_CHARGE, ui->switches.cumulative);
    ui->sort_all = ui->data;
}

static void
toggle_library(struct ui *ui)
{
    ui->switches.mine = !ui->switches.mine;
    ui_badge(ui, BADGE_LIBRARY, ui->switches.mine);
    ui->sort_all = ui->data;
}

bool
switches_act(struct ui *ui, enum action action)
{
    switch (action) {
    case ACTION_MOMENT:
        moment_next(ui);
        ui->sort_all = ui->data;
        return true;
    case ACTION_OLDER:
        past_older(ui);
        return true;
    case ACTION_NEWER:
        past_newer(ui);
        return true;
    case ACTION_DIFF:
        diff_toggle(ui);
        return true;
    case ACTION_DIFF_ENDS:
        menu_diff_ends(ui);
        return true;
    case ACTION_BASE_OLDER:
    case ACTION_BASE_NEWER:
        base_move(ui, action == ACTION_BASE_OLDER);
        return true;
    case ACTION_SNAPSHOT:
        snapshot_key(ui);
        return true;
    case ACTION_RESET_PEAK:
        reset_peak(ui);
        return true;
    case ACTION_CHARGE:
        toggle_charge(ui);
        return true;
    case ACTION_LIBRARY:
        toggle_library(ui);
        return true;
    case ACTION_FILTER:
        prompt_line(ui, "filter: ", ui->filter.text != NULL
                    ? ui->filter.text : "", filter_done, NULL);
        return true;
    case ACTION_FREEZE:
        freeze(ui);
        return true;
    default:
        return false;
    }
}
