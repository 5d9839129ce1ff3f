/* SPDX-License-Identifier: MIT
 *
 * What takes the hint line and the keys for a while: a line to edit, a
 * question of one key, a menu over the body.
 */
#ifndef PYMTOP_UI_PROMPT_H
#define PYMTOP_UI_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/screen.h"

struct ui;

enum prompt_kind {PROMPT_NONE, PROMPT_LINE, PROMPT_QUESTION, PROMPT_MENU};

#define PROMPT_SIZE 1024

/* One choice of a menu; an array ends with .text == NULL. */
struct menu_item {
    uint32_t key;               /* chooses it at once; 0: none */
    const char *text;           /* what it is */
    const char *help;           /* what it means; may be NULL */
    int value;
};

struct prompt {
    enum prompt_kind kind;
    char label[128];            /* before the line, or the question */
    char text[PROMPT_SIZE];     /* PROMPT_LINE */
    size_t length, cursor;      /* bytes */
    const struct menu_item *items;
    int count, chosen, top;
    int screen_row, screen_col, screen_rows;    /* of the menu, drawn last */
    void *argument;
    /* Enter: text as it is; called after the prompt is closed. */
    void (*done)(struct ui *ui, const char *text, void *argument);
    /* After each key that changed the line; may be NULL. */
    void (*changed)(struct ui *ui, const char *text, void *argument);
    /* Esc; may be NULL. */
    void (*cancelled)(struct ui *ui, void *argument);
    /* PROMPT_QUESTION: gets the key; false: the question stays open. */
    bool (*answered)(struct ui *ui, uint32_t code, void *argument);
    void (*yes)(struct ui *ui, void *argument);
    /* PROMPT_MENU: the value chosen. */
    void (*selected)(struct ui *ui, int value, void *argument);
};

/* Edit a line, starting with text.  Set ui->prompt.changed and .cancelled
 * afterwards if wanted. */
void prompt_line(struct ui *ui, const char *label, const char *text,
                 void (*done)(struct ui *ui, const char *text, void *argument),
                 void *argument);
/* Ask a question that one key answers; Esc closes it. */
void prompt_question(struct ui *ui, const char *question,
                     bool (*answered)(struct ui *ui, uint32_t code,
                                      void *argument),
                     void *argument);
/* Ask for y or n (`... y/N`); yes is called on y. */
void prompt_yes(struct ui *ui, const char *question,
                void (*yes)(struct ui *ui, void *argument), void *argument);
void prompt_menu(struct ui *ui, const char *label,
                 const struct menu_item *items, int chosen,
                 void (*selected)(struct ui *ui, int value, void *argument),
                 void *argument);

/* Close it as Esc does. */
void prompt_cancel(struct ui *ui);
/* Give a key to the open prompt. */
void prompt_key(struct ui *ui, const struct key *key);
/* Draw it: the line or question in rect's last row (the hint line), a menu
 * over rect. */
void prompt_draw(struct ui *ui, struct rect rect);

#endif
