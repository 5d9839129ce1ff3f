/* SPDX-License-Identifier: MIT
 *
 * The environment that the launcher gave us: what is in it for the engine, and
 * the rest as the user typed it, in /proc/self/environ too.
 */
#ifndef PYMTOP_ENVIRONMENT_H
#define PYMTOP_ENVIRONMENT_H

/* Take PYMTOP_* out and give LD_PRELOAD its value back, where the words lie
 * in memory; they must be as exec laid them out.  Call it once, before
 * anything keeps a pointer into them.  Returns the region's fd, or -1. */
int environment_clean(void);

#endif
