/* SPDX-License-Identifier: MIT
 *
 * View 4: tracebacks as a tree, top-down or bottom-up.
 */
#ifndef PYMTOP_UI_VIEW_TREE_H
#define PYMTOP_UI_VIEW_TREE_H

#include "ui/view.h"

struct ui;

extern const struct view_ops tree_view;

/* Show view 4 bottom-up with the cursor on this line. */
void tree_show(struct ui *ui, const struct place *place);

#endif
