/* SPDX-License-Identifier: MIT */
#include "shadow.h"

#include "arena.h"
#include "pymtop/region_layout.h"

#define CHUNK_SLOTS (1u << (SHADOW_CHUNK_BITS - 4))
#define ROOT_LEN (1u << (SHADOW_ADDRESS_BITS - SHADOW_CHUNK_BITS))

#define TAG_SHIFT 30
#define TAG_SMALL (1u << TAG_SHIFT)
#define TAG_START (2u << TAG_SHIFT)
#define TAG_SIZE (3u << TAG_SHIFT)
#define TAG_MASK (3u << TAG_SHIFT)
#define FLAG (1u << 29)                         /* code, or more */
#define LOW_MASK (FLAG - 1)
#define SMALL_SIZE_SHIFT 25
#define SMALL_MAX 16

_Static_assert(CHUNK_SLOTS * 4 == REGION_SHADOW_CHUNK, "as published");

static uint32_t **root;
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
    root = arena_map_quiet(ROOT_LEN * sizeof *root);
    return root == NULL ? -1 : 0;
}

static uint32_t *
slot_at(uintptr_t address)
{
    uint32_t *chunk = root[address >> SHADOW_CHUNK_BITS];
    if (__builtin_expect(chunk == NULL, 0)) {
        return NULL;
    }
    return chunk + ((address >> 4) & (CHUNK_SLOTS - 1));
}

static void
add_chunk(uintptr_t index)
{
    uint32_t *chunk = arena_map_quiet(CHUNK_SLOTS * sizeof *chunk);
    if (chunk == NULL) {
        return;
    }
    root[index] = chunk;
    if (shadow_chunk_count < REGION_SHADOW_CHUNKS) {
        chunks[shadow_chunk_count++] = chunk;
    }
    if (tell_of_chunk != NULL) {
        tell_of_chunk();
    }
}

static uint32_t *
slot_for(uintptr_t address)
{
    uintptr_t index = address >> SHADOW_CHUNK_BITS;
    if (index >= ROOT_LEN) {
        return NULL;
    }
    if (__builtin_expect(root[index] == NULL, 0)) {
        add_chunk(index);
    }
    return slot_at(address);
}

/* The slot after `slot`, which stands for address: in the next chunk when
 * this one ends. */
static inline uint32_t *
slot_after(uint32_t *slot, uintptr_t address)
{
    if (__builtin_expect(((address >> 4) & (CHUNK_SLOTS - 1))
                         == CHUNK_SLOTS - 1, 0)) {
        return slot_for(address + 16);
    }
    return slot + 1;
}

/* Decode the block at address; with `clear`, wipe each slot it has. */
static inline struct shadow_block
look(const void *block, bool clear)
{
    uintptr_t address = (uintptr_t)block;
    struct shadow_block result = { 0 };
    if ((address >> SHADOW_ADDRESS_BITS) != 0) {
        return result;
    }
    uint32_t *slot = slot_at(address);
    if (slot == NULL) {
        return result;
    }
    uint32_t value = *slot;
    if ((value & TAG_MASK) == TAG_SMALL) {
        result.size = (value >> SMALL_SIZE_SHIFT) & 31;
        result.cell = value & (SHADOW_SMALL_CELLS - 1);
    }
    else if ((value & TAG_MASK) == TAG_START) {
        uint32_t *second = slot_after(slot, address);
        uint32_t low = *second;
        result.cell = value & LOW_MASK;
        result.code = (value & FLAG) != 0;
        result.size = low & LOW_MASK;
        if (low & FLAG) {
            uint32_t *third = slot_after(second, address + 16);
            result.size |= (size_t)(*third & ~TAG_MASK) << 29;
            if (clear) {
                *third = 0;
            }
        }
        if (clear) {
            *second = 0;
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
    uintptr_t address = (uintptr_t)block;
    uint32_t *slot = slot_for(address);
    stale->cell = 0;
    if (slot == NULL || (address & 15) != 0) {
        return -1;
    }
    uint32_t tag = *slot & TAG_MASK;
    if (__builtin_expect(tag == TAG_SMALL || tag == TAG_START, 0)) {
        *stale = look(block, true);
    }
    if (size <= SMALL_MAX && cell < SHADOW_SMALL_CELLS) {
        *slot = TAG_SMALL | (uint32_t)size << SMALL_SIZE_SHIFT | cell;
        return 0;
    }
    uint32_t *second = slot_after(slot, address);
    if (second == NULL) {
        return -1;
    }
    uint32_t low = (uint32_t)size & LOW_MASK;
    if (__builtin_expect((size >> 29) != 0, 0)) {
        uint32_t *third = slot_after(second, address + 16);
        if (third == NULL) {
            return -1;
        }
        *third = TAG_SIZE | (uint32_t)(size >> 29);
        low |= FLAG;
    }
    *slot = TAG_START | cell;
    *second = TAG_SIZE | low;
    return 0;
}

struct shadow_block
shadow_get(const void *block)
{
    return look(block, false);
}

struct shadow_block
shadow_take(const void *block)
{
    return look(block, true);
}

void
shadow_move(const void *block, uint32_t cell)
{
    uint32_t *slot = slot_at((uintptr_t)block);
    uint32_t kept = (*slot & TAG_MASK) == TAG_SMALL
                    ? ~(SHADOW_SMALL_CELLS - 1) : ~LOW_MASK;
    *slot = (*slot & kept) | cell;
}

bool
shadow_mark_code(const void *block)
{
    uint32_t *slot = slot_for((uintptr_t)block);
    if (slot == NULL || (*slot & TAG_MASK) != TAG_START) {
        return false;
    }
    *slot |= FLAG;
    return true;
}
