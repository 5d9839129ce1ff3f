/* SPDX-License-Identifier: MIT
 *
 * The monitor's own signals, as a file descriptor for a poll loop, and the
 * ways of dying by one.
 *
 * signals_open() blocks SIGCHLD, SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP,
 * SIGINT and SIGQUIT, so no handler of a library ever runs: they are
 * read by signals_next().  A signal that was ignored when pymtop was started
 * (nohup, a background job) stays ignored.  What the script inherits is what
 * pymtop itself was given: signals_restore() in the child.
 *
 * One user, one thread; nothing here allocates.
 */
#ifndef PYMTOP_LAUNCHER_SIGNALS_H
#define PYMTOP_LAUNCHER_SIGNALS_H

#include <stdbool.h>

/* Start taking signals.  Returns the readable descriptor (close-on-exec,
 * non-blocking), or -1 with errno.  A second call returns the same one. */
int signals_open(void);

/* The next signal that came in, or 0 when there is none now. */
int signals_next(void);

/* The last one was sent by a process (kill), not by the terminal. */
bool signals_from_process(void);

/* In a child, before exec: mask and dispositions as pymtop got them.
 * Async-signal-safe. */
void signals_restore(void);

/* Batch, where the script is in our process group: ^Z stops us by its default
 * action, and signals that we were started to ignore are read as well: the
 * script may have come to want them. */
void signals_share_with_script(void);

/* restore() is called when the monitor dies by a fault of its own (SIGSEGV,
 * SIGABRT, ...), before the signal kills it.  It must be async-signal-safe
 * as far as it can.  NULL: nothing to restore. */
void signals_at_crash(void (*restore)(void));

/* Die by this signal, without a core file, so that our parent sees what it
 * would have seen of the script.  If the signal does not kill, exits with
 * 128 + signal. */
_Noreturn void signals_die(int signal);

/* Stop this process as ^Z does and return when it is continued. */
void signals_stop(void);

/* "SIGKILL" for 9, "SIG42" for a number without a name.  The text is valid
 * until the next call. */
const char *signals_name(int signal);

#endif
