/* SPDX-License-Identifier: MIT
 *
 * _Py_NewReference, in front of CPython's own: see free_lists.h.  Its address
 * is that of every object just made, fresh from the allocator or from a free
 * list; tracemalloc's _PyTraceMalloc_NewReference does the same from inside.
 */
#include <stdint.h>

#include "frame.h"
#include "ledger.h"
#include "thread.h"
#include "verify.h"

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

static void
rebook(const char *block)
{
    thread.busy = true;
    struct stack_walk walk;
    bool walked = thread_walk(DOMAIN_OBJ, &walk);
    if (ledger_enter()) {
        uint32_t context = thread_context(walked, &walk);
        VERIFY_CONTEXT(DOMAIN_OBJ, context);
        ledger_rebook(block, context);
        ledger_leave();
    }
    thread.busy = false;
}

void
_Py_NewReference(void *object)
{
    python.new_reference(object);
    if (thread.busy || __atomic_load_n(&ledger.off, __ATOMIC_RELAXED)) {
        return;
    }
    const char *block = block_of(object);
    if (block == thread.last_block) {
        thread.last_block = NULL;   /* dead and back, it will not be fresh */
        return;
    }
    rebook(block);
}
