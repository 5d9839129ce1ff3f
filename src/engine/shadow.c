/* SPDX-License-Identifier: MIT */
#include "shadow.h"

#include <sys/mman.h>
#include <unistd.h>

#include "arena.h"
#include "pymtop/region_layout.h"
#include "shadow_slots.h"

#define ROOT_LEN (1u << (SHADOW_ADDRESS_BITS - SHADOW_CHUNK_BITS))

_Static_assert(SHADOW_CHUNK_SLOTS * 4 == REGION_SHADOW_CHUNK, "as published");

uint32_t **shadow_root;
static uint32_t *chunks[REGION_SHADOW_CHUNKS];
uint32_t shadow_chunk_count;
static void (*tell_of_chunk)(void);

uint64_t
shadow_chunk_address(uint32_t number)
{
    return number < REGION_SHADOW_CHUNKS ? (uint64_t)chunks[number] : 0;
}

int
shadow_init(void (*on_chunk)(void))
{
    tell_of_chunk = on_chunk;
    shadow_root = arena_map_quiet(ROOT_LEN * sizeof *shadow_root);
    return shadow_root == NULL ? -1 : 0;
}

static void
add_chunk(uintptr_t index)
{
    uint32_t *chunk = arena_map_quiet(SHADOW_CHUNK_SIZE);
    if (chunk == NULL) {
        return;
    }
    shadow_root[index] = chunk;
    if (shadow_chunk_count < REGION_SHADOW_CHUNKS) {
        chunks[shadow_chunk_count++] = chunk;
    }
    if (tell_of_chunk != NULL) {
        tell_of_chunk();
    }
}

/* The slot of an address, in a new chunk if need be. */
static uint32_t *
slot_for(uintptr_t address)
{
    uintptr_t index = address >> SHADOW_CHUNK_BITS;
    if (index >= ROOT_LEN) {
        return NULL;
    }
    if (shadow_root[index] == NULL) {
        add_chunk(index);
    }
    return shadow_place((const void *)address);
}

void
shadow_make_present(const void *address, size_t size)
{
    const uintptr_t page = (uintptr_t)getpagesize();
    uint32_t *slot = slot_for((uintptr_t)address);
    size_t room = SHADOW_CHUNK_SLOTS
                  - ((uintptr_t)address >> 4 & (SHADOW_CHUNK_SLOTS - 1));
    size_t count = size / 16 < room ? size / 16 : room;
    if (slot != NULL) {
        uintptr_t start = (uintptr_t)slot & -page;
        madvise((void *)start, (uintptr_t)(slot + count) - start,
                MADV_POPULATE_WRITE);
    }
}

/* Decode the block at address; with `clear`, wipe each slot it has. */
static struct shadow_block
look(const void *block, bool clear)
{
    struct shadow_block result = { 0 };
    uint32_t *slot = shadow_place(block);
    if (slot == NULL) {
        return result;
    }
    uint32_t value = *slot;
    if ((value & SHADOW_TAG) == SHADOW_SMALL) {
        result.size = (value >> SHADOW_SMALL_SHIFT) & 31;
        result.cell = value & (SHADOW_SMALL_CELLS - 1);
    }
    else if ((value & SHADOW_TAG) == SHADOW_START) {
        uint32_t low = slot[1];
        result.cell = value & SHADOW_LOW;
        result.code = (value & SHADOW_FLAG) != 0;
        if ((low & SHADOW_TAG) != SHADOW_SIZE) {
            /* Its free was not seen, and another block lies on its size. */
            if (clear) {
                *slot = 0;
            }
            return result;
        }
        result.size = low & SHADOW_LOW;
        if (low & SHADOW_FLAG && (slot[2] & SHADOW_TAG) == SHADOW_SIZE) {
            result.size |= (size_t)(slot[2] & ~SHADOW_TAG) << 29;
            if (clear) {
                slot[2] = 0;
            }
        }
        if (clear) {
            slot[1] = 0;
        }
    }
    else {
        return result;
    }
    if (clear) {
        *slot = 0;
    }
    return result;
}

int
shadow_put(const void *block, size_t size, uint32_t cell,
           struct shadow_block *stale)
{
    uint32_t *slot = slot_for((uintptr_t)block);
    *stale = (struct shadow_block){ 0 };
    if (slot == NULL) {
        return -1;
    }
    if (shadow_is_start(*slot)) {
        *stale = look(block, true);
    }
    if (!shadow_write(slot, size, cell)) {
        slot[0] = SHADOW_START | cell;
        slot[1] = SHADOW_SIZE | SHADOW_FLAG | ((uint32_t)size & SHADOW_LOW);
        slot[2] = SHADOW_SIZE | (uint32_t)(size >> 29);
    }
    return 0;
}

struct shadow_block
shadow_get(const void *block)
{
    return look(block, false);
}

struct shadow_block
shadow_take_slowly(const void *block)
{
    return look(block, true);
}

void
shadow_move(const void *block, uint32_t cell)
{
    shadow_rename(shadow_place(block), cell);
}

bool
shadow_mark_code(const void *block)
{
    uint32_t *slot = shadow_place(block);
    if (slot == NULL || (*slot & SHADOW_TAG) != SHADOW_START) {
        return false;
    }
    *slot |= SHADOW_FLAG;
    return true;
}
