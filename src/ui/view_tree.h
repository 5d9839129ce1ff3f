/* SPDX-License-Identifier: MIT
 *
 * View 4: tracebacks as a tree, top-down or bottom-up.
 */
#ifndef PYMTOP_UI_VIEW_TREE_H
#define PYMTOP_UI_VIEW_TREE_H

#include "ui/view.h"

extern const struct view_ops tree_view;

#endif
