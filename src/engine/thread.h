/* SPDX-License-Identifier: MIT
 *
 * What the engine keeps for each thread: the guard and the remembered stack.
 */
#ifndef PYMTOP_THREAD_H
#define PYMTOP_THREAD_H

#include <stdbool.h>
#include <stdint.h>

#include "python_api.h"
#include "stack.h"

struct thread {
    bool busy;              /* a hook of ours is at work below */
    bool ended;             /* the thread is going: no memory any more */
    bool emptying;          /* giving back what is on free lists */
    const char *last_block; /* the newest block: a fresh object lies in it */
    size_t last_size;       /* its bytes; 0: none */
    struct stack *stack;    /* NULL until the first Python frame is met */
    const char *const *tstate;  /* tstate_place(); with a stack never NULL */
};

extern __thread struct thread thread;

/* The object's block comes from the allocator, just now. */
static inline bool
thread_is_fresh(const void *object)
{
    return (uintptr_t)object - (uintptr_t)thread.last_block
           < thread.last_size;
}

/* -1: the process has no key for thread-specific data left. */
int thread_init(void);

/* A thread that has no memory yet: make it, if it holds a thread state (and so
 * may have frames).  Without the ledger lock. */
void thread_open(void);

#endif
