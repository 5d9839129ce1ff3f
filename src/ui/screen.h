/* SPDX-License-Identifier: MIT
 *
 * The screen: a grid of cells, keys and the mouse.  This is all that the
 * rest of the ui knows of a terminal; screen_curses.c is the only
 * implementation, and the only file that includes ncurses.
 *
 * Text is UTF-8.  Control characters, bytes that are not UTF-8 and characters
 * that cannot be shown become `?`, so nothing the script is named or prints
 * reaches the terminal raw.  On a terminal without UTF-8 (or with --ascii)
 * screen_put() replaces the few signs pymtop uses by ASCII ones, cell for cell
 * (see sign_ascii in text_cells.c; `→` becomes `->`), and everything else by `?`.
 *
 * Drawing goes to memory; screen_flush() writes what changed, which may be
 * nothing.  Positions outside the screen are clipped.  There is one screen a
 * process; no function is thread safe.
 */
#ifndef PYMTOP_UI_SCREEN_H
#define PYMTOP_UI_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a piece of text is; theme.c says how that looks. */
enum role {
    ROLE_TEXT,              /* plain */
    ROLE_TRACED,            /* traced memory: blue */
    ROLE_RSS,               /* resident memory: dim */
    ROLE_GREW,              /* yellow */
    ROLE_SHRANK,            /* cyan */
    ROLE_TROUBLE,           /* red */
    ROLE_LIBRARY,           /* library rows, more rows: dim */
    ROLE_KEY,               /* a key in the footer: bold */
    ROLE_HEAT1,             /* bars, from cold to hot */
    ROLE_HEAT2,
    ROLE_HEAT3,
    ROLE_COUNT
};

enum {
    LOOK_BOLD = 1,
    LOOK_DIM = 2,
    LOOK_REVERSE = 4,
    LOOK_UNDERLINE = 8,
    LOOK_ITALIC = 16,
    LOOK_BLINK = 32,
    /* fore and back hold palette colours: for the script's own output. */
    LOOK_PALETTE = 64
};

#define COLOUR_DEFAULT (-1)

/* How a cell looks.  {0} is plain text. */
struct style {
    uint8_t role;           /* enum role */
    uint8_t look;           /* LOOK_ bits, added to those of the role */
    int16_t fore, back;     /* 0..255 or COLOUR_DEFAULT; only LOOK_PALETTE */
};

#define STYLE(role_, look_) ((struct style){(role_), (look_), 0, 0})
#define STYLE_TEXT STYLE(ROLE_TEXT, 0)

/* A rectangle of cells. */
struct rect {
    int row, col, rows, cols;
};

/* Keys.  A character is its code point (^A is 1, Tab 9, Enter 13, Esc 27,
 * Backspace always KEYCODE_BACKSPACE); others are above Unicode. */
enum keycode {
    KEYCODE_NONE = 0,
    KEYCODE_TAB = 9,
    KEYCODE_ENTER = 13,
    KEYCODE_ESC = 27,
    KEYCODE_UP = 0x110000,
    KEYCODE_DOWN,
    KEYCODE_LEFT,
    KEYCODE_RIGHT,
    KEYCODE_HOME,
    KEYCODE_END,
    KEYCODE_PAGE_UP,
    KEYCODE_PAGE_DOWN,
    KEYCODE_INSERT,
    KEYCODE_DELETE,
    KEYCODE_BACKSPACE,
    KEYCODE_BACK_TAB,
    KEYCODE_F1,             /* F1 to F12 in a row */
    KEYCODE_F12 = KEYCODE_F1 + 11,
    KEYCODE_CLICK,          /* mouse; row and col say where */
    KEYCODE_DOUBLE_CLICK,
    KEYCODE_WHEEL_UP,
    KEYCODE_WHEEL_DOWN,
    KEYCODE_RESIZE          /* the terminal has a new size */
};

struct key {
    uint32_t code;          /* enum keycode or a code point */
    int row, col;           /* mouse only, in cells from 0 */
};

enum colour_choice {COLOUR_AUTO, COLOUR_NEVER, COLOUR_ALWAYS};

struct screen_setup {
    enum colour_choice colour;
    bool ascii;             /* --ascii */
    bool no_mouse;          /* --no-mouse */
};

struct screen;

/* Can there be a screen on this terminal?  If not, why says so:
 * `no screen on TERM=dumb`. */
bool screen_usable(char *why, size_t why_size);

/* Take over the terminal.  NULL on failure, with the cause in why (one line,
 * `no screen on TERM=dumb`).  Keys come from fd_in (the terminal: standard
 * input or /dev/tty), drawing goes to standard output. */
struct screen *screen_open(const struct screen_setup *setup, int fd_in,
                           char *why, size_t why_size);
/* Give the terminal back as it was.  Also for screen == NULL and twice. */
void screen_close(struct screen *screen);
/* The same from a signal handler or die(): async-signal-safe, no argument,
 * nothing if no screen is open. */
void screen_restore(void);
/* The same from a process that was forked after screen_share(), when ours was
 * killed: nothing if it has given the terminal back itself. */
void screen_restore_for_dead(void);
void screen_share(void);

/* Give the terminal back for a while (^Z, an editor), and take it again. */
void screen_leave(struct screen *screen);
void screen_return(struct screen *screen);
/* Ask the terminal for its size; to be called after SIGWINCH. */
void screen_resize(struct screen *screen);
/* Everything is written anew at the next flush (^L). */
void screen_redraw(struct screen *screen);

int screen_rows(const struct screen *screen);
int screen_cols(const struct screen *screen);
bool screen_utf8(const struct screen *screen);
/* Colours in use: 0 (monochrome), 8 or 256. */
int screen_colours(const struct screen *screen);

/* Blank the whole grid; hides the cursor. */
void screen_erase(struct screen *screen);
/* Write text in at most width cells; what does not fit is left out (cut it
 * before with the functions of text_cells.h if it should say so).  Returns
 * the number of cells written. */
int screen_put(struct screen *screen, int row, int col, int width,
               const char *text, struct style style);
/* The same, right-aligned in exactly width cells, the rest blank. */
void screen_put_right(struct screen *screen, int row, int col, int width,
                      const char *text, struct style style);
/* width blanks. */
void screen_blank(struct screen *screen, int row, int col, int width,
                  struct style style);
/* One character and the combining ones that follow it (n in all, 0: blank)
 * as a terminal emulator has them; returns its width, 1 or 2. */
int screen_put_char(struct screen *screen, int row, int col,
                    const uint32_t *chars, int n, struct style style);
/* The same without any check; only for screen_text.c. */
void screen_cell(struct screen *screen, int row, int col,
                 const uint32_t *chars, int n, struct style style);
/* Change the look of cells already drawn: a cursor row, a match. */
void screen_highlight(struct screen *screen, int row, int col, int width,
                      uint8_t look);
/* Show the terminal's cursor here, at the next flush. */
void screen_cursor(struct screen *screen, int row, int col);
/* Write what changed since the last flush to the terminal. */
void screen_flush(struct screen *screen);

/* The next key that is there, without waiting; false: none. */
bool screen_key(struct screen *screen, struct key *key);

#endif
