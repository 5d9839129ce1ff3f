/* SPDX-License-Identifier: MIT
 *
 * Where this thread is: the cell of its present context.  Everything here runs
 * under the ledger lock, or in shared mode (share.h).
 *
 * At most allocations the innermost frame was called inline by a frame that
 * still waits for it (its mark says so): then only the innermost frame is
 * looked at.  That is where_cell_at_once(), inline in each hook; where_stay(),
 * where_look_up() and where_walk() are the rest, once for each version of
 * Python.
 */
#ifndef PYMTOP_WHERE_H
#define PYMTOP_WHERE_H

#include "ledger.h"
#include "python_api.h"
#include "stack_walk.h"
#include "thread.h"

typedef uint32_t where_walker(struct stack *stack, const char *tstate,
                              const char *top);
typedef uint32_t where_finder(struct stack *stack, const char *top);

/* What is compiled for one version of Python. */
struct version {
    struct offsets offsets;
    /* where_stay(), where_look_up() */
    where_walker *stay;
    where_finder *look_up;
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
    const char *tstate = o->minor >= 12 ? *thread.tstate : NULL;
    if (__builtin_expect(tstate == NULL, 0)) {
        tstate = python.current_tstate();
    }
    return tstate == NULL && domain == DOMAIN_RAW ? python.this_tstate()
           : tstate;
}

/* The cell of a top frame while a trace function runs: no caller is trusted,
 * none is marked. */
uint32_t where_in_tracer(struct stack *stack, const char *top);

/* Asks for the cell of a level that has none yet. */
uint32_t where_new_cell(struct level *level);

FRAME_INLINE uint32_t
where_cell_of(struct level *level)
{
    return __builtin_expect(level->cell != 0, 1) ? level->cell
           : where_new_cell(level);
}

/* Whatever else there is: walk as far as need be. */
FRAME_INLINE uint32_t
where_walk(const struct offsets *o, struct stack *stack, const char *tstate,
           const char *top)
{
    if (__builtin_expect(frame_in_tracer(o, tstate), 0)) {
        return where_in_tracer(stack, top);
    }
    if (!stack_walk(o, stack, top)) {
        stack_take_all(stack, top, true);
    }
    mark_plant_own(o, top, stack->depth - 1);
    return where_cell_of(&stack->levels[stack->depth - 1]);
}

/* Whatever there is to do to find the top's cell, where its level is known. */
FRAME_INLINE uint32_t
where_look_up_anew(const struct offsets *o, struct stack *stack,
                   const char *top)
{
    uint32_t at = stack->depth - 1;
    stack_look_up_top(o, stack, top, at);
    return where_cell_of(&stack->levels[at]);
}

/* The top's level is known, it is elsewhere than last time, or has no cell yet.
 * This and where_stay() end in calls, so they have no register to save. */
FRAME_INLINE uint32_t
where_look_up(const struct offsets *o, struct stack *stack, const char *top,
              where_finder *anew)
{
    uint32_t at = stack->depth - 1;
    return stack_look_up_top_at_once(o, stack, top, at)
           ? stack->levels[at].cell : anew(stack, top);
}

/* The top frame's caller is not known to wait for it. */
FRAME_INLINE uint32_t
where_stay(const struct offsets *o, struct stack *stack, const char *tstate,
           const char *top, where_finder *look_up, where_walker *walk)
{
    if (frame_in_tracer(o, tstate) || !stack_stay(o, stack, top)) {
        return walk(stack, tstate, top);
    }
    struct level *level = &stack->levels[stack->depth - 1];
    return stack_top_is_same(o, stack, top, stack->depth - 1)
           && level->cell != 0 ? level->cell : look_up(stack, top);
}

/* The cell of where this thread is; 0: not to be booked.  At once: the thread
 * has a remembered stack, and the ledger is not paused. */
FRAME_INLINE uint32_t
where_cell_at_once(const struct version *v, enum domain domain)
{
    const struct offsets *o = &v->offsets;
    const char *tstate = where_tstate(o, domain);
    const char *top = tstate == NULL ? NULL : frame_top(o, tstate);
    if (__builtin_expect(top == NULL, 0)) {
        return where_no_frame();
    }
    struct stack *stack = thread.stack;
    uint32_t depth = stack->depth;
    if (depth < 2 || !stack_caller_waits(o, stack, top, depth - 1)) {
        return v->stay(stack, tstate, top);
    }
    struct level *level = &stack->levels[depth - 1];
    if (!stack_top_is_same(o, stack, top, depth - 1)) {
        return v->look_up(stack, top);
    }
    level->frame = top;
    return where_cell_of(level);
}

/* The same, whatever there is. */
FRAME_INLINE uint32_t
where_cell(const struct version *v, enum domain domain)
{
    return thread.stack == NULL || ledger.paused ? where_no_frame()
           : where_cell_at_once(v, domain);
}

#endif
