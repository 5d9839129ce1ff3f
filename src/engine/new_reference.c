/* SPDX-License-Identifier: MIT
 *
 * _Py_NewReference, in front of CPython's own: see free_lists.h.  Its address
 * is that of every object just made, fresh from the allocator or from a free
 * list; tracemalloc's _PyTraceMalloc_NewReference does the same from inside.
 */
#include <stdint.h>

#include "frame.h"
#include "hooks.h"
#include "ledger.h"
#include "thread.h"

#define TPFLAGS_HAVE_GC (1ull << 14)

void _Py_NewReference(void *object)
    __attribute__((visibility("default")));

/* Where the object's block starts: the GC head and, from 3.11 on, the dict
 * and weakref pointers lie in front (_PyType_PreHeaderSize). */
static const char *
block_of(const char *object)
{
    const struct offsets *o = python.offsets;
    const char *type = frame_load(object, 8);
    uint64_t flags = *(const uint64_t *)(const void *)(type + o->type_flags);
    return object - (flags & TPFLAGS_HAVE_GC ? 16 : 0)
                  - (flags & o->preheader_flags ? 16 : 0);
}

/* The block of an object that is not fresh is booked again. */
static __attribute__((noinline)) void
rebook(void *object)
{
    if (hooks_rebook != NULL) {
        hooks_rebook(block_of(object));
    }
    python.new_reference(object);
}

void
_Py_NewReference(void *object)
{
    bool passes = thread.busy
        || __atomic_load_n(&ledger.off, __ATOMIC_RELAXED);
    if (!passes && (uintptr_t)object - (uintptr_t)thread.last_block
                   >= thread.last_size) {
        rebook(object);
        return;
    }
    if (!passes) {
        thread.last_size = 0;       /* dead and back, it will not be fresh */
    }
    python.new_reference(object);
}
