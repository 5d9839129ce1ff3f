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
