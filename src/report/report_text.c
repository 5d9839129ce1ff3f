/* SPDX-License-Identifier: MIT
 *
 * The report for people: the run's totals in two lines, then the table with
 * the columns of the screen, what is left out in one row, and the total.
 */
#include "report/report_private.h"

#include <signal.h>
#include <string.h>

#include "base/size_text.h"
#include "base/strbuf.h"
#include "base/utf8.h"
#include "model/column.h"
#include "model/location.h"
#include "report/report_processes.h"
#include "report/report_row.h"

/* Wide enough for every column's full width. */
#define STYLE_WIDTH 160

static struct column_style
style_of(const struct report *report)
{
    return (struct column_style){.screen_width = STYLE_WIDTH,
                                 .exact = report->exact,
                                 .ascii = report->ascii};
}

/* Columns that mean something in a file; without a monitor's memory of the
 * run there are no trends. */
static bool
is_written(const struct column *column, const struct table *table)
{
    switch (column_id(column)) {
    case COLUMN_BAR:
        return false;
    case COLUMN_TREND:
    case COLUMN_GROWTH:
    case COLUMN_ALLOC_RATE:
        return table->request.trend != NULL && column_applies(column, table);
    default:
        return column_applies(column, table);
    }
}

static int
cells_of(const struct column *column, const struct report *report)
{
    return report->exact ? column->exact_width : column->width;
}

/* One cell, padded to its width, with the space before it. */
static void
add_cell(struct strbuf *line, const struct column *column,
         const struct report *report, const char *text)
{
    int pad = cells_of(column, report) - utf8_width(text);

    if (line->len > 0) {
        strbuf_add_char(line, ' ');
    }
    if (!column->left && pad > 0) {
        strbuf_add_repeat(line, ' ', (size_t)pad);
    }
    strbuf_add_text(line, text);
    if (column->left && pad > 0) {
        strbuf_add_repeat(line, ' ', (size_t)pad);
    }
}

static void
add_row_cells(struct strbuf *line, const struct report *report,
              const struct table_row *row)
{
    struct column_style style = style_of(report);
    struct strbuf cell;

    strbuf_init(&cell);
    for (enum column_id id = 0; id < COLUMN_LOCATION; id++) {
        const struct column *column = column_get(id);
        if (!is_written(column, report->table)) {
            continue;
        }
        strbuf_clear(&cell);
        column_add_text(&cell, column, report->table, row, &style,
                        cells_of(column, report));
        add_cell(line, column, report, cell.text);
    }
    strbuf_release(&cell);
}

/* Print the line without spaces at its end and empty it. */
static void
put_line(FILE *file, struct strbuf *line)
{
    size_t len = line->len;

    while (len > 0 && line->text[len - 1] == ' ') {
        len--;
    }
    fprintf(file, "%.*s\n", (int)len, line->text);
    strbuf_clear(line);
}

static void
write_head(FILE *file, const struct report *report)
{
    const struct table *table = report->table;
    struct strbuf line;

    strbuf_init(&line);
    for (enum column_id id = 0; id < COLUMN_LOCATION; id++) {
        const struct column *column = column_get(id);
        if (is_written(column, table)) {
            add_cell(&line, column, report,
                     column_head(column, table, report->ascii));
        }
    }
    strbuf_addf(&line, "   %s", column_head(column_get(COLUMN_LOCATION),
                                            table, report->ascii));
    put_line(file, &line);
    strbuf_release(&line);
}

/* The callers of a traceback's row, a line each. */
static void
write_callers(FILE *file, const struct report *report, uint32_t traceback,
              size_t indent)
{
    const struct catalog *catalog = report->table->request.catalog;
    struct strbuf line;

    strbuf_init(&line);
    while ((traceback = catalog->tracebacks[traceback].parent)
           != CATALOG_NONE) {
        strbuf_add_repeat(&line, ' ', indent);
        strbuf_add_text(&line, report->ascii ? "<- " : "\xe2\x86\x90 ");
        location_add_line(&line, catalog,
                          catalog->tracebacks[traceback].line, 0, false);
        put_line(file, &line);
    }
    strbuf_release(&line);
}

static void
write_row(FILE *file, const struct report *report,
          const struct table_row *row)
{
    const struct table *table = report->table;
    struct strbuf line;

    strbuf_init(&line);
    add_row_cells(&line, report, row);
    size_t indent = (size_t)utf8_width(line.text) + 3;
    strbuf_addf(&line, " %c ", origin_mark(table_row_origin(table, row)));
    if (table->request.by == BY_TRACEBACK && row->key.kind == ROW_PLACE) {
        location_add_line(&line, table->request.catalog,
                          table_row_line(table, row), 0, report->ascii);
        put_line(file, &line);
        write_callers(file, report, row->key.id, indent);
    }
    else {
        table_row_location(table, row, &line, 0, report->ascii);
        put_line(file, &line);
    }
    strbuf_release(&line);
}

static const char *
total_name(const struct report *report)
{
    return report->table->request.moment == MOMENT_NOW ? "traced"
        : report_moment(report);
}

/* `= traced: 1,391 rows, at the end, own`. */
static void
add_total_words(struct strbuf *line, const struct report *report)
{
    const struct table *table = report->table;
    char a[NUMBER_TEXT_SIZE], b[NUMBER_TEXT_SIZE];

    if (table->has_base) {
        strbuf_addf(line, "= %s %s %s", size_text(a, table->total.base_bytes),
                    report->ascii ? "->" : "\xe2\x86\x92",
                    size_text(b, table->total.bytes));
    }
    else if (table->filtered) {
        strbuf_addf(line, "= %s of %s %s", size_text(a, table->total.bytes),
                    size_text(b, table->traced_bytes), total_name(report));
    }
    else {
        strbuf_addf(line, "= %s", total_name(report));
    }
    strbuf_addf(line, ": %s %s", count_text(a, table->count),
                table->count == 1 ? "row" : "rows");
    if (table->request.moment == MOMENT_NOW) {
        strbuf_add_text(line, report->end.ended ? ", at the end" : ", now");
    }
    strbuf_add_text(line, table->request.mine ? ", mine" : "");
    strbuf_add_text(line, table->request.cumulative
                    && table->request.by != BY_FUNCTION ? ", cumulative"
                    : ", own");
    if (table->has_cumulative) {
        strbuf_add_text(line, " (cumulative rows overlap)");
    }
}

static void
write_sums(FILE *file, const struct report *report)
{
    struct table_row more;
    struct strbuf line;
    char text[NUMBER_TEXT_SIZE];

    strbuf_init(&line);
    if (report_more(report->table, report->top, &more)) {
        add_row_cells(&line, report, &more);
        strbuf_addf(&line, "   %s more %s", count_text(text, more.places),
                    more.places == 1 ? "row" : "rows");
        put_line(file, &line);
    }
    add_row_cells(&line, report, &report->table->total);
    strbuf_add_text(&line, "   ");
    add_total_words(&line, report);
    put_line(file, &line);
    strbuf_release(&line);
}

static void
add_end(struct strbuf *line, const struct report *report)
{
    uint64_t now = report->table->request.snapshot->when_ns;
    char text[NUMBER_TEXT_SIZE];

    strbuf_add_text(line, "  ");
    if (report->state != NULL) {
        strbuf_add_text(line, report->state);
        return;
    }
    report_end_words(line, &report->end, report->start_ns, NULL);
    if (!report->end.ended && report->end.replaced_by == NULL) {
        clock_text(text, now > report->start_ns ? now - report->start_ns : 0);
        strbuf_addf(line, "running %s", text);
    }
}

static void
write_run(FILE *file, const struct report *report)
{
    struct strbuf line;
    char version[32];

    strbuf_init(&line);
    if (report->command != NULL) {
        utf8_add_safe(&line, report->command, strlen(report->command));
    }
    else {
        strbuf_add_text(&line, "python");
    }
    for (size_t i = 0; report->argv != NULL && report->argv[i] != NULL; i++) {
        strbuf_add_char(&line, ' ');
        utf8_add_safe(&line, report->argv[i], strlen(report->argv[i]));
    }
    strbuf_addf(&line, "  CPython %s  pid %d",
                report_version(report, version, sizeof(version)),
                (int)report->pid);
    add_end(&line, report);
    put_line(file, &line);
    strbuf_release(&line);
}

static void
write_totals(FILE *file, const struct report *report)
{
    const struct region_totals *totals
        = &report->table->request.snapshot->totals;
    char a[NUMBER_TEXT_SIZE], b[NUMBER_TEXT_SIZE], c[NUMBER_TEXT_SIZE];
    uint64_t peak_ns = totals->peak_ns > report->start_ns
        ? totals->peak_ns - report->start_ns : 0;

    fprintf(file, "Traced %s in %s blocks   Peak %s at %s",
            (report->exact ? size_text_exact : size_text)(a, totals->bytes),
            count_text_exact(b, totals->blocks),
            (report->exact ? size_text_exact : size_text)
                (c, totals->peak_bytes),
            clock_text((char[NUMBER_TEXT_SIZE]){0}, peak_ns));
    fprintf(file, "   Ever %s in %s blocks",
            (report->exact ? size_text_exact : size_text)
                (a, (int64_t)totals->alloc_bytes),
            count_text_exact(b, (int64_t)totals->allocs));
    if (totals->lost_blocks > 0) {
        fprintf(file, "   LOST %s blocks",
                count_text_exact(a, (int64_t)totals->lost_blocks));
    }
    fputc('\n', file);
    for (uint32_t bit = 1; bit != 0; bit <<= 1) {
        if ((report->trouble & bit) != 0 && report_trouble(bit) != NULL) {
            fprintf(file, "Trouble: %s\n", report_trouble(bit));
        }
    }
}

void
report_write_text(FILE *file, const struct report *report)
{
    write_run(file, report);
    write_totals(file, report);
    fputc('\n', file);
    write_head(file, report);
    for (uint32_t i = 0; i < report_rows(report); i++) {
        write_row(file, report, &report->table->rows[i]);
    }
    write_sums(file, report);
    if (report->processes != NULL && report->processes->count > 1) {
        fputc('\n', file);
        report_processes_text(file, report->processes, report->exact,
                              report->ascii);
    }
}
