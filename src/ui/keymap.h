/* SPDX-License-Identifier: MIT
 *
 * The one table of keys.  It drives dispatch, the help page, the footer, the
 * man page and the check of the README; a key is written nowhere else.
 */
#ifndef PYMTOP_UI_KEYMAP_H
#define PYMTOP_UI_KEYMAP_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* What a key asks for.  First the movements, in the order list_act knows. */
enum action {
    ACTION_NONE,
    ACTION_UP,
    ACTION_DOWN,
    ACTION_PAGE_UP,
    ACTION_PAGE_DOWN,
    ACTION_WHEEL_UP,        /* three rows */
    ACTION_WHEEL_DOWN,
    ACTION_FIRST,           /* parks the cursor */
    ACTION_LAST,
    ACTION_LEFT,            /* columns sideways; fold */
    ACTION_RIGHT,
    ACTION_FOLD,            /* - */
    ACTION_UNFOLD,          /* + */
    ACTION_UNFOLD_ALL,      /* * */
    ACTION_VIEW,            /* a digit; the key says which */
    ACTION_VIEW_NEXT,
    ACTION_VIEW_PREVIOUS,
    ACTION_OPEN,            /* Enter */
    ACTION_BACK,            /* Esc */
    ACTION_SNAPSHOT,
    ACTION_DIFF,
    ACTION_DIFF_ENDS,
    ACTION_MOMENT,
    ACTION_RESET_PEAK,
    ACTION_OLDER,           /* [ */
    ACTION_NEWER,
    ACTION_BASE_OLDER,      /* { */
    ACTION_BASE_NEWER,
    ACTION_CHARGE,          /* c */
    ACTION_LIBRARY,         /* l */
    ACTION_TREE,            /* t */
    ACTION_SORT,            /* a capital; the key says which column */
    ACTION_SORT_LEFT,
    ACTION_SORT_RIGHT,
    ACTION_SORT_MENU,
    ACTION_REVERSE,
    ACTION_SEARCH,
    ACTION_SEARCH_NEXT,
    ACTION_SEARCH_PREVIOUS,
    ACTION_FILTER,
    ACTION_FREEZE,
    ACTION_EXACT,
    ACTION_GRAPH,
    ACTION_ZOOM,
    ACTION_WRITE,
    ACTION_EDIT,
    ACTION_DELETE,
    ACTION_SCRIPT_MENU,
    ACTION_TALK,            /* Ctrl-], i: keys go to the script */
    ACTION_INTERRUPT,       /* ^C */
    ACTION_SUSPEND,         /* ^Z */
    ACTION_REDRAW,          /* ^L */
    ACTION_HELP,
    ACTION_QUIT
};

/* Where a key means something.  A view's scope is a set of these. */
enum {
    SCOPE_ALL = 0,          /* in the table: everywhere */
    SCOPE_TABLE = 1,        /* sorts, filters, diffs: 1 to 4 */
    SCOPE_CHARGE = 2,       /* own or cumulative: 1 to 4 */
    SCOPE_TREE = 4,         /* folds: 4; 2 as a tree */
    SCOPE_TURN = 8,         /* t: 2, 4 and 7 */
    SCOPE_SNAPSHOTS = 16,   /* 6 */
    SCOPE_SOURCE = 32,
    SCOPE_OUTPUT = 64,      /* 0 */
    SCOPE_SEARCH = 128      /* / n N */
};

#define KEY_CODES 7

struct key_entry {
    uint32_t codes[KEY_CODES];    /* keycodes, 0-terminated unless all are used */
    enum action action;
    unsigned scope;         /* SCOPE_ bits, one is enough; SCOPE_ALL */
    const char *keys;       /* as help writes them: "/ F3" */
    const char *help;       /* what it does, for the help page and the man page */
    const char *footer;     /* "s Snap"; NULL: not in the footer */
    int footer_place;       /* from 1, left to right */
    int footer_drop;        /* who leaves first when it is narrow; 0: stays */
};

extern const struct key_entry keymap[];
extern const size_t keymap_count;

/* The entry for a key in a scope, NULL: none there. */
const struct key_entry *keymap_find(uint32_t code, unsigned scope);
/* As a user writes the key: `u`, `^T`, `F5`. */
void keymap_name(uint32_t code, char *out, size_t out_size);
/* The table as man page source, for man/pymtop.1. */
void keymap_print_man(FILE *out);

#endif
