/* SPDX-License-Identifier: MIT
 *
 * View 6: the kept snapshots, the start, the peak and now.
 */
#ifndef PYMTOP_UI_VIEW_SNAPSHOTS_H
#define PYMTOP_UI_VIEW_SNAPSHOTS_H

#include "ui/view.h"

extern const struct view_ops snapshots_view;

#endif
