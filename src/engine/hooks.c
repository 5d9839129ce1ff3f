/* SPDX-License-Identifier: MIT */
#include "hooks.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "free_lists.h"
#include "ledger_book.h"
#include "offsets_rows.h"
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

/* Its block comes from the allocator, just now. */
HOOK_INLINE bool
is_fresh(const void *object)
{
    return (uintptr_t)object - (uintptr_t)thread.last_block
           < thread.last_size;
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

struct hooks {
    struct allocator domains[DOMAIN_COUNT];
    void (*new_reference)(void *object);
};

/* A free is the same in all versions, but for free-threaded builds. */
#define DOMAIN_FREE(name, domain) \
static void \
name ## _free(void *ctx, void *block) \
{ \
    (void)ctx; \
    hook_free(domain, block); \
}

DOMAIN_FREE(raw, DOMAIN_RAW)
DOMAIN_FREE(mem, DOMAIN_MEM)
DOMAIN_FREE(obj, DOMAIN_OBJ)

#define DOMAIN_HOOKS(minor, name, domain) \
static void * \
name ## _malloc_ ## minor(void *ctx, size_t size) \
{ \
    (void)ctx; \
    if (was_not_told(&version_ ## minor, domain)) { \
        return look_first(size, name ## _malloc_ ## minor); \
    } \
    return hook_malloc(&version_ ## minor, domain, size); \
} \
static void * \
name ## _calloc_ ## minor(void *ctx, size_t count, size_t size) \
{ \
    (void)ctx; \
    return hook_calloc(&version_ ## minor, domain, count, size); \
} \
static void * \
name ## _realloc_ ## minor(void *ctx, void *block, size_t size) \
{ \
    (void)ctx; \
    return hook_realloc(&version_ ## minor, domain, block, size); \
}

#define ALLOCATOR(minor, name) { \
    NULL, name ## _malloc_ ## minor, name ## _calloc_ ## minor, \
    name ## _realloc_ ## minor, name ## _free }

/* Everything for one version of Python. */
#define VERSION_HOOKS(minor) \
static where_walker stay_ ## minor; \
static where_finder look_up_ ## minor; \
static const struct version version_ ## minor = { \
    OFFSETS_3_ ## minor, stay_ ## minor, look_up_ ## minor, \
}; \
static __attribute__((noinline)) uint32_t \
walk_ ## minor(struct stack *stack, const char *tstate, const char *top) \
{ \
    return where_walk(&version_ ## minor.offsets, stack, tstate, top); \
} \
static __attribute__((noinline)) uint32_t \
look_up_anew_ ## minor(struct stack *stack, const char *top) \
{ \
    return where_look_up_anew(&version_ ## minor.offsets, stack, top); \
} \
static __attribute__((noinline)) uint32_t \
look_up_ ## minor(struct stack *stack, const char *top) \
{ \
    return where_look_up(&version_ ## minor.offsets, stack, top, \
                         look_up_anew_ ## minor); \
} \
static __attribute__((noinline)) uint32_t \
stay_ ## minor(struct stack *stack, const char *tstate, const char *top) \
{ \
    return where_stay(&version_ ## minor.offsets, stack, tstate, top, \
                      look_up_ ## minor, walk_ ## minor); \
} \
DOMAIN_HOOKS(minor, raw, DOMAIN_RAW) \
DOMAIN_HOOKS(minor, mem, DOMAIN_MEM) \
DOMAIN_HOOKS(minor, obj, DOMAIN_OBJ) \
static void \
new_reference_ ## minor(void *object) \
{ \
    if (!thread.busy) { \
        hook_rebook(&version_ ## minor, object); \
    } \
    python.new_reference(object); \
} \
static const struct hooks hooks_ ## minor = { \
    { ALLOCATOR(minor, raw), ALLOCATOR(minor, mem), ALLOCATOR(minor, obj) }, \
    new_reference_ ## minor, \
};

VERSION_HOOKS(9)
VERSION_HOOKS(10)
VERSION_HOOKS(11)
VERSION_HOOKS(12)
VERSION_HOOKS(13)
VERSION_HOOKS(14)
VERSION_HOOKS(15)
VERSION_HOOKS(13T)

/* By minor version, from 3.9 on, as offsets_of() knows them. */
static const struct hooks *const versions[] = {
    &hooks_9, &hooks_10, &hooks_11, &hooks_12, &hooks_13, &hooks_14, &hooks_15,
};

/* The reference tracer alone, and before another one. */
struct tracers {
    ref_tracer *alone, *first;
};

/* An object was made; the rest of what alone_N does for one. */
#define VERSION_TRACERS(minor) \
static __attribute__((noinline)) int \
rebook_ ## minor(void *object) \
{ \
    if (!thread.busy) { \
        hook_rebook(&version_ ## minor, object); \
    } \
    return 0; \
} \
static int \
alone_ ## minor(void *object, int event, void *data) \
{ \
    (void)data; \
    if (event != REF_TRACER_CREATE) { \
        return 0; \
    } \
    if (is_fresh(object)) { \
        thread.last_size = 0; \
        return 0; \
    } \
    return rebook_ ## minor(object); \
} \
static int \
first_ ## minor(void *object, int event, void *data) \
{ \
    alone_ ## minor(object, event, NULL); \
    return ref_tracer_pass(object, event, data); \
}

VERSION_TRACERS(13)
VERSION_TRACERS(14)
VERSION_TRACERS(15)

/* By minor version, from REF_TRACER_SINCE on. */
static const struct tracers tracers[] = {
    { alone_13, first_13 }, { alone_14, first_14 }, { alone_15, first_15 },
};

_Static_assert(sizeof tracers / sizeof tracers[0] + REF_TRACER_SINCE
               == sizeof versions / sizeof versions[0] + 9,
               "every version since has tracers");

bool
hooks_trace_references(void)
{
    int minor = python.offsets->minor;
    if (minor < REF_TRACER_SINCE) {
        return false;
    }
    const struct tracers *own = &tracers[minor - REF_TRACER_SINCE];
    return ref_tracer_install(own->alone, own->first);
}

/* Before there are hooks. */
static void
new_reference_unbooked(void *object)
{
    python.new_reference(object);
}

void (*hooks_new_reference)(void *object) = new_reference_unbooked;
size_t hooks_fresh_mask;

void
hooks_install(void)
{
    bool shared = python.offsets->free_threaded;
    const struct hooks *hooks = shared ? &hooks_13T
                                : versions[python.offsets->minor - 9];
    if (slot.head->reattribution == REATTRIBUTION_REFTRACER) {
        hooks_fresh_mask = SIZE_MAX;
    }
    else {
        hooks_new_reference = hooks->new_reference;
    }
    const char *name = getenv("PYTHONMALLOC");
    ledger.min_size = shared
                      || (name != NULL && strncmp(name, "mimalloc", 8) == 0)
                      ? 16 : 0;
    for (int domain = 0; domain < DOMAIN_COUNT; domain++) {
        python.get_allocator(domain, &before[domain]);
    }
    for (int domain = 0; domain < DOMAIN_COUNT; domain++) {
        /* Code that was given our ctx with another's function must find an
         * allocator there, as tracemalloc's functions expect. */
        struct allocator hook = hooks->domains[domain];
        if (slot.head->reattribution == REATTRIBUTION_EMPTY) {
            free_lists_check_before(domain, &hook);
        }
        if (shared) {
            hook.free = frees_shared[domain];
        }
        hook.ctx = &before[domain];
        python.set_allocator(domain, &hook);
    }
}
