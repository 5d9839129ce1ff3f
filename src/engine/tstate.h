/* SPDX-License-Identifier: MIT
 *
 * Where CPython keeps the current thread state: from 3.12 on in a thread-local
 * variable that has no exported name (_Py_tss_tstate, Python/pystate.c), and
 * whose getter costs a call of __tls_get_addr in a shared libpython.  So its
 * place in the library's thread-local block is searched once, for the value
 * that the getter returns.  From 3.15 on a second variable has that value, too
 * (_Py_tss_gilstate, which keeps it while the thread is detached); the right one
 * stands before the current interpreter's (_Py_tss_interp).
 */
#ifndef PYMTOP_TSTATE_H
#define PYMTOP_TSTATE_H

/* The variable of the calling thread, whose thread state is `current` (not
 * NULL, it holds the GIL); not found: a word that is NULL. */
const char *const *tstate_place(void *current);

#endif
