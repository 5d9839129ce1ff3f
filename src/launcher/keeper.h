/* SPDX-License-Identifier: MIT
 *
 * The keeper: a small process that leads the script's session, so that the
 * script does not.  When the leader of a session ends, the kernel hangs its
 * terminal up and sends SIGHUP to the foreground; what a script leaves behind
 * (a server, multiprocessing's resource tracker) would die with it, which it
 * does not when a shell leads.
 *
 * It waits for us, holds no descriptors but its end of a socket and standard
 * output, and ends when we do: then the foreground gets SIGHUP, as from a
 * terminal that closes.  Before, it puts in order what we could not, if we
 * were killed.  The script itself is our own child.
 */
#ifndef PYMTOP_LAUNCHER_KEEPER_H
#define PYMTOP_LAUNCHER_KEEPER_H

#include <sys/types.h>

struct keeper {
    pid_t pid;          /* 0: none */
    int socket;
};

/* As fork(): the script's process, 0 in it, or -1 with errno.  The new
 * process leads the foreground group of `terminal`, its controlling one.
 * at_death() is called in the keeper when we have ended. */
pid_t keeper_fork(struct keeper *keeper, int terminal,
                  void (*at_death)(void));

/* The script has ended: what it left behind is no longer the foreground, and
 * will not get SIGHUP from us.  Returns when that is so. */
void keeper_let_go(struct keeper *keeper);

/* End it.  The foreground gets SIGHUP.  Does nothing when there is none. */
void keeper_release(struct keeper *keeper);

#endif
