/* SPDX-License-Identifier: MIT */
#include "ui/hints.h"

#include <stdio.h>
#include <string.h>

#include "base/size_text.h"
#include "model/location.h"
#include "ui/badges.h"
#include "ui/states.h"
#include "ui/text_cells.h"
#include "ui/ui.h"
#include "ui/view_table.h"

#define HINT_NS (5 * UI_NS)         /* each stays at least this long */

/* Each writes its words, or nothing when it is not true now. */
struct hint {
    enum action key;                /* used already: not shown again */
    void (*words)(struct ui *ui, char *out, size_t out_size);
};

static void
view_words(struct ui *ui, char *out, size_t out_size)
{
    struct view *view = ui_view(ui);

    if (view->ops->hint != NULL) {
        view->ops->hint(view, ui, out, out_size);
    }
}

static void
snapshot_words(struct ui *ui, char *out, size_t out_size)
{
    const struct snapshot *newest = snapshot_list_newest_manual(
        &ui->snapshots);
    char when[NUMBER_TEXT_SIZE], size[NUMBER_TEXT_SIZE];

    if (newest == NULL) {
        return;
    }
    clock_text(when, newest->when_ns - ui->session->start_ns);
    snprintf(out, out_size,
             "snapshot #%u at %s, %s: d shows what has changed since",
             newest->number, when, size_text(size, newest->totals.bytes));
}

/* The row that grows fastest, if it is a steady one: by more than 1 %% of all
 * that is traced in a minute. */
static void
grower_words(struct ui *ui, char *out, size_t out_size)
{
    const struct table *table = table_view_lines(ui);
    char rate[NUMBER_TEXT_SIZE];
    struct strbuf place;

    if (table == NULL || ui->still
        || session_seconds(ui->session) < 10) {
        return;
    }
    int64_t at = table_find(table, table->grower);
    const struct table_row *best = at < 0 ? NULL
        : table_fresh_row(table, (uint32_t)at);
    if (best == NULL
        || best->growth < (double)ui->live.totals.bytes / 100) {
        return;
    }
    strbuf_init(&place);
    table_row_location(table, best, &place, 0, !screen_utf8(ui->screen));
    growth_text(rate, best->growth);
    snprintf(out, out_size, "%s grows by %s: Enter opens it, T sorts all "
             "rows by growth", place.text, rate + (rate[0] == '+'));
    strbuf_release(&place);
}

static void
peak_words(struct ui *ui, char *out, size_t out_size)
{
    const struct region_totals *totals = &ui->live.totals;

    if ((double)totals->peak_bytes > 1.2 * (double)totals->bytes) {
        snprintf(out, out_size, "p shows what was held at the peak");
    }
}

static void
library_words(struct ui *ui, char *out, size_t out_size)
{
    const struct table *table = table_view_lines(ui);

    if (table != NULL && table->traced_bytes > 0
        && table->library_bytes > table->traced_bytes / 2) {
        snprintf(out, out_size,
                 "%.0f %% is in library lines: l charges it to your lines",
                 100.0 * (double)table->library_bytes
                 / (double)table->traced_bytes);
    }
}

static void
lines_words(struct ui *ui, char *out, size_t out_size)
{
    if (ui->trouble & TROUBLE_LATE_LINES) {
        snprintf(out, out_size, "this Python does not say what comes from a "
                 "free list: lines of tuples, lists, dicts, floats and ints "
                 "may be late");
    }
    else if (ui->trouble & TROUBLE_MACHINE_CODE) {
        snprintf(out, out_size, "~ ran as machine code (JIT): what it "
                 "allocates may stand at an earlier line of the function");
    }
}

static void
first_words(struct ui *ui, char *out, size_t out_size)
{
    int cols = screen_cols(ui->screen);

    snprintf(out, out_size, "%s", cols >= 80
             ? "s takes a snapshot, d shows what changed since, "
               "Enter opens a line, ? all keys"
             : cols >= 50
             ? "s snapshot, d what changed, Enter opens, ? all keys"
             : "s snapshot, d diff, ? all keys");
}

static const struct hint hints[] = {
    {ACTION_NONE, state_hint},
    {ACTION_NONE, view_words},
    {ACTION_DIFF, snapshot_words},
    {ACTION_OPEN, grower_words},
    {ACTION_NONE, lines_words},
    {ACTION_MOMENT, peak_words},
    {ACTION_LIBRARY, library_words},
    {ACTION_NONE, first_words},
};

#define HINTS ((int)(sizeof(hints) / sizeof(hints[0])))

static bool
hint_is_true(struct ui *ui, int i, char *out, size_t out_size)
{
    out[0] = '\0';
    if (hints[i].key != ACTION_NONE
        && (ui->used & 1ull << hints[i].key) != 0) {
        return false;
    }
    hints[i].words(ui, out, out_size);
    return out[0] != '\0';
}

/* The hint shown stays for its time, unless it is no longer true or that of
 * a state comes up. */
static void
choose_hint(struct ui *ui, char *out, size_t out_size)
{
    int first = 0;

    while (first < HINTS - 1 && !hint_is_true(ui, first, out, out_size)) {
        first++;
    }
    if (first == ui->hint || first < 2
        || ui->now_ns - ui->hint_ns >= HINT_NS
        || !hint_is_true(ui, ui->hint, out, out_size)) {
        if (first != ui->hint) {
            ui->hint = first;
            ui->hint_ns = ui->now_ns;
        }
        hint_is_true(ui, first, out, out_size);
    }
}

/* Whose keys they are now; shown before everything else. */
static int
draw_talking(struct ui *ui, int row, int cols)
{
    return screen_put(ui->screen, row, 0, cols, "KEYS GO TO THE SCRIPT",
                      STYLE(ROLE_KEY, LOOK_REVERSE));
}

void
hints_draw(struct ui *ui, int row)
{
    char text[512], cut[512];
    int cols = screen_cols(ui->screen);
    int col = ui->talking ? draw_talking(ui, row, cols)
        : badges_draw(ui, row, cols);

    ui->hint_row = row;
    if (ui->talking) {
        snprintf(text, sizeof(text), "Ctrl-] gives them back to pymtop");
        col += 3;
    }
    else if (ui->message[0] != '\0') {
        snprintf(text, sizeof(text), "%s", ui->message);
    }
    else if (col > 0) {
        text[0] = '\0';
        view_words(ui, text, sizeof(text));
        if (text[0] == '\0') {
            badge_hint(ui, text, sizeof(text));
        }
        col += 2;
    }
    else {
        choose_hint(ui, text, sizeof(text));
    }
    if (cols - col > 0) {
        text_cut_right(cut, sizeof(cut), text, cols - col);
        screen_put(ui->screen, row, col, cols - col, cut, STYLE_TEXT);
    }
}
