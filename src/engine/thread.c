/* SPDX-License-Identifier: MIT */
#include "thread.h"

#include <pthread.h>

#include "context_tree.h"
#include "ledger.h"
#include "slot.h"

__thread struct thread thread __attribute__((tls_model("initial-exec")));

static const struct stack_walker *walker;
static pthread_key_t key;

/* The thread ends: what it remembered goes; later hooks of its do without. */
static void
forget(void *stack)
{
    bool busy = thread.busy;
    thread.busy = true;
    thread.ended = true;
    thread.stack = NULL;
    lock_forget(&ledger.lock);
    stack_free(stack);
    thread.busy = busy;
}

void
thread_init(void)
{
    walker = stack_walker_of(python.offsets);
    pthread_key_create(&key, forget);
}

/* false: its blocks go to CONTEXT_NO_FRAME. */
static bool
make_stack(void)
{
    if (thread.ended) {
        return false;
    }
    thread.stack = stack_new();
    if (thread.stack == NULL) {
        thread.ended = true;    /* no memory: do not ask again and again */
        return false;
    }
    pthread_setspecific(key, thread.stack);
    lock_holder.may_own = true;
    return true;
}

/* MEM and OBJ come under the GIL.  RAW may come without it: then up to 3.11
 * the current thread state may be another thread's, so ours is asked for; its
 * own frames do not change while it is here. */
static inline const char *
tstate_of(enum domain domain)
{
    if (thread.tstate != NULL && domain != DOMAIN_RAW) {
        return *thread.tstate;
    }
    void *current = python.current_tstate();
    if (domain != DOMAIN_RAW) {
        return current;
    }
    if (current != NULL && python.offsets->minor >= 12) {
        return current;
    }
    return python.this_tstate();
}

/* No Python code runs: does it never again? */
static void
watch_for_the_end(void)
{
    if (python.is_finalizing()) {
        ledger_end();
    }
}

struct stack_walk
thread_walk(enum domain domain)
{
    struct stack_walk walk = { 0 };
    if (__builtin_expect(ledger.paused, 0)) {
        watch_for_the_end();
        return walk;
    }
    const char *tstate = tstate_of(domain);
    if (tstate == NULL || (__builtin_expect(thread.stack == NULL, 0)
                           && !make_stack())) {
        return walk;
    }
    walk = walker->walk(thread.stack, tstate);
    if (__builtin_expect(walk.depth == 0, 0)) {
        watch_for_the_end();
    }
    return walk;
}

uint32_t
thread_cell(const struct stack_walk *walk)
{
    struct stack *stack = thread.stack;
    if (__builtin_expect(walk->depth == 0, 0)) {
        return context_tree_cell(ledger.paused ? CONTEXT_PAUSED
                                 : CONTEXT_NO_FRAME);
    }
    if (stack_walk_is_new(walk)) {
        walker->resolve(stack, walk);
    }
    stack->depth = walk->depth;
    struct level *level = &stack->levels[walk->depth - 1];
    if (__builtin_expect(level->cell == 0, 0)) {
        level->cell = context_tree_cell(level->context != CONTEXT_NONE
                                        ? level->context : CONTEXT_NO_FRAME);
    }
    return level->cell;
}
