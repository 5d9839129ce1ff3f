/* SPDX-License-Identifier: MIT
 *
 * The Python that runs the script: found, asked what it is, judged.
 */
#ifndef PYMTOP_LAUNCHER_INTERPRETER_H
#define PYMTOP_LAUNCHER_INTERPRETER_H

#include "launcher/options.h"

#define PYTHON_MINOR_FIRST 9
#define PYTHON_MINOR_LAST 15
#define PYTHON_MINOR_FREE_THREADED 13   /* the only one without the GIL */

struct interpreter {
    char *path;         /* to execute, and its argv[0]: not resolved, since
                         * the link decides which environment it is */
    char *libpython;    /* START_EMBED: the library to load; else NULL */
    char *tool;         /* pymtop-runner or pymtop-engine.so to start it by */
    char *engine;       /* pymtop-engine.so, for children; NULL: its path
                         * cannot be preloaded */
    char *stdlib;       /* directory of os.py; NULL: unknown */
    enum option_start start;    /* START_EMBED or START_PRELOAD */
    int major, minor, micro;
};

/* --python PATH, else $VIRTUAL_ENV/bin/python, else python3 in PATH.  One that
 * cannot be found or used ends the program with one line (status 127, 126, or
 * 125 when a part of pymtop is missing). */
void interpreter_find(struct interpreter *interpreter,
                      const struct options *options);

/* Become this interpreter, untraced, with what is python's of the command
 * line. */
_Noreturn void interpreter_exec(const struct interpreter *interpreter,
                                const struct options *options);
void interpreter_release(struct interpreter *interpreter);

#endif
