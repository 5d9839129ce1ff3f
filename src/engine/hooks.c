/* SPDX-License-Identifier: MIT */
#include "hooks.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "free_lists.h"
#include "hook.h"
#include "offsets_rows.h"

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
    if (thread_is_fresh(object)) { \
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
