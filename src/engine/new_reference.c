/* SPDX-License-Identifier: MIT
 *
 * _Py_NewReference, in front of CPython's own: see free_lists.h.  Its address
 * is that of every object just made, fresh from the allocator or from a free
 * list; tracemalloc's _PyTraceMalloc_NewReference does the same from inside.
 */
#include "hooks.h"
#include "thread.h"

void _Py_NewReference(void *object)
    __attribute__((visibility("default")));

void
_Py_NewReference(void *object)
{
    if (!thread_is_fresh(object)) {
        hooks_new_reference(object);
        return;
    }
    /* Dead and back, it will not be fresh. */
    thread.last_size &= hooks_fresh_mask;
    python.new_reference(object);
}
