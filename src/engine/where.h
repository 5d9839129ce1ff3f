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
    /* where_walk(), where_look_up() */
    uint32_t (*walk)(struct stack *stack, const char *tstate,
                     const char *top);
    uint32_t (*look_up)(struct stack *stack, const char *top);
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

/* The cell of a top frame while a trace function runs: no caller is trusted,
 * none is marked. */
uint32_t where_in_tracer(struct stack *stack, const char *top);

FRAME_INLINE uint32_t
where_cell_of(struct level *level)
{
    if (__builtin_expect(level->cell == 0, 0)) {
        level->cell = context_tree_cell(level->context != CONTEXT_NONE
                                        ? level->context : CONTEXT_NO_FRAME);
    }
    return level->cell;
}

/* The rest: the frame that was there, a call deeper, a call back, or a walk as
 * far as need be. */
FRAME_INLINE uint32_t
where_walk(const struct offsets *o, struct stack *stack, const char *tstate,
           const char *top)
{
    if (__builtin_expect(frame_in_tracer(o, tstate), 0)) {
        return where_in_tracer(stack, top);
    }
    if (stack_stay(o, stack, top)) {
        return where_cell_of(&stack->levels[stack->depth - 1]);
    }
    if (!stack_step_in(o, stack, top) && !stack_step_out(o, stack, top)) {
        struct stack_walk walk = stack_walk(o, stack, top);
        if (stack_walk_is_new(&walk)) {
            stack_resolve(o, stack, &walk);
            stack_plant(o, stack, &walk);
        }
        stack->depth = walk.depth;
    }
    mark_plant_own(o, top, stack->depth - 1);
    return where_cell_of(&stack->levels[stack->depth - 1]);
}

/* The top frame's caller waits, and it is elsewhere than last time. */
FRAME_INLINE uint32_t
where_look_up(const struct offsets *o, struct stack *stack, const char *top)
{
    uint32_t at = stack->depth - 1;
    stack_look_up_top(o, stack, top, at);
    return where_cell_of(&stack->levels[at]);
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
    uint32_t depth = stack->depth;
    if (depth < 2 || !stack_caller_waits(o, stack, top, depth - 1)) {
        return v->walk(stack, tstate, top);
    }
    struct level *level = &stack->levels[depth - 1];
    if (!stack_top_is_same(o, stack, top, depth - 1)) {
        return v->look_up(stack, top);
    }
    level->frame = top;
    return where_cell_of(level);
}

#endif
