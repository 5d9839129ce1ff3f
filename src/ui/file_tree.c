/* SPDX-License-Identifier: MIT */
#include "ui/file_tree.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "model/cost.h"
#include "ui/ui.h"
#include "ui/view_table.h"

#define OPEN_FROM 0.1           /* of the total: open unless it was closed */

static void
clear_nodes(struct file_tree *tree)
{
    for (size_t i = 0; i < tree->count; i++) {
        free(tree->nodes[i].path);
    }
    tree->count = 0;
}

void
file_tree_release(struct file_tree *tree)
{
    clear_nodes(tree);
    for (size_t i = 0; i < tree->fold_count; i++) {
        free(tree->folds[i].path);
    }
    free(tree->nodes);
    free(tree->rows);
    free(tree->folds);
}

static void
add_row(struct table_row *sum, const struct table_row *row)
{
    sum->bytes += row->bytes;
    sum->blocks += row->blocks;
    sum->base_bytes += row->base_bytes;
    sum->base_blocks += row->base_blocks;
    sum->delta_bytes += row->delta_bytes;
    sum->delta_blocks += row->delta_blocks;
    sum->places += row->places;
    sum->lines += row->lines;
    cost_add(&sum->own, &row->own);
}

static struct file_fold *
find_fold(const struct file_tree *tree, const char *path)
{
    for (size_t i = 0; i < tree->fold_count; i++) {
        if (strcmp(tree->folds[i].path, path) == 0) {
            return &tree->folds[i];
        }
    }
    return NULL;
}

static void
set_fold(struct file_tree *tree, const char *path, bool open)
{
    struct file_fold *fold = find_fold(tree, path);

    if (fold == NULL) {
        tree->folds = xgrow(tree->folds, &tree->fold_room,
                            tree->fold_count + 1, sizeof(*tree->folds));
        fold = &tree->folds[tree->fold_count++];
        fold->path = xstrdup(path);
    }
    fold->open = open;
}

/* --- nodes ----------------------------------------------------------------*/

static int
add_node(struct file_tree *tree, char *path, int parent, int leaf)
{
    tree->nodes = xgrow(tree->nodes, &tree->room, tree->count + 1,
                        sizeof(*tree->nodes));
    tree->nodes[tree->count] = (struct file_node){
        .path = path, .parent = parent, .leaf = leaf,
        .cost = {.key = {ROW_SUM, 0}}
    };
    if (parent >= 0) {
        tree->nodes[parent].children++;
    }
    return (int)tree->count++;
}

/* The directory of the first len bytes of path (they end in `/`), made if it
 * is not there; -1 for none. */
static int
directory(struct file_tree *tree, const char *path, size_t len)
{
    if (len <= 1) {
        return -1;
    }
    for (size_t i = 0; i < tree->count; i++) {
        const struct file_node *node = &tree->nodes[i];
        if (node->leaf < 0 && strncmp(node->path, path, len) == 0
            && node->path[len] == '\0') {
            return (int)i;
        }
    }
    size_t up = len - 1;
    while (up > 0 && path[up - 1] != '/') {
        up--;
    }
    int parent = directory(tree, path, up);
    return add_node(tree, xstrndup(path, len), parent, -1);
}

static const char *
path_of(const struct table *table, const struct table_row *row)
{
    return row->key.kind == ROW_PLACE
        ? catalog_file(table->request.catalog, row->key.id)->shown : "";
}

static double
sort_value(const struct table_view *tv, const struct table_row *row)
{
    const struct sort_order *order = &tv->order[tv->table.has_base];
    const struct column *column = column_get(order->column);
    double value = column->value == NULL ? 0
        : column->value(&tv->table, row);

    if (order->column == COLUMN_DELTA_SIZE
        || order->column == COLUMN_DELTA_BLOCKS) {
        value = fabs(value);
    }
    return order->reverse == column->ascending ? value : -value;
}

static void
make_nodes(struct file_tree *tree, const struct table_view *tv)
{
    const struct table *table = &tv->table;

    clear_nodes(tree);
    table_fresh_rows(table);
    for (uint32_t i = 0; i < table->count; i++) {
        const struct table_row *row = &table->rows[i];
        const char *path = path_of(table, row);
        const char *name = strrchr(path, '/');
        int parent = path[0] == '<' || name == NULL ? -1
            : directory(tree, path, (size_t)(name + 1 - path));
        int leaf = add_node(tree, xstrdup(path), parent, (int)i);
        tree->nodes[leaf].cost = *row;
        for (; parent >= 0; parent = tree->nodes[parent].parent) {
            add_row(&tree->nodes[parent].cost, row);
        }
    }
    for (size_t i = 0; i < tree->count; i++) {
        struct file_node *node = &tree->nodes[i];
        const struct file_fold *fold = node->leaf >= 0 ? NULL
            : find_fold(tree, node->path);
        node->order = sort_value(tv, &node->cost);
        node->open = fold != NULL ? fold->open : node->leaf < 0
            && (double)node->cost.bytes
            > OPEN_FROM * (double)table->total.bytes;
    }
}

/* --- rows -----------------------------------------------------------------*/

/* Siblings stand together, in their order. */
static int
compare_nodes(const void *a, const void *b, void *nodes)
{
    const struct file_node *x = (struct file_node *)nodes + *(const int *)a;
    const struct file_node *y = (struct file_node *)nodes + *(const int *)b;

    return x->parent != y->parent ? (x->parent < y->parent ? -1 : 1)
        : x->order > y->order ? -1 : x->order < y->order ? 1
        : strcmp(x->path, y->path);
}

static void
add_rows(struct file_tree *tree, const int *sorted, int parent, int depth)
{
    size_t low = 0, high = tree->count;

    while (low < high) {            /* where its children begin */
        size_t middle = (low + high) / 2;
        if (tree->nodes[sorted[middle]].parent < parent) {
            low = middle + 1;
        }
        else {
            high = middle;
        }
    }
    for (; low < tree->count && tree->nodes[sorted[low]].parent == parent;
         low++) {
        struct file_node *node = &tree->nodes[sorted[low]];
        node->depth = depth;
        tree->rows[tree->row_count++] = sorted[low];
        if (node->leaf < 0 && node->open) {
            add_rows(tree, sorted, sorted[low], depth + 1);
        }
    }
}

void
file_tree_build(struct file_tree *tree, struct view *view)
{
    const struct table_view *tv = view->state;
    char *cursor = NULL;

    if ((size_t)view->list.cursor < tree->row_count) {
        cursor = xstrdup(tree->nodes[tree->rows[view->list.cursor]].path);
    }
    make_nodes(tree, tv);
    tree->rows = xgrow(tree->rows, &tree->row_room, tree->count + 1,
                       sizeof(*tree->rows));
    int *sorted = xcalloc(tree->count + 1, sizeof(*sorted));
    for (size_t i = 0; i < tree->count; i++) {
        sorted[i] = (int)i;
    }
    qsort_r(sorted, tree->count, sizeof(*sorted), compare_nodes,
            tree->nodes);
    tree->row_count = 0;
    add_rows(tree, sorted, -1, 0);
    free(sorted);
    int at = -1;
    for (size_t i = 0; cursor != NULL && i < tree->row_count && at < 0; i++) {
        if (strcmp(tree->nodes[tree->rows[i]].path, cursor) == 0) {
            at = (int)i;
        }
    }
    free(cursor);
    list_follow(&view->list, (int)tree->row_count, at);
}

/* --- what is asked of it --------------------------------------------------*/

static const struct file_node *
node_at(const struct file_tree *tree, int row)
{
    return row >= 0 && (size_t)row < tree->row_count
        ? &tree->nodes[tree->rows[row]] : NULL;
}

int
file_tree_leaf(const struct file_tree *tree, int row)
{
    const struct file_node *node = node_at(tree, row);

    return node != NULL ? node->leaf : -1;
}

int
file_tree_mark(const struct file_tree *tree, int row)
{
    const struct file_node *node = node_at(tree, row);

    return node != NULL && node->leaf < 0 ? node->depth * 2 : -1;
}

const struct table_row *
file_tree_cost(const struct file_tree *tree, int row)
{
    return &tree->nodes[tree->rows[row]].cost;
}

int
file_tree_find(struct file_tree *tree, struct view *view, int leaf)
{
    for (size_t i = 0; i < tree->count; i++) {
        if (tree->nodes[i].leaf == leaf) {
            for (int up = tree->nodes[i].parent; up >= 0;
                 up = tree->nodes[up].parent) {
                set_fold(tree, tree->nodes[up].path, true);
            }
        }
    }
    file_tree_build(tree, view);
    for (size_t i = 0; i < tree->row_count; i++) {
        if (tree->nodes[tree->rows[i]].leaf == leaf) {
            return (int)i;
        }
    }
    return -1;
}

void
file_tree_fold(struct file_tree *tree, struct view *view, struct ui *ui,
               bool open)
{
    const struct file_node *node = node_at(tree, view->list.cursor);

    if (node != NULL && !open && (node->leaf >= 0 || !node->open)
        && node->parent >= 0) {
        for (size_t i = 0; i < tree->row_count; i++) {
            if (tree->rows[i] == node->parent) {
                list_go(&view->list, (int)i);
            }
        }
        node = &tree->nodes[node->parent];
    }
    if (node == NULL || node->leaf >= 0 || node->open == open) {
        ui_say(ui, open ? "nothing to unfold here" : "nothing to fold here");
        return;
    }
    set_fold(tree, node->path, open);
    ui_changed(ui);
}

void
file_tree_fold_all(struct file_tree *tree)
{
    bool all_open = true;

    for (size_t i = 0; i < tree->count; i++) {
        all_open &= tree->nodes[i].leaf >= 0 || tree->nodes[i].open;
    }
    for (size_t i = 0; i < tree->count; i++) {
        if (tree->nodes[i].leaf < 0) {
            set_fold(tree, tree->nodes[i].path, !all_open);
        }
    }
}

void
file_tree_text(const struct file_tree *tree, int row,
               const struct table *table, char *out, size_t out_size)
{
    const struct file_node *node = node_at(tree, row);
    size_t skip = node->parent >= 0
        ? strlen(tree->nodes[node->parent].path) : 0;
    struct strbuf name;

    strbuf_init(&name);
    if (node->leaf >= 0 && node->parent < 0) {
        table_row_location(table, &node->cost, &name, 0, false);
    }
    else {
        strbuf_add_text(&name, node->path + skip);
    }
    snprintf(out, out_size, "%*s%s %s", node->depth * 2, "",
             node->leaf >= 0 ? " " : node->open ? "▾" : "▸", name.text);
    strbuf_release(&name);
}

void
file_tree_more(const struct file_tree *tree, int first, int visible,
               const struct table *table, struct table_row *more)
{
    bool *seen = xcalloc(tree->count + 1, sizeof(*seen));

    *more = (struct table_row){.key = {ROW_SUM, 0}};
    for (int i = first; i < first + visible; i++) {
        seen[tree->rows[i]] = true;
    }
    for (size_t i = 0; i < tree->count; i++) {
        const struct file_node *node = &tree->nodes[i];
        bool shown = seen[i];
        for (int up = node->parent; up >= 0 && !shown;
             up = tree->nodes[up].parent) {
            shown = seen[up];
        }
        if (node->leaf >= 0 && !shown) {
            add_row(more, &table->rows[node->leaf]);
        }
    }
    free(seen);
}
