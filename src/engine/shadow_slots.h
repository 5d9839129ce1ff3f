/* SPDX-License-Identifier: MIT
 *
 * The part of shadow.h that runs at every allocation and free, inline: blocks
 * of up to half a gigabyte.
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

/* A chunk goes on for the slots that a block at its very end needs. */
#define SHADOW_CHUNK_SIZE ((SHADOW_CHUNK_SLOTS + 2) * sizeof(uint32_t))

/* What no block's address has. */
#define SHADOW_ODD (UINT64_MAX << SHADOW_ADDRESS_BITS | 15)

/* The first slot of a block; NULL: it has none yet, or cannot have one. */
static inline uint32_t *
shadow_place(const void *block)
{
    uint64_t address = (uint64_t)block;
    if (__builtin_expect((address & SHADOW_ODD) != 0, 0)) {
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

/* Two slots at once. */
static inline void
shadow_set_pair(uint32_t *at, uint32_t first, uint32_t second)
{
    const uint32_t pair[2] = { first, second };
    memcpy(at, pair, sizeof pair);
}

/* Write a block's slots; false: its size needs a third one, nothing is
 * done. */
static inline bool
shadow_write(uint32_t *at, size_t size, uint32_t cell)
{
    if (size <= SHADOW_SMALL_MAX && cell < SHADOW_SMALL_CELLS) {
        at[0] = SHADOW_SMALL | (uint32_t)size << SHADOW_SMALL_SHIFT | cell;
        return true;
    }
    if (__builtin_expect(size > SHADOW_LOW, 0)) {
        return false;
    }
    shadow_set_pair(at, SHADOW_START | cell, SHADOW_SIZE | (uint32_t)size);
    return true;
}

/* Read a block that is neither code nor huge; false: it is, or there is
 * none. */
static inline bool
shadow_read(const uint32_t *at, struct shadow_block *block)
{
    /* One slot after the other: a processor waits for a word that was written
     * in halves. */
    uint32_t first = at[0];
    if ((first & SHADOW_TAG) == SHADOW_SMALL) {
        *block = (struct shadow_block){
            .size = first >> SHADOW_SMALL_SHIFT & 31,
            .cell = first & (SHADOW_SMALL_CELLS - 1),
        };
        return true;
    }
    const uint32_t kind = SHADOW_TAG | SHADOW_FLAG;
    uint32_t second = at[1];
    *block = (struct shadow_block){
        .size = second & SHADOW_LOW, .cell = first & SHADOW_LOW,
    };
    return __builtin_expect((first & kind) == SHADOW_START
                            && (second & kind) == SHADOW_SIZE, 1);
}

/* Forget a block that was read so. */
static inline void
shadow_wipe(uint32_t *at)
{
    if ((at[0] & SHADOW_TAG) == SHADOW_SMALL) {
        at[0] = 0;
    }
    else {
        shadow_set_pair(at, 0, 0);
    }
}

/* Name another cell for it. */
static inline void
shadow_rename(uint32_t *at, uint32_t cell)
{
    uint32_t kept = (at[0] & SHADOW_TAG) == SHADOW_SMALL
                    ? ~(SHADOW_SMALL_CELLS - 1) : ~SHADOW_LOW;
    at[0] = (at[0] & kept) | cell;
}

/* Look at the block that starts at address, and forget it. */
static inline struct shadow_block
shadow_take(const void *block)
{
    struct shadow_block taken = { 0 };
    uint32_t *at = shadow_place(block);
    if (__builtin_expect(at == NULL, 0)) {
        return taken;
    }
    if (!shadow_read(at, &taken)) {
        return shadow_take_slowly(block);
    }
    shadow_wipe(at);
    return taken;
}

#endif
