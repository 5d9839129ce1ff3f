/* SPDX-License-Identifier: MIT */
#include "python_arenas.h"

#include <errno.h>
#include <stddef.h>

#include "ledger.h"
#include "python_api.h"

static struct arena_allocator before;

static void *
arena_alloc(void *ctx, size_t size)
{
    (void)ctx;
    void *arena = before.alloc(before.ctx, size);
    if (arena != NULL) {
        int error = errno;      /* is the script's */
        lock_take(&ledger.lock);
        /* A child that has no slot yet would write into its parent's. */
        if (ledger.ours && !ledger.off && !ledger.forked) {
            shadow_make_present(arena, size);
        }
        lock_drop(&ledger.lock);
        errno = error;
    }
    return arena;
}

static void
arena_free(void *ctx, void *arena, size_t size)
{
    (void)ctx;
    before.free(before.ctx, arena, size);
}

void
python_arenas_watch(void)
{
    python.get_arena_allocator(&before);
    struct arena_allocator hook = { NULL, arena_alloc, arena_free };
    python.set_arena_allocator(&hook);
}
