/* SPDX-License-Identifier: MIT
 *
 * The hooks of a free-threaded build, as far as they are different: a part of
 * hooks.c.
 */
#ifndef PYMTOP_SHARE_HOOKS_H
#define PYMTOP_SHARE_HOOKS_H

#include "share_book.h"

/* Where this thread is; 0: nowhere, or the ledger was turned off while it was
 * looked up. */
HOOK_INLINE uint32_t
shared_cell(const struct version *v, enum domain domain)
{
    uint32_t cell = where_cell_at_once(v, domain);
    return ledger_is_off() ? 0 : cell;
}

/* book(), and the same instead of a block that was lifted. */
HOOK_INLINE void *
book_shared(const struct version *v, enum domain domain, void *block,
            size_t size, struct shadow_block instead_of)
{
    bool booked = false;
    if (share_enter() != NULL) {
        uint32_t cell = shared_cell(v, domain);
        if (cell != 0) {
            VERIFY_SHARED(VERIFY_CELL(domain, cell));
        }
        booked = cell == 0 || share_add(block, size, cell, instead_of);
        share_leave();
    }
    return booked ? done(domain, block, size)
           : book_slowly(v, domain, block, size, instead_of);
}

HOOK_INLINE struct shadow_block
lift_shared(const void *block)
{
    struct shadow_block lifted = { 0 };
    bool is_lifted = false;
    if (share_enter() != NULL) {
        is_lifted = share_lift(block, &lifted);
        share_leave();
    }
    return is_lifted ? lifted : ledger_lift(block);
}

HOOK_INLINE void
rebook_shared(const struct version *v, const void *block)
{
    bool booked = false;
    if (share_enter() != NULL) {
        uint32_t cell = shared_cell(v, DOMAIN_OBJ);
        if (cell != 0) {
            VERIFY_SHARED(VERIFY_CELL(DOMAIN_OBJ, cell));
        }
        booked = cell == 0 || share_rebook(block, cell);
        share_leave();
    }
    if (!booked) {
        rebook_slowly(v, block);
    }
}

HOOK_INLINE void
free_shared(enum domain domain, void *block)
{
    const struct allocator *a = &before[domain];
    bool removed = block == NULL || thread.busy;
    if (!removed && share_enter() != NULL) {
        removed = share_remove(block);
        share_leave();
    }
    if (removed) {
        a->free(a->ctx, block);
    }
    else {
        free_slowly(domain, block);
    }
}

#define DOMAIN_FREE_SHARED(name, domain) \
static void \
name ## _free_shared(void *ctx, void *block) \
{ \
    (void)ctx; \
    free_shared(domain, block); \
}

DOMAIN_FREE_SHARED(raw, DOMAIN_RAW)
DOMAIN_FREE_SHARED(mem, DOMAIN_MEM)
DOMAIN_FREE_SHARED(obj, DOMAIN_OBJ)

static void (*const frees_shared[])(void *ctx, void *block) = {
    raw_free_shared, mem_free_shared, obj_free_shared,
};

#endif
