/* SPDX-License-Identifier: MIT
 *
 * Ask a Python what it is: run it once with a few lines of code and read its
 * strict answer.
 */
#ifndef PYMTOP_LAUNCHER_PROBE_H
#define PYMTOP_LAUNCHER_PROBE_H

#include <stdbool.h>

struct probe {
    char *implementation;       /* "cpython" */
    int major, minor, micro;
    bool free_threaded;
    bool debug;                 /* --with-pydebug */
    bool wide;                  /* 64-bit */
    char *executable;           /* sys.executable */
    char *stdlib;               /* directory of os.py */
    char *libpython_mapped;     /* libpython*.so it runs on, or NULL */
    char *libpython_installed;  /* the one of a static Python, or NULL */
    char *libc;                 /* C library it has loaded, or NULL */

    int wait_status;            /* PROBE_NOT_PYTHON: how it ended */
};

enum probe_result {
    PROBE_OK,
    PROBE_NOT_PYTHON,           /* ran, but gave no answer of a Python */
    PROBE_CANNOT_ASK,           /* not its fault; errno says why */
    PROBE_CANNOT_RUN,           /* errno says why */
    PROBE_TIMED_OUT
};

/* Run `path` (not searched in PATH), unless it is known what it says: see
 * probe_cache.h.  On PROBE_OK the strings are owned by
 * *probe: probe_release().  They are NULL otherwise. */
enum probe_result probe_run(struct probe *probe, const char *path);
void probe_release(struct probe *probe);

#endif
