/* SPDX-License-Identifier: MIT
 *
 * The source page: the source around a line, its tracebacks, its trend.
 */
#ifndef PYMTOP_UI_PAGE_SOURCE_H
#define PYMTOP_UI_PAGE_SOURCE_H

#include "ui/view.h"

struct ui;

/* Open the page on a place (ui_open_place calls this). */
void source_open(struct ui *ui, const struct place *place);

extern const struct view_ops source_page;

#endif
