/* SPDX-License-Identifier: MIT
 *
 * The witness: a process that does nothing but stay in our process group.
 * Without a screen the script is in that group too.  A signal that was sent
 * to the group has reached it already; one that was sent to us alone must be
 * passed on; and a process cannot tell which it got.  What the whole group
 * gets is pending in the witness, too.
 */
#ifndef PYMTOP_LAUNCHER_WITNESS_H
#define PYMTOP_LAUNCHER_WITNESS_H

#include <stdbool.h>
#include <sys/types.h>

struct witness {
    pid_t pid;          /* 0: none; then it has seen nothing */
    int socket;
};

/* It ends when we do.  -1 with errno: there is none. */
int witness_start(struct witness *witness);
void witness_release(struct witness *witness);

/* Did the whole group get this signal, which we have just got?  Asked again,
 * it is about a new one. */
bool witness_saw(struct witness *witness, int signal);

#endif
