/* SPDX-License-Identifier: MIT
 *
 * The screen with ncurses: the one file that knows it.  Text is put together
 * from cells in screen_text.c.
 */
#include "ui/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>

#include "base/terminal_size.h"
#include "base/xalloc.h"
#include "ui/screen_restore.h"
#include "ui/text_cells.h"
#include "ui/theme.h"

#define MOUSE_ON "\033[?1000h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1000l"
#define MOUSE_PREFIX "\033[<"
#define KEY_MOUSE_REPORT (KEY_MAX + 1000)   /* beyond those of terminfo */

struct screen {
    SCREEN *term;
    FILE *in, *out;
    bool utf8, mouse;
    int colours;                /* 0, 8 or 256 */
    int cursor_row, cursor_col; /* -1: hidden */
    bool cursor_shown;
};

/* What puts the terminal right, for a signal handler. */
static void
restore_prepare(void)
{
    static const char *const names[] = {
        "sgr0", "op", "rmkx", "cnorm", "rmcup", NULL
    };

    restore_add(MOUSE_OFF);
    for (int i = 0; names[i] != NULL; i++) {
        const char *string = tigetstr(names[i]);
        if (string != NULL && string != (char *)-1) {
            restore_add(string);
        }
    }
    restore_add("\r");
}

/* The mouse is read here, press by press: ncurses would join what comes in
 * one read, and lose some of it. */
static void
mouse_switch(struct screen *screen, bool on)
{
    if (screen->mouse) {
        fputs(on ? MOUSE_ON : MOUSE_OFF, screen->out);
        fflush(screen->out);
    }
}

static int
choose_colours(enum colour_choice choice)
{
    const char *no_color = getenv("NO_COLOR");

    if (choice == COLOUR_NEVER || (choice == COLOUR_AUTO && no_color != NULL
                                   && no_color[0] != '\0')
        || !has_colors()) {
        return 0;
    }
    start_color();
    if (use_default_colors() == ERR) {
        assume_default_colors(COLOR_WHITE, COLOR_BLACK);
    }
    return COLORS >= 256 ? 256 : COLORS >= 8 ? 8 : 0;
}

static void
set_modes(struct screen *screen, const struct screen_setup *setup)
{
    raw();
    noecho();
    nonl();
    set_escdelay(25);
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    leaveok(stdscr, TRUE);
    restore_note_ours();
    curs_set(0);
    if (!setup->no_mouse && tigetstr("kmous") != NULL
        && tigetstr("kmous") != (char *)-1) {
        screen->mouse = true;
        define_key(MOUSE_PREFIX, KEY_MOUSE_REPORT);
        mouse_switch(screen, true);
    }
}

bool
screen_usable(char *why, size_t why_size)
{
    const char *name = getenv("TERM");
    int status;

    if (name == NULL || name[0] == '\0') {
        snprintf(why, why_size, "no screen without TERM");
        return false;
    }
    bool usable = setupterm(NULL, STDOUT_FILENO, &status) != ERR;
    if (usable) {
        usable = tigetstr("cup") != NULL && tigetstr("cup") != (char *)-1;
        del_curterm(cur_term);
    }
    if (!usable) {
        snprintf(why, why_size, "no screen on TERM=%s", name);
    }
    return usable;
}

/* The terminal's size, not LINES and COLUMNS.  Only where it has none, as on a
 * serial line, these count, then terminfo's, then 24 by 80: asked to take the
 * terminal's alone, ncurses 6.5 takes 0 by 0 and gives up. */
static void
choose_size(const struct screen *screen)
{
    struct winsize size;
    bool known = terminal_size(fileno(screen->out), &size);

    use_env(!known);
    use_tioctl(known);
}

struct screen *
screen_open(const struct screen_setup *setup, int fd_in, char *why,
            size_t why_size)
{
    if (!screen_usable(why, why_size)) {
        return NULL;
    }
    struct screen *screen = xcalloc(1, sizeof(*screen));
    screen->utf8 = text_locale_is_utf8() && !setup->ascii;
    text_set_ascii(!screen->utf8);
    screen->in = fdopen(dup(fd_in), "r");
    screen->out = fdopen(dup(STDOUT_FILENO), "w");
    restore_begin(STDOUT_FILENO);
    if (screen->in != NULL && screen->out != NULL) {
        choose_size(screen);
        screen->term = newterm(NULL, screen->out, screen->in);
    }
    if (screen->term == NULL) {
        snprintf(why, why_size, "no screen on TERM=%s", getenv("TERM"));
        free(screen);
        return NULL;
    }
    restore_set_active(true);
    screen->colours = choose_colours(setup->colour);
    restore_prepare();
    set_modes(screen, setup);
    screen->cursor_row = -1;
    screen_resize(screen);
    return screen;
}

void
screen_close(struct screen *screen)
{
    if (screen == NULL) {
        return;
    }
    if (restore_is_active()) {
        mouse_switch(screen, false);
        curs_set(1);
        endwin();
        fflush(screen->out);
        restore_set_active(false);
    }
    delscreen(screen->term);
    fclose(screen->in);
    fclose(screen->out);
    free(screen);
}

void
screen_leave(struct screen *screen)
{
    mouse_switch(screen, false);
    curs_set(1);
    endwin();
    fflush(screen->out);
    restore_set_active(false);
}

void
screen_return(struct screen *screen)
{
    restore_set_active(true);
    refresh();
    mouse_switch(screen, true);
    screen->cursor_shown = false;
    curs_set(0);
    screen_resize(screen);
    screen_redraw(screen);
}

void
screen_resize(struct screen *screen)
{
    struct winsize size;

    if (terminal_size(fileno(screen->out), &size)
        && (size.ws_row != LINES || size.ws_col != COLS)) {
        resizeterm(size.ws_row, size.ws_col);
    }
}

void
screen_redraw(struct screen *screen)
{
    (void)screen;
    clearok(stdscr, TRUE);
}

int
screen_rows(const struct screen *screen)
{
    (void)screen;
    return LINES;
}

int
screen_cols(const struct screen *screen)
{
    (void)screen;
    return COLS;
}

bool
screen_utf8(const struct screen *screen)
{
    return screen->utf8;
}

int
screen_colours(const struct screen *screen)
{
    return screen->colours;
}

/* --- drawing --------------------------------------------------------------*/

static attr_t
attributes_of(uint8_t look)
{
    return (look & LOOK_BOLD ? A_BOLD : 0) | (look & LOOK_DIM ? A_DIM : 0)
        | (look & LOOK_REVERSE ? A_REVERSE : 0)
        | (look & LOOK_UNDERLINE ? A_UNDERLINE : 0)
        | (look & LOOK_ITALIC ? A_ITALIC : 0)
        | (look & LOOK_BLINK ? A_BLINK : 0);
}

static int
colour_in_range(const struct screen *screen, int colour)
{
    return colour < 0 ? -1 : colour < screen->colours ? colour
        : screen->colours >= 8 ? colour % 8 : -1;
}

/* Attributes and pair of a style. */
static attr_t
resolve(const struct screen *screen, struct style style, int *pair)
{
    if (!(style.look & LOOK_PALETTE)) {
        struct style themed = theme_style(style.role, screen->colours);
        themed.look |= style.look;
        style = themed;
    }
    int fore = colour_in_range(screen, style.fore);
    int back = colour_in_range(screen, style.back);
    *pair = 0;
    if (screen->colours > 0 && (fore >= 0 || back >= 0)) {
        *pair = alloc_pair(fore, back);
        if (*pair < 0) {
            *pair = 0;
        }
    }
    return attributes_of(style.look);
}

void
screen_erase(struct screen *screen)
{
    erase();
    screen->cursor_row = -1;
}

void
screen_cell(struct screen *screen, int row, int col, const uint32_t *chars,
            int n, struct style style)
{
    int pair, used = 0;
    attr_t attributes = resolve(screen, style, &pair);
    wchar_t cell[CCHARW_MAX + 1];
    cchar_t made;

    if (row < 0 || row >= LINES || col < 0 || col >= COLS) {
        return;
    }
    for (int i = 0; i < n && used < CCHARW_MAX; i++) {
        cell[used++] = (wchar_t)chars[i];
    }
    cell[used] = 0;
    if (setcchar(&made, cell, attributes, (short)pair, &pair) == OK) {
        mvadd_wch(row, col, &made);
    }
}

void
screen_highlight(struct screen *screen, int row, int col, int width,
                 uint8_t look)
{
    (void)screen;
    for (int i = 0; i < width && col + i < COLS; i++) {
        cchar_t cell;
        wchar_t chars[CCHARW_MAX + 1];
        attr_t attributes;
        short pair16;
        int pair;
        if (row < 0 || row >= LINES
            || mvin_wch(row, col + i, &cell) != OK
            || getcchar(&cell, chars, &attributes, &pair16, &pair) != OK) {
            continue;
        }
        mvchgat(row, col + i, 1, attributes | attributes_of(look), pair16,
                &pair);
    }
}

void
screen_cursor(struct screen *screen, int row, int col)
{
    screen->cursor_row = row;
    screen->cursor_col = col;
}

void
screen_flush(struct screen *screen)
{
    bool shown = screen->cursor_row >= 0;

    if (shown != screen->cursor_shown) {
        curs_set(shown);
        leaveok(stdscr, !shown);
        screen->cursor_shown = shown;
    }
    if (shown) {
        move(screen->cursor_row, screen->cursor_col);
    }
    refresh();
}

/* --- keys -----------------------------------------------------------------*/

static const struct {
    int curses;
    uint32_t code;
} special[] = {
    {KEY_UP, KEYCODE_UP}, {KEY_DOWN, KEYCODE_DOWN},
    {KEY_LEFT, KEYCODE_LEFT}, {KEY_RIGHT, KEYCODE_RIGHT},
    {KEY_HOME, KEYCODE_HOME}, {KEY_END, KEYCODE_END},
    {KEY_PPAGE, KEYCODE_PAGE_UP}, {KEY_NPAGE, KEYCODE_PAGE_DOWN},
    {KEY_IC, KEYCODE_INSERT}, {KEY_DC, KEYCODE_DELETE},
    {KEY_BACKSPACE, KEYCODE_BACKSPACE}, {KEY_BTAB, KEYCODE_BACK_TAB},
    {KEY_ENTER, KEYCODE_ENTER}, {KEY_RESIZE, KEYCODE_RESIZE},
    {KEY_A1, KEYCODE_HOME}, {KEY_A3, KEYCODE_PAGE_UP},
    {KEY_C1, KEYCODE_END}, {KEY_C3, KEYCODE_PAGE_DOWN},
    {KEY_FIND, KEYCODE_HOME}, {KEY_SELECT, KEYCODE_END}
};

/* The rest of a report: `0;12;5M`, button, column and row from 1. */
static uint32_t
mouse_code(struct key *key)
{
    char report[32];
    size_t n = 0;
    wint_t got = 0;
    int button, col, row;

    timeout(50);                /* it may come in two reads */
    while (n + 1 < sizeof(report) && got != 'M' && got != 'm'
           && get_wch(&got) == OK && got < 0x80) {
        report[n++] = (char)got;
    }
    nodelay(stdscr, TRUE);
    report[n] = '\0';
    if (got != 'M'
        || sscanf(report, "%d;%d;%d", &button, &col, &row) != 3) {
        return KEYCODE_NONE;
    }
    key->row = row - 1;
    key->col = col - 1;
    return button == 64 ? KEYCODE_WHEEL_UP
        : button == 65 ? KEYCODE_WHEEL_DOWN
        : button == 0 ? KEYCODE_CLICK : KEYCODE_NONE;
}

static uint32_t
special_code(wint_t got, struct key *key)
{
    if (got == KEY_MOUSE_REPORT) {
        return mouse_code(key);
    }
    for (int n = 1; n <= 12; n++) {
        if (got == (wint_t)KEY_F(n)) {
            return KEYCODE_F1 + (uint32_t)(n - 1);
        }
    }
    for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++) {
        if (got == (wint_t)special[i].curses) {
            return special[i].code;
        }
    }
    return KEYCODE_NONE;
}

bool
screen_key(struct screen *screen, struct key *key)
{
    wint_t got;

    (void)screen;
    for (;;) {
        int kind = get_wch(&got);
        *key = (struct key){0};
        if (kind == ERR) {
            return false;
        }
        key->code = kind == KEY_CODE_YES ? special_code(got, key)
            : got == 127 || got == 8 ? KEYCODE_BACKSPACE
            : got == '\n' ? KEYCODE_ENTER : (uint32_t)got;
        if (key->code != KEYCODE_NONE) {
            return true;
        }
    }
}
