/* SPDX-License-Identifier: MIT */
#include "model/tree.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "model/tree_private.h"

#define BIGGEST_SHOWN 3         /* of siblings, if two or more are further */

void
tree_init(struct tree *tree)
{
    *tree = (struct tree){0};
    tree->scratch = xcalloc(1, sizeof(*tree->scratch));
}

void
tree_release(struct tree *tree)
{
    if (tree->scratch != NULL) {
        free(tree->scratch->own);
        free(tree->scratch->sum);
        free(tree->scratch->child);
        free(tree->scratch->sibling);
        free(tree->scratch->further);
        tree_order_release(&tree->scratch->order);
        free(tree->scratch);
    }
    free(tree->rows);
    *tree = (struct tree){0};
}

bool
tree_cost_is_nothing(const struct tree_build *build,
                     const struct tree_cost *cost)
{
    return cost_bytes(&cost->cost, build->request->moment) == 0
        && cost_blocks(&cost->cost, build->request->moment) == 0
        && cost->base_bytes == 0 && cost->base_blocks == 0;
}

void
tree_cost_add(struct tree_cost *sum, const struct tree_cost *cost)
{
    cost_add(&sum->cost, &cost->cost);
    sum->base_bytes += cost->base_bytes;
    sum->base_blocks += cost->base_blocks;
    sum->yours += cost->yours;
    sum->base_yours += cost->base_yours;
}

struct branch *
branches_add(struct branches *branches)
{
    branches->items = xgrow(branches->items, &branches->room,
                            branches->count + 1, sizeof(*branches->items));
    return &branches->items[branches->count++];
}

/* Where the cost of a context is booked, or NULL: it is filtered out. */
static struct tree_cost *
booked(const struct tree_build *build, const struct table_build *choice,
       uint32_t context)
{
    const struct catalog *catalog = build->catalog;

    if (context >= catalog->context_count || context == CONTEXT_NONE) {
        context = CONTEXT_OTHER;
    }
    uint32_t charged = table_charged(choice, context);
    if (!table_selects(choice, charged)) {
        return NULL;
    }
    return &build->scratch->own[build->nodes == catalog->folded
                                ? catalog->contexts[charged].folded
                                : catalog->contexts[charged].traceback];
}

static bool
is_yours(const struct tree_build *build, uint32_t context)
{
    return catalog_context(build->catalog, context)->mine != CATALOG_NONE;
}

static void
book_base(const struct tree_build *build, const struct table_build *choice)
{
    const struct snapshot *base = build->request->base;
    enum moment moment = build->request->base_moment;
    struct table_row *total = &build->tree->total;

    for (uint32_t i = 0; i < base->cost_count; i++) {
        uint32_t context = snapshot_context(base, i);
        struct tree_cost *sum = booked(build, choice, context);
        if (sum != NULL) {
            int64_t bytes = cost_bytes(&base->costs[i], moment);
            int64_t blocks = cost_blocks(&base->costs[i], moment);
            sum->base_bytes += bytes;
            sum->base_blocks += blocks;
            sum->base_yours += is_yours(build, context) ? bytes : 0;
            total->base_bytes += bytes;
            total->base_blocks += blocks;
        }
    }
}

static void
book(const struct tree_build *build)
{
    const struct table_request *request = build->request;
    struct tree *tree = build->tree;
    struct tree_scratch *scratch = build->scratch;
    struct table_build choice = {
        .request = request,
        .catalog = build->catalog,
        .selective = tree->filtered,
    };

    scratch->own = xgrow(scratch->own, &scratch->own_room, build->node_count,
                         sizeof(*scratch->own));
    memset(scratch->own, 0, build->node_count * sizeof(*scratch->own));
    for (uint32_t i = 0; i < request->snapshot->cost_count; i++) {
        const struct region_cost *cost = &request->snapshot->costs[i];
        uint32_t context = snapshot_context(request->snapshot, i);
        struct tree_cost *sum = booked(build, &choice, context);
        int64_t bytes = cost_bytes(cost, request->moment);
        tree->traced_bytes += bytes;
        tree->traced_blocks += cost_blocks(cost, request->moment);
        if (sum != NULL) {
            cost_add(&sum->cost, cost);
            sum->yours += is_yours(build, context) ? bytes : 0;
            cost_add(&tree->total.own, cost);
        }
    }
    if (tree->has_base) {
        book_base(build, &choice);
    }
    for (uint32_t i = 1; i < build->node_count; i++) {
        tree->tracebacks += cost_bytes(&scratch->own[i].cost, request->moment)
            != 0 || cost_blocks(&scratch->own[i].cost, request->moment) != 0;
    }
}

static void
fill_row(const struct tree_build *build, struct table_row *row,
         const struct tree_cost *cost)
{
    enum moment moment = build->request->moment;

    row->own = cost->cost;
    row->bytes = cost_bytes(&cost->cost, moment);
    row->blocks = cost_blocks(&cost->cost, moment);
    if (build->tree->has_base) {
        bool in_end = row->bytes != 0 || row->blocks != 0;
        row->base_bytes = cost->base_bytes;
        row->base_blocks = cost->base_blocks;
        row->delta_bytes = row->bytes - row->base_bytes;
        row->delta_blocks = row->blocks - row->base_blocks;
        bool in_base = row->base_bytes != 0 || row->base_blocks != 0;
        row->is_new = in_end && !in_base;
        row->is_gone = in_base && !in_end;
        row->is_unchanged = row->delta_bytes == 0 && row->delta_blocks == 0;
    }
}

static void
weigh(const struct tree_build *build, struct branch *branch)
{
    struct table_row row = {0};

    fill_row(build, &row, &branch->cost);
    branch->weight = build->by_blocks
        ? fabs((double)(build->tree->has_base ? row.delta_blocks
                        : row.blocks))
        : fabs((double)(build->tree->has_base ? row.delta_bytes
                        : row.bytes));
    branch->weight = tree_order_weight(&build->scratch->order, branch->key,
                                       branch->weight);
}

static int
compare_branches(const void *a, const void *b, void *arg)
{
    const struct tree_build *build = arg;
    const struct branch *left = a, *right = b;

    if (left->weight != right->weight) {
        return left->weight > right->weight ? -1 : 1;
    }
    const struct catalog_line *left_line = catalog_line(
        build->catalog, build->nodes[left->head].line);
    const struct catalog_line *right_line = catalog_line(
        build->catalog, build->nodes[right->head].line);
    uint32_t left_rank = build->catalog->file_ranks[left_line->file];
    uint32_t right_rank = build->catalog->file_ranks[right_line->file];
    if (left_rank != right_rank) {
        return left_rank < right_rank ? -1 : 1;
    }
    if (left_line->line != right_line->line) {
        return left_line->line < right_line->line ? -1 : 1;
    }
    return left->key < right->key ? -1 : left->key > right->key;
}

static struct tree_row *
add_row(const struct tree_build *build, const struct branch *branch,
        int depth, uint32_t parent)
{
    struct tree *tree = build->tree;

    tree->rows = xgrow(tree->rows, &tree->row_room, (size_t)tree->count + 1,
                       sizeof(*tree->rows));
    struct tree_row *row = &tree->rows[tree->count++];
    *row = (struct tree_row){
        .key = branch->key,
        .kind = branch->kind,
        .depth = depth,
        .can_open = branch->can_open,
        .parent = parent,
        .head = branch->head,
        .tail = branch->tail,
        .source = branch->source,
    };
    if (branch->kind == TREE_CHAIN || branch->kind == TREE_ITSELF) {
        row->line = build->nodes[tree->bottom_up ? branch->head
                                 : branch->tail].line;
    }
    fill_row(build, &row->cost, &branch->cost);
    return row;
}

static void emit(const struct tree_build *build, const struct branch *above,
                 int depth, uint32_t parent);

/* One row, and what is below it if it is open. */
static void
emit_branch(const struct tree_build *build, const struct branch *branch,
            bool at_first, int depth, uint32_t parent)
{
    struct tree_row *row = add_row(build, branch, depth, parent);
    uint32_t index = build->tree->count - 1;

    if (branch->can_open) {
        row->is_open = tree_folds_is_open(build->folds, branch->key,
                                          at_first);
        if (row->is_open) {
            emit(build, branch, depth + 1, index);
        }
    }
}

/* Further siblings in one row, or below it if it is open; `first` of them, if
 * there are so many, opens at first. */
static void
emit_further(const struct tree_build *build, const struct branch *branches,
             size_t count, size_t first, tree_key above, int depth,
             uint32_t parent)
{
    struct tree_scratch *scratch = build->scratch;
    struct branch more = {
        .key = (above ^ 1ull << 62) * 3 | 1ull << 61,
        .kind = TREE_MORE,
        .head = scratch->further_count,
        .can_open = true,
    };

    for (size_t i = 0; i < count; i++) {
        tree_cost_add(&more.cost, &branches[i].cost);
        scratch->further = xgrow(scratch->further, &scratch->further_room,
                                 (size_t)scratch->further_count + 1,
                                 sizeof(*scratch->further));
        scratch->further[scratch->further_count++] = branches[i].head;
    }
    struct tree_row *row = add_row(build, &more, depth, parent);
    uint32_t index = build->tree->count - 1;
    row->siblings = (uint32_t)count;
    row->is_open = tree_folds_is_open(build->folds, more.key, first < count);
    for (size_t i = 0; row->is_open && i < count; i++) {
        emit_branch(build, &branches[i], i == first, depth + 1, index);
        row = &build->tree->rows[index];        /* the array may have moved */
    }
}

static void
emit(const struct tree_build *build, const struct branch *above, int depth,
     uint32_t parent)
{
    struct branches below = {0};

    if (build->tree->bottom_up) {
        tree_expand_up(build, above, &below);
    }
    else {
        tree_expand_down(build, above, &below);
    }
    for (size_t i = 0; i < below.count; i++) {
        weigh(build, &below.items[i]);
    }
    if (below.count > 1) {
        qsort_r(below.items, below.count, sizeof(*below.items),
                compare_branches, (void *)build);
    }
    size_t shown = below.count;
    if (depth > 0 && below.count >= BIGGEST_SHOWN + 2) {
        shown = BIGGEST_SHOWN;
    }
    size_t first = tree_opens_first(build, &below, depth);
    for (size_t i = 0; i < shown; i++) {
        emit_branch(build, &below.items[i], i == first, depth, parent);
    }
    if (shown < below.count) {
        emit_further(build, below.items + shown, below.count - shown,
                     first - shown, above->key, depth, parent);
    }
    free(below.items);
    free(below.climbs);
}

void
tree_build(struct tree *tree, const struct table_request *request,
           bool bottom_up, bool by_blocks, struct tree_folds *folds)
{
    struct catalog *catalog = request->catalog;
    catalog_link(catalog);
    struct tree_build build = {
        .tree = tree,
        .request = request,
        .catalog = catalog,
        .scratch = tree->scratch,
        .nodes = request->unfold_import ? catalog->tracebacks
            : catalog->folded,
        .node_count = request->unfold_import ? catalog->traceback_count
            : catalog->folded_count,
        .folds = folds,
        .by_blocks = by_blocks,
    };

    tree->bottom_up = bottom_up;
    tree->request = *request;
    tree->has_base = request->base != NULL && request->moment != MOMENT_EVER;
    tree->filtered = filter_active(request->filter)
        || request->only_line != 0 || request->only_file != 0
        || request->only_function != 0;
    tree->generation++;
    tree->count = tree->tracebacks = tree->scratch->further_count = 0;
    tree->traced_bytes = tree->traced_blocks = 0;
    tree->total = (struct table_row){.key = {ROW_SUM, CATALOG_NONE}};
    if (!tree->keep_order) {
        tree_order_clear(&tree->scratch->order);
    }
    catalog_rank(catalog);
    book(&build);

    struct tree_cost total = {
        .cost = tree->total.own,
        .base_bytes = tree->total.base_bytes,
        .base_blocks = tree->total.base_blocks,
    };
    fill_row(&build, &tree->total, &total);
    tree_set_claims(&build, &total);
    if (!bottom_up) {
        tree_prepare_down(&build);
    }
    emit(&build, NULL, 0, UINT32_MAX);
    tree->total.places = tree->count;
}
