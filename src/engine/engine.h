/* SPDX-License-Identifier: MIT
 *
 * The engine's door: what runner.c and preload.c call before Python's main.
 */
#ifndef PYMTOP_ENGINE_H
#define PYMTOP_ENGINE_H

/* Trace the Python behind handle (a dlopen handle, or RTLD_DEFAULT).  Takes
 * PYMTOP_* out of the environment and restores LD_PRELOAD; attaches to the
 * region in fd PYMTOP_REGION and closes it; pre-initialises Python with the
 * command line; installs the hooks.  Must be called by the thread that will
 * be Python's main thread.  Does not return when this Python cannot be
 * traced: the reason is left in the region, and the status is 125. */
void engine_start(void *handle, int argc, char **argv);

/* This Python keeps a field elsewhere than its row says: end the process with
 * words for pymtop.  The script has not begun. */
_Noreturn void engine_refuse_row(const char *field);

#endif
