/* SPDX-License-Identifier: MIT
 *
 * A run without a screen: the script keeps our streams, reports go to
 * standard error or a file.
 */
#ifndef PYMTOP_LAUNCHER_BATCH_H
#define PYMTOP_LAUNCHER_BATCH_H

#include <stdbool.h>

struct options;
struct session;

/* True when there is no screen: asked for, or none to be had; then one line
 * on standard error says why. */
bool batch_wanted(const struct options *options);

/* Hold the session until the script ends, write a report each --interval
 * and one at the end.  Returns 0, or -1 when a report could not be written
 * (said on standard error). */
int batch_run(struct session *session, const struct options *options);

#endif
