/* SPDX-License-Identifier: MIT
 *
 * What the engine keeps for each thread: the guard and the remembered stack.
 */
#ifndef PYMTOP_THREAD_H
#define PYMTOP_THREAD_H

#include <stdbool.h>

#include "python_api.h"
#include "stack.h"

struct thread {
    bool busy;              /* a hook of ours is at work below */
    bool ended;             /* the thread is going: no memory any more */
    struct stack *stack;    /* NULL until the first Python frame is met */
    bool emptying;          /* giving back what is on free lists */
    const void *last_block; /* the newest block: a fresh object lies in it */
};

extern __thread struct thread thread
    __attribute__((tls_model("initial-exec")));

/* The version's walker is chosen once. */
void thread_init(void);

/* Where this thread is, before the lock is taken: false when it is in no
 * Python frame that can be walked. */
bool thread_walk(enum domain domain, struct stack_walk *walk);

/* The context of what thread_walk() found.  Under the ledger lock. */
uint32_t thread_context(bool walked, const struct stack_walk *walk);

#endif
