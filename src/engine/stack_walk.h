/* SPDX-License-Identifier: MIT
 *
 * Walking the frames and bringing the remembered stack up to date: the part of
 * stack.h that runs at most allocations, inline, with a version's row of
 * offsets as a constant.  Under the ledger lock.
 */
#ifndef PYMTOP_STACK_WALK_H
#define PYMTOP_STACK_WALK_H

#include "child_cache.h"
#include "code_table.h"
#include "frame.h"
#include "mark.h"
#include "stack.h"

/* Put the frames that were walked into their levels, from base up, and say how
 * many levels have the keys that they had. */
FRAME_INLINE uint32_t
stack_compare(const struct offsets *o, struct stack *stack,
              const struct stack_walk *walk, uint32_t known)
{
    uint32_t low = walk->depth;
    for (uint32_t at = walk->depth; at > walk->base; ) {
        at--;
        const char *frame = stack->walked[walk->depth - 1 - at];
        struct level *level = &stack->levels[at];
        level->frame = frame;
        if (at >= known || !frame_has_key(o, frame, level->key)) {
            low = at;
        }
    }
    return low;
}

/* Can a stack have levels of its own for `depth` frames above as many left out
 * as in the memory? */
static inline bool
stack_fits(const struct stack *stack, uint32_t depth)
{
    return depth <= REGION_FRAMES_MAX
           && (stack->cut == 0
               || stack_cut_of(stack->cut + depth) == stack->cut);
}

/* The level of the top frame, if it is the one that was on top, its caller, or
 * called by it; else UINT32_MAX. */
FRAME_INLINE uint32_t
stack_align(const struct offsets *o, const struct stack *stack,
            const char *top)
{
    uint32_t depth = stack->depth;
    if (depth < 2 || depth >= REGION_FRAMES_MAX) {
        return UINT32_MAX;
    }
    const struct level *level = &stack->levels[depth - 1];
    if (level->frame == top) {
        return depth - 1;
    }
    if (level->frame == frame_back(o, top)) {
        return depth;
    }
    return level[-1].frame == top ? depth - 2 : UINT32_MAX;
}

/* Most walks go down a stack whose frames lie where they lay, the top one at
 * level `at`.  false: this one does not, nothing is changed. */
FRAME_INLINE bool
stack_walk_aligned(const struct offsets *o, struct stack *stack,
                   const char *top, uint32_t at, struct stack_walk *walk)
{
    uint32_t depth = at + 1, low = depth, unmarked = 0;
    const char *frame = top;
    if (at == stack->depth) {
        stack->levels[at].frame = top;
        stack->levels[at].key = 0;
    }
    for (;;) {
        if (!frame_has_key(o, frame, stack->levels[at].key)) {
            low = at;
        }
        const char *caller = frame_back(o, frame);
        if (at == 0) {
            if (caller != NULL) {
                return false;
            }
            break;
        }
        if (caller == NULL || stack->levels[at - 1].frame != caller) {
            return false;
        }
        uint32_t level = mark_read(o, caller, frame);
        if (level == at - 1) {
            if (mark_is_own(o, caller)
                    && !frame_has_key(o, caller, stack->levels[level].key)) {
                low = at = level;
            }
            break;
        }
        unmarked += level != MARK_NONE;
        frame = caller;
        at--;
    }
    *walk = (struct stack_walk){
        .depth = depth, .base = at, .low = low, .cut = stack->cut,
        .unmarked = unmarked,
    };
    return true;
}

/* Walk the frames from the top down and compare them with the memory. */
FRAME_INLINE struct stack_walk
stack_walk(const struct offsets *o, struct stack *stack, const char *top)
{
    uint32_t known = stack->retirements == code_table_retirements
                     ? stack->depth : 0;
    if (known != 0 && stack->cut == 0) {
        struct stack_walk walk;
        uint32_t at = stack_align(o, stack, top);
        if (at != UINT32_MAX
                && stack_walk_aligned(o, stack, top, at, &walk)) {
            return walk;
        }
    }
    uint32_t n = 1, unmarked = 0, level = MARK_NONE;
    const char *callee = top, *frame = frame_back(o, top);
    stack->walked[0] = top;
    for (; frame != NULL; callee = frame, frame = frame_back(o, frame)) {
        if (__builtin_expect(n == REGION_FRAMES_MAX, 0)) {
            return stack_walk_all(stack, top, known);
        }
        level = mark_read(o, frame, callee);
        if (level < stack->depth && stack->levels[level].frame == frame) {
            break;
        }
        unmarked += level != MARK_NONE;
        level = MARK_NONE;
        stack->walked[n++] = frame;
    }
    uint32_t base = 0;
    if (level != MARK_NONE) {
        base = level + 1;
        if (mark_is_own(o, frame)) {
            stack->walked[n++] = frame;
            base = level;
        }
    }
    struct stack_walk walk = {
        .depth = base + n, .base = base, .cut = stack->cut,
        .unmarked = unmarked,
    };
    if (__builtin_expect(!stack_fits(stack, walk.depth)
                         || (level == MARK_NONE && stack->cut != 0), 0)) {
        return stack_walk_all(stack, top, known);
    }
    walk.low = stack_compare(o, stack, &walk, known);
    return walk;
}

/* The context below the bottom. */
static inline uint32_t
stack_root(const struct stack_walk *walk)
{
    return walk->cut != 0 ? CONTEXT_CUT : CONTEXT_NONE;
}

/* Mark frames that were walked: from where something is new, whose caller
 * waits in a new call, or, when many have no mark, all. */
FRAME_INLINE void
stack_plant(const struct offsets *o, struct stack *stack,
            const struct stack_walk *walk)
{
    uint32_t from = walk->base;
    if (walk->unmarked <= STACK_UNMARKED_MAX && walk->low > from) {
        from = walk->low - 1;
    }
    uint32_t parent = from > 0 ? stack->levels[from - 1].context
                      : stack_root(walk);
    for (uint32_t at = from; at + 1 < walk->depth; at++) {
        const struct level *level = &stack->levels[at];
        /* What is no Python code has its caller's context. */
        if (level->context != parent) {
            mark_plant(o, level->frame, level[1].frame, at);
        }
        parent = level->context;
    }
}

FRAME_INLINE void
stack_set_level(struct level *level, uint64_t key, const struct child *child)
{
    level->key = key;
    level->context = child->context;
    level->cell = child->cell;
}

/* Look a level's frame up; with `top` its cell is wanted, too. */
FRAME_INLINE void
stack_look_up(const struct offsets *o, struct level *level, uint32_t parent,
              uint64_t key, bool top)
{
    stack_set_level(level, key,
                    child_cache_find(o, parent, level->frame, key, top));
}

/* Bring the memory up to date with what the walk found to be new. */
FRAME_INLINE void
stack_resolve(const struct offsets *o, struct stack *stack,
              const struct stack_walk *walk)
{
    uint32_t low = walk->low;
    uint32_t parent = low > 0 ? stack->levels[low - 1].context
                      : stack_root(walk);
    for (uint32_t at = low; at < walk->depth; at++) {
        struct level *level = &stack->levels[at];
        stack_look_up(o, level, parent, frame_key(o, level->frame),
                      at + 1 == walk->depth);
        parent = level->context;
    }
    stack->depth = walk->depth;
    stack->cut = walk->cut;
    stack->retirements = code_table_retirements;
}

/* Is the caller of `frame`, which is at `level`, where it was, waiting for it
 * ever since? */
FRAME_INLINE bool
stack_caller_waits(const struct offsets *o, const struct stack *stack,
                   const char *frame, uint32_t level)
{
    if (__builtin_expect(level == 0, 0)) {
        return false;
    }
    const struct level *above = &stack->levels[level - 1];
    /* The frame as it is remembered, so that a processor reads its mark before
     * it has found out that it is the one. */
    const char *caller = above->frame;
    __asm__ ("" : "+r" (caller));
    return frame_back(o, frame) == above->frame
           && mark_has_call(o, caller, frame, level - 1)
           && (o->mark_kind != MARK_GENERATOR
               || (frame_has_key(o, caller, above->key)
                   && stack->retirements == code_table_retirements));
}

/* The top frame's caller waits: is the top, at level `at`, where it was? */
FRAME_INLINE bool
stack_top_is_same(const struct offsets *o, const struct stack *stack,
                  const char *top, uint32_t at)
{
    uint64_t key = frame_key(o, top);
    return stack->levels[at].key == key && key != 0
           && stack->retirements == code_table_retirements;
}

/* It is not. */
FRAME_INLINE void
stack_look_up_top(const struct offsets *o, struct stack *stack,
                  const char *top, uint32_t at)
{
    struct level *level = &stack->levels[at];
    level->frame = top;
    stack_look_up(o, level, level[-1].context, frame_key(o, top), true);
    stack->retirements = code_table_retirements;
}

#endif
