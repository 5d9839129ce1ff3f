/* SPDX-License-Identifier: MIT
 *
 * A private hash index: from a hash to numbers of entries kept elsewhere.
 * Open addressing, linear probing, doubles at two thirds.  Entries are never
 * removed.  The caller compares: look with index_first() and index_next()
 * until the entry is right or the value 0.
 */
#ifndef PYMTOP_INDEX_H
#define PYMTOP_INDEX_H

#include <stdint.h>

struct index_slot {
    uint32_t hash;
    uint32_t value;         /* 0: empty */
};

struct index {
    struct index_slot *slots;
    uint32_t mask;          /* number of slots - 1; a power of two */
    uint32_t used;
};

struct index_probe {
    uint32_t hash, at;
};

/* size: a power of two.  -1: no memory. */
int index_init(struct index *index, uint32_t size);

/* Add value (not 0).  -1: the index is full and there is no memory; what is
 * in it is found as before. */
int index_add(struct index *index, uint64_t hash, uint32_t value);

static inline uint32_t
index_next(const struct index *index, struct index_probe *probe)
{
    for (;;) {
        struct index_slot slot = index->slots[probe->at];
        probe->at = (probe->at + 1) & index->mask;
        if (slot.value == 0 || slot.hash == probe->hash) {
            return slot.value;
        }
    }
}

static inline uint32_t
index_first(const struct index *index, uint64_t hash,
            struct index_probe *probe)
{
    probe->hash = (uint32_t)(hash >> 32);
    probe->at = probe->hash & index->mask;
    return index_next(index, probe);
}

#endif
