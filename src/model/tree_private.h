/* SPDX-License-Identifier: MIT
 *
 * How a tree is built; between the files tree*.c.
 *
 * A node is an entry of the catalog's tracebacks (folded or exact); node 0
 * holds what belongs to no line of yours.  A branch is a row in the making: a
 * node, or bottom-up a set of them, with the chain that follows without a
 * branch.  Expanding a branch gives the branches below it.
 */
#ifndef PYMTOP_TREE_PRIVATE_H
#define PYMTOP_TREE_PRIVATE_H

#include "model/table_private.h"
#include "model/tree.h"

struct tree_cost {
    struct region_cost cost;
    int64_t base_bytes, base_blocks;
    int64_t yours, base_yours;          /* bytes with a line of yours in their
                                           traceback */
};

/* What each branch weighed when siblings were put in order last. */
struct tree_order {
    struct tree_weight {
        tree_key key;
        double weight;
    } *slots;
    size_t mask, used;
};

struct tree_scratch {
    struct tree_order order;
    struct tree_cost *own, *sum;        /* by node */
    size_t own_room, sum_room;
    uint32_t *child, *sibling;          /* by node: first child, next one */
    size_t child_room, sibling_room;
    uint32_t *further;                  /* heads of the siblings of all
                                           TREE_MORE rows */
    size_t further_room;
    uint32_t further_count;
};

/* Bottom-up: a traceback that allocated, and how far up we are in it. */
struct tree_climb {
    uint32_t source, cursor;
};

struct branch {
    tree_key key;
    enum tree_row_kind kind;
    uint32_t head, tail, source;
    bool can_open;
    struct tree_cost cost;
    double weight;                      /* what siblings are sorted by */
    struct tree_climb *climbs;          /* bottom-up: its part of a list */
    size_t climb_count;
};

struct branches {
    struct branch *items;
    size_t count, room;
    struct tree_climb *climbs;          /* what the items' climbs point to */
};

struct tree_build {
    struct tree *tree;
    const struct table_request *request;
    const struct catalog *catalog;
    struct tree_scratch *scratch;
    const struct catalog_traceback *nodes;
    uint32_t node_count;
    struct tree_folds *folds;
    bool by_blocks;
    bool any_yours;
    double open_from;                   /* the least claim() that opens */
};

/* Nothing at the shown moment and nothing in the base. */
bool tree_cost_is_nothing(const struct tree_build *build,
                          const struct tree_cost *cost);
void tree_cost_add(struct tree_cost *sum, const struct tree_cost *cost);
struct branch *branches_add(struct branches *branches);

/* The branches below a branch, or the outermost ones (NULL). */
void tree_expand_down(const struct tree_build *build,
                      const struct branch *branch, struct branches *below);
void tree_expand_up(const struct tree_build *build,
                    const struct branch *branch, struct branches *below);
/* Before the first of them: sums and lists of children. */
void tree_prepare_down(const struct tree_build *build);

/* Is the node with this key open?  Decided and remembered at first sight. */
bool tree_folds_is_open(struct tree_folds *folds, tree_key key,
                        bool at_first);

/* Before the first of tree_opens_first(): what there is of yours, in all. */
void tree_set_claims(struct tree_build *build, struct tree_cost *total);
/* The one of siblings that is open when it is first seen, or SIZE_MAX. */
size_t tree_opens_first(const struct tree_build *build,
                        const struct branches *siblings, int depth);

void tree_order_release(struct tree_order *order);
void tree_order_clear(struct tree_order *order);
/* The weight of a branch at the last order; the first time, the one given. */
double tree_order_weight(struct tree_order *order, tree_key key,
                         double weight);

#endif
