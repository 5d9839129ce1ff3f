/* SPDX-License-Identifier: MIT
 *
 * What /proc tells about a process.  Everything may fail at any time: the
 * process may be gone, the kernel may not say.
 */
#ifndef PYMTOP_LAUNCHER_PROCESS_H
#define PYMTOP_LAUNCHER_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "pymtop/region_layout.h"

/* Limit of its address space in bytes; -1: unknown or none. */
int64_t process_address_limit(pid_t pid);

/* CPU time used so far, nanoseconds; -1: unknown. */
int64_t process_cpu_ns(pid_t pid);

/* 'R', 'S', 'T', 'Z' ...; 0: unknown. */
char process_state(pid_t pid);

/* The main thread waits in read(), poll() or select() for input of the
 * terminal with this device number; or, where the kernel does not show system
 * calls, sleeps in the terminal's read. */
bool process_reads_terminal(pid_t pid, dev_t terminal);

/* A signal was sent to the process, which blocks it. */
bool process_has_pending(pid_t pid, int signal);

/* The process still executes the program that had this auxiliary vector, new
 * with each exec; true also when that is not known. */
bool process_executes(pid_t pid, const uint64_t auxv[REGION_AUXV_WORDS]);

/* The process that has a pid now: it runs (or sleeps, or is stopped); it has
 * ended, and waits to be waited for or is gone; it is there, and /proc does
 * not tell us more. */
enum process_life { LIFE_ENDED, LIFE_RUNS, LIFE_UNKNOWN };
struct process_look {
    uint64_t start_ticks;   /* with the pid it names a process for good */
    int64_t rss_bytes;
};
enum process_life process_look(pid_t pid, struct process_look *look);

/* Path of its executable into text; false: unknown. */
bool process_executable(pid_t pid, char *text, size_t size);

/* Of our own: close all descriptors but these two (or one). */
void process_keep_only(int a, int b);

/* RAM of the machine in bytes. */
int64_t process_machine_bytes(void);

#endif
