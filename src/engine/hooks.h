/* SPDX-License-Identifier: MIT
 *
 * The functions that stand before Python's allocators, one set a version of
 * Python, with its row of offsets as a constant.
 */
#ifndef PYMTOP_HOOKS_H
#define PYMTOP_HOOKS_H

#include <stdbool.h>
#include <stddef.h>

/* Put the hooks before the allocators that are set now.  After Python's
 * pre-initialisation (which chooses allocators by PYTHONMALLOC) and before its
 * initialisation, so that every block is known. */
void hooks_install(void);

/* An object has left one of Python's free lists: its block belongs to the line
 * that took it.  Ends in CPython's _Py_NewReference. */
extern void (*hooks_new_reference)(void *object);

/* What is left of thread.last_size when _Py_NewReference has seen the object:
 * 0, or all, where the reference tracer is to see it next. */
extern size_t hooks_fresh_mask;

/* The reference tracer (ref_tracer.h) tells of all objects from here on.  With
 * the GIL.  false: this Python has none. */
bool hooks_trace_references(void);

#endif
