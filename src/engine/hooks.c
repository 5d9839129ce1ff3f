/* SPDX-License-Identifier: MIT */
#include "hooks.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "free_lists.h"
#include "ledger.h"
#include "python_api.h"
#include "slot.h"
#include "thread.h"
#include "verify.h"

/* What was there before us.  CPython swaps a table word by word while other
 * threads call through it (cpython#128679), so a hook must not trust the ctx
 * it is given: each domain has functions of its own. */
static struct allocator before[DOMAIN_COUNT];

/* Inside a hook of this thread (pymalloc asks RAW for big blocks), or nothing
 * is booked any more: pass. */
static inline bool
pass(void)
{
    return thread.busy || __atomic_load_n(&ledger.off, __ATOMIC_RELAXED);
}

static inline void
added(enum domain domain, void *block, size_t size)
{
    struct stack_walk walk;
    bool walked = thread_walk(domain, &walk);
    if (ledger_enter()) {
        uint32_t context = thread_context(walked, &walk);
        VERIFY_CONTEXT(domain, context);
        ledger_add(block, size, context);
        ledger_leave();
    }
    thread.last_block = block;
}

static inline void *
hook_malloc(enum domain domain, size_t size)
{
    const struct allocator *a = &before[domain];
    size_t wanted = size < ledger.min_size ? ledger.min_size : size;
    if (pass()) {
        return a->malloc(a->ctx, wanted);
    }
    free_lists_check(domain);
    thread.busy = true;
    void *block = a->malloc(a->ctx, wanted);
    if (block != NULL) {
        added(domain, block, size);
    }
    thread.busy = false;
    return block;
}

static inline void *
hook_calloc(enum domain domain, size_t count, size_t size)
{
    const struct allocator *a = &before[domain];
    size_t total = count * size;    /* an overflow the allocator refuses */
    if (ledger.min_size > total && count < 16 && size < 16) {
        count = 1;
        size = ledger.min_size;
    }
    if (pass()) {
        return a->calloc(a->ctx, count, size);
    }
    free_lists_check(domain);
    thread.busy = true;
    void *block = a->calloc(a->ctx, count, size);
    if (block != NULL) {
        added(domain, block, total);
    }
    thread.busy = false;
    return block;
}

static inline void *
hook_realloc(enum domain domain, void *old, size_t size)
{
    const struct allocator *a = &before[domain];
    if (old == NULL) {
        return hook_malloc(domain, size);
    }
    size_t wanted = size < ledger.min_size ? ledger.min_size : size;
    if (pass()) {
        return a->realloc(a->ctx, old, wanted);
    }
    thread.busy = true;
    struct stack_walk walk;
    bool walked = thread_walk(domain, &walk);
    struct shadow_block lifted = ledger_lift(old);
    void *block = a->realloc(a->ctx, old, wanted);
    if (block == NULL) {
        ledger_put_back(old, lifted);
    }
    else if (ledger_enter()) {
        uint32_t context = thread_context(walked, &walk);
        VERIFY_CONTEXT(domain, context);
        ledger_move(lifted, block, size, context);
        ledger_leave();
        thread.last_block = block;
    }
    thread.busy = false;
    return block;
}

static inline void
hook_free(enum domain domain, void *block)
{
    const struct allocator *a = &before[domain];
    if (block == NULL || pass()) {
        a->free(a->ctx, block);
        return;
    }
    thread.busy = true;
    if (ledger_enter()) {
        ledger_remove(block);
        ledger_leave();
    }
    a->free(a->ctx, block);
    thread.busy = false;
}

#define DOMAIN_HOOKS(name, domain) \
static void * \
name ## _malloc(void *ctx, size_t size) \
{ \
    (void)ctx; \
    return hook_malloc(domain, size); \
} \
static void * \
name ## _calloc(void *ctx, size_t count, size_t size) \
{ \
    (void)ctx; \
    return hook_calloc(domain, count, size); \
} \
static void * \
name ## _realloc(void *ctx, void *block, size_t size) \
{ \
    (void)ctx; \
    return hook_realloc(domain, block, size); \
} \
static void \
name ## _free(void *ctx, void *block) \
{ \
    (void)ctx; \
    hook_free(domain, block); \
} \
static const struct allocator name ## _hooks = { \
    NULL, name ## _malloc, name ## _calloc, name ## _realloc, name ## _free, \
};

DOMAIN_HOOKS(raw, DOMAIN_RAW)
DOMAIN_HOOKS(mem, DOMAIN_MEM)
DOMAIN_HOOKS(obj, DOMAIN_OBJ)

void
hooks_install(void)
{
    const struct allocator *hooks[DOMAIN_COUNT] = {
        &raw_hooks, &mem_hooks, &obj_hooks,
    };
    /* mimalloc has blocks of 8 bytes, two to a shadow slot. */
    const char *name = getenv("PYTHONMALLOC");
    ledger.min_size = name != NULL && strncmp(name, "mimalloc", 8) == 0
                      ? 16 : 0;
    for (int domain = 0; domain < DOMAIN_COUNT; domain++) {
        python.get_allocator(domain, &before[domain]);
    }
    for (int domain = 0; domain < DOMAIN_COUNT; domain++) {
        /* Code that was given our ctx with another's function must find an
         * allocator there, as tracemalloc's functions expect. */
        struct allocator hook = *hooks[domain];
        hook.ctx = &before[domain];
        python.set_allocator(domain, &hook);
    }
}
