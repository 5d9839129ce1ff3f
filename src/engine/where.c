/* SPDX-License-Identifier: MIT */
#include "where.h"

#include "share.h"

uint32_t
where_no_frame(void)
{
    bool upgraded = share_upgrade();
    uint32_t cell = 0;
    if (python.is_finalizing()) {
        ledger_end();
    }
    else {
        cell = context_tree_cell(ledger.paused ? CONTEXT_PAUSED
                                 : CONTEXT_NO_FRAME);
    }
    if (upgraded) {
        share_downgrade();
    }
    return cell;
}

__attribute__((noinline)) uint32_t
where_new_cell(struct level *level)
{
    bool upgraded = share_upgrade();
    level->cell = context_tree_cell(level->context != CONTEXT_NONE
                                    ? level->context : CONTEXT_NO_FRAME);
    if (upgraded) {
        share_downgrade();
    }
    return level->cell;
}

uint32_t
where_in_tracer(struct stack *stack, const char *top)
{
    stack_take_all(stack, top, false);
    return where_cell_of(&stack->levels[stack->depth - 1]);
}
