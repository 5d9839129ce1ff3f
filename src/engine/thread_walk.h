/* SPDX-License-Identifier: MIT
 *
 * Where a thread is, in two steps: the walk before the ledger's lock is taken,
 * the cell under it.  Inline, with a version's row of offsets as a constant.
 */
#ifndef PYMTOP_THREAD_WALK_H
#define PYMTOP_THREAD_WALK_H

#include "ledger.h"
#include "python_api.h"
#include "stack_walk.h"
#include "thread.h"

/* MEM and OBJ come under the GIL.  RAW may come without it: then up to 3.11
 * the current thread state may be another thread's, so ours is asked for; its
 * own frames do not change while it is here. */
FRAME_INLINE const char *
thread_tstate(const struct offsets *o, enum domain domain)
{
    if (o->minor >= 12) {
        return thread.tstate != NULL ? *thread.tstate
               : python.current_tstate();
    }
    return domain != DOMAIN_RAW ? python.current_tstate()
           : python.this_tstate();
}

/* Where this thread is.  Its depth is 0 when it is in no Python frame that
 * can be walked. */
FRAME_INLINE struct stack_walk
thread_walk(const struct offsets *o, enum domain domain)
{
    struct stack_walk walk = { 0 };
    if (__builtin_expect(ledger.paused, 0)) {
        thread_watch_for_the_end();
        return walk;
    }
    const char *tstate = thread_tstate(o, domain);
    if (tstate == NULL || (__builtin_expect(thread.stack == NULL, 0)
                           && !thread_open(tstate))) {
        return walk;
    }
    walk = stack_walk(o, thread.stack, tstate);
    if (__builtin_expect(walk.depth == 0, 0)) {
        thread_watch_for_the_end();
    }
    return walk;
}

/* The cell of what thread_walk() found.  Under the ledger lock. */
FRAME_INLINE uint32_t
thread_cell(const struct offsets *o, const struct stack_walk *walk)
{
    struct stack *stack = thread.stack;
    if (__builtin_expect(walk->depth == 0, 0)) {
        return context_tree_cell(ledger.paused ? CONTEXT_PAUSED
                                 : CONTEXT_NO_FRAME);
    }
    if (stack_walk_is_new(walk)) {
        stack_resolve(o, stack, walk);
    }
    stack->depth = walk->depth;
    struct level *level = &stack->levels[walk->depth - 1];
    if (__builtin_expect(level->cell == 0, 0)) {
        level->cell = context_tree_cell(level->context != CONTEXT_NONE
                                        ? level->context : CONTEXT_NO_FRAME);
    }
    return level->cell;
}

#endif
