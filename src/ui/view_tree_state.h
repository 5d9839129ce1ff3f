/* SPDX-License-Identifier: MIT
 *
 * What view 4 knows; for view_tree.c and view_tree_draw.c only.
 */
#ifndef PYMTOP_UI_VIEW_TREE_STATE_H
#define PYMTOP_UI_VIEW_TREE_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/column.h"
#include "model/tree.h"
#include "ui/view.h"

#define TREE_COLUMNS_MAX 8

struct tree_state {
    struct tree tree;
    struct tree_folds folds;
    bool bottom_up;
    bool by_blocks;             /* siblings are sorted by blocks */
    bool changed;               /* rows must be made anew */
    uint64_t data;              /* ui->data that the rows show */
    tree_key cursor;            /* the node the cursor was on */

    /* As drawn at last, for the mouse. */
    int head_row;               /* -1: nowhere */
    int text_col;               /* where fold marks of depth 0 stand */
    int shift;                  /* cells of indent that are left out */
    struct column_place places[TREE_COLUMNS_MAX];
    size_t place_count;
};

void tree_view_draw(struct view *view, struct ui *ui, struct rect rect);
bool tree_view_click(struct view *view, struct ui *ui, int row, int col);

#endif
