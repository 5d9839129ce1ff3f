/* SPDX-License-Identifier: MIT */
#include "ui/header.h"

#include <stdio.h>
#include <string.h>

#include "base/size_text.h"
#include "launcher/session.h"
#include "report/report.h"
#include "ui/states.h"
#include "ui/text_cells.h"
#include "ui/ui.h"
#include "ui/watch.h"

int
header_lines(int rows, int cols)
{
    if (rows < 6) {
        return 1;
    }
    return cols < 80 || rows < 10 ? 2 : 3;
}

/* A row that is filled from left to right; what does not fit is left out
 * whole, so that no number is cut. */
struct pen {
    struct ui *ui;
    int row, col, cols;
    bool full;
};

static void
pen_put(struct pen *pen, enum role role, uint8_t look, const char *text)
{
    int width = text_width(text);

    if (pen->full || pen->col + width > pen->cols) {
        pen->full = true;
        return;
    }
    screen_put(pen->ui->screen, pen->row, pen->col, width, text,
               STYLE(role, look));
    pen->col += width;
}

/* `   Peak` and a number right-aligned in `cells`, both or nothing. */
static void
pen_number(struct pen *pen, const char *label, int cells, const char *number,
           enum role role)
{
    char text[128];
    int blank = cells - text_width(number);
    int width = text_width(label) + (blank > 0 ? cells : text_width(number));

    if (pen->full || pen->col + width > pen->cols) {
        pen->full = true;
        return;
    }
    pen_put(pen, ROLE_TEXT, LOOK_DIM, label);
    snprintf(text, sizeof(text), "%*s%s", blank > 0 ? blank : 0, "", number);
    pen_put(pen, role, 0, text);
}

static const char *
size_words(const struct ui *ui, char *buf, int64_t bytes, bool compact)
{
    return ui->switches.exact ? size_text_exact(buf, bytes)
        : compact ? size_text_compact(buf, bytes) : size_text(buf, bytes);
}

/* What runs: its title; and its Python and pid.  Returns how much of `rest`
 * is the Python. */
static size_t
process_names(const struct ui *ui, char *title, size_t title_size, char *rest,
              size_t rest_size)
{
    const struct process *process = watch_process(ui);
    char version[32];

    if (ui->watched == PROCESS_SCRIPT || process == NULL) {
        snprintf(title, title_size, "%s", ui->session->title);
        snprintf(rest, rest_size, "  %s", ui->session->python);
    }
    else {
        struct strbuf words;
        uint32_t hex = ui->catalog.python_hex;
        strbuf_init(&words);
        process_words(process, &words);
        snprintf(title, title_size, "%s", words.text);
        strbuf_release(&words);
        snprintf(version, sizeof(version), "%u.%u.%u", hex >> 24,
                 hex >> 16 & 255, hex >> 8 & 255);
        snprintf(rest, rest_size, "  CPython %s", version);
    }
    size_t len = strlen(rest);
    snprintf(rest + len, rest_size - len, "  pid %d",
             process != NULL ? process->pid : (int)ui->session->pid);
    return len;
}

/* Line 1 drops the pid, then Python's version, then cuts the arguments. */
static void
draw_title(struct ui *ui)
{
    char state[384], title[1024], full[1280], text[1280], rest[128];
    int cols = screen_cols(ui->screen);

    state_words(ui, state, sizeof(state));
    text_cut_right(text, sizeof(text), state, cols);
    int room = cols - text_width(text);
    screen_put(ui->screen, 0, room, cols - room, text,
               state_is_trouble(ui) ? STYLE(ROLE_TROUBLE, 0)
               : STYLE(ROLE_TEXT, LOOK_BOLD));
    room -= cols < 80 ? 1 : 2;
    if (cols < 40 || room < 4) {
        return;
    }
    size_t version = process_names(ui, title, sizeof(title), rest,
                                   sizeof(rest));
    snprintf(full, sizeof(full), "%s%s", title, rest);
    if (text_width(full) > room) {
        rest[version] = '\0';
        snprintf(full, sizeof(full), "%s%s", title, rest);
    }
    if (text_width(full) > room) {
        snprintf(full, sizeof(full), "%s", title);
    }
    text_cut_right(text, sizeof(text), full, room);
    screen_put(ui->screen, 0, 0, room, text, STYLE(ROLE_TEXT, LOOK_BOLD));
}

static void
draw_limit(struct ui *ui, struct pen *pen, bool compact)
{
    char size[NUMBER_TEXT_SIZE], left[NUMBER_TEXT_SIZE], text[128];

    if (ui->limits.limit_bytes <= 0) {
        return;
    }
    size_words(ui, size, ui->limits.limit_bytes, compact);
    size_words(ui, left, ui->limits.headroom_bytes, compact);
    snprintf(text, sizeof(text), "%s, %s left", size, left);
    pen_number(pen, "   Limit ", 0, text,
               ui->limits.headroom_bytes < ui->limits.limit_bytes / 20
               ? ROLE_TROUBLE : ROLE_TEXT);
}

static void
draw_traced(struct ui *ui, int row)
{
    const struct region_totals *totals = &ui->live.totals;
    int cols = screen_cols(ui->screen);
    bool compact = cols < 80;
    struct pen pen = {.ui = ui, .row = row, .cols = cols};
    char size[NUMBER_TEXT_SIZE], when[NUMBER_TEXT_SIZE + 8];
    const char *gap = cols < 60 ? " " : compact ? "  " : "   ";
    char label[32];
    int cells = ui->switches.exact ? 13 : compact ? 7 : 11;

    if (cols < 60) {
        pen_number(&pen, "", 6, size_words(ui, size, totals->bytes, true),
                   ROLE_TRACED);
    }
    else {
        pen_number(&pen, compact ? "Traced " : "Traced", cells,
                   size_words(ui, size, totals->bytes, compact),
                   ROLE_TRACED);
    }
    if (cols < 40) {
        return;
    }
    snprintf(label, sizeof(label), "%s%s", cols < 60 ? "  " : gap,
             cols < 60 ? "peak " : compact ? "Peak " : "Peak");
    pen_number(&pen, label, cols < 60 ? 6 : cells,
               size_words(ui, size, totals->peak_bytes, compact), ROLE_TEXT);
    if (cols >= 60) {
        uint64_t start = ui->session->start_ns;
        clock_text(when, totals->peak_ns > start ? totals->peak_ns - start
                   : 0);
        pen_number(&pen, " at ", 8, when, ROLE_TEXT);
    }
    snprintf(label, sizeof(label), "%s%s", cols < 60 ? "  " : gap,
             compact ? "RSS " : "RSS");
    pen_number(&pen, label, cols < 60 ? 6 : cells,
               ui->rss_bytes > 0
               ? size_words(ui, size, ui->rss_bytes, compact) : "-",
               ROLE_RSS);
    draw_limit(ui, &pen, compact);
}

/* What must never be left out: blocks that were not booked, or tracebacks
 * that were cut.  Empty if all is well. */
static void
trouble_words(const struct ui *ui, char *out, size_t out_size)
{
    char count[NUMBER_TEXT_SIZE];

    out[0] = '\0';
    if (ui->live.totals.lost_blocks > 0) {
        count_text_exact(count, (int64_t)ui->live.totals.lost_blocks);
        snprintf(out, out_size, "  LOST %s blocks", count);
    }
    else if (ui->trouble & (TROUBLE_CONTEXTS_FULL | TROUBLE_CELLS_FULL)) {
        snprintf(out, out_size, "  TRACEBACKS SHORTENED");
    }
    else if (ui->trouble & TROUBLE_CODES_FULL) {
        snprintf(out, out_size, "  NAMES MISSING");
    }
    else if (ui->trouble & TROUBLE_LATE_LINES) {
        snprintf(out, out_size, "  LINES MAY BE LATE");
    }
    else if (ui->trouble & TROUBLE_MACHINE_CODE) {
        snprintf(out, out_size, "  JIT: LINES ~");
    }
}

static void
draw_blocks(struct ui *ui, int row)
{
    const struct region_totals *totals = &ui->live.totals;
    struct pen pen = {.ui = ui, .row = row, .cols = screen_cols(ui->screen)};
    char text[NUMBER_TEXT_SIZE], trouble[NUMBER_TEXT_SIZE + 24];

    trouble_words(ui, trouble, sizeof(trouble));
    pen.cols -= text_width(trouble);
    pen_number(&pen, "Blocks", 11,
               ui->switches.exact ? count_text_exact(text, totals->blocks)
               : count_text(text, totals->blocks), ROLE_TEXT);
    pen_number(&pen, "   alloc", 13,
               rate_text(text, ui->allocs_per_second), ROLE_TEXT);
    pen_number(&pen, "   free", 13,
               rate_text(text, ui->frees_per_second), ROLE_TEXT);
    pen_number(&pen, "   Tracer", ui->switches.exact ? 13 : 11,
               size_words(ui, text, (int64_t)ui->tracer_bytes, false),
               ROLE_TEXT);
    if (ui->live.when_ns != 0) {
        pen_number(&pen, "   Free lists ", 0,
                   report_reattribution(ui->reattribution), ROLE_TEXT);
    }
    pen.full = false;
    pen.cols += text_width(trouble);
    pen_put(&pen, ROLE_TROUBLE, 0, trouble);
}

void
header_draw(struct ui *ui, int lines)
{
    draw_title(ui);
    if (lines >= 2) {
        draw_traced(ui, 1);
    }
    if (lines >= 3) {
        draw_blocks(ui, 2);
    }
}
