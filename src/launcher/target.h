/* SPDX-License-Identifier: MIT
 *
 * What python is asked to run: found in its arguments by knowing which of its
 * options take a value.  Only looked at, never changed: python gets every
 * word as typed.
 */
#ifndef PYMTOP_LAUNCHER_TARGET_H
#define PYMTOP_LAUNCHER_TARGET_H

#include <stdbool.h>

enum target_kind {
    TARGET_SCRIPT,          /* a file, a directory or a zip */
    TARGET_MODULE,          /* -m name */
    TARGET_CODE,            /* -c code */
    TARGET_STDIN,           /* -, or nothing and standard input is no terminal */
    TARGET_INTERACTIVE,     /* nothing: the prompt */
    TARGET_INFORMATION      /* -h, -V, --help-env ...: nothing runs */
};

struct target {
    enum target_kind kind;
    const char *name;       /* path, module or code; points into argv; or NULL */
    int index;              /* words before it are python's options */
    const char *unknown;    /* a --long before it that python does not know */
};

/* argc, argv: python's arguments without argv[0]. */
void target_find(struct target *target, int argc, char **argv);

/* "python -m shop --orders 2000": owned by the caller. */
char *target_title(int argc, char **argv);

/* What sys.path[0] will be: the directory of the script (links resolved), a
 * directory or zip itself, else the current directory.  Owned by the caller;
 * NULL: unknown. */
char *target_directory(const struct target *target);

/* True when python itself only prints something and exits: its help, or why
 * it cannot open what it is asked to run. */
bool target_runs_nothing(const struct target *target);

/* `pymtop pytest`: ends the program when there is no such file and the name
 * could be a module's. */
void target_check(const struct target *target);

#endif
