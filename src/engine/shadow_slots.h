/* SPDX-License-Identifier: MIT
 *
 * The part of shadow.h that runs at every allocation and free, inline: blocks
 * whose slots lie in one chunk and whose size fits into one slot.
 */
#ifndef PYMTOP_SHADOW_SLOTS_H
#define PYMTOP_SHADOW_SLOTS_H

#include <string.h>

#include "shadow.h"

#define SHADOW_CHUNK_SLOTS (1u << (SHADOW_CHUNK_BITS - 4))

#define SHADOW_TAG_SHIFT 30
#define SHADOW_SMALL (1u << SHADOW_TAG_SHIFT)
#define SHADOW_START (2u << SHADOW_TAG_SHIFT)
#define SHADOW_SIZE (3u << SHADOW_TAG_SHIFT)
#define SHADOW_TAG (3u << SHADOW_TAG_SHIFT)
#define SHADOW_FLAG (1u << 29)                  /* code, or more */
#define SHADOW_LOW (SHADOW_FLAG - 1)
#define SHADOW_SMALL_SHIFT 25
#define SHADOW_SMALL_MAX 16

extern uint32_t **shadow_root;

/* The first slot of a block; NULL: it has none yet, or cannot have one. */
static inline uint32_t *
shadow_place(const void *block)
{
    uintptr_t address = (uintptr_t)block;
    if (__builtin_expect((address >> SHADOW_ADDRESS_BITS) != 0
                         || (address & 15) != 0, 0)) {
        return NULL;
    }
    uint32_t *chunk = shadow_root[address >> SHADOW_CHUNK_BITS];
    if (__builtin_expect(chunk == NULL, 0)) {
        return NULL;
    }
    return chunk + ((address >> 4) & (SHADOW_CHUNK_SLOTS - 1));
}

static inline bool
shadow_is_start(uint32_t slot)
{
    uint32_t tag = slot & SHADOW_TAG;
    return tag == SHADOW_SMALL || tag == SHADOW_START;
}

/* Is the next slot in another chunk? */
static inline bool
shadow_is_last(const void *block)
{
    return ((uintptr_t)block >> 4 & (SHADOW_CHUNK_SLOTS - 1))
           == SHADOW_CHUNK_SLOTS - 1;
}

/* Two slots as one word. */
static inline void
shadow_set_two(uint32_t *at, uint32_t first, uint32_t second)
{
    const uint32_t both[2] = { first, second };
    memcpy(at, both, sizeof both);
}

/* Write a block's slots; false: it needs more than this, nothing is done. */
static inline bool
shadow_write(uint32_t *at, const void *block, size_t size, uint32_t cell)
{
    if (size <= SHADOW_SMALL_MAX && cell < SHADOW_SMALL_CELLS) {
        at[0] = SHADOW_SMALL | (uint32_t)size << SHADOW_SMALL_SHIFT | cell;
        return true;
    }
    if (__builtin_expect(size > SHADOW_LOW || shadow_is_last(block), 0)) {
        return false;
    }
    shadow_set_two(at, SHADOW_START | cell, SHADOW_SIZE | (uint32_t)size);
    return true;
}

/* Look at the block that starts at address, and forget it. */
static inline struct shadow_block
shadow_take(const void *block)
{
    uint32_t *at = shadow_place(block);
    uint32_t first = at != NULL ? *at : 0;
    struct shadow_block result = { 0 };
    if ((first & SHADOW_TAG) == SHADOW_SMALL) {
        result.size = first >> SHADOW_SMALL_SHIFT & 31;
        result.cell = first & (SHADOW_SMALL_CELLS - 1);
        at[0] = 0;
        return result;
    }
    if (__builtin_expect((first & SHADOW_TAG) != SHADOW_START, 0)) {
        return result;
    }
    if (__builtin_expect(shadow_is_last(block)
                         || (at[1] & SHADOW_FLAG) != 0, 0)) {
        return shadow_take_slowly(block);
    }
    result.cell = first & SHADOW_LOW;
    result.code = (first & SHADOW_FLAG) != 0;
    result.size = at[1] & SHADOW_LOW;
    shadow_set_two(at, 0, 0);
    return result;
}

#endif
