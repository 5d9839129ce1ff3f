/* SPDX-License-Identifier: MIT
 *
 * A hash table that finds an index in an array of the owner's: the keys stay
 * in that array, here are only hashes and indices.  Entries are never taken
 * out.  Index 0 means "not there", as in the arrays of the region.
 */
#ifndef PYMTOP_HASH_INDEX_H
#define PYMTOP_HASH_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hash_index {
    struct hash_index_slot {
        uint32_t hash, index;           /* index 0: empty */
    } *slots;
    uint32_t mask, used;                /* slots - 1; entries */
};

/* Is the array's entry `index` the key that is looked for? */
typedef bool hash_index_same(const void *owner, uint32_t index,
                             const void *key);

void hash_index_init(struct hash_index *table);
void hash_index_release(struct hash_index *table);

/* Returns the index stored under key, or 0. */
uint32_t hash_index_find(const struct hash_index *table, uint32_t hash,
                         hash_index_same *same, const void *owner,
                         const void *key);
/* Add an index (not 0) that is not there yet. */
void hash_index_add(struct hash_index *table, uint32_t hash, uint32_t index);

uint32_t hash_bytes(const void *bytes, size_t len);
uint32_t hash_pair(uint32_t a, uint32_t b);

#endif
