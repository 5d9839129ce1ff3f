/* SPDX-License-Identifier: MIT
 *
 * Bringing the remembered stack up to date: the part of stack.h that runs at
 * most allocations, inline, with a version's row of offsets as a constant.
 * Under the ledger lock.
 */
#ifndef PYMTOP_STACK_WALK_H
#define PYMTOP_STACK_WALK_H

#include "child_cache.h"
#include "code_table.h"
#include "frame.h"
#include "mark.h"
#include "stack.h"

FRAME_INLINE void
stack_set_level(struct level *level, uint64_t key, const struct child *child)
{
    level->key = key;
    level->context = child->context;
    level->cell = child->cell;
}

/* --- the top frame alone --- */

/* Is the caller of `frame`, which is at `level`, where it was, waiting for it
 * ever since? */
FRAME_INLINE bool
stack_caller_waits(const struct offsets *o, const struct stack *stack,
                   const char *frame, uint32_t level)
{
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

/* The top frame's callers are where they were: is the top, at level `at`? */
FRAME_INLINE bool
stack_top_is_same(const struct offsets *o, const struct stack *stack,
                  const char *top, uint32_t at)
{
    uint64_t key = frame_key(o, top);
    return stack->levels[at].key == key && key != 0
           && stack->retirements == code_table_retirements;
}

/* It is not; it has a caller. */
FRAME_INLINE void
stack_look_up_top(const struct offsets *o, struct stack *stack,
                  const char *top, uint32_t at)
{
    struct level *level = &stack->levels[at];
    uint64_t key = frame_key(o, top);
    level->frame = top;
    stack_set_level(level, key, child_cache_find(o, level[-1].context, top,
                                                 key, true));
    stack->retirements = code_table_retirements;
}

/* The same, if the cache knows it all, which is nearly always: it calls
 * nothing. */
FRAME_INLINE bool
stack_look_up_top_at_once(const struct offsets *o, struct stack *stack,
                          const char *top, uint32_t at)
{
    struct level *level = &stack->levels[at];
    uint32_t parent = level[-1].context;
    uint64_t key = frame_key(o, top);
    const struct child *child = child_cache_place(o, parent, key);
    if (!child_cache_holds(o, child, parent, top, key) || child->cell == 0) {
        return false;
    }
    level->frame = top;
    stack_set_level(level, key, child);
    stack->retirements = code_table_retirements;
    return true;
}

/* --- as far as need be --- */

/* Where the next frame goes, above levels that are right. */
struct stack_place {
    struct level *level;
    uint32_t at;                /* its number */
    uint32_t parent;            /* context of the level below */
    uint32_t known;             /* levels below this one may be as they were */
};

static inline struct stack_place
stack_place(struct stack *stack, uint32_t at)
{
    return (struct stack_place){
        .level = &stack->levels[at], .at = at,
        .parent = at > 0 ? stack->levels[at - 1].context
                  : stack->cut != 0 ? CONTEXT_CUT : CONTEXT_NONE,
        .known = stack->retirements == code_table_retirements ? stack->depth
                 : 0,
    };
}

/* Put a frame there; for the `top` its cell is wanted, too. */
FRAME_INLINE void
stack_put(const struct offsets *o, struct stack_place *place,
          const char *frame, bool top)
{
    struct level *level = place->level;
    uint64_t key = frame_key(o, frame);
    level->frame = frame;
    if (place->at >= place->known || level->key != key || key == 0) {
        stack_set_level(level, key, child_cache_find(o, place->parent, frame,
                                                     key, top));
        place->known = 0;
    }
}

/* Go on to the frame that it has called, and mark it. */
FRAME_INLINE void
stack_next(const struct offsets *o, struct stack_place *place,
           const char *callee, bool marks)
{
    struct level *level = place->level;
    uint32_t context = level->context;
    /* What is no Python code has its caller's context. */
    if (marks && context != place->parent) {
        mark_plant(o, level->frame, callee, place->at);
    }
    place->parent = context;
    place->level++;
    place->at++;
}

/* The memory ends with the top frame, which was put there. */
static inline void
stack_end(struct stack *stack, const struct stack_place *place)
{
    stack->depth = place->at + 1;
    stack->retirements = code_table_retirements;
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

/* Can a stack have levels of its own for `depth` frames above as many left out
 * as in the memory? */
static inline bool
stack_fits(const struct stack *stack, uint32_t depth)
{
    return depth <= REGION_FRAMES_MAX
           && (stack->cut == 0
               || stack_cut_of(stack->cut + depth) == stack->cut);
}

/* Go down from the top to the first mark, and put what is above it into its
 * levels.  false: there are more frames than levels, nothing is changed. */
FRAME_INLINE bool
stack_walk(const struct offsets *o, struct stack *stack, const char *top)
{
    uint32_t n = 0, marked = MARK_NONE;
    const char *callee = top, *frame = frame_back(o, top);
    stack->walked[n++] = top;
    for (; frame != NULL; callee = frame, frame = frame_back(o, frame)) {
        marked = stack_level_of(o, stack, frame, callee);
        if (marked != MARK_NONE) {
            break;
        }
        if (n == REGION_FRAMES_MAX) {
            return false;
        }
        stack->walked[n++] = frame;
    }
    uint32_t at = marked == MARK_NONE ? 0 : marked + 1;
    if (!stack_fits(stack, at + n) || (at == 0 && stack->cut != 0)) {
        return false;
    }
    struct stack_place place;
    if (at != 0 && mark_is_own(o, frame)) {
        place = stack_place(stack, marked);
        stack_put(o, &place, frame, false);
        stack_next(o, &place, callee, true);
    }
    else {
        place = stack_place(stack, at);
    }
    while (--n > 0) {
        stack_put(o, &place, stack->walked[n], false);
        stack_next(o, &place, stack->walked[n - 1], true);
    }
    stack_put(o, &place, top, true);
    stack_end(stack, &place);
    return true;
}

#endif
