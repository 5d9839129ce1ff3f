/* SPDX-License-Identifier: MIT
 *
 * The remembered stack of a thread: its frames at the last allocation, and the
 * context of each.  Most allocations come from a stack that differs from the
 * last one in its top frames only, so only those are looked up again.
 *
 * A frame's key is its instruction pointer (from 3.11 on; it lies inside the
 * code object) or its code object and instruction number (before).  Equal keys
 * from the bottom up mean equal contexts, as long as no code object has died:
 * code_table_retirements voids the whole memory.
 */
#ifndef PYMTOP_STACK_H
#define PYMTOP_STACK_H

#include <stdbool.h>
#include <stdint.h>

#include "offsets.h"
#include "pymtop/region_layout.h"

/* Frames [0] is the bottom.  Keys lie apart: a walk reads nothing else. */
struct stack {
    uint32_t depth;             /* remembered frames */
    uint32_t cut;               /* outer frames left out below them */
    uint64_t retirements;       /* code_table_retirements when remembered */
    uint64_t keys[REGION_FRAMES_MAX];
    uint32_t contexts[REGION_FRAMES_MAX];   /* CONTEXT_NONE: only shims up to
                                               here */
    const char *frames[REGION_FRAMES_MAX];  /* addresses, to align memory and
                                               reality */
    const char *walked[REGION_FRAMES_MAX];  /* scratch */
};

/* What a walk found: frames [low, depth) of the memory are not up to date. */
struct stack_walk {
    const char *top;            /* NULL: no Python frame */
    uint32_t depth, low;
    uint32_t cut;
};

/* Walk the frames of tstate and compare them with the memory.  Without the
 * lock; touches only this thread's frames and memory. */
typedef struct stack_walk stack_walker(struct stack *stack,
                                       const char *tstate);

/* The walker of a Python version. */
stack_walker *stack_walker_of(const struct offsets *offsets);

/* Bring the memory up to date with what the walk found, and return the
 * context of the top: CONTEXT_NO_FRAME when no frame is Python code.  Under
 * the ledger lock. */
uint32_t stack_resolve(struct stack *stack, const struct stack_walk *walk);

/* A new, empty memory, or NULL. */
struct stack *stack_new(void);
void stack_free(struct stack *stack);

#endif
