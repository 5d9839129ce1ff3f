/* SPDX-License-Identifier: MIT
 *
 * From (caller's context, frame) to the context of the frame, and its cell: a
 * direct-mapped cache in front of code_table_find() and context_tree_child().
 * An entry is of a frame's key, which lies in a code object; so entries end
 * when a code object dies, those of its generation.  A generation is of one
 * place only: who finds the one that was entered has the code object that was
 * entered, or one beside it that lives, in which the key does not lie.  Under
 * the ledger lock; a share of a free-threaded build has a cache of its own.
 */
#ifndef PYMTOP_CHILD_CACHE_H
#define PYMTOP_CHILD_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "code_table.h"
#include "context_tree.h"
#include "frame.h"
#include "hash.h"
#include "pymtop/region_layout.h"
#include "share.h"

struct child {
    uint64_t key;               /* of the frame; 0: empty */
    uint32_t parent;
    uint32_t context;           /* parent, if the frame is skipped */
    uint32_t cell;              /* of the context; 0: not asked for yet */
    uint32_t generation;        /* code_table_generation() when entered */
} __attribute__((aligned(32))); /* two a cache line */

#define CHILD_CACHE_BITS 14

extern struct child child_cache[1u << CHILD_CACHE_BITS];

/* Put what is asked for into the place where it belongs. */
void child_cache_enter(struct child *child, uint32_t parent,
                       const char *frame, uint64_t key);

/* Its cell. */
void child_cache_ask_cell(struct child *child);

/* Where it belongs. */
FRAME_INLINE struct child *
child_cache_place(const struct offsets *o, uint32_t parent, uint64_t key)
{
    struct child *cache = o->free_threaded && share_own != NULL
                          ? share_own->children : child_cache;
    uint64_t hash = (key ^ (uint64_t)parent << 32) * HASH_ODD;
    return &cache[hash >> (64 - CHILD_CACHE_BITS)];
}

/* Is it what is asked for? */
FRAME_INLINE bool
child_cache_holds(const struct offsets *o, const struct child *child,
                  uint32_t parent, const char *frame, uint64_t key)
{
    return __builtin_expect(
        child->key == key && child->parent == parent && key != 0
        && child->generation == code_table_generation(frame_code(o, frame)),
        1);
}

/* The child of `parent` that frame is; with `top` its cell is wanted, too. */
FRAME_INLINE const struct child *
child_cache_find(const struct offsets *o, uint32_t parent, const char *frame,
                 uint64_t key, bool top)
{
    struct child *child = child_cache_place(o, parent, key);
    if (!child_cache_holds(o, child, parent, frame, key)) {
        child_cache_enter(child, parent, frame, key);
    }
    if (top && __builtin_expect(child->cell == 0, 0)
            && child->context != CONTEXT_NONE) {
        child_cache_ask_cell(child);
    }
    return child;
}

#endif
