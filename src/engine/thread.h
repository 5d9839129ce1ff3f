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
    bool emptying;          /* giving back what is on free lists */
    const char *last_block; /* the newest block: a fresh object lies in it */
    size_t last_size;       /* its bytes; 0: none */
    struct stack *stack;    /* NULL until the first Python frame is met */
    const char *const *tstate;  /* where Python keeps this thread's state */
};

extern __thread struct thread thread
    __attribute__((tls_model("initial-exec")));

/* The version's walker is chosen once. */
void thread_init(void);

/* Where this thread is, before the lock is taken.  Its depth is 0 when it is
 * in no Python frame that can be walked. */
struct stack_walk thread_walk(enum domain domain);

/* The cell of what thread_walk() found.  Under the ledger lock. */
uint32_t thread_cell(const struct stack_walk *walk);

#endif
