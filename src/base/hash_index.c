/* SPDX-License-Identifier: MIT */
#include "base/hash_index.h"

#include <stdlib.h>

#include "base/xalloc.h"

#define SLOTS_FIRST 64u

void
hash_index_init(struct hash_index *table)
{
    *table = (struct hash_index){0};
}

void
hash_index_release(struct hash_index *table)
{
    free(table->slots);
    *table = (struct hash_index){0};
}

uint32_t
hash_index_find(const struct hash_index *table, uint32_t hash,
                hash_index_same *same, const void *owner, const void *key)
{
    if (table->slots == NULL) {
        return 0;
    }
    for (uint32_t i = hash & table->mask;; i = (i + 1) & table->mask) {
        const struct hash_index_slot *slot = &table->slots[i];
        if (slot->index == 0) {
            return 0;
        }
        if (slot->hash == hash && same(owner, slot->index, key)) {
            return slot->index;
        }
    }
}

static void
put(struct hash_index *table, uint32_t hash, uint32_t index)
{
    uint32_t i = hash & table->mask;

    while (table->slots[i].index != 0) {
        i = (i + 1) & table->mask;
    }
    table->slots[i] = (struct hash_index_slot){hash, index};
}

static void
grow(struct hash_index *table)
{
    struct hash_index old = *table;
    uint32_t count = old.slots != NULL ? (old.mask + 1) * 2 : SLOTS_FIRST;

    table->slots = xcalloc(count, sizeof(*table->slots));
    table->mask = count - 1;
    for (uint32_t i = 0; old.slots != NULL && i <= old.mask; i++) {
        if (old.slots[i].index != 0) {
            put(table, old.slots[i].hash, old.slots[i].index);
        }
    }
    free(old.slots);
}

void
hash_index_add(struct hash_index *table, uint32_t hash, uint32_t index)
{
    /* At most two thirds full. */
    if (table->slots == NULL || table->used >= table->mask / 3 * 2) {
        grow(table);
    }
    put(table, hash, index);
    table->used++;
}

/* The finisher of MurmurHash3: every bit of h moves every bit of the result. */
static uint32_t
mixed(uint64_t h)
{
    h ^= h >> 33;
    h *= 0xff51afd7ed558ccdull;
    h ^= h >> 33;
    h *= 0xc4ceb9fe1a85ec53ull;
    h ^= h >> 33;
    return (uint32_t)h;
}

uint32_t
hash_bytes(const void *bytes, size_t len)
{
    const unsigned char *byte = bytes;
    uint64_t h = 0xcbf29ce484222325ull;         /* FNV-1a */

    for (size_t i = 0; i < len; i++) {
        h = (h ^ byte[i]) * 0x100000001b3ull;
    }
    return mixed(h);
}

uint32_t
hash_pair(uint32_t a, uint32_t b)
{
    return mixed((uint64_t)a << 32 | b);
}
