/* SPDX-License-Identifier: MIT */
#include "stack.h"

#include <stddef.h>

#include "arena.h"
#include "code_table.h"
#include "context_tree.h"
#include "frame.h"
#include "offsets_rows.h"
#include "python_api.h"

struct stack *
stack_new(void)
{
    return arena_map(sizeof(struct stack));
}

void
stack_free(struct stack *stack)
{
    arena_unmap(stack, sizeof *stack);
}

/* How many outer frames to leave out of a stack: none up to FRAMES_MAX, then
 * multiples of half of it, so that the bottom stays where it is while calls
 * come and go, and callers share their contexts. */
static uint32_t
cut_of(uint32_t frames)
{
    const uint32_t half = REGION_FRAMES_MAX / 2;
    return frames <= REGION_FRAMES_MAX ? 0 : (frames - half) / half * half;
}

/* Walk the whole chain and compare from the bottom. */
FRAME_INLINE struct stack_walk
walk_all(const struct offsets *o, struct stack *stack, const char *top)
{
    uint32_t n = 0;
    const char *frame = top;
    for (; frame != NULL && n < REGION_FRAMES_MAX;
            frame = frame_back(o, frame)) {
        stack->walked[n++] = frame;
    }
    for (; frame != NULL; frame = frame_back(o, frame)) {
        n++;
    }
    struct stack_walk walk = { .top = top, .cut = cut_of(n) };
    n -= walk.cut;
    walk.depth = n;
    uint32_t known = walk.cut == stack->cut ? stack->depth : 0;
    uint32_t low = 0;
    while (low < n && low < known) {
        const char *f = stack->walked[n - 1 - low];
        if (!frame_has_key(o, f, stack->keys[low])) {
            break;
        }
        stack->frames[low] = f;
        low++;
    }
    walk.low = low;
    return walk;
}

/* Where in the memory the top frame would be, if it is where it was, one call
 * deeper or one call back.  0: nowhere, else its depth. */
FRAME_INLINE uint32_t
align(const struct offsets *o, struct stack *stack, const char *top)
{
    uint32_t depth = stack->depth;
    if (stack->cut != 0 || depth == 0) {
        return 0;
    }
    if (stack->frames[depth - 1] == top) {
        return depth;
    }
    if (depth < REGION_FRAMES_MAX
            && frame_back(o, top) == stack->frames[depth - 1]) {
        stack->frames[depth] = top;
        stack->keys[depth] = 0;
        return depth + 1;
    }
    if (depth >= 2 && stack->frames[depth - 2] == top) {
        return depth - 1;
    }
    return 0;
}

FRAME_INLINE struct stack_walk
walk(const struct offsets *o, struct stack *stack, const char *tstate)
{
    const char *top = frame_top(o, tstate);
    if (top == NULL) {
        return (struct stack_walk){ 0 };
    }
    if (stack->retirements != __atomic_load_n(&code_table_retirements,
                                              __ATOMIC_RELAXED)) {
        stack->depth = 0;
    }
    uint32_t depth = align(o, stack, top);
    if (depth == 0) {
        return walk_all(o, stack, top);
    }
    uint32_t low = depth, at = depth;
    const char *frame = top;
    for (; at > 0 && frame != NULL; frame = frame_back(o, frame)) {
        at--;
        if (!frame_has_key(o, frame, stack->keys[at])) {
            low = at;
        }
    }
    if (at != 0 || frame != NULL) {
        return walk_all(o, stack, top);
    }
    return (struct stack_walk){ .top = top, .depth = depth, .low = low };
}

/* A walker for each version, with its row as a constant. */
#define WALKER(minor) \
static struct stack_walk \
walk_3_ ## minor(struct stack *stack, const char *tstate) \
{ \
    static const struct offsets row = OFFSETS_3_ ## minor; \
    return walk(&row, stack, tstate); \
}

WALKER(9)
WALKER(10)
WALKER(11)
WALKER(12)
WALKER(13)
WALKER(14)

stack_walker *
stack_walker_of(const struct offsets *offsets)
{
    static stack_walker *const walkers[] = {
        walk_3_9, walk_3_10, walk_3_11, walk_3_12, walk_3_13, walk_3_14,
    };
    return walkers[offsets->minor - 9];
}

static uint32_t
context_of(const struct offsets *o, const char *frame, uint32_t parent)
{
    if (frame_skipped(o, frame)) {
        return parent;
    }
    const char *code = frame_code(o, frame);
    return context_tree_child(parent, code_table_find(code),
                              frame_instr(o, frame, code));
}

uint32_t
stack_resolve(struct stack *stack, const struct stack_walk *walk)
{
    const struct offsets *o = python.offsets;
    const char *frame = walk->top;
    /* The frames from the top down to low, noted on the way. */
    for (uint32_t at = walk->depth; at > walk->low; at--) {
        stack->walked[at - 1] = frame;
        frame = frame_back(o, frame);
    }
    uint32_t parent = walk->low > 0 ? stack->contexts[walk->low - 1]
                      : walk->cut != 0 ? CONTEXT_CUT : CONTEXT_NONE;
    for (uint32_t at = walk->low; at < walk->depth; at++) {
        frame = stack->walked[at];
        parent = context_of(o, frame, parent);
        stack->keys[at] = frame_key(o, frame);
        stack->frames[at] = frame;
        stack->contexts[at] = parent;
    }
    stack->depth = walk->depth;
    stack->cut = walk->cut;
    stack->retirements = code_table_retirements;
    return parent != CONTEXT_NONE ? parent : CONTEXT_NO_FRAME;
}
