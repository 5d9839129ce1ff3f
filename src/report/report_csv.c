/* SPDX-License-Identifier: MIT
 *
 * RFC 4180 with line feeds: a head, a line a row, and with --top a last line
 * for the rest whose file says `N more rows`.  Same names as in the JSON.
 */
#include "report/report_private.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "report/report_row.h"

/* As it is in a file; a terminal would do what it says. */
static void
write_text(FILE *file, const char *text)
{
    struct strbuf valid;

    strbuf_init(&valid);
    if (isatty(fileno(file))) {
        utf8_add_safe(&valid, text, strlen(text));
    }
    else {
        utf8_add_valid(&valid, text, strlen(text));
    }
    if (strpbrk(valid.text, ",\"\r\n") == NULL) {
        fputs(valid.text, file);
    }
    else {
        fputc('"', file);
        for (const char *at = valid.text; *at != '\0'; at++) {
            if (*at == '"') {
                fputc('"', file);
            }
            fputc(*at, file);
        }
        fputc('"', file);
    }
    strbuf_release(&valid);
}

/* One cell: `file:line function` of each line, outermost first. */
static void
write_traceback(FILE *file, const struct catalog *catalog, uint32_t traceback)
{
    struct strbuf words;

    strbuf_init(&words);
    uint32_t depth = catalog->tracebacks[traceback].depth;
    uint32_t *lines = xreallocarray(NULL, depth, sizeof(*lines));
    for (uint32_t i = depth; i-- > 0;) {
        lines[i] = catalog->tracebacks[traceback].line;
        traceback = catalog->tracebacks[traceback].parent;
    }
    for (uint32_t i = 0; i < depth; i++) {
        struct report_place place = report_line_place(catalog, lines[i]);
        strbuf_addf(&words, "%s%s:%d %s", i > 0 ? " > " : "", place.file,
                    (int)place.line, place.function);
    }
    write_text(file, words.text);
    strbuf_release(&words);
    free(lines);
}

static void
write_numbers(FILE *file, const struct table *table,
              const struct table_row *row, bool is_sum)
{
    for (size_t i = 0; i < report_field_count; i++) {
        const struct report_field *field = &report_fields[i];
        if (!report_field_applies(field, table)) {
            continue;
        }
        fputc(',', file);
        if (!is_sum || !field->cumulative) {
            fprintf(file, "%" PRId64, field->value(row));
        }
    }
    fputc('\n', file);
}

static void
write_head(FILE *file, const struct table *table)
{
    fputs("file,line,function,origin", file);
    if (table->request.by == BY_TRACEBACK) {
        fputs(",traceback", file);
    }
    for (size_t i = 0; i < report_field_count; i++) {
        if (report_field_applies(&report_fields[i], table)) {
            fprintf(file, ",%s", report_fields[i].name);
        }
    }
    fputc('\n', file);
}

static void
write_row(FILE *file, const struct table *table, const struct table_row *row)
{
    struct report_place place = report_row_place(table, row);

    write_text(file, place.file);
    fprintf(file, ",%d,", (int)place.line);
    write_text(file, place.function);
    fprintf(file, ",%s", place.origin);
    if (table->request.by == BY_TRACEBACK) {
        fputc(',', file);
        if (row->key.kind == ROW_PLACE) {
            write_traceback(file, table->request.catalog, row->key.id);
        }
    }
    write_numbers(file, table, row, false);
}

void
report_write_csv(FILE *file, const struct report *report)
{
    const struct table *table = report->table;
    struct table_row more;

    write_head(file, table);
    for (uint32_t i = 0; i < report_rows(report); i++) {
        write_row(file, table, &table->rows[i]);
    }
    if (report_more(table, report->top, &more)) {
        fprintf(file, "%u more rows,0,,none%s", more.places,
                table->request.by == BY_TRACEBACK ? "," : "");
        write_numbers(file, table, &more, true);
    }
}
