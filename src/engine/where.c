/* SPDX-License-Identifier: MIT */
#include "where.h"

uint32_t
where_no_frame(void)
{
    if (python.is_finalizing()) {
        ledger_end();
        return 0;
    }
    return context_tree_cell(ledger.paused ? CONTEXT_PAUSED
                             : CONTEXT_NO_FRAME);
}

__attribute__((noinline)) uint32_t
where_new_cell(struct level *level)
{
    level->cell = context_tree_cell(level->context != CONTEXT_NONE
                                    ? level->context : CONTEXT_NO_FRAME);
    return level->cell;
}

uint32_t
where_in_tracer(struct stack *stack, const char *top)
{
    stack_take_all(stack, top, false);
    return where_cell_of(&stack->levels[stack->depth - 1]);
}
