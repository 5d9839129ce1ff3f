/* SPDX-License-Identifier: MIT */
#include "ui/badges.h"

#include <stdio.h>
#include <string.h>

#include "base/size_text.h"
#include "ui/switches.h"
#include "ui/text_cells.h"
#include "ui/watch.h"

/* Time since the start, as the header has it. */
static void
run_clock(const struct ui *ui, uint64_t when, char *buf)
{
    uint64_t start = ui->session->start_ns;

    clock_text(buf, when > start ? when - start : 0);
}

void
ui_badge(struct ui *ui, enum badge badge, bool on)
{
    enum badge *order = ui->switches.order;
    int n = 0;

    for (int i = 0; i < BADGE_COUNT && order[i] != BADGE_NONE; i++) {
        if (order[i] != badge) {
            order[n++] = order[i];
        }
        else if (on) {
            order[n++] = badge;     /* it is on already: keeps its place */
            on = false;
        }
    }
    if (on && n < BADGE_COUNT) {
        order[n++] = badge;
    }
    if (n < BADGE_COUNT) {
        order[n] = BADGE_NONE;
    }
    ui_changed(ui);
}

static enum badge
newest(const struct ui *ui)
{
    enum badge badge = BADGE_NONE;

    for (int i = 0; i < BADGE_COUNT
         && ui->switches.order[i] != BADGE_NONE; i++) {
        badge = ui->switches.order[i];
    }
    return badge;
}

bool
badge_off_newest(struct ui *ui)
{
    struct switches *switches = &ui->switches;
    enum badge badge = newest(ui);

    switch (badge) {
    case BADGE_NONE:
    case BADGE_COUNT:
        return false;
    case BADGE_MOMENT:
        switches->moment = MOMENT_NOW;
        switches->past = NULL;
        break;
    case BADGE_FROZEN:
        switches->frozen = false;
        break;
    case BADGE_DIFF:
        switches->diff = false;
        switches->base = NULL;
        break;
    case BADGE_CHARGE:
        switches->cumulative = false;
        break;
    case BADGE_LIBRARY:
        switches->mine = false;
        break;
    case BADGE_FILTER:
        filter_set(&ui->filter, NULL);
        break;
    case BADGE_PROCESS:
        watch_show(ui, 0);
        break;
    }
    ui_badge(ui, badge, false);
    switches_settle(ui);            /* a key may come before the next frame */
    return true;
}

static void
moment_badge(const struct ui *ui, char *out, size_t out_size)
{
    char when[NUMBER_TEXT_SIZE];

    if (ui->switches.past != NULL) {
        run_clock(ui, ui->switches.past->when_ns, when);
        snprintf(out, out_size, "PAST %s%s", when,
                 ui->switches.moment == MOMENT_PEAK ? " AT PEAK"
                 : ui->switches.moment == MOMENT_EVER ? " EVER" : "");
    }
    else if (ui->switches.moment == MOMENT_PEAK) {
        run_clock(ui, ui->shown->totals.peak_ns, when);
        snprintf(out, out_size, "AT PEAK %s", when);
    }
    else {
        snprintf(out, out_size, "EVER");
    }
}

static void
diff_badge(struct ui *ui, char *out, size_t out_size)
{
    char from[64], to[64];
    const struct switches *switches = &ui->switches;

    if (switches->base == NULL) {
        snprintf(from, sizeof(from), "peak");
    }
    else {
        ui_moment_words(ui, switches->base, from, sizeof(from));
    }
    if (switches->moment == MOMENT_PEAK) {
        snprintf(to, sizeof(to), "peak");
    }
    else {
        ui_moment_words(ui, ui->shown, to, sizeof(to));
    }
    snprintf(out, out_size, "DIFF %s → %s", from, to);
}

void
badge_words(struct ui *ui, enum badge badge, char *out, size_t out_size)
{
    const struct process *process;
    char when[NUMBER_TEXT_SIZE];

    switch (badge) {
    case BADGE_MOMENT:
        moment_badge(ui, out, out_size);
        break;
    case BADGE_FROZEN:
        run_clock(ui, ui->frozen.when_ns, when);
        snprintf(out, out_size, "FROZEN %s", when);
        break;
    case BADGE_DIFF:
        diff_badge(ui, out, out_size);
        break;
    case BADGE_CHARGE:
        snprintf(out, out_size, "CUMULATIVE");
        break;
    case BADGE_LIBRARY:
        snprintf(out, out_size, "MINE");
        break;
    case BADGE_FILTER:
        snprintf(out, out_size, "FILTER %s",
                 ui->filter.text != NULL ? ui->filter.text : "");
        break;
    case BADGE_PROCESS:
        process = watch_process(ui);
        snprintf(out, out_size, "PROCESS %d",
                 process != NULL ? process->pid : 0);
        break;
    default:
        out[0] = '\0';
    }
}

/* What the script held more at the peak, for a diff from there. */
static void
peak_diff_hint(const struct ui *ui, char *out, size_t out_size)
{
    char size[NUMBER_TEXT_SIZE], when[NUMBER_TEXT_SIZE];
    const struct region_totals *totals = &ui->shown->totals;

    run_clock(ui, totals->peak_ns, when);
    snprintf(out, out_size, "the script held %s more at %s",
             size_text(size, totals->peak_bytes - totals->bytes), when);
}

void
badge_hint(struct ui *ui, char *out, size_t out_size)
{
    const char *words = "";

    switch (newest(ui)) {
    case BADGE_MOMENT:
        words = ui->switches.past != NULL
            ? "[ ] move it, ] at the end is now, Enter shows it, "
              "D compares two"
            : "p goes on: now → at peak → ever, Esc ends it";
        break;
    case BADGE_FROZEN:
        words = "space thaws";
        break;
    case BADGE_DIFF:
        if (ui->switches.base == NULL) {
            peak_diff_hint(ui, out, out_size);
            return;
        }
        words = "{ } move the base, Esc ends it";
        break;
    case BADGE_CHARGE:
        words = "rows show what they called too, c ends it";
        break;
    case BADGE_LIBRARY:
        words = "library bytes are charged to your lines, l ends it";
        break;
    case BADGE_FILTER:
        words = "f changes it, Esc ends it";
        break;
    case BADGE_PROCESS:
        words = "Esc shows the script again, 7 all processes";
        break;
    default:
        break;
    }
    snprintf(out, out_size, "%s", words);
}

int
badges_draw(struct ui *ui, int row, int cols)
{
    char text[256], cut[256];
    int col = 0;

    for (int i = 0; i < BADGE_COUNT
         && ui->switches.order[i] != BADGE_NONE && col < cols; i++) {
        badge_words(ui, ui->switches.order[i], text, sizeof(text));
        text_cut_right(cut, sizeof(cut), text, cols - col < 40
                       ? cols - col : 40);
        col += screen_put(ui->screen, row, col, cols - col, cut,
                          STYLE(ROLE_TEXT, LOOK_REVERSE));
        col++;
    }
    return col < cols ? col : cols;
}
