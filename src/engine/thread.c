/* SPDX-License-Identifier: MIT */
#include "thread.h"

#include <pthread.h>

#include "ledger.h"
#include "self_test.h"
#include "share.h"
#include "slot.h"
#include "tstate.h"

__thread struct thread thread;

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

int
thread_init(void)
{
    return pthread_key_create(&key, forget) == 0 ? 0 : -1;
}

/* false: its blocks go to CONTEXT_NO_FRAME. */
static bool
make_stack(void)
{
    thread.stack = stack_new();
    if (thread.stack == NULL) {
        thread.ended = true;    /* no memory: do not ask again and again */
        lock_take(&ledger.lock);
        slot.head->trouble |= TROUBLE_CONTEXTS_FULL;
        lock_drop(&ledger.lock);
        return false;
    }
    pthread_setspecific(key, thread.stack);
    lock_holder.may_own = true;
    return true;
}

void
thread_open(void)
{
    if (!thread.ended) {
        void *tstate = python.current_tstate();
        if (tstate != NULL && self_test_done(tstate) && make_stack()) {
            thread.tstate = tstate_place(tstate);
            if (shares != NULL) {
                share_register();
            }
        }
    }
}
