/* SPDX-License-Identifier: MIT
 *
 * What views ask of the screen as a whole: messages, the switches as a
 * request to the model, the words of totals.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/size_text.h"
#include "ui/text_cells.h"
#include "ui/ui.h"

#define MESSAGE_NS (4 * UI_NS)

void
ui_say(struct ui *ui, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(ui->message, sizeof(ui->message), format, arguments);
    va_end(arguments);
    ui->message_until_ns = ui->now_ns + MESSAGE_NS;
    ui->dirty = true;
}

void
ui_changed(struct ui *ui)
{
    ui->switched++;
    ui->data++;
    ui->data_ns = ui->now_ns;
    ui->dirty = true;
}

struct table_request
ui_request(struct ui *ui, enum table_by by)
{
    const struct switches *switches = &ui->switches;
    struct table_request request = {
        .catalog = &ui->catalog,
        .snapshot = ui->shown,
        .by = by,
        .moment = switches->moment,
        .cumulative = switches->cumulative,
        .mine = switches->mine,
        .filter = &ui->filter,
        .trend = ui->trend
    };

    if (switches->diff) {
        request.base = switches->base != NULL ? switches->base
            : switches->frozen ? &ui->frozen : &ui->live;
        request.base_moment = switches->base != NULL ? MOMENT_NOW
            : MOMENT_PEAK;
    }
    return request;
}

struct column_style
ui_style(const struct ui *ui)
{
    return (struct column_style){
        .screen_width = screen_cols(ui->screen),
        .exact = ui->switches.exact,
        .ascii = !screen_utf8(ui->screen)
    };
}

static char *
size_words(const struct ui *ui, char *buf, int64_t bytes)
{
    return ui->switches.exact ? size_text_exact(buf, bytes)
        : screen_cols(ui->screen) < 80 ? size_text_compact(buf, bytes)
        : size_text(buf, bytes);
}

/* `now`, `at the end`, `at 00:00:40`; nothing for ever, whose name says it. */
static void
moment_words(const struct ui *ui, char *out, size_t out_size)
{
    uint64_t start = ui->session->start_ns, when = ui->shown->when_ns;
    char clock[NUMBER_TEXT_SIZE];

    if (ui->switches.moment == MOMENT_EVER) {
        out[0] = '\0';
        return;
    }
    if (ui->switches.moment == MOMENT_PEAK) {
        when = ui->shown->totals.peak_ns;
    }
    else if (ui->shown == &ui->live) {
        snprintf(out, out_size, ui->still ? ", at the end" : ", now");
        return;
    }
    clock_text(clock, when > start ? when - start : 0);
    snprintf(out, out_size, ", at %s", clock);
}

/* `= 271.8 of 412.6 MiB traced: 31 rows`: the unit is said once if it is the
 * same. */
static void
filtered_words(const struct ui *ui, char *out, size_t out_size,
               int64_t bytes, int64_t traced, const char *name,
               const char *count, const char *noun, int cells)
{
    char part[NUMBER_TEXT_SIZE], whole[NUMBER_TEXT_SIZE];

    size_words(ui, part, bytes);
    size_words(ui, whole, traced);
    char *unit = strchr(part, ' '), *whole_unit = strchr(whole, ' ');
    if (unit != NULL && whole_unit != NULL
        && strcmp(unit, whole_unit) == 0) {
        *unit = '\0';
    }
    snprintf(out, out_size, "= %s of %s %s: %s %s", part, whole, name, count,
             noun);
    if (text_width(out) > cells) {
        snprintf(out, out_size, "= %s of %s", part, whole);
    }
}

void
ui_total_words(struct ui *ui, char *out, size_t out_size,
               const struct table_row *total, int64_t traced_bytes,
               bool filtered, const char *noun, int64_t count, bool charge,
               int cells)
{
    static const char *const names[] = {"traced", "peak", "ever"};
    const char *name = names[ui->switches.moment];
    char moment[64], rows[NUMBER_TEXT_SIZE];
    const char *own = !charge ? ""
        : ui->switches.cumulative ? ", cumulative rows overlap" : ", own";

    count_text_exact(rows, count);
    moment_words(ui, moment, sizeof(moment));
    if (ui->switches.diff) {
        char from[NUMBER_TEXT_SIZE], to[NUMBER_TEXT_SIZE];
        snprintf(out, out_size, "= %s → %s",
                 size_words(ui, from, total->base_bytes),
                 size_words(ui, to, total->bytes));
        return;
    }
    if (filtered) {
        filtered_words(ui, out, out_size, total->bytes, traced_bytes, name,
                       rows, noun, cells);
        return;
    }
    snprintf(out, out_size, "= %s: %s %s%s%s", name, rows, noun, moment,
             own);
    if (text_width(out) > cells) {
        snprintf(out, out_size, "= %s%s%s", name, moment, own);
    }
    if (text_width(out) > cells) {
        snprintf(out, out_size, "= %s%s", name,
                 ui->switches.cumulative ? own : moment);
    }
}
