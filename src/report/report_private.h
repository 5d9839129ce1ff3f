/* SPDX-License-Identifier: MIT
 *
 * One writer a format; errors of the file are found by report_write().
 */
#ifndef PYMTOP_REPORT_PRIVATE_H
#define PYMTOP_REPORT_PRIVATE_H

#include "report/report.h"

void report_write_text(FILE *file, const struct report *report);
void report_write_json(FILE *file, const struct report *report);
void report_write_csv(FILE *file, const struct report *report);

/* How many rows are written one by one. */
uint32_t report_rows(const struct report *report);
/* "3.12.1", from the version word if nobody said it; size bytes of buf. */
const char *report_version(const struct report *report, char *buf,
                           size_t size);
/* "now", "peak", "ever". */
const char *report_moment(const struct report *report);

#endif
