/* SPDX-License-Identifier: MIT */
#include "launcher/batch_report.h"

#include <errno.h>
#include <string.h>

#include "base/die.h"
#include "launcher/beginning.h"
#include "launcher/interpreter.h"
#include "launcher/options.h"
#include "launcher/session.h"
#include "model/sort.h"
#include "report/report.h"

#define TEXT_ROWS 30

void
batch_report_init(struct batch_report *report, struct session *session,
                  const struct options *options)
{
    struct origin_paths paths;

    memset(report, 0, sizeof(*report));
    report->session = session;
    report->options = options;
    session_paths(session, &paths);
    catalog_init(&report->catalog, &paths);
    table_init(&report->table);
}

void
batch_report_release(struct batch_report *report)
{
    table_release(&report->table);
    snapshot_release(&report->snapshot);
    region_copy_release(&report->copy);
    catalog_release(&report->catalog);
}

/* Bring snapshot and catalog up to now; false: nothing is traced yet. */
static bool
update(struct batch_report *report)
{
    struct region *region = &report->session->region;

    if (region_copy_take(region, 0, &report->copy) < 0) {
        return false;
    }
    catalog_update(&report->catalog, region, 0, report->copy.contexts);
    snapshot_look(&report->snapshot, &report->copy);
    return true;
}

/* People read the text, and want its beginning; programs want it all. */
static uint32_t
rows_wanted(const struct options *options)
{
    if (options->top >= 0) {
        return (uint32_t)options->top;
    }
    return options->format == REPORT_TEXT ? TEXT_ROWS : 0;
}

static void
build_table(struct batch_report *report)
{
    const struct options *options = report->options;
    struct table_request request = {
        .catalog = &report->catalog,
        .snapshot = &report->snapshot,
        .by = options->by,
        .unfold_import = options->format != REPORT_TEXT
    };
    struct sort_order order = sort_default(false);

    if (options->sort != COLUMN_NONE) {
        order.column = options->sort;
    }
    table_build(&report->table, &request);
    table_sort_top(&report->table, order, rows_wanted(options));
}

int
batch_report_write(struct batch_report *report, FILE *file)
{
    struct session *session = report->session;
    const struct options *options = report->options;
    const struct interpreter *interpreter = session->interpreter;
    char version[32];

    if (!update(report)) {
        return 0;
    }
    build_table(report);
    session_look(session);
    const struct process *script =
        process_table_find(session_processes(session), PROCESS_SCRIPT);
    snprintf(version, sizeof(version), "%d.%d.%d", interpreter->major,
             interpreter->minor, interpreter->micro);
    struct slot_head *head = region_slot(&session->region, 0);
    struct report facts = {
        .table = &report->table,
        .top = rows_wanted(options),
        .one_line = options->interval > 0,
        .ascii = options->ascii,
        .python_version = version,
        .executable = interpreter->path,
        .argv = (const char *const *)session->argv,
        .start = interpreter->start == START_EMBED ? "embed" : "preload",
        .pid = session->pid,
        .start_ns = session->start_ns,
        .reattribution = head->reattribution,
        .trouble = head->trouble,
        .processes = session_processes(session),
        .tracer_bytes = region_tracer_bytes(&session->region, 0),
        .rss_bytes = script != NULL ? script->rss_bytes : 0
    };
    session_end(session, &facts.end);
    return report_write(file, &facts, options->format);
}

bool
batch_report_traced(struct batch_report *report)
{
    struct session *session = report->session;

    if (session_refusal(session)) {
        return false;
    }
    if (region_slot_owner(&session->region, 0) == 0) {
        /* An engine that got no further has said why. */
        if (session->state != SESSION_EXITED
            || session->status != DIE_CANNOT_TRACE) {
            warn("nothing was traced: %s did not load the engine",
                 session->interpreter->path);
        }
        return false;
    }
    if (!region_slot(&session->region, 0)) {
        warn("nothing is known: the shared region cannot be mapped: %s",
             strerror(errno));
        return false;
    }
    return true;
}

bool
batch_report_script_ran(struct batch_report *report)
{
    const struct session *session = report->session;
    struct beginning beginning;

    if (session->state == SESSION_EXITED && session->status == 0) {
        return true;
    }
    beginning_init(&beginning);
    enum stage stage = beginning_look(&beginning, &report->session->region);
    beginning_release(&beginning);
    return stage != STAGE_BEFORE;
}
