/* SPDX-License-Identifier: MIT
 *
 * `w`: write what the view shows to a file; asks for its name, and again
 * before an existing one is overwritten.
 */
#ifndef PYMTOP_UI_WRITE_H
#define PYMTOP_UI_WRITE_H

#include <stdio.h>

#include "model/sort.h"
#include "model/table.h"

struct ui;

void write_ask(struct ui *ui);

/* For view_ops.write: build a table as asked, sort it, and write all of its
 * rows in the format that the ending means.  0, or -1 with errno. */
int write_table(struct ui *ui, const struct table_request *request,
                struct sort_order order, FILE *file, const char *ending);

#endif
