/* SPDX-License-Identifier: MIT */
#include "ui/prompt.h"

#include <stdio.h>
#include <string.h>

#include "ui/keymap.h"
#include "ui/menu.h"
#include "ui/text_cells.h"
#include "ui/ui.h"

static struct prompt *
prompt_start(struct ui *ui, enum prompt_kind kind, const char *label,
             void *argument)
{
    ui->prompt = (struct prompt){.kind = kind, .argument = argument};
    snprintf(ui->prompt.label, sizeof(ui->prompt.label), "%s", label);
    ui->message[0] = '\0';
    ui->dirty = true;
    return &ui->prompt;
}

void
prompt_line(struct ui *ui, const char *label, const char *text,
            void (*done)(struct ui *ui, const char *text, void *argument),
            void *argument)
{
    struct prompt *prompt = prompt_start(ui, PROMPT_LINE, label, argument);

    snprintf(prompt->text, sizeof(prompt->text), "%s", text);
    prompt->length = prompt->cursor = strlen(prompt->text);
    prompt->done = done;
}

void
prompt_question(struct ui *ui, const char *question,
                bool (*answered)(struct ui *ui, uint32_t code,
                                 void *argument),
                void *argument)
{
    prompt_start(ui, PROMPT_QUESTION, question, argument)->answered =
        answered;
}

void
prompt_yes(struct ui *ui, const char *question,
           void (*yes)(struct ui *ui, void *argument), void *argument)
{
    prompt_start(ui, PROMPT_QUESTION, question, argument)->yes = yes;
}

void
prompt_menu(struct ui *ui, const char *label, const struct menu_item *items,
            int chosen,
            void (*selected)(struct ui *ui, int value, void *argument),
            void *argument)
{
    struct prompt *prompt = prompt_start(ui, PROMPT_MENU, label, argument);

    prompt->items = items;
    prompt->chosen = chosen;
    prompt->selected = selected;
    while (items[prompt->count].text != NULL) {
        prompt->count++;
    }
}

void
prompt_cancel(struct ui *ui)
{
    struct prompt closed = ui->prompt;

    ui->prompt.kind = PROMPT_NONE;
    ui->dirty = true;
    if (closed.cancelled != NULL) {
        closed.cancelled(ui, closed.argument);
    }
}

/* --- the line editor ------------------------------------------------------*/

static bool
is_continuation(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

static size_t
before(const struct prompt *prompt, size_t at)
{
    while (at > 0 && is_continuation(prompt->text[--at])) {
    }
    return at;
}

static size_t
after(const struct prompt *prompt, size_t at)
{
    if (at < prompt->length) {
        at++;
    }
    while (at < prompt->length && is_continuation(prompt->text[at])) {
        at++;
    }
    return at;
}

static void
cut(struct prompt *prompt, size_t from, size_t to)
{
    memmove(prompt->text + from, prompt->text + to,
            prompt->length - to + 1);
    prompt->length -= to - from;
    prompt->cursor = from;
}

static void
insert(struct prompt *prompt, uint32_t code)
{
    char bytes[8];

    keymap_name(code, bytes, sizeof(bytes));
    if (code == ' ') {
        strcpy(bytes, " ");
    }
    size_t n = strlen(bytes);
    if (prompt->length + n >= sizeof(prompt->text)) {
        return;
    }
    memmove(prompt->text + prompt->cursor + n, prompt->text + prompt->cursor,
            prompt->length - prompt->cursor + 1);
    memcpy(prompt->text + prompt->cursor, bytes, n);
    prompt->length += n;
    prompt->cursor += n;
}

/* Start of the word before the cursor, for ^W. */
static size_t
word_start(const struct prompt *prompt)
{
    size_t at = prompt->cursor;

    while (at > 0 && prompt->text[at - 1] == ' ') {
        at--;
    }
    while (at > 0 && prompt->text[at - 1] != ' ') {
        at--;
    }
    return at;
}

/* Returns true if the text changed. */
static bool
edit(struct prompt *prompt, uint32_t code)
{
    size_t length = prompt->length;

    switch (code) {
    case KEYCODE_LEFT:
        prompt->cursor = before(prompt, prompt->cursor);
        return false;
    case KEYCODE_RIGHT:
        prompt->cursor = after(prompt, prompt->cursor);
        return false;
    case KEYCODE_HOME:
    case 'A' & 0x1f:
        prompt->cursor = 0;
        return false;
    case KEYCODE_END:
    case 'E' & 0x1f:
        prompt->cursor = prompt->length;
        return false;
    case KEYCODE_BACKSPACE:
        cut(prompt, before(prompt, prompt->cursor), prompt->cursor);
        break;
    case KEYCODE_DELETE:
    case 'D' & 0x1f:
        cut(prompt, prompt->cursor, after(prompt, prompt->cursor));
        break;
    case 'U' & 0x1f:
        cut(prompt, 0, prompt->cursor);
        break;
    case 'K' & 0x1f:
        cut(prompt, prompt->cursor, prompt->length);
        break;
    case 'W' & 0x1f:
        cut(prompt, word_start(prompt), prompt->cursor);
        break;
    default:
        if (code < 0x20 || code >= 0x110000) {
            return false;
        }
        insert(prompt, code);
    }
    return prompt->length != length;
}

static void
line_key(struct ui *ui, uint32_t code)
{
    struct prompt *prompt = &ui->prompt;

    if (code == KEYCODE_ENTER) {
        struct prompt closed = *prompt;
        prompt->kind = PROMPT_NONE;
        if (closed.done != NULL) {
            closed.done(ui, closed.text, closed.argument);
        }
    }
    else if (edit(prompt, code) && prompt->changed != NULL) {
        prompt->changed(ui, prompt->text, prompt->argument);
    }
}

static void
question_key(struct ui *ui, uint32_t code)
{
    struct prompt asked = ui->prompt;

    ui->prompt.kind = PROMPT_NONE;
    if (asked.yes != NULL) {
        if (code == 'y' || code == 'Y') {
            asked.yes(ui, asked.argument);
        }
        else if (asked.cancelled != NULL) {
            asked.cancelled(ui, asked.argument);
        }
    }
    else if (!asked.answered(ui, code, asked.argument)
             && ui->prompt.kind == PROMPT_NONE) {
        ui->prompt = asked;
    }
}

void
prompt_key(struct ui *ui, const struct key *key)
{
    ui->dirty = true;
    if (key->code == KEYCODE_ESC || key->code == ('C' & 0x1f)) {
        prompt_cancel(ui);
    }
    else if (ui->prompt.kind == PROMPT_MENU) {
        menu_key(ui, key);
    }
    else if (key->code >= KEYCODE_CLICK) {
        return;
    }
    else if (ui->prompt.kind == PROMPT_LINE) {
        line_key(ui, key->code);
    }
    else {
        question_key(ui, key->code);
    }
}

/* --- drawing --------------------------------------------------------------*/

/* The line scrolls so that the cursor is seen. */
static void
line_draw(struct ui *ui, int row, int col, int cols)
{
    struct prompt *prompt = &ui->prompt;
    int label = screen_put(ui->screen, row, col, cols / 2, prompt->label,
                           STYLE(ROLE_KEY, 0));
    char head[PROMPT_SIZE];
    const char *from = prompt->text;

    snprintf(head, sizeof(head), "%.*s", (int)prompt->cursor, prompt->text);
    int at = text_width(head), skipped = 0;
    int room = cols - label - 1;
    while (at - skipped > room && *from != '\0') {
        int width;
        text_next(&from, &width);
        skipped += width;
    }
    screen_put(ui->screen, row, col + label, room, from, STYLE_TEXT);
    screen_cursor(ui->screen, row, col + label + at - skipped);
}

void
prompt_draw(struct ui *ui, struct rect rect)
{
    int row = rect.row + rect.rows - 1;

    if (ui->prompt.kind == PROMPT_NONE || rect.rows <= 0) {
        return;
    }
    if (ui->prompt.kind == PROMPT_MENU) {
        menu_draw(ui, rect);
        return;
    }
    screen_blank(ui->screen, row, rect.col, rect.cols, STYLE_TEXT);
    if (ui->prompt.kind == PROMPT_LINE) {
        line_draw(ui, row, rect.col, rect.cols);
        return;
    }
    char text[256];
    text_cut_right(text, sizeof(text), ui->prompt.label, rect.cols);
    int used = screen_put(ui->screen, row, rect.col, rect.cols, text,
                          STYLE(ROLE_KEY, 0));
    screen_cursor(ui->screen, row, rect.col + (used < rect.cols ? used + 1
                                               : rect.cols - 1));
}
