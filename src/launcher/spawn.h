/* SPDX-License-Identifier: MIT
 *
 * Start the interpreter with the engine in it: environment, descriptors,
 * terminal, exec.
 */
#ifndef PYMTOP_LAUNCHER_SPAWN_H
#define PYMTOP_LAUNCHER_SPAWN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct interpreter;
struct keeper;
struct region;

struct spawn {
    const struct interpreter *interpreter;
    int argc;               /* python's arguments, argv[0] left out */
    char **argv;
    const struct region *region;    /* the script inherits its fd */
    bool follow;            /* programs it starts are traced too */
    int terminal;           /* slave of the pty, or -1: streams as they are */
    struct keeper *keeper;  /* to lead its session, if there is a terminal */
    void (*at_death)(void); /* for the keeper */
};

/* Returns the process, or -1 and one line in why. */
pid_t spawn_start(const struct spawn *spawn, char *why, size_t why_size);

#endif
