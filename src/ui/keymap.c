/* SPDX-License-Identifier: MIT */
#include "ui/keymap.h"

#include <stdbool.h>
#include <string.h>

#include "ui/screen.h"

#define CTRL(c) ((c) & 0x1f)
#define F(n) (KEYCODE_F1 + (n) - 1)
#define TABLES (SCOPE_TABLE | SCOPE_SNAPSHOTS)

/* In the order of the help page.  The first entry that fits wins. */
const struct key_entry keymap[] = {
    {{'s'}, ACTION_SNAPSHOT, SCOPE_ALL, "s",
     "snapshot now; of a past moment that is shown: keep and name it",
     "s Snap", 1, 9},
    {{'d'}, ACTION_DIFF, TABLES, "d",
     "difference on, off: newest snapshot → shown moment", "d Diff", 2, 8},
    {{'D'}, ACTION_DIFF_ENDS, TABLES, "D",
     "difference: choose both ends: start, #n, peak, now", NULL, 0, 0},
    {{'p'}, ACTION_MOMENT, SCOPE_TABLE, "p", "now → at peak → ever",
     "p Peak", 6, 6},
    {{'R'}, ACTION_RESET_PEAK, SCOPE_ALL, "R",
     "reset the peak; the old one stays as a snapshot", NULL, 0, 0},
    {{'['}, ACTION_OLDER, TABLES, "[", "show one kept moment older", NULL, 0, 0},
    {{']'}, ACTION_NEWER, TABLES, "]", "show one kept moment newer", NULL, 0, 0},
    {{'{'}, ACTION_BASE_OLDER, TABLES, "{",
     "difference: base one kept moment older", NULL, 0, 0},
    {{'}'}, ACTION_BASE_NEWER, TABLES, "}",
     "difference: base one kept moment newer", NULL, 0, 0},
    {{'c'}, ACTION_CHARGE, SCOPE_CHARGE, "c",
     "own bytes ⇄ cumulative (recursion counted once)", "c Cumul", 7, 3},
    {{'l'}, ACTION_LIBRARY, SCOPE_TABLE, "l",
     "library bytes: as they are ⇄ charged to your lines", "l Library", 8, 1},
    {{'t'}, ACTION_TREE, SCOPE_TURN, "t",
     "turn the tree: top-down ⇄ bottom-up; 2 and 7: list ⇄ tree", NULL, 0, 0},
    {{'T', 'S', 'M', 'B'}, ACTION_SORT, SCOPE_TABLE, "S M B T",
     "sort by size, size, blocks, growth (the leak ranking)", NULL, 0, 0},
    {{'A', 'P', 'E', 'L', 'O'}, ACTION_SORT, SCOPE_TABLE, "A P E L O",
     "sort by average, peak, ever, alloc/s, location", NULL, 0, 0},
    {{'<'}, ACTION_SORT_LEFT, SCOPE_TABLE, "<", "sort by the column left",
     NULL, 0, 0},
    {{'>'}, ACTION_SORT_RIGHT, SCOPE_TABLE, ">", "sort by the column right",
     NULL, 0, 0},
    {{'o', F(6)}, ACTION_SORT_MENU, SCOPE_TABLE, "o F6",
     "sort menu: all columns with their meaning", "o Sort", 5, 5},
    {{'r', 'I'}, ACTION_REVERSE, SCOPE_TABLE, "r I", "reverse the order",
     NULL, 0, 0},
    {{'/', F(3)}, ACTION_SEARCH, SCOPE_SEARCH, "/ F3",
     "search (as you type; capitals count if you type one)", "/ Find", 3, 7},
    {{'n'}, ACTION_SEARCH_NEXT, SCOPE_SEARCH, "n", "next match", NULL, 0, 0},
    {{'N'}, ACTION_SEARCH_PREVIOUS, SCOPE_SEARCH, "N", "previous match",
     NULL, 0, 0},
    {{'f', '\\', F(4)}, ACTION_FILTER, SCOPE_TABLE, "f \\ F4",
     "filter: shop/* !*test* *:88; empty ends it", "f Filter", 4, 4},
    {{' ', 'Z'}, ACTION_FREEZE, SCOPE_ALL, "Space Z",
     "freeze this moment in all views, thaw", NULL, 0, 0},
    {{'e'}, ACTION_EXACT, SCOPE_ALL, "e", "exact bytes ⇄ KiB, MiB", NULL, 0, 0},
    {{'#'}, ACTION_GRAPH, SCOPE_ALL, "#", "graph on, off", NULL, 0, 0},
    {{'z'}, ACTION_ZOOM, SCOPE_ALL, "z", "graph: whole run ⇄ last minute",
     NULL, 0, 0},
    {{'w'}, ACTION_WRITE, SCOPE_ALL, "w",
     "write what is shown to a file: .txt .json .csv", NULL, 0, 0},
    {{'v'}, ACTION_EDIT, SCOPE_SOURCE, "v", "edit this line in $VISUAL", NULL, 0, 0},
    {{'v'}, ACTION_EDIT, SCOPE_SNAPSHOTS, "v", "name and note of a snapshot",
     NULL, 0, 0},
    {{'x', KEYCODE_DELETE}, ACTION_DELETE, SCOPE_SNAPSHOTS, "x Del",
     "delete a snapshot (asks)", NULL, 0, 0},
    {{KEYCODE_ENTER}, ACTION_OPEN, SCOPE_ALL, "Enter", "open the row",
     "Enter Open", 9, 2},
    {{KEYCODE_ESC}, ACTION_BACK, SCOPE_ALL, "Esc",
     "close the prompt, then the page, then the newest badge", NULL, 0, 0},
    {{'1', '2', '3', '4', '6', '7', '0'}, ACTION_VIEW, SCOPE_ALL, "1 … 0",
     "views", NULL, 0, 0},
    {{KEYCODE_TAB}, ACTION_VIEW_NEXT, SCOPE_ALL, "Tab", "next view", NULL, 0, 0},
    {{KEYCODE_BACK_TAB}, ACTION_VIEW_PREVIOUS, SCOPE_ALL, "Shift-Tab",
     "previous view", NULL, 0, 0},
    {{KEYCODE_UP, 'k'}, ACTION_UP, SCOPE_ALL, "↑ k", "row up", NULL, 0, 0},
    {{KEYCODE_DOWN, 'j'}, ACTION_DOWN, SCOPE_ALL, "↓ j", "row down", NULL, 0, 0},
    {{KEYCODE_PAGE_UP, CTRL('B')}, ACTION_PAGE_UP, SCOPE_ALL, "PgUp ^B",
     "page up", NULL, 0, 0},
    {{KEYCODE_PAGE_DOWN, CTRL('F')}, ACTION_PAGE_DOWN, SCOPE_ALL, "PgDn ^F",
     "page down", NULL, 0, 0},
    {{KEYCODE_HOME, 'g'}, ACTION_FIRST, SCOPE_ALL, "Home g",
     "first row; the cursor stays there", NULL, 0, 0},
    {{KEYCODE_END, 'G'}, ACTION_LAST, SCOPE_ALL, "End G", "last row", NULL, 0, 0},
    {{KEYCODE_WHEEL_UP}, ACTION_WHEEL_UP, SCOPE_ALL, NULL, NULL, NULL, 0, 0},
    {{KEYCODE_WHEEL_DOWN}, ACTION_WHEEL_DOWN, SCOPE_ALL, NULL, NULL, NULL, 0, 0},
    {{KEYCODE_LEFT}, ACTION_LEFT, SCOPE_ALL, "←",
     "columns to the left; in trees fold", NULL, 0, 0},
    {{KEYCODE_RIGHT}, ACTION_RIGHT, SCOPE_ALL, "→",
     "columns to the right; in trees unfold", NULL, 0, 0},
    {{'-'}, ACTION_FOLD, SCOPE_TREE | SCOPE_TABLE, "-", "fold", NULL, 0, 0},
    {{'+'}, ACTION_UNFOLD, SCOPE_TREE | SCOPE_TABLE, "+", "unfold", NULL, 0, 0},
    {{'*'}, ACTION_UNFOLD_ALL, SCOPE_TREE | SCOPE_TABLE, "*",
     "unfold all, fold all", NULL, 0, 0},
    {{'K', F(9)}, ACTION_SCRIPT_MENU, SCOPE_ALL, "K F9",
     "script: interrupt, terminate, kill, stop, continue, pause tracing",
     NULL, 0, 0},
    {{CTRL(']')}, ACTION_TALK, SCOPE_ALL, "Ctrl-]",
     "all keys go to the script ⇄ to pymtop; twice sends ^]", NULL, 0, 0},
    {{'i'}, ACTION_TALK, SCOPE_OUTPUT, "i", "type into the script", NULL, 0, 0},
    {{CTRL('C')}, ACTION_INTERRUPT, SCOPE_ALL, "^C",
     "interrupts the script, as in a terminal", NULL, 0, 0},
    {{CTRL('Z')}, ACTION_SUSPEND, SCOPE_ALL, "^Z",
     "stops both; fg continues both", NULL, 0, 0},
    {{CTRL('L')}, ACTION_REDRAW, SCOPE_ALL, "^L", "draw the screen anew",
     NULL, 0, 0},
    {{'?', 'h', F(1)}, ACTION_HELP, SCOPE_ALL, "? h F1", "help", "? Help", 10, 0},
    {{'q', F(10)}, ACTION_QUIT, SCOPE_ALL, "q F10", "quit", "q Quit", 11, 0},
};

const size_t keymap_count = sizeof(keymap) / sizeof(keymap[0]);

static bool
has_code(const struct key_entry *entry, uint32_t code)
{
    for (size_t i = 0; i < KEY_CODES && entry->codes[i] != 0; i++) {
        if (entry->codes[i] == code) {
            return true;
        }
    }
    return false;
}

const struct key_entry *
keymap_find(uint32_t code, unsigned scope)
{
    for (size_t i = 0; i < keymap_count; i++) {
        if ((keymap[i].scope == SCOPE_ALL || (keymap[i].scope & scope) != 0)
            && has_code(&keymap[i], code)) {
            return &keymap[i];
        }
    }
    return NULL;
}

/* One code point as UTF-8; controls cannot come here. */
static void
put_character(uint32_t code, char *out, size_t out_size)
{
    if (code < 0x80) {
        snprintf(out, out_size, "%c", (int)code);
    }
    else if (code < 0x800) {
        snprintf(out, out_size, "%c%c", (int)(0xc0 | code >> 6),
                 (int)(0x80 | (code & 0x3f)));
    }
    else if (code < 0x10000) {
        snprintf(out, out_size, "%c%c%c", (int)(0xe0 | code >> 12),
                 (int)(0x80 | (code >> 6 & 0x3f)),
                 (int)(0x80 | (code & 0x3f)));
    }
    else {
        snprintf(out, out_size, "%c%c%c%c", (int)(0xf0 | code >> 18),
                 (int)(0x80 | (code >> 12 & 0x3f)),
                 (int)(0x80 | (code >> 6 & 0x3f)),
                 (int)(0x80 | (code & 0x3f)));
    }
}

void
keymap_name(uint32_t code, char *out, size_t out_size)
{
    static const struct {
        uint32_t code;
        const char *name;
    } names[] = {
        {KEYCODE_TAB, "Tab"}, {KEYCODE_ENTER, "Enter"},
        {KEYCODE_ESC, "Esc"}, {KEYCODE_INSERT, "Insert"},
        {KEYCODE_DELETE, "Del"}, {KEYCODE_BACKSPACE, "Backspace"},
        {KEYCODE_BACK_TAB, "Shift-Tab"}, {KEYCODE_LEFT, "←"},
        {KEYCODE_RIGHT, "→"}, {KEYCODE_UP, "↑"}, {KEYCODE_DOWN, "↓"},
        {' ', "Space"}
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (names[i].code == code) {
            snprintf(out, out_size, "%s", names[i].name);
            return;
        }
    }
    if (code < 0x20) {
        snprintf(out, out_size, "^%c", (int)code + 0x40);
    }
    else if (code >= KEYCODE_F1 && code <= KEYCODE_F12) {
        snprintf(out, out_size, "F%d", (int)(code - KEYCODE_F1) + 1);
    }
    else if (code < 0x110000) {
        put_character(code, out, out_size);
    }
    else {
        snprintf(out, out_size, "?");
    }
}

/* roff takes some characters for its own. */
static void
print_roff(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\\') {
            fputs("\\e", out);
        }
        else if (*text == '-') {
            fputs("\\-", out);
        }
        else {
            fputc(*text, out);
        }
    }
}

void
keymap_print_man(FILE *out)
{
    for (size_t i = 0; i < keymap_count; i++) {
        if (keymap[i].keys == NULL) {
            continue;
        }
        fputs(".TP\n\\fB", out);
        print_roff(out, keymap[i].keys);
        fputs("\\fR\n", out);
        print_roff(out, keymap[i].help);
        fputc('\n', out);
    }
}
