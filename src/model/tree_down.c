/* SPDX-License-Identifier: MIT
 *
 * Top-down: the nodes are the tree already; a caller stands before what it
 * calls, so one pass from the end sums up.
 */
#include "model/tree_private.h"

#include <string.h>

#include "base/xalloc.h"

/* Kinds of keys: the number of a node and what of it is meant. */
enum { KEY_CHAIN = 1, KEY_ITSELF, KEY_NOT_MINE };

static tree_key
key_of(int what, uint32_t node)
{
    return (tree_key)what << 32 | node;
}

void
tree_prepare_down(const struct tree_build *build)
{
    struct tree_scratch *scratch = build->scratch;
    uint32_t count = build->node_count;

    scratch->sum = xgrow(scratch->sum, &scratch->sum_room, count,
                         sizeof(*scratch->sum));
    scratch->child = xgrow(scratch->child, &scratch->child_room, count,
                           sizeof(*scratch->child));
    scratch->sibling = xgrow(scratch->sibling, &scratch->sibling_room, count,
                             sizeof(*scratch->sibling));
    memcpy(scratch->sum, scratch->own, count * sizeof(*scratch->sum));
    memset(scratch->child, 0, count * sizeof(*scratch->child));
    for (uint32_t node = count; node-- > 1;) {
        uint32_t parent = build->nodes[node].parent;
        if (tree_cost_is_nothing(build, &scratch->sum[node])) {
            continue;
        }
        scratch->sibling[node] = scratch->child[parent];
        scratch->child[parent] = node;
        if (parent != CATALOG_NONE) {
            tree_cost_add(&scratch->sum[parent], &scratch->sum[node]);
        }
    }
}

/* The node and what follows it without a branch. */
static void
add_chain(const struct tree_build *build, uint32_t head,
          struct branches *below)
{
    const struct tree_scratch *scratch = build->scratch;
    uint32_t tail = head;

    while (scratch->child[tail] != CATALOG_NONE
           && scratch->sibling[scratch->child[tail]] == CATALOG_NONE
           && tree_cost_is_nothing(build, &scratch->own[tail])) {
        tail = scratch->child[tail];
    }
    *branches_add(below) = (struct branch){
        .key = key_of(KEY_CHAIN, head),
        .kind = TREE_CHAIN,
        .head = head,
        .tail = tail,
        .source = tail,
        .can_open = scratch->child[tail] != CATALOG_NONE,
        .cost = scratch->sum[head],
    };
}

void
tree_expand_down(const struct tree_build *build, const struct branch *branch,
                 struct branches *below)
{
    const struct tree_scratch *scratch = build->scratch;
    uint32_t node = branch != NULL ? branch->tail : CATALOG_NONE;

    if (!tree_cost_is_nothing(build, &scratch->own[node])) {
        *branches_add(below) = (struct branch){
            .key = key_of(node == CATALOG_NONE ? KEY_NOT_MINE : KEY_ITSELF,
                          node),
            .kind = node == CATALOG_NONE ? TREE_NOT_MINE : TREE_ITSELF,
            .head = node,
            .tail = node,
            .source = node,
            .cost = scratch->own[node],
        };
    }
    for (uint32_t child = scratch->child[node]; child != CATALOG_NONE;
         child = scratch->sibling[child]) {
        add_chain(build, child, below);
    }
}
