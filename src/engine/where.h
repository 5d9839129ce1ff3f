/* SPDX-License-Identifier: MIT
 *
 * Where this thread is: the cell of its present context.  Everything here runs
 * under the ledger lock.
 *
 * At most allocations the innermost frame was called inline by a frame that
 * still waits for it (its mark says so): then only the innermost frame is
 * looked at.  That is where_cell(), inline in each hook; where_walk() is the
 * rest, once for each version of Python.
 */
#ifndef PYMTOP_WHERE_H
#define PYMTOP_WHERE_H

#include "ledger.h"
#include "python_api.h"
#include "stack_walk.h"
#include "thread.h"

/* What is compiled for one version of Python. */
struct version {
    struct offsets offsets;
    uint32_t (*walk)(struct stack *stack, const char *top);
};

/* No frame: the cell of what is booked to none; 0: the interpreter finalises,
 * nothing is booked any more. */
uint32_t where_no_frame(void);

/* MEM and OBJ come under the GIL.  RAW may come without it: then up to 3.11
 * the current thread state may be another thread's, so ours is asked for; its
 * own frames do not change while it is here. */
FRAME_INLINE const char *
where_tstate(const struct offsets *o, enum domain domain)
{
    if (domain == DOMAIN_RAW && o->minor < 12) {
        return python.this_tstate();
    }
    const char *tstate = o->minor >= 12 && thread.tstate != NULL
                         ? *thread.tstate : python.current_tstate();
    return tstate == NULL && domain == DOMAIN_RAW ? python.this_tstate()
           : tstate;
}

FRAME_INLINE uint32_t
where_cell_of(struct level *level)
{
    if (__builtin_expect(level->cell == 0, 0)) {
        level->cell = context_tree_cell(level->context != CONTEXT_NONE
                                        ? level->context : CONTEXT_NO_FRAME);
    }
    return level->cell;
}

/* Walk as far as need be. */
FRAME_INLINE uint32_t
where_walk(const struct offsets *o, struct stack *stack, const char *top)
{
    struct stack_walk walk = stack_walk(o, stack, top);
    if (stack_walk_is_new(&walk)) {
        stack_resolve(o, stack, &walk);
    }
    stack->depth = walk.depth;
    return where_cell_of(&stack->levels[walk.depth - 1]);
}

/* Is the caller of the top frame where it was, waiting ever since? */
FRAME_INLINE bool
where_caller_waits(const struct offsets *o, const struct stack *stack,
                   const char *top)
{
    uint32_t depth = stack->depth;
    if (__builtin_expect(depth < 2, 0)) {
        return false;
    }
    const struct level *level = &stack->levels[depth - 2];
    /* The frame as it is remembered, so that a processor reads its mark before
     * it has found out that it is the one. */
    const char *caller = level->frame;
    __asm__ ("" : "+r" (caller));
    return frame_back(o, top) == level->frame
           && mark_read(o, caller, top) == depth - 2
           && (o->mark_kind != MARK_GENERATOR
               || (frame_has_key(o, caller, level->key)
                   && stack->retirements == code_table_retirements));
}

/* The cell of where this thread is; 0: not to be booked. */
FRAME_INLINE uint32_t
where_cell(const struct version *v, enum domain domain)
{
    const struct offsets *o = &v->offsets;
    struct stack *stack = thread.stack;
    const char *tstate = stack == NULL ? NULL : where_tstate(o, domain);
    const char *top = tstate == NULL ? NULL : frame_top(o, tstate);
    if (__builtin_expect(top == NULL || ledger.paused, 0)) {
        return where_no_frame();
    }
    if (!where_caller_waits(o, stack, top)) {
        return v->walk(stack, top);
    }
    struct level *level = &stack->levels[stack->depth - 1];
    uint64_t key = frame_key(o, top);
    level->frame = top;
    if (level->key != key || key == 0
            || stack->retirements != code_table_retirements) {
        const struct child *child =
            child_cache_find(o, level[-1].context, top, key, true);
        level->key = key;
        level->context = child->context;
        level->cell = child->cell;
        stack->retirements = code_table_retirements;
    }
    return where_cell_of(level);
}

#endif
