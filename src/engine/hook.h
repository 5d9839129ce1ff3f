/* SPDX-License-Identifier: MIT
 *
 * What a hook does, inline: the part of hooks.c that is compiled once for each
 * version of Python, with its row of offsets as a constant.  Included there
 * only.
 */
#ifndef PYMTOP_HOOK_H
#define PYMTOP_HOOK_H

#include <stddef.h>
#include <stdint.h>

#include "ledger_book.h"
#include "ref_tracer.h"
#include "verify.h"
#include "where.h"

/* What was there before us.  CPython swaps a table word by word while other
 * threads call through it (cpython#128679), so a hook must not trust the ctx
 * it is given: each domain has functions of its own. */
static struct allocator before[DOMAIN_COUNT];

#define HOOK_INLINE static inline __attribute__((always_inline))

/* In all hooks: thread.busy says that the call comes from inside a hook of
 * this thread (pymalloc asks RAW for big blocks): pass.  That nothing is booked
 * any more ledger_enter() asks: then no booking begins at once (ledger.h). */

/* mimalloc (3.13 on) has blocks of 8 bytes, two to a shadow slot. */
HOOK_INLINE size_t
at_least(const struct version *v, size_t size)
{
    return v->offsets.minor >= 13 && size < ledger.min_size ? ledger.min_size
           : size;
}

/* Begin a booking for which where_cell() will be asked. */
static inline struct booking
enter(void)
{
    if (__builtin_expect(thread.stack == NULL, 0) && !ledger_is_off()) {
        thread_open();
    }
    return ledger_enter();
}

/* The hook is at its end; an object in the block will be fresh. */
HOOK_INLINE void *
done(enum domain domain, void *block, size_t size)
{
    if (domain == DOMAIN_OBJ) {
        thread.last_block = block;
        thread.last_size = size;
    }
    thread.busy = false;
    return block;
}

/* Book what the allocator gave, instead of what it took back (cell 0: it
 * took nothing). */
static __attribute__((noinline)) void *
book_slowly(const struct version *v, enum domain domain, void *block,
            size_t size, struct shadow_block instead_of)
{
    struct booking booking = enter();
    if (booking.head != NULL) {
        uint32_t cell = where_cell(v, domain);
        if (cell != 0) {
            VERIFY_CELL(domain, cell);
            VERIFY_MOVE();
            if (instead_of.cell != 0) {
                ledger_book_out(booking.head, instead_of);
            }
            ledger_add(booking.head, block, size, cell);
        }
        ledger_leave(booking);
    }
    return done(domain, block, size);
}

/* pymalloc asks RAW for blocks over this size, and gives them back to it. */
#define PYMALLOC_MAX 512

/* RAW would look for the block in vain. */
static __attribute__((noinline)) void
free_large(enum domain domain, void *block)
{
    const struct allocator *a = &before[domain];
    thread.busy = true;
    a->free(a->ctx, block);
    thread.busy = false;
}

static __attribute__((noinline)) void
free_slowly(enum domain domain, void *block)
{
    const struct allocator *a = &before[domain];
    struct booking booking = ledger_enter();
    size_t size = 0;
    if (booking.head != NULL) {
        size = ledger_remove(booking.head, block);
        ledger_leave(booking);
    }
    if (domain != DOMAIN_RAW && size > PYMALLOC_MAX) {
        free_large(domain, block);
    }
    else {
        a->free(a->ctx, block);
    }
}

static __attribute__((noinline)) void
rebook_slowly(const struct version *v, const void *block)
{
    thread.busy = true;
    struct booking booking = enter();
    if (booking.head != NULL) {
        uint32_t cell = where_cell(v, DOMAIN_OBJ);
        if (cell != 0) {
            VERIFY_CELL(DOMAIN_OBJ, cell);
            ledger_rebook(block, cell);
        }
        ledger_leave(booking);
    }
    thread.busy = false;
}

#include "share_hooks.h"

/* The rest of a booking that began at once. */
static __attribute__((noinline)) void *
book_rest(enum domain domain, void *block, size_t size, uint32_t cell)
{
    struct slot_head *head = slot.head;
    if (cell != 0) {
        ledger_add(head, block, size, cell);
    }
    ledger_leave_at_once(head);
    return done(domain, block, size);
}

/* The same, nearly always. */
HOOK_INLINE void *
book(const struct version *v, enum domain domain, void *block, size_t size)
{
    if (__builtin_expect(block == NULL, 0)) {
        thread.busy = false;
        return NULL;
    }
    if (v->offsets.free_threaded) {
        return book_shared(v, domain, block, size,
                           (struct shadow_block){ 0 });
    }
    struct slot_head *head = ledger_enter_at_once();
    if (__builtin_expect(head == NULL, 0)) {
        return book_slowly(v, domain, block, size,
                           (struct shadow_block){ 0 });
    }
    uint32_t cell = where_cell_at_once(v, domain);
    if (__builtin_expect(cell == 0, 0)) {
        return book_rest(domain, block, size, 0);
    }
    VERIFY_CELL(domain, cell);
    VERIFY_MOVE();
    if (__builtin_expect(!ledger_add_at_once(head, block, size, cell), 0)) {
        return book_rest(domain, block, size, cell);
    }
    ledger_leave_at_once(head);
    return done(domain, block, size);
}

/* The last block is no object yet: it never will be, or nobody has told us,
 * since the reference tracer is another one. */
HOOK_INLINE bool
was_not_told(const struct version *v, enum domain domain)
{
    return v->offsets.minor >= REF_TRACER_SINCE && domain == DOMAIN_OBJ
           && __builtin_expect(thread.last_size != 0, 0);
}

static __attribute__((noinline)) void *
look_first(size_t size, void *(*malloc)(void *ctx, size_t size))
{
    thread.last_size = 0;
    if (!ref_tracer_is_alone()) {
        ref_tracer_renew();
    }
    return malloc(NULL, size);
}

HOOK_INLINE void *
hook_malloc(const struct version *v, enum domain domain, size_t size)
{
    const struct allocator *a = &before[domain];
    size_t wanted = at_least(v, size);
    if (thread.busy) {
        return a->malloc(a->ctx, wanted);
    }
    thread.busy = true;
    return book(v, domain, a->malloc(a->ctx, wanted), size);
}

HOOK_INLINE void *
hook_calloc(const struct version *v, enum domain domain, size_t count,
            size_t size)
{
    const struct allocator *a = &before[domain];
    size_t total = count * size;    /* an overflow the allocator refuses */
    if (count < 16 && size < 16 && at_least(v, total) != total) {
        count = 1;
        size = at_least(v, total);
    }
    if (thread.busy) {
        return a->calloc(a->ctx, count, size);
    }
    thread.busy = true;
    return book(v, domain, a->calloc(a->ctx, count, size), total);
}

HOOK_INLINE void *
hook_realloc(const struct version *v, enum domain domain, void *old,
             size_t size)
{
    const struct allocator *a = &before[domain];
    if (old == NULL) {
        return hook_malloc(v, domain, size);
    }
    size_t wanted = at_least(v, size);
    if (thread.busy || ledger_is_off()) {
        return a->realloc(a->ctx, old, wanted);
    }
    thread.busy = true;
    struct shadow_block lifted = v->offsets.free_threaded ? lift_shared(old)
                                 : ledger_lift(old);
    void *block = a->realloc(a->ctx, old, wanted);
    if (block == NULL) {
        ledger_put_back(old, lifted);
        thread.busy = false;
        return NULL;
    }
    return v->offsets.free_threaded
           ? book_shared(v, domain, block, size, lifted)
           : book_slowly(v, domain, block, size, lifted);
}

#define TPFLAGS_HAVE_GC (1ull << 14)

HOOK_INLINE void
hook_free(enum domain domain, void *block)
{
    const struct allocator *a = &before[domain];
    if (block == NULL || thread.busy) {
        a->free(a->ctx, block);
        return;
    }
    size_t size;
    struct slot_head *head = ledger_enter_at_once();
    if (__builtin_expect(head == NULL, 0)) {
        free_slowly(domain, block);
        return;
    }
    bool removed = ledger_remove_at_once(head, block, &size);
    ledger_leave_at_once(head);
    if (__builtin_expect(!removed, 0)) {
        free_slowly(domain, block);
    }
    else if (domain != DOMAIN_RAW && size > PYMALLOC_MAX) {
        free_large(domain, block);
    }
    else {
        a->free(a->ctx, block);
    }
}

/* Where the object's block starts: the GC head (not in free-threaded builds)
 * and, from 3.11 on, the dict and weakref pointers lie in front
 * (_PyType_PreHeaderSize). */
HOOK_INLINE const char *
block_of(const struct offsets *o, const char *object)
{
    const char *type = frame_load(object, OFFSETS_TYPE(o));
    uint64_t flags = *(const uint64_t *)(const void *)(type + o->type_flags);
    return object - (!o->free_threaded && flags & TPFLAGS_HAVE_GC ? 16 : 0)
                  - (flags & o->preheader_flags ? 16 : 0);
}

HOOK_INLINE void
hook_rebook(const struct version *v, const char *object)
{
    const char *block = block_of(&v->offsets, object);
    if (v->offsets.free_threaded) {
        rebook_shared(v, block);
        return;
    }
    struct slot_head *head = ledger_enter_at_once();
    if (__builtin_expect(head == NULL, 0)) {
        rebook_slowly(v, block);
        return;
    }
    uint32_t cell = where_cell_at_once(v, DOMAIN_OBJ);
    if (__builtin_expect(cell != 0, 1)) {
        VERIFY_CELL(DOMAIN_OBJ, cell);
        if (__builtin_expect(!ledger_rebook_at_once(head, block, cell), 0)) {
            ledger_rebook(block, cell);
        }
    }
    ledger_leave_at_once(head);
}

#endif
