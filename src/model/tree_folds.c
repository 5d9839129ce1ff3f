/* SPDX-License-Identifier: MIT */
#include "model/tree_private.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"

#define SLOTS_FIRST 64
#define OPEN_AT_FIRST 0.1       /* share of all that is yours, and not deeper
                                   than: */
#define OPEN_DEPTH 5

void
tree_folds_init(struct tree_folds *folds)
{
    *folds = (struct tree_folds){0};
}

void
tree_folds_release(struct tree_folds *folds)
{
    free(folds->slots);
    *folds = (struct tree_folds){0};
}

/* The slot of a key, or the empty one where it belongs. */
static struct tree_fold *
slot_of(const struct tree_folds *folds, tree_key key)
{
    size_t at = hash_pair((uint32_t)(key >> 32), (uint32_t)key) & folds->mask;

    while (folds->slots[at].key != TREE_KEY_NONE
           && folds->slots[at].key != key) {
        at = (at + 1) & folds->mask;
    }
    return &folds->slots[at];
}

static void
make_room(struct tree_folds *folds)
{
    struct tree_folds old = *folds;

    if (old.slots != NULL && old.used < old.mask / 3 * 2) {
        return;
    }
    size_t count = old.slots != NULL ? (old.mask + 1) * 2 : SLOTS_FIRST;
    folds->slots = xcalloc(count, sizeof(*folds->slots));
    folds->mask = count - 1;
    for (size_t i = 0; old.slots != NULL && i <= old.mask; i++) {
        if (old.slots[i].key != TREE_KEY_NONE) {
            *slot_of(folds, old.slots[i].key) = old.slots[i];
        }
    }
    free(old.slots);
}

void
tree_folds_set(struct tree_folds *folds, tree_key key, bool open)
{
    make_room(folds);
    struct tree_fold *slot = slot_of(folds, key);
    if (slot->key == TREE_KEY_NONE) {
        slot->key = key;
        folds->used++;
    }
    slot->open = open;
}

void
tree_folds_set_all(struct tree_folds *folds, bool open)
{
    tree_folds_release(folds);
    folds->rule = open ? TREE_FOLDS_OPEN : TREE_FOLDS_CLOSED;
}

bool
tree_folds_is_open(struct tree_folds *folds, tree_key key, bool at_first)
{
    if (folds->rule != TREE_FOLDS_YOURS) {
        at_first = folds->rule == TREE_FOLDS_OPEN;
    }
    make_room(folds);
    struct tree_fold *slot = slot_of(folds, key);
    if (slot->key == TREE_KEY_NONE) {
        tree_folds_set(folds, key, at_first);
        return at_first;
    }
    return slot->open;
}

/* What a node holds of yours; where nothing is yours, of anything. */
static double
claim(const struct tree_build *build, const struct tree_cost *cost)
{
    int64_t now = build->any_yours ? cost->yours
        : cost_bytes(&cost->cost, build->request->moment);
    int64_t base = build->any_yours ? cost->base_yours : cost->base_bytes;

    return fabs((double)(build->tree->has_base ? now - base : now));
}

size_t
tree_opens_first(const struct tree_build *build, const struct branches *siblings,
            int depth)
{
    size_t first = SIZE_MAX;
    double most = 0;

    for (size_t i = 0; i < siblings->count && depth < OPEN_DEPTH; i++) {
        double own = claim(build, &siblings->items[i].cost);
        if (own > most && own >= build->open_from) {
            first = i;
            most = own;
        }
    }
    return first;
}

void
tree_set_claims(struct tree_build *build, struct tree_cost *total)
{
    const struct tree_cost *own = build->scratch->own;

    for (uint32_t node = 0; node < build->node_count; node++) {
        total->yours += own[node].yours;
        total->base_yours += own[node].base_yours;
    }
    build->any_yours = total->yours != 0 || total->base_yours != 0;
    build->open_from = OPEN_AT_FIRST * claim(build, total);
}
