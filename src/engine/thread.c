/* SPDX-License-Identifier: MIT */
#include "thread.h"

#include <pthread.h>

#include "ledger.h"
#include "tstate.h"

__thread struct thread thread __attribute__((tls_model("initial-exec")));

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

/* Where Python keeps the state of this thread, from 3.12 on a thread-local
 * variable of its own; NULL: not found, it must be asked. */
bool
thread_open(const void *tstate)
{
    if (!make_stack()) {
        return false;
    }
    thread.tstate = tstate_place(tstate);
    return true;
}

void
thread_watch_for_the_end(void)
{
    if (python.is_finalizing()) {
        ledger_end();
    }
}
