/* SPDX-License-Identifier: MIT */
#include "stack.h"

#include <stddef.h>

#include "arena.h"
#include "mark.h"
#include "python_api.h"
#include "stack_walk.h"

bool mark_place_known;
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

uint32_t
stack_cut_of(uint32_t frames)
{
    const uint32_t half = REGION_FRAMES_MAX / 2;
    return frames <= REGION_FRAMES_MAX ? 0 : (frames - half) / half * half;
}

void
stack_take_all(struct stack *stack, const char *top, bool marks)
{
    const struct offsets *o = python.offsets;
    uint32_t n = 0;
    const char *frame = top;
    for (; frame != NULL && n < REGION_FRAMES_MAX;
            frame = frame_back(o, frame)) {
        stack->walked[n++] = frame;
    }
    for (; frame != NULL; frame = frame_back(o, frame)) {
        n++;
    }
    uint32_t cut = stack_cut_of(n), depth = n - cut;
    if (cut != stack->cut) {
        stack->cut = cut;
        stack->depth = 0;           /* of other frames */
    }
    struct stack_place place = stack_place(stack, 0);
    for (uint32_t left = depth; --left > 0; ) {
        stack_put(o, &place, stack->walked[left], false);
        stack_next(o, &place, stack->walked[left - 1], marks);
    }
    stack_put(o, &place, top, true);
    stack_end(stack, &place);
}
