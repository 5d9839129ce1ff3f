/* SPDX-License-Identifier: MIT */
#include "thread.h"

#include <pthread.h>

#include "ledger.h"
#include "slot.h"

__thread struct thread thread __attribute__((tls_model("initial-exec")));

static stack_walker *walker;
static pthread_key_t key;

/* The thread ends: what it remembered goes; later hooks of its do without. */
static void
forget(void *stack)
{
    bool busy = thread.busy;
    thread.busy = true;
    thread.ended = true;
    thread.stack = NULL;
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
    return true;
}

/* MEM and OBJ come under the GIL.  RAW may come without it: then up to 3.11
 * the current thread state may be another thread's, so ours is asked for; its
 * own frames do not change while it is here. */
static const char *
tstate_of(enum domain domain)
{
    void *current = python.current_tstate();
    if (domain != DOMAIN_RAW) {
        return current;
    }
    if (current != NULL && python.offsets->minor >= 12) {
        return current;
    }
    return python.this_tstate();
}

bool
thread_walk(enum domain domain, struct stack_walk *walk)
{
    if (__builtin_expect(ledger.paused, 0)) {
        if (python.is_finalizing()) {
            ledger_end();
        }
        return false;
    }
    const char *tstate = tstate_of(domain);
    if (tstate == NULL || (thread.stack == NULL && !make_stack())) {
        return false;
    }
    *walk = walker(thread.stack, tstate);
    if (walk->top != NULL) {
        return true;
    }
    if (__builtin_expect(python.is_finalizing(), 0)) {
        ledger_end();
    }
    return false;
}

uint32_t
thread_context(bool walked, const struct stack_walk *walk)
{
    if (!walked) {
        return ledger.paused ? CONTEXT_PAUSED : CONTEXT_NO_FRAME;
    }
    struct stack *stack = thread.stack;
    if (walk->low < walk->depth) {
        return stack_resolve(stack, walk);
    }
    stack->depth = walk->depth;
    uint32_t context = stack->contexts[walk->depth - 1];
    return context != CONTEXT_NONE ? context : CONTEXT_NO_FRAME;
}
