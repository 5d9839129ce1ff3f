/* SPDX-License-Identifier: MIT
 *
 * The processes of a run as text, JSON and CSV: part of every report, and what
 * key `w` writes in the view of processes.
 */
#ifndef PYMTOP_REPORT_PROCESSES_H
#define PYMTOP_REPORT_PROCESSES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "model/process_table.h"
#include "report/json_writer.h"

/* The members "processes", "running", "processes_left_out" and
 * "processes_refused" of an open object.  start_ns: of the run. */
void report_processes_json(struct json_writer *json,
                           const struct process_table *table,
                           uint64_t start_ns);
/* A table, children below their parents. */
void report_processes_text(FILE *file, const struct process_table *table,
                           bool exact, bool ascii);
void report_processes_csv(FILE *file, const struct process_table *table,
                          uint64_t start_ns);

/* `2 running`, `2 running, 968 ended ones have no row`, ...: the words of the
 * total. */
void report_processes_words(const struct process_table *table, char *out,
                            size_t out_size);

#endif
