/* SPDX-License-Identifier: MIT
 *
 * What views 1, 2 and 3 have in common: a table of the model, its order, its
 * columns and keys.  Each of them is a row of operations over these.
 */
#ifndef PYMTOP_UI_VIEW_TABLE_H
#define PYMTOP_UI_VIEW_TABLE_H

#include "model/column.h"
#include "model/sort.h"
#include "model/table.h"
#include "ui/file_tree.h"
#include "ui/row_order.h"
#include "ui/view.h"

struct ui;

struct table_view {
    enum table_by by;
    struct table table;
    struct sort_order order[2];     /* of the plain table, of a difference */
    bool sort_now;                  /* a key asked for it */
    uint64_t sorted_ns;             /* when rows were put in order last */
    struct row_order rows;          /* which row of the table stands where */
    /* What the rows were made from: ui->data, ->switched, ->copies and the
     * catalog's edition. */
    uint64_t data, switched, copies;
    uint64_t edition;
    bool unfold_import;
    struct file_tree tree;          /* view 2 by directory */
    int skip;                       /* columns left out after the first */
    struct column_place places[COLUMN_COUNT];   /* as drawn last */
    size_t place_count;
    int head_row;                   /* where the heads are; -1: nowhere */
};

extern const struct view_ops lines_view;
extern const struct view_ops files_view;
extern const struct view_ops functions_view;

/* Operations they share (see view.h). */
void table_view_open(struct view *view, enum table_by by);
void table_view_release(struct view *view);
void table_view_take_over(struct view *view, const struct view *from);
void table_view_refresh(struct view *view, struct ui *ui);
/* The first half of it: the rows, not the cursor.  False: nothing is new. */
bool table_view_make(struct view *view, struct ui *ui);
void table_view_draw(struct view *view, struct ui *ui, struct rect rect);
bool table_view_act(struct view *view, struct ui *ui, enum action action,
                    const struct key *key);
bool table_view_click(struct view *view, struct ui *ui, int row, int col);
bool table_view_place(struct view *view, struct ui *ui, int row,
                      struct place *place);
bool table_view_go(struct view *view, struct ui *ui,
                   const struct place *place);
void table_view_row_text(struct view *view, struct ui *ui, int row, char *out,
                         size_t out_size);
void table_view_hint(struct view *view, struct ui *ui, char *out,
                     size_t out_size);
size_t table_view_columns(struct view *view, struct ui *ui,
                          const struct view_column **columns);
int table_view_write(struct view *view, struct ui *ui, FILE *file,
                     const char *ending);

/* The row that stands at this place, or NULL. */
const struct table_row *table_view_row(const struct table_view *tv, int at);
/* The order in use, by whether a difference is shown. */
struct sort_order *table_view_order(struct table_view *tv);
/* The table of the lines view as it was made last; NULL: not yet. */
const struct table *table_view_lines(struct ui *ui);

#endif
