/* SPDX-License-Identifier: MIT
 *
 * View 4: tracebacks as a tree, flattened into the rows that are to be seen.
 *
 * Top-down: outermost callers first; frames of the import system are one
 * node.  Bottom-up: lines that allocated first, below them their callers.  A
 * call chain without a branch is one row (`a → b → c`, `a ← b ← c`).  Of the
 * children of a node the three biggest are rows; if there are two or more
 * further ones they are one row, `3 more: ...`, which unfolds.  (The
 * outermost level is not shortened: there the screen scrolls.)
 *
 * Siblings add up to their parent, to the byte; where a node allocates itself
 * and calls too, one child is the node itself.  Top rows add up to the total.
 */
#ifndef PYMTOP_TREE_H
#define PYMTOP_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "model/table.h"

/* A node's name that stays the same from build to build. */
typedef uint64_t tree_key;
#define TREE_KEY_NONE 0u

/* Which nodes the user opened and closed; owned by the view.  A node that is
 * met for the first time is open if of its siblings it holds most of what is
 * yours (that has a line of yours in its traceback), over a tenth of all that
 * is, and is at most four levels deep; where nothing is yours, the biggest.
 * That decision is remembered here as well, so that nothing opens or closes by
 * itself. */
struct tree_folds {
    struct tree_fold {
        tree_key key;
        bool open;
    } *slots;
    size_t mask, used;
    enum { TREE_FOLDS_YOURS, TREE_FOLDS_OPEN, TREE_FOLDS_CLOSED } rule;
};

void tree_folds_init(struct tree_folds *folds);
void tree_folds_release(struct tree_folds *folds);
void tree_folds_set(struct tree_folds *folds, tree_key key, bool open);
/* Open or close every node from now on (key *): forgets all single ones. */
void tree_folds_set_all(struct tree_folds *folds, bool open);

enum tree_row_kind {
    TREE_CHAIN,                 /* a line, or a chain of them */
    TREE_ITSELF,                /* what the parent allocated itself; bottom-
                                   up: where it was called from nowhere */
    TREE_MORE,                  /* further siblings, folded */
    TREE_NOT_MINE               /* charge mine: `no line of yours` */
};

struct tree_row {
    tree_key key;
    enum tree_row_kind kind;
    int depth;                  /* 0: outermost; two cells each */
    bool can_open, is_open;
    uint32_t line;              /* of the catalog: what Enter opens; the last
                                   of a top-down chain, the first of a
                                   bottom-up one; CATALOG_NONE in TREE_MORE,
                                   TREE_NOT_MINE */
    uint32_t parent;            /* index of the parent's row, UINT32_MAX */
    uint32_t siblings;          /* TREE_MORE: how many it stands for */

    struct table_row cost;      /* key unused; own == what the subtree holds:
                                   bytes, blocks, base, delta, own are set */

    /* Private: the ends of the chain, and where it was seen, as tracebacks;
     * TREE_MORE: where in a list its siblings are. */
    uint32_t head, tail, source;
};

struct tree {
    /* Set by the caller before tree_build(): siblings stay in the order of
     * the build before, whatever they weigh now. */
    bool keep_order;

    bool bottom_up;
    struct table_request request;
    bool has_base;
    struct tree_row *rows;      /* flattened, in display order */
    uint32_t count;
    uint32_t tracebacks;        /* distinct ones with a cost at the moment */
    struct table_row total;     /* as table.total */
    int64_t traced_bytes, traced_blocks;
    bool filtered;
    uint64_t generation;

    /* Private. */
    size_t row_room;
    struct tree_scratch *scratch;
};

void tree_init(struct tree *tree);
void tree_release(struct tree *tree);

/* Build the rows.  Of the request, `by` and `cumulative` are not used;
 * moment, base, mine, filter and only_* are (they choose by the innermost
 * line).  Siblings are sorted by size at the moment, in a difference by
 * |delta|, or by blocks with by_blocks; ties by path, line. */
void tree_build(struct tree *tree, const struct table_request *request,
                bool bottom_up, bool by_blocks, struct tree_folds *folds);

/* The row with this key, or -1. */
int64_t tree_find(const struct tree *tree, tree_key key);

/* The `more rows` row: *more becomes the total less what is to be seen in
 * rows[first .. first + visible - 1], where a row whose parent (or its parent,
 * ...) is to be seen too is part of that one.  places: how many rows. */
void tree_more(const struct tree *tree, uint32_t first, uint32_t visible,
               struct table_row *more);

/* The text of a row without indent and fold mark, cut to `cells` (0: uncut):
 * `shop/load.py:58 ingest → shop/cache.py:88 remember`,
 * `3 more: shop/load.py:53, :52, :59 ingest`, `itself`. */
void tree_row_text(const struct tree *tree, const struct tree_row *row,
                   struct strbuf *buf, int cells, bool ascii);

/* The whole traceback of a row's node, innermost line first: writes at most
 * max lines (of the catalog) and returns how many there are. */
size_t tree_row_lines(const struct tree *tree, const struct tree_row *row,
                      uint32_t *lines, size_t max);

#endif
