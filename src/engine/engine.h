/* SPDX-License-Identifier: MIT
 *
 * The engine's door: what runner.c and preload.c call before Python's main.
 */
#ifndef PYMTOP_ENGINE_H
#define PYMTOP_ENGINE_H

/* Trace the Python behind handle (a dlopen handle, or RTLD_DEFAULT), in the
 * main script's process: attaches to the region in the descriptor `region` and
 * closes it; pre-initialises Python with the command line; installs the hooks.
 * Must be called by the thread that will be Python's main thread, after
 * follow_begin().  Does not return when this Python cannot be traced: the
 * reason is left in the region, and the status is 125. */
void engine_start(void *handle, int region, int argc, char **argv);

/* The same in a Python that one of ours has started.  Where it cannot be
 * traced it runs as it is; why is left in its slot, if it got one. */
void engine_start_child(int argc, char **argv);

/* This Python keeps a field elsewhere than its row says: end the main script's
 * process, which has not begun, with words for pymtop; a child goes on, and is
 * traced no more. */
void engine_refuse_row(const char *field);

#endif
