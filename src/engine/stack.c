/* SPDX-License-Identifier: MIT */
#include "stack.h"

#include <stddef.h>

#include "arena.h"
#include "child_cache.h"
#include "code_table.h"
#include "context_tree.h"
#include "frame.h"
#include "mark.h"
#include "offsets_rows.h"
#include "python_api.h"

char mark_generators[REGION_FRAMES_MAX * MARK_GENERATOR_STEP + 256];

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

/* The levels above base that have the keys of the frames walked. */
FRAME_INLINE uint32_t
compare(const struct offsets *o, struct stack *stack,
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

/* Walk the whole chain, however long, past all marks. */
FRAME_INLINE struct stack_walk
walk_all(const struct offsets *o, struct stack *stack, const char *top,
         uint32_t known)
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
    struct stack_walk walk = { .cut = cut_of(n), .unmarked = n };
    walk.depth = n - walk.cut;
    walk.low = compare(o, stack, &walk, walk.cut == stack->cut ? known : 0);
    return walk;
}

/* Does a stack of `frames` have levels of its own for all, below which as many
 * are left out as in the memory? */
static inline bool
fits(const struct stack *stack, uint32_t depth)
{
    return __builtin_expect(depth <= REGION_FRAMES_MAX && stack->cut == 0, 1)
           || (depth <= REGION_FRAMES_MAX
               && cut_of(stack->cut + depth) == stack->cut);
}

FRAME_INLINE struct stack_walk
walk(const struct offsets *o, struct stack *stack, const char *tstate)
{
    const char *top = frame_top(o, tstate);
    if (top == NULL) {
        return (struct stack_walk){ 0 };
    }
    uint32_t known = stack->retirements == code_table_retirements_now()
                     ? stack->depth : 0;
    uint32_t n = 1, unmarked = 0, level = MARK_NONE;
    const char *callee = top, *frame = frame_back(o, top);
    stack->walked[0] = top;
    for (; frame != NULL; callee = frame, frame = frame_back(o, frame)) {
        if (__builtin_expect(n == REGION_FRAMES_MAX, 0)) {
            return walk_all(o, stack, top, known);
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
    if (!fits(stack, walk.depth) || (level == MARK_NONE && stack->cut != 0)) {
        return walk_all(o, stack, top, known);
    }
    walk.low = compare(o, stack, &walk, known);
    return walk;
}

/* Mark frames that were walked: from where something is new, whose caller
 * waits in a new call, or, when many have no mark, all. */
FRAME_INLINE void
plant(const struct offsets *o, struct stack *stack,
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

FRAME_INLINE void
resolve(const struct offsets *o, struct stack *stack,
        const struct stack_walk *walk)
{
    uint32_t low = walk->low;
    uint32_t parent = low > 0 ? stack->levels[low - 1].context
                      : walk->cut != 0 ? CONTEXT_CUT : CONTEXT_NONE;
    for (uint32_t at = low; at < walk->depth; at++) {
        const char *frame = stack->walked[walk->depth - 1 - at];
        const struct child *child =
            child_cache_find(o, parent, frame, at + 1 == walk->depth);
        parent = child->context;
        stack->levels[at] = (struct level){
            .frame = frame, .key = frame_key(o, frame),
            .context = parent, .cell = child->cell,
        };
    }
    stack->depth = walk->depth;
    stack->cut = walk->cut;
    stack->retirements = code_table_retirements;
    plant(o, stack, walk);
}

/* A walker for each version, with its row as a constant. */
#define WALKER(minor) \
static struct stack_walk \
walk_3_ ## minor(struct stack *stack, const char *tstate) \
{ \
    static const struct offsets row = OFFSETS_3_ ## minor; \
    return walk(&row, stack, tstate); \
} \
static void \
resolve_3_ ## minor(struct stack *stack, const struct stack_walk *walk) \
{ \
    static const struct offsets row = OFFSETS_3_ ## minor; \
    resolve(&row, stack, walk); \
}

WALKER(9)
WALKER(10)
WALKER(11)
WALKER(12)
WALKER(13)
WALKER(14)

const struct stack_walker *
stack_walker_of(const struct offsets *offsets)
{
    static const struct stack_walker walkers[] = {
        { walk_3_9, resolve_3_9 }, { walk_3_10, resolve_3_10 },
        { walk_3_11, resolve_3_11 }, { walk_3_12, resolve_3_12 },
        { walk_3_13, resolve_3_13 }, { walk_3_14, resolve_3_14 },
    };
    return &walkers[offsets->minor - 9];
}
