/* SPDX-License-Identifier: MIT
 *
 * The short ways to bring the remembered stack up to date, before a whole walk
 * (stack_walk.h): the top frame is one that was marked, or a mark is at most
 * two callers away, and the child cache knows what is new.  They call nothing.
 * Who returns false may have shortened the memory; what is left of it is right.
 * Under the ledger lock, and while no trace function runs.
 */
#ifndef PYMTOP_STACK_STEP_H
#define PYMTOP_STACK_STEP_H

#include "stack_walk.h"

/* The top frame's caller waits: look the top up, at level `at`. */
FRAME_INLINE bool
stack_look_up_top_at_once(const struct offsets *o, struct stack *stack,
                          const char *top, uint32_t at)
{
    struct level *level = &stack->levels[at];
    uint32_t parent = level[-1].context;
    uint64_t key = frame_key(o, top);
    const struct child *child = child_cache_place(parent, key);
    if (!child_cache_holds(o, child, parent, top, key) || child->cell == 0) {
        return false;
    }
    level->frame = top;
    stack_set_level(level, key, child);
    stack->retirements = code_table_retirements;
    return true;
}

/* The top frame has run ever since it was marked; all its callers have then
 * waited for it.  Its own level may have to be looked up. */
FRAME_INLINE bool
stack_stay(const struct offsets *o, struct stack *stack, const char *top)
{
    uint32_t level = o->mark_kind == MARK_STACKTOP ? mark_read_own(o, top)
                     : MARK_NONE;
    if (level >= stack->depth || stack->levels[level].frame != top
            || level == 0 || stack->cut != 0) {
        return false;
    }
    stack->depth = level + 1;
    return true;
}

/* The level of a frame by its mark; MARK_NONE: it has none that is true. */
FRAME_INLINE uint32_t
stack_level_of(const struct offsets *o, const struct stack *stack,
               const char *frame, const char *callee)
{
    uint32_t level = mark_read(o, frame, callee);
    return level < stack->depth && stack->levels[level].frame == frame ? level
           : MARK_NONE;
}

/* Is the frame that is now at level `at`, above levels that are right, where
 * the one was that is remembered? */
FRAME_INLINE bool
stack_level_is_same(const struct stack *stack, uint32_t at, uint64_t key)
{
    return at < stack->depth && stack->levels[at].key == key && key != 0
           && stack->retirements == code_table_retirements;
}

/* Put a frame that has called another into its level, and mark it. */
FRAME_INLINE bool
stack_put(const struct offsets *o, struct stack *stack, uint32_t at,
          const char *frame, const char *callee)
{
    struct level *level = &stack->levels[at];
    uint32_t parent = at > 0 ? level[-1].context : CONTEXT_NONE;
    uint64_t key = frame_key(o, frame);
    if (!stack_level_is_same(stack, at, key)) {
        const struct child *child = child_cache_place(parent, key);
        if (!child_cache_holds(o, child, parent, frame, key)) {
            return false;
        }
        stack_set_level(level, key, child);
        stack->depth = at + 1;      /* what was above it is void */
    }
    level->frame = frame;
    /* What is no Python code has its caller's context. */
    if (level->context != parent) {
        mark_plant(o, frame, callee, at);
    }
    return true;
}

/* The same for the top frame, which has a caller. */
FRAME_INLINE bool
stack_put_top(const struct offsets *o, struct stack *stack, uint32_t at,
              const char *top)
{
    if (stack_level_is_same(stack, at, frame_key(o, top))
            && stack->levels[at].cell != 0) {
        stack->levels[at].frame = top;
    }
    else if (!stack_look_up_top_at_once(o, stack, top, at)) {
        return false;
    }
    stack->depth = at + 1;
    mark_plant_own(o, top, at);
    return true;
}

/* The top frame's caller, or its caller's, carries a mark. */
FRAME_INLINE bool
stack_step(const struct offsets *o, struct stack *stack, const char *top)
{
    const char *caller = frame_back(o, top);
    if (caller == NULL || stack->cut != 0) {
        return false;
    }
    uint32_t at = stack_level_of(o, stack, caller, top);
    bool renews = at != MARK_NONE && mark_is_own(o, caller);
    if (at == MARK_NONE) {
        const char *outer = frame_back(o, caller);
        at = outer == NULL ? MARK_NONE
             : stack_level_of(o, stack, outer, caller);
        if (at >= REGION_FRAMES_MAX - 2
                || (mark_is_own(o, outer)
                    && !stack_put(o, stack, at, outer, caller))) {
            return false;
        }
        at++;
        renews = true;
    }
    return at < REGION_FRAMES_MAX - 1
           && (!renews || stack_put(o, stack, at, caller, top))
           && stack_put_top(o, stack, at + 1, top);
}

#endif
