/* SPDX-License-Identifier: MIT */
#include "context_tree.h"

#include <stdbool.h>

#include "arena.h"
#include "hash.h"
#include "index.h"
#include "self_test.h"
#include "shadow.h"
#include "share.h"
#include "slot.h"

/* Most contexts have few children, and these are made one soon after another:
 * a list of the first few touches less memory than a table of all.  Of a
 * context with more the others are in an index. */
#define LISTED_MAX 6

struct family {
    uint32_t first;             /* child; 0: none */
    uint32_t next;              /* listed child of the same parent */
};

static struct {
    struct family *at;          /* by context */
    uint32_t room;              /* contexts, a power of two */
} families;

static struct index others;     /* values: number of the context */

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

static bool
has_family(uint32_t number)
{
    const size_t size = sizeof *families.at;
    if (number < families.room) {
        return true;
    }
    struct family *larger = arena_grow(families.at, families.room * size,
                                       families.room * 2 * size);
    if (larger == NULL) {
        return false;
    }
    families.at = larger;
    families.room *= 2;
    return true;
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
    if (shares != NULL && !share_enter_cell(number, owner->cell)) {
        return 0;
    }
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
    families.room = 1u << 14;
    families.at = arena_map(families.room * sizeof *families.at);
    if (families.at == NULL || index_init(&others, 1u << 10) < 0) {
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

static bool
is_it(uint32_t number, uint32_t parent, uint32_t code, uint32_t instr)
{
    const struct region_context *c = &slot_contexts()[number];
    return c->parent == parent && c->code == code && c->instr == instr;
}

/* One of a context that has more than are listed; 0: not there. */
static uint32_t
find_other(uint64_t hash, uint32_t parent, uint32_t code, uint32_t instr)
{
    struct index_probe probe;
    uint32_t number = index_first(&others, hash, &probe);
    while (number != 0 && !is_it(number, parent, code, instr)) {
        number = index_next(&others, &probe);
    }
    return number;
}

uint32_t
context_tree_child(uint32_t parent, uint32_t code, uint32_t instr)
{
    uint32_t listed = 0;
    for (uint32_t i = families.at[parent].first; i != 0;
            i = families.at[i].next, listed++) {
        if (is_it(i, parent, code, instr)) {
            return i;
        }
    }
    uint64_t hash = 0;
    if (listed == LISTED_MAX) {
        hash = hash_of(parent, code, instr);
        uint32_t other = find_other(hash, parent, code, instr);
        if (other != 0) {
            return other;
        }
    }
    self_test_marks();
    uint32_t number = slot.head->contexts;
    if (!has_room(number) || !has_family(number)
            || (listed == LISTED_MAX
                && index_add(&others, hash, number) < 0)) {
        slot.head->trouble |= TROUBLE_CONTEXTS_FULL;
        return parent >= CONTEXT_FIRST ? parent : CONTEXT_OTHER;
    }
    if (listed < LISTED_MAX) {
        families.at[number].next = families.at[parent].first;
        families.at[parent].first = number;
    }
    add_context(number, &(struct region_context){
        .parent = parent, .code = code, .instr = instr });
    return number;
}

/* The newest cell of a context; with shares, that of this thread's. */
static uint32_t
newest_cell(uint32_t context)
{
    uint32_t cell = slot_contexts()[context].cell;
    return shares == NULL ? cell : share_first_cell(cell);
}

uint32_t
context_tree_cell(uint32_t context)
{
    uint32_t cell = newest_cell(context);
    if (cell != 0) {
        return cell;
    }
    cell = add_cell(context);
    if (cell == 0) {
        slot.head->trouble |= TROUBLE_CELLS_FULL;
        return newest_cell(CONTEXT_OTHER);
    }
    return cell;
}
