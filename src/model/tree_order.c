/* SPDX-License-Identifier: MIT */
#include "model/tree_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

#define SLOTS_FIRST 64

void
tree_order_release(struct tree_order *order)
{
    free(order->slots);
    *order = (struct tree_order){0};
}

void
tree_order_clear(struct tree_order *order)
{
    if (order->slots != NULL) {
        memset(order->slots, 0, (order->mask + 1) * sizeof(*order->slots));
    }
    order->used = 0;
}

/* The slot of a key, or the empty one where it belongs. */
static struct tree_weight *
slot_of(const struct tree_order *order, tree_key key)
{
    size_t at = hash_pair((uint32_t)(key >> 32), (uint32_t)key) & order->mask;

    while (order->slots[at].key != TREE_KEY_NONE
           && order->slots[at].key != key) {
        at = (at + 1) & order->mask;
    }
    return &order->slots[at];
}

static void
make_room(struct tree_order *order)
{
    struct tree_order old = *order;

    if (old.slots != NULL && old.used < old.mask / 3 * 2) {
        return;
    }
    size_t count = old.slots != NULL ? (old.mask + 1) * 2 : SLOTS_FIRST;
    order->slots = xcalloc(count, sizeof(*order->slots));
    order->mask = count - 1;
    for (size_t i = 0; old.slots != NULL && i <= old.mask; i++) {
        if (old.slots[i].key != TREE_KEY_NONE) {
            *slot_of(order, old.slots[i].key) = old.slots[i];
        }
    }
    free(old.slots);
}

double
tree_order_weight(struct tree_order *order, tree_key key, double weight)
{
    make_room(order);
    struct tree_weight *slot = slot_of(order, key);
    if (slot->key == TREE_KEY_NONE) {
        *slot = (struct tree_weight){key, weight};
        order->used++;
    }
    return slot->weight;
}
