/* SPDX-License-Identifier: MIT
 *
 * A table as a file: text for people, JSON and CSV for programs.  The batch
 * mode writes one at the end (and with --interval while the script runs); key
 * `w` writes what is shown.  docs/json.md describes the JSON; keys are never
 * renamed, new ones may come.
 *
 * JSON is written by json_writer.c: the document is streamed row by row and
 * never held as a tree.  Of the libraries in Debian, yajl streams but has
 * had no release since 2014; jansson and json-c build trees, and all of them
 * refuse names that are not UTF-8 and leave their repair to us.
 */
#ifndef PYMTOP_REPORT_H
#define PYMTOP_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "model/process_table.h"
#include "model/table.h"
#include "report/report_end.h"

enum report_format { REPORT_TEXT, REPORT_JSON, REPORT_CSV, REPORT_FORMATS };

/* By the word of --format, and by a file name's ending (.txt .json .csv);
 * REPORT_FORMATS: none of them. */
enum report_format report_format_parse(const char *word);
enum report_format report_format_of_file(const char *path);

/* Facts of the run that no table knows.  All pointers are borrowed. */
struct report {
    const struct table *table;      /* built and sorted as wanted; its rows
                                       are written in their order */
    uint32_t top;                   /* only so many rows, 0: all; what is left
                                       out is written as one sum */
    bool one_line;                  /* JSON in one line (--interval) */
    bool ascii;                     /* text without UTF-8 */
    bool exact;                     /* text with all digits */

    const char *python_version;     /* "3.12.1"; NULL: from the catalog */
    const char *executable;         /* the interpreter; NULL: not known */
    const char *const *argv;        /* of the script as python got it, NULL-
                                       terminated: what was typed after our
                                       options */
    const char *command, *state;    /* of a child, in place of argv and end:
                                       in one piece, "ended after 00:00:03" */
    const char *start;              /* "embed" or "preload" */
    int32_t pid;
    uint64_t start_ns;              /* of the run */
    struct report_end end;
    uint32_t reattribution;         /* enum reattribution */
    uint32_t trouble;               /* TROUBLE_ bits */
    const struct process_table *processes;  /* NULL: not known */
    uint64_t tracer_bytes;
    int64_t rss_bytes;              /* 0: not known */
};

/* Write the whole report.  Returns -1 if the file had an error (errno is
 * left), checked once at the end after a flush. */
int report_write(FILE *file, const struct report *report,
                 enum report_format format);

/* The word of `reattribution`: "none", "newreference", "reftracer", "empty". */
const char *report_reattribution(uint32_t reattribution);
/* The word of one TROUBLE_ bit: "contexts full" ...; NULL: unknown bit. */
const char *report_trouble(uint32_t bit);

#endif
