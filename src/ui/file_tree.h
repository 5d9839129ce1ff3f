/* SPDX-License-Identifier: MIT
 *
 * The files of view 2 by directory (`t`): a directory holds what its files
 * hold, siblings add up to it, and it folds.
 */
#ifndef PYMTOP_UI_FILE_TREE_H
#define PYMTOP_UI_FILE_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "model/table.h"

struct table_view;
struct ui;
struct view;

struct file_node {
    char *path;             /* a directory's, with its last `/`; or a file's */
    int parent;             /* a node; -1: outermost */
    int leaf;               /* its row of the table; -1: a directory */
    int children;
    int depth;              /* as shown */
    bool open;
    struct table_row cost;  /* of a directory: kind ROW_SUM */
    double order;           /* what its siblings are sorted by */
};

struct file_tree {
    bool shown;
    struct file_node *nodes;
    size_t count, room;
    int *rows;              /* nodes in display order; list.count of them */
    size_t row_count, row_room;
    struct file_fold {      /* what the user opened and closed */
        char *path;
        bool open;
    } *folds;
    size_t fold_count, fold_room;
};

void file_tree_release(struct file_tree *tree);
/* Make the rows from the table as it is now; keeps the cursor on its path. */
void file_tree_build(struct file_tree *tree, struct view *view);
/* Open or close the directory under the cursor, or a file's directory. */
void file_tree_fold(struct file_tree *tree, struct view *view,
                    struct ui *ui, bool open);
/* Open all, or close all if all are open. */
void file_tree_fold_all(struct file_tree *tree);
/* The row of the table that a row shows; -1: a directory. */
int file_tree_leaf(const struct file_tree *tree, int row);
/* Cells before the fold mark of a row; -1: it has none. */
int file_tree_mark(const struct file_tree *tree, int row);
/* The row that shows this row of the table, opening what hides it. */
int file_tree_find(struct file_tree *tree, struct view *view, int leaf);
/* What a row shows: a directory or a row of the table. */
const struct table_row *file_tree_cost(const struct file_tree *tree, int row);
/* `▾ json/`, `decoder.py`, with its indent. */
void file_tree_text(const struct file_tree *tree, int row,
                    const struct table *table, char *out, size_t out_size);
/* The sum of all files that no row of [first, first + visible) stands for. */
void file_tree_more(const struct file_tree *tree, int first, int visible,
                    const struct table *table, struct table_row *more);

#endif
