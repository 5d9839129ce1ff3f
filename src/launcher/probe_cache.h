/* SPDX-License-Identifier: MIT
 *
 * What interpreters have answered, kept in $XDG_CACHE_HOME/pymtop or
 * ~/.cache/pymtop: asking one takes as long as starting it.
 *
 * An answer is used again only if everything it follows from is as it was:
 * the file (device, inode, size, times), its library, its os.py, the
 * pyvenv.cfg that makes it a virtual environment, what the dynamic linker
 * knows, and the environment's variables that choose libraries.  Only a program that is the interpreter
 * itself is remembered: one that starts another (a shim, a script, env) may
 * choose a different one next time.
 *
 * A cache that cannot be read, trusted or written is no cache: nothing is
 * ever said about it.
 */
#ifndef PYMTOP_LAUNCHER_PROBE_CACHE_H
#define PYMTOP_LAUNCHER_PROBE_CACHE_H

#include <stdbool.h>
#include <stddef.h>

/* The answer that `path` gave, len bytes that the caller frees; NULL: not
 * known. */
char *probe_cache_get(const char *path, size_t *len);

/* Keep it.  executable, stdlib and library (NULL: none) are what it says. */
void probe_cache_put(const char *path, const char *executable,
                     const char *stdlib, const char *library,
                     const char *answer, size_t len);

#endif
