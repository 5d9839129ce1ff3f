/* SPDX-License-Identifier: MIT
 *
 * CPython's reference tracer (PyRefTracer_SetTracer, 3.13 on): one function
 * that Python calls for each object that is made or about to die, also where
 * _Py_NewReference is inlined.  Ours books an object that left a free list
 * again (free_lists.h).
 *
 * There is one slot.  tracemalloc takes it from 3.14 on when it starts and
 * empties it when it stops, and a debugger may do the same; only 3.15 tells the
 * function that was there.  So the slot itself is watched: whoever has put a
 * function there gets all its calls from ours, which is put back before it.
 * Such a pair has a link of its own, which goes with it as the slot's data
 * word: a tool that saves what it finds in the slot, and restores it later,
 * restores the right one.
 *
 * All functions: with the GIL.
 */
#ifndef PYMTOP_REF_TRACER_H
#define PYMTOP_REF_TRACER_H

#include <stdbool.h>
#include <stddef.h>

#define REF_TRACER_SINCE 13     /* 3.13 */

/* PyRefTracer and its events (Include/cpython/object.h). */
typedef int ref_tracer(void *object, int event, void *data);

enum ref_tracer_event {
    REF_TRACER_CREATE = 0,
    REF_TRACER_DESTROY = 1,
    REF_TRACER_REMOVED = 2      /* object NULL: another one comes (3.15) */
};

/* In _PyRuntime (struct _reftracer_runtime_state, pycore_runtime_structs.h). */
struct ref_tracer_slot {
    ref_tracer *function;
    void *data;
};

/* The slot, and what is in it while nobody else uses it; NULL: not ours. */
extern struct ref_tracer_slot *ref_tracer_slot;
extern ref_tracer *ref_tracer_alone;

/* Put our functions into the slot: `alone` where nobody else has one; else
 * `first`, which ends in ref_tracer_pass().  false: this Python has no slot, or
 * none that can be watched, and nothing has changed. */
bool ref_tracer_install(ref_tracer *alone, ref_tracer *first);

/* Call the function that ours stands before.  data: as Python gave it. */
int ref_tracer_pass(void *object, int event, void *data);

/* Somebody may have changed the slot: stand before what is there. */
void ref_tracer_renew(void);

static inline bool
ref_tracer_is_alone(void)
{
    return ref_tracer_slot == NULL
           || ref_tracer_slot->function == ref_tracer_alone;
}

#endif
