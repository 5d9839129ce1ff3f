/* SPDX-License-Identifier: MIT
 *
 * A run without a screen: the script keeps our streams, reports go to
 * standard error or a file.
 */
#ifndef PYMTOP_LAUNCHER_BATCH_H
#define PYMTOP_LAUNCHER_BATCH_H

#include <stdbool.h>
#include <stdio.h>

struct options;
struct session;

/* True when there is no screen: asked for, or none to be had; then one line
 * on standard error says why.  no_screen: why this terminal can show none, or
 * NULL.  Options that only a report has end the program when there is a
 * screen. */
bool batch_wanted(const struct options *options, const char *no_screen);

/* Where reports go: -o FILE, opened now so that one that cannot be written
 * ends the program before the script runs; or standard error. */
FILE *batch_open(const struct options *options);

/* Hold the session until the script ends, write a report each --interval
 * and one at the end.  Returns 0, or -1 when a report could not be written
 * (said on standard error).  Closes file. */
int batch_run(struct session *session, const struct options *options,
              FILE *file);

#endif
