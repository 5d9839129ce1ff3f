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

/* The levels above base that have the keys of the frames walked. */
FRAME_INLINE uint32_t
stack_compare(const struct offsets *o, struct stack *stack,
              const struct stack_walk *walk, uint32_t known)
{
    uint32_t low = walk->base;
    uint32_t end = known < walk->depth ? known : walk->depth;
    while (low < end) {
        const char *frame = stack->walked[walk->depth - 1 - low];
        if (!frame_has_key(o, frame, stack->levels[low].key)) {
            break;
        }
        stack->levels[low].frame = frame;
        low++;
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

/* Walk the frames from the top down and compare them with the memory. */
FRAME_INLINE struct stack_walk
stack_walk(const struct offsets *o, struct stack *stack, const char *top)
{
    uint32_t known = stack->retirements == code_table_retirements
                     ? stack->depth : 0;
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
        if (o->mark_kind == MARK_GENERATOR) {
            /* It may have gone on: it is compared as well. */
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
    for (uint32_t at = from; at + 1 < walk->depth; at++) {
        mark_plant(o, stack->levels[at].frame, stack->levels[at + 1].frame,
                   at);
    }
}

/* Bring the memory up to date with what the walk found to be new. */
FRAME_INLINE void
stack_resolve(const struct offsets *o, struct stack *stack,
              const struct stack_walk *walk)
{
    uint32_t low = walk->low;
    uint32_t parent = low > 0 ? stack->levels[low - 1].context
                      : walk->cut != 0 ? CONTEXT_CUT : CONTEXT_NONE;
    for (uint32_t at = low; at < walk->depth; at++) {
        const char *frame = stack->walked[walk->depth - 1 - at];
        uint64_t key = frame_key(o, frame);
        const struct child *child =
            child_cache_find(o, parent, frame, key, at + 1 == walk->depth);
        parent = child->context;
        stack->levels[at] = (struct level){
            .frame = frame, .key = key, .context = parent,
            .cell = child->cell,
        };
    }
    stack->depth = walk->depth;
    stack->cut = walk->cut;
    stack->retirements = code_table_retirements;
    stack_plant(o, stack, walk);
}

#endif
