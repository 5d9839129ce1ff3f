/* SPDX-License-Identifier: MIT */
#include "child_cache.h"

#include "python_api.h"

struct child child_cache[1u << CHILD_CACHE_BITS]
    __attribute__((aligned(64)));

/* The context that frame is below parent. */
static uint32_t
context_of(const struct offsets *o, uint32_t parent, const char *frame)
{
    const char *code = frame_code(o, frame);
    if (frame_is_shim(o, frame)) {
        return parent;
    }
    uint32_t number = code_table_find(code);    /* its death is seen now */
    return frame_skipped(o, frame) ? parent
           : context_tree_child(parent, number, frame_instr(o, frame, code));
}

void
child_cache_enter(struct child *child, uint32_t parent, const char *frame,
                  uint64_t key)
{
    const struct offsets *o = python.offsets;
    bool upgraded = share_upgrade();
    *child = (struct child){
        .key = key, .parent = parent,
        .generation = code_table_generation(frame_code(o, frame)),
        .context = context_of(o, parent, frame),
    };
    if (upgraded) {
        share_downgrade();
    }
}

void
child_cache_ask_cell(struct child *child)
{
    bool upgraded = share_upgrade();
    child->cell = context_tree_cell(child->context);
    if (upgraded) {
        share_downgrade();
    }
}
