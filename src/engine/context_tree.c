/* SPDX-License-Identifier: MIT */
#include "context_tree.h"

#include <stdbool.h>

#include "hash.h"
#include "index.h"
#include "self_test.h"
#include "shadow.h"
#include "slot.h"

static struct index children;       /* values: number of the context */

static uint64_t
hash_of(uint32_t parent, uint32_t code, uint32_t instr)
{
    return hash_pair((uint64_t)parent << 32 | code, instr);
}

static bool
has_room(uint32_t number)
{
    return number < slot.header->contexts_max
           && window_ensure(&slot.contexts,
                            (number + 1ull) * sizeof(struct region_context))
              == 0;
}

static void
add_context(uint32_t number, const struct region_context *context)
{
    slot_contexts()[number] = *context;
    slot.head->totals.contexts = number + 1;
    __atomic_store_n(&slot.head->contexts, number + 1, __ATOMIC_RELEASE);
}

static uint32_t
add_cell(uint32_t context)
{
    uint32_t number = slot.head->cells;
    if (number >= slot.header->cells_max
            || window_ensure(&slot.cells,
                             (number + 1ull) * sizeof(struct region_cell))
               < 0) {
        return 0;
    }
    struct region_context *owner = &slot_contexts()[context];
    slot_cells()[number] = (struct region_cell){ .context = context };
    if (owner->cell != 0) {
        if (window_ensure(&slot.saved, (number + 1ull)
                                       * sizeof(struct region_saved)) < 0) {
            return 0;
        }
        slot_saved()[number].next = owner->cell;
        slot.head->several = 1;
    }
    slot.head->totals.cells = number + 1;
    __atomic_store_n(&slot.head->cells, number + 1, __ATOMIC_RELEASE);
    __atomic_store_n(&owner->cell, number, __ATOMIC_RELEASE);
    return number;
}

int
context_tree_init(void)
{
    if (index_init(&children, 1u << 14) < 0) {
        return -1;
    }
    slot.head->contexts = 0;
    slot.head->cells = slot.head->codes = slot.head->bytes_used = 1;
    slot.head->totals.cells = 1;
    slot.head->totals.peak_epoch = 1;       /* a new cell has 0: nothing saved */
    for (uint32_t i = 0; i < CONTEXT_FIRST && has_room(i); i++) {
        add_context(i, &(struct region_context){ 0 });
    }
    return slot.head->contexts == CONTEXT_FIRST && add_cell(CONTEXT_OTHER) != 0
           ? 0 : -1;
}

uint32_t
context_tree_child(uint32_t parent, uint32_t code, uint32_t instr)
{
    uint64_t hash = hash_of(parent, code, instr);
    struct index_probe probe;
    for (uint32_t i = index_first(&children, hash, &probe); i != 0;
            i = index_next(&children, &probe)) {
        const struct region_context *c = &slot_contexts()[i];
        if (c->parent == parent && c->code == code && c->instr == instr) {
            return i;
        }
    }
    self_test_marks();
    uint32_t number = slot.head->contexts;
    if (!has_room(number) || index_add(&children, hash, number) < 0) {
        slot.head->trouble |= TROUBLE_CONTEXTS_FULL;
        return parent >= CONTEXT_FIRST ? parent : CONTEXT_OTHER;
    }
    add_context(number, &(struct region_context){
        .parent = parent, .code = code, .instr = instr });
    return number;
}

uint32_t
context_tree_cell(uint32_t context)
{
    uint32_t cell = slot_contexts()[context].cell;
    if (cell != 0) {
        return cell;
    }
    cell = add_cell(context);
    if (cell == 0) {
        slot.head->trouble |= TROUBLE_CELLS_FULL;
        return slot_contexts()[CONTEXT_OTHER].cell;
    }
    return cell;
}
