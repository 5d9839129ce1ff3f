/* SPDX-License-Identifier: MIT
 *
 * The functions that stand before Python's allocators, one set a version of
 * Python, with its row of offsets as a constant.
 */
#ifndef PYMTOP_HOOKS_H
#define PYMTOP_HOOKS_H

#include <stdbool.h>

/* Put the hooks before the allocators that are set now.  After Python's
 * pre-initialisation (which chooses allocators by PYTHONMALLOC) and before its
 * initialisation, so that every block is known. */
void hooks_install(void);

/* The same for all objects, told by the reference tracer (ref_tracer.h), from
 * here on.  With the GIL.  false: this Python has none. */
bool hooks_trace_references(void);

/* An object has left one of Python's free lists: its block belongs to the line
 * that took it.  Ends in CPython's _Py_NewReference. */
extern void (*hooks_new_reference)(void *object);

#endif
