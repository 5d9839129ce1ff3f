/* SPDX-License-Identifier: MIT
 *
 * Which process the views show.  What the screen has gathered of each one that
 * was shown (its catalog, snapshots, history, growth) stays with it while
 * another one is shown; it goes when the process's tables are given up.
 * Snapshots and graphs of a process begin when it is shown first, and have a
 * gap where it was not.
 */
#ifndef PYMTOP_UI_WATCH_H
#define PYMTOP_UI_WATCH_H

#include "ui/ui.h"

void watch_init(struct ui *ui);
void watch_release(struct ui *ui);

/* Show the tables of a process, by its id; says why not.  What is shown of one
 * process only ends: a past moment, a diff, a frozen one. */
bool watch_show(struct ui *ui, uint32_t id);

/* The process that is shown; NULL while nothing is traced. */
const struct process *watch_process(const struct ui *ui);

/* Is it the script's program, as the script was forked? */
bool watch_is_fork_of_script(const struct ui *ui);

/* Where its source files are: of a child that is another program, or another
 * Python, they are not the script's.  cwd is room for a path in *paths. */
#define WATCH_CWD_SIZE 32
void watch_paths(const struct ui *ui, struct origin_paths *paths,
                 char cwd[WATCH_CWD_SIZE]);

/* Its slot of the region. */
unsigned watch_slot(const struct ui *ui);

/* "the script" or "the process", for messages. */
const char *watch_noun(const struct ui *ui);

/* Does it run?  Else its numbers stand still. */
bool watch_runs(const struct ui *ui);

/* When it ended, 0: it runs. */
uint64_t watch_end_ns(const struct ui *ui);

/* Drop what is kept of processes whose tables are gone. */
void watch_forget_gone(struct ui *ui);

#endif
