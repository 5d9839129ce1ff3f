/* SPDX-License-Identifier: MIT
 *
 * A scrolling list with a cursor.  The cursor is parked on the first row
 * until it is moved; then the view keeps it on its row (list_follow) while
 * rows are sorted and filtered under it, on the same line of the screen.
 */
#ifndef PYMTOP_UI_LIST_H
#define PYMTOP_UI_LIST_H

#include <stdbool.h>

#include "ui/keymap.h"

struct list {
    int count;              /* rows there are */
    int cursor;             /* 0 .. count - 1; 0 when there are none */
    int top;                /* first row shown */
    bool parked;            /* on row 0, whatever that is */
    /* Where it was drawn at last, for the mouse; set by list_show. */
    int screen_row, height;
};

/* Zero is not the start: parked must be true. */
#define LIST_INIT {.parked = true}

/* New rows have been made, and the cursor's row is now at `row` (-1: gone, it
 * keeps its line of the screen).  A parked list stays on row 0. */
void list_follow(struct list *list, int count, int row);
/* The list is drawn in height lines from screen_row on: scrolls so that the
 * cursor is visible.  Call first thing when drawing. */
void list_show(struct list *list, int screen_row, int height);
/* Move by one of the ACTION_UP .. ACTION_LAST; false: not such an action. */
bool list_act(struct list *list, enum action action);
/* Go to a row (a search match, a click); unparks. */
void list_go(struct list *list, int row);
/* The row drawn at screen_row, -1: none. */
int list_row_at(const struct list *list, int screen_row);

#endif
