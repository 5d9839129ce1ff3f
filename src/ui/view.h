/* SPDX-License-Identifier: MIT
 *
 * A view (tabs 1 to 9 and 0) or a page (the source page, which Enter opens
 * over a view): a struct of operations and its own state.  The loop knows
 * operations, never views.  Each view's header exposes one name, its ops.
 *
 * The order of calls is: init once; then, for each frame or change of a
 * switch while it is shown, refresh, draw; between them act and key.  A view
 * that is not shown is not refreshed: when it is opened, refresh comes first.
 */
#ifndef PYMTOP_UI_VIEW_H
#define PYMTOP_UI_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "ui/keymap.h"
#include "ui/list.h"
#include "ui/screen.h"

struct ui;
struct view;

/* What a row stands for: indices of the catalog, which mean the same in every
 * view; CATALOG_NONE for what it has not (a file has no line). */
struct place {
    uint32_t file, line, function;
};

/* One column, for the help page. */
struct view_column {
    const char *title, *help;
};

struct view_ops {
    const char *name;       /* "lines": help, messages, the name to write to */
    char digit;             /* '1'; 0 for a page, which has no tab */
    const char *tab;        /* 100 columns and more: "functions" */
    const char *tab_short;  /* 60 columns and more: "funcs" */
    const char *noun;       /* what its rows are: "rows", "tracebacks" */
    unsigned scope;         /* SCOPE_ bits: the keys that mean something */
    bool of_all;            /* not of the one process that is shown */
    bool bare;              /* only line 1, tabs and hint stay around it */
    bool text_only;         /* written as .txt, not as .json or .csv */

    /* Set up view->state; the view's ops are set already.  May be NULL. */
    void (*init)(struct view *view, struct ui *ui);
    void (*release)(struct view *view);
    /* What the user chose in `from`, the order of rows for example, goes to a
     * view of another process.  May be NULL. */
    void (*take_over)(struct view *view, const struct view *from);
    /* Make the rows anew from ui (ui->data counts what changed, see ui.h) and
     * call list_follow().  At most once a frame.  May be NULL. */
    void (*refresh)(struct view *view, struct ui *ui);
    /* Draw heads, rows, more and total into rect: all of the body.  rect may
     * be small, down to 1 row of 1 cell. */
    void (*draw)(struct view *view, struct ui *ui, struct rect rect);
    /* Do what a key asks for.  Movements the view does not handle go to
     * view->list.  true: handled (also by saying why not: ui_say). */
    bool (*act)(struct view *view, struct ui *ui, enum action action,
                const struct key *key);
    /* A click in rect that is not on a row (heads); true: handled. */
    bool (*click)(struct view *view, struct ui *ui, int row, int col);

    /* The place of a row; false: it has none (a total, a moment). */
    bool (*place)(struct view *view, struct ui *ui, int row,
                  struct place *place);
    /* Put the cursor on this place if it is there (line → file → function). */
    bool (*go)(struct view *view, struct ui *ui, const struct place *place);
    /* The text of a row that / searches in; NULL op: no search here. */
    void (*row_text)(struct view *view, struct ui *ui, int row, char *out,
                     size_t out_size);
    /* A hint of this view's own, or leave out[0] == 0.  May be NULL. */
    void (*hint)(struct view *view, struct ui *ui, char *out,
                 size_t out_size);
    /* Columns for the help page; returns their number.  May be NULL. */
    size_t (*columns)(struct view *view, struct ui *ui,
                      const struct view_column **columns);
    /* Write what is shown, all rows, to a file: the ending chose the format.
     * 0, or -1 with errno.  May be NULL: nothing to write. */
    int (*write)(struct view *view, struct ui *ui, FILE *file,
                 const char *ending);
};

struct view {
    const struct view_ops *ops;
    void *state;            /* the view's own */
    struct list list;       /* rows and cursor, for views that have them */
};

/* All views in the order of their tabs, NULL-terminated; digits that are
 * reserved for later have none. */
extern const struct view_ops *const view_table[];

#endif
