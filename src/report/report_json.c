/* SPDX-License-Identifier: MIT
 *
 * docs/json.md describes what is written here.
 */
#include "report/report_private.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "model/filter.h"
#include "report/json_writer.h"
#include "report/report_processes.h"
#include "report/report_row.h"

#define FORMAT_VERSION 1

static void
write_exit(struct json_writer *json, const struct report *report)
{
    json_key(json, "exit");
    if (!report->end.ended) {
        json_null(json);
        return;
    }
    json_flat(json);
    json_object(json);
    json_key(json, "status");
    if (report->end.signal == 0) {
        json_int(json, report->end.status);
    }
    else {
        json_null(json);
    }
    json_key(json, "signal");
    if (report->end.signal != 0) {
        json_int(json, report->end.signal);
    }
    else {
        json_null(json);
    }
    json_key(json, "out_of_memory");
    json_bool(json, report->end.out_of_memory);
    json_key(json, "replaced_by");
    if (report->end.replaced_by != NULL) {
        json_text(json, report->end.replaced_by);
    }
    else {
        json_null(json);
    }
    json_object_end(json);
}

static void
write_run(struct json_writer *json, const struct report *report)
{
    char version[32];

    json_key(json, "python");
    json_text(json, report_version(report, version, sizeof(version)));
    json_key(json, "executable");
    json_text(json, report->executable);
    json_key(json, "argv");
    json_flat(json);
    json_array(json);
    for (size_t i = 0; report->argv != NULL && report->argv[i] != NULL; i++) {
        json_text(json, report->argv[i]);
    }
    json_array_end(json);
    json_key(json, "pid");
    json_int(json, report->pid);
    json_key(json, "start");
    json_text(json, report->start);
    json_key(json, "reattribution");
    json_text(json, report_reattribution(report->reattribution));
    write_exit(json, report);
}

/* Seconds since the start of the run. */
static void
write_moment(struct json_writer *json, const struct report *report,
             uint64_t when_ns)
{
    json_key(json, "seconds");
    json_seconds(json, when_ns > report->start_ns
                 ? when_ns - report->start_ns : 0);
}

static void
write_totals(struct json_writer *json, const struct report *report)
{
    const struct snapshot *snapshot = report->table->request.snapshot;
    const struct region_totals *totals = &snapshot->totals;

    json_key(json, "now");
    json_flat(json);
    json_object(json);
    json_key(json, "bytes");
    json_int(json, totals->bytes);
    json_key(json, "blocks");
    json_int(json, totals->blocks);
    write_moment(json, report, report->end.end_ns != 0 ? report->end.end_ns
                 : snapshot->when_ns);
    json_object_end(json);
    json_key(json, "peak");
    json_flat(json);
    json_object(json);
    json_key(json, "bytes");
    json_int(json, totals->peak_bytes);
    json_key(json, "blocks");
    json_int(json, totals->peak_blocks);
    write_moment(json, report, totals->peak_ns);
    json_object_end(json);
    json_key(json, "ever");
    json_flat(json);
    json_object(json);
    json_key(json, "bytes");
    json_uint(json, totals->alloc_bytes);
    json_key(json, "blocks");
    json_uint(json, totals->allocs);
    json_key(json, "freed");
    json_uint(json, region_frees(totals));
    json_object_end(json);
    json_key(json, "lost");
    json_uint(json, totals->lost_blocks);
}

static void
write_trouble(struct json_writer *json, const struct report *report)
{
    json_key(json, "trouble");
    json_flat(json);
    json_array(json);
    for (uint32_t bit = 1; bit != 0; bit <<= 1) {
        if ((report->trouble & bit) != 0 && report_trouble(bit) != NULL) {
            json_text(json, report_trouble(bit));
        }
    }
    json_array_end(json);
    json_key(json, "tracer_bytes");
    json_uint(json, report->tracer_bytes);
    json_key(json, "rss_bytes");
    if (report->rss_bytes > 0) {
        json_int(json, report->rss_bytes);
    }
    else {
        json_null(json);
    }
}

/* What the rows are. */
static void
write_switches(struct json_writer *json, const struct report *report)
{
    const struct table *table = report->table;

    json_key(json, "by");
    json_text(json, table_by_name(table->request.by));
    json_key(json, "moment");
    json_text(json, report_moment(report));
    json_key(json, "charge");
    json_text(json, table->request.mine ? "mine" : "own");
    json_key(json, "filter");
    json_text(json, filter_active(table->request.filter)
              ? table->request.filter->text : NULL);
}

static void
write_numbers(struct json_writer *json, const struct table *table,
              const struct table_row *row)
{
    for (size_t i = 0; i < report_field_count; i++) {
        if (report_field_applies(&report_fields[i], table)) {
            json_key(json, report_fields[i].name);
            json_int(json, report_fields[i].value(row));
        }
    }
}

static void
write_place(struct json_writer *json, struct report_place place)
{
    json_key(json, "file");
    json_text(json, place.file);
    json_key(json, "line");
    json_int(json, place.line);
    if (place.about) {
        json_key(json, "line_exact");
        json_bool(json, false);
    }
    json_key(json, "function");
    json_text(json, place.function);
}

/* Outermost first, as Python prints one. */
static void
write_traceback(struct json_writer *json, const struct catalog *catalog,
                uint32_t traceback)
{
    uint32_t depth = catalog->tracebacks[traceback].depth;
    uint32_t *lines = xreallocarray(NULL, depth, sizeof(*lines));
    uint32_t left = depth;

    while (traceback != CATALOG_NONE && left > 0) {
        lines[--left] = catalog->tracebacks[traceback].line;
        traceback = catalog->tracebacks[traceback].parent;
    }
    json_key(json, "traceback");
    json_array(json);
    for (uint32_t i = left; i < depth; i++) {
        json_object(json);
        write_place(json, report_line_place(catalog, lines[i]));
        json_object_end(json);
    }
    json_array_end(json);
    free(lines);
}

static void
write_row(struct json_writer *json, const struct table *table,
          const struct table_row *row)
{
    struct report_place place = report_row_place(table, row);

    json_flat(json);
    json_object(json);
    write_place(json, place);
    json_key(json, "origin");
    json_text(json, place.origin);
    if (table->request.by == BY_TRACEBACK && row->key.kind == ROW_PLACE) {
        write_traceback(json, table->request.catalog, row->key.id);
    }
    write_numbers(json, table, row);
    json_object_end(json);
}

/* Rows that --top leaves out, so that rows, more and total add up. */
static void
write_more(struct json_writer *json, const struct report *report)
{
    struct table_row more;

    json_key(json, "more");
    if (!report_more(report->table, report->top, &more)) {
        json_null(json);
        return;
    }
    json_flat(json);
    json_object(json);
    json_key(json, "rows");
    json_uint(json, more.places);
    for (size_t i = 0; i < report_field_count; i++) {
        const struct report_field *field = &report_fields[i];
        if (!field->cumulative && report_field_applies(field,
                                                       report->table)) {
            json_key(json, field->name);
            json_int(json, field->value(&more));
        }
    }
    json_object_end(json);
}

void
report_write_json(FILE *file, const struct report *report)
{
    struct json_writer json;

    json_init(&json, file, report->one_line);
    json_object(&json);
    json_key(&json, "pymtop");
    json_int(&json, FORMAT_VERSION);
    write_run(&json, report);
    write_totals(&json, report);
    write_trouble(&json, report);
    write_switches(&json, report);
    json_key(&json, "rows");
    json_array(&json);
    for (uint32_t i = 0; i < report_rows(report); i++) {
        write_row(&json, report->table, &report->table->rows[i]);
    }
    json_array_end(&json);
    write_more(&json, report);
    if (report->processes != NULL) {
        report_processes_json(&json, report->processes, report->start_ns);
    }
    json_object_end(&json);
    json_finish(&json);
}
