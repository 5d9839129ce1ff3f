/* SPDX-License-Identifier: MIT
 *
 * What view 4 knows; between the files view_tree*.c.
 */
#ifndef PYMTOP_UI_VIEW_TREE_STATE_H
#define PYMTOP_UI_VIEW_TREE_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/column.h"
#include "model/tree.h"
#include "ui/view.h"

#define TREE_COLUMNS_MAX 8

struct ui;

struct tree_state {
    struct tree tree;
    struct tree_folds folds;
    bool bottom_up;
    bool by_blocks;             /* siblings are sorted by blocks */
    bool changed;               /* rows must be made anew, in order */
    uint64_t sorted_ns;         /* when they were put in order last */
    uint64_t data;              /* ui->data that the rows show */
    tree_key cursor;            /* the node the cursor was on */

    /* As drawn at last, for the mouse. */
    int head_row;               /* -1: nowhere */
    int text_col;               /* where fold marks of depth 0 stand */
    int shift;                  /* cells of indent that are left out */
    struct column_place places[TREE_COLUMNS_MAX];
    size_t place_count;
};

/* A row that is shown, or NULL. */
const struct tree_row *tree_view_row(const struct tree_state *state, int row);
/* Note which node the cursor is on, before rows move. */
void tree_view_remember(struct view *view);
/* Make the rows anew; the cursor goes to the node that was noted. */
void tree_view_rebuild(struct view *view, struct ui *ui);
/* Open or close a row that is shown. */
void tree_view_fold(struct view *view, struct ui *ui,
                    const struct tree_row *row, bool open);

bool tree_view_act(struct view *view, struct ui *ui, enum action action,
                   const struct key *key);
bool tree_view_place(struct view *view, struct ui *ui, int at,
                     struct place *place);
void tree_view_draw(struct view *view, struct ui *ui, struct rect rect);
bool tree_view_click(struct view *view, struct ui *ui, int row, int col);

#endif
