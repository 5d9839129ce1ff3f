/* SPDX-License-Identifier: MIT */
#include "index.h"

#include <stddef.h>

#include "arena.h"

int
index_init(struct index *index, uint32_t size)
{
    *index = (struct index){
        .slots = arena_map(size * sizeof *index->slots), .mask = size - 1,
    };
    if (index->slots == NULL) {
        return -1;
    }
    arena_in_huge_pages(index->slots, size * sizeof *index->slots);
    return 0;
}

static void
place(struct index *index, uint32_t hash, uint32_t value)
{
    uint32_t at = hash & index->mask;
    while (index->slots[at].value != 0) {
        at = (at + 1) & index->mask;
    }
    index->slots[at] = (struct index_slot){ hash, value };
    index->used++;
}

static int
grow(struct index *index)
{
    struct index larger;
    uint32_t size = index->mask + 1;
    if (index_init(&larger, size * 2) < 0) {
        return -1;
    }
    for (uint32_t i = 0; i < size; i++) {
        if (index->slots[i].value != 0) {
            place(&larger, index->slots[i].hash, index->slots[i].value);
        }
    }
    arena_unmap(index->slots, size * sizeof *index->slots);
    *index = larger;
    return 0;
}

int
index_add(struct index *index, uint64_t hash, uint32_t value)
{
    uint64_t size = (uint64_t)index->mask + 1;
    /* Fuller than that, looking for what is not there would take long. */
    if (index->used >= size * 2 / 3 && grow(index) < 0
            && index->used >= size / 8 * 7) {
        return -1;
    }
    place(index, (uint32_t)(hash >> 32), value);
    return 0;
}
