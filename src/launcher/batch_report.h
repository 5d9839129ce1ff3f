/* SPDX-License-Identifier: MIT
 *
 * The report of a run without a screen: the counters as they are now, by way
 * of the model, into a file.
 */
#ifndef PYMTOP_LAUNCHER_BATCH_REPORT_H
#define PYMTOP_LAUNCHER_BATCH_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "model/catalog.h"
#include "model/snapshot.h"
#include "model/table.h"
#include "region/region.h"

struct options;
struct session;

struct batch_report {
    struct session *session;            /* borrowed */
    const struct options *options;      /* borrowed */
    struct catalog catalog;
    struct region_copy copy;
    struct snapshot snapshot;
    struct table table;
};

void batch_report_init(struct batch_report *report, struct session *session,
                       const struct options *options);
void batch_report_release(struct batch_report *report);

/* Write one report.  0, also when nothing is traced yet (nothing is written
 * then); -1 with errno when the file cannot be written. */
int batch_report_write(struct batch_report *report, FILE *file);

/* Once the script has ended: was anything traced?  If not, and the engine did
 * not refuse, one line says so. */
bool batch_report_traced(struct batch_report *report);

/* Did the script end well, or at least begin?  A syntax error or a missing
 * module leaves python's message only. */
bool batch_report_script_ran(struct batch_report *report);

#endif
