/* SPDX-License-Identifier: MIT
 *
 * The remembered stack of a thread: its frames at the last allocation, and the
 * context of each.  Most allocations come from a stack that differs from the
 * last one in its top frames only, so only those are looked at again: a walk
 * ends at the first frame that carries a mark (mark.h).
 *
 * A frame's key is its instruction pointer (from 3.11 on; it lies inside the
 * code object) or its code object and instruction number (before).  Above the
 * mark, equal keys from there on up mean equal contexts, as long as no code
 * object has died (code_table_retirements).
 */
#ifndef PYMTOP_STACK_H
#define PYMTOP_STACK_H

#include <stdbool.h>
#include <stdint.h>

#include "offsets.h"
#include "pymtop/region_layout.h"

struct level {
    const char *frame;
    uint64_t key;
    uint32_t context;           /* CONTEXT_NONE: only shims up to here */
    uint32_t cell;              /* of the context; 0: not asked for yet */
};

/* Level [0] is the bottom. */
struct stack {
    uint32_t depth;             /* remembered levels */
    uint32_t cut;               /* outer frames left out below them */
    uint64_t retirements;       /* code_table_retirements when remembered */
    struct level levels[REGION_FRAMES_MAX];
    const char *walked[REGION_FRAMES_MAX];  /* scratch, top first */
};

/* How many outer frames to leave out of a stack: none up to FRAMES_MAX, then
 * multiples of half of it, so that the bottom stays where it is while calls
 * come and go, and callers share their contexts. */
uint32_t stack_cut_of(uint32_t frames);

/* Remember the whole chain from its top frame, however long, past all marks.
 * marks: mark it as well. */
void stack_take_all(struct stack *stack, const char *top, bool marks);

/* A new, empty memory, or NULL. */
struct stack *stack_new(void);
void stack_free(struct stack *stack);

#endif
