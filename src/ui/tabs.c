/* SPDX-License-Identifier: MIT */
#include "ui/tabs.h"

#include <stdio.h>
#include <string.h>

#include "ui/text_cells.h"
#include "ui/ui.h"

/* Words of a tab: a digit, then a name that depends on the room. */
enum tab_words {TAB_FULL, TAB_SHORT, TAB_DIGIT};

static void
tab_text(const struct view_ops *ops, enum tab_words words, bool current,
         char *out, size_t out_size)
{
    if (words == TAB_DIGIT && !current) {
        snprintf(out, out_size, "%c", ops->digit);
    }
    else {
        snprintf(out, out_size, "%c %s", ops->digit,
                 words == TAB_FULL ? ops->tab : ops->tab_short);
    }
}

/* Where each tab begins and how wide it is; tabs from `named` on are digits
 * only.  A cell before each holds the bracket.  Returns the total. */
static int
tabs_place(const struct ui *ui, enum tab_words words, int named, int *cols,
           int *widths)
{
    char text[64];
    int col = 1;

    for (int i = 0; i < ui->view_count; i++) {
        bool current = i == ui->current;
        tab_text(ui->views[i].ops, i < named ? words : TAB_DIGIT, current,
                 text, sizeof(text));
        cols[i] = col;
        widths[i] = text_width(text);
        col += widths[i] + 1;
    }
    return col;
}

/* The widest words that fit: full, short, and the last ones as digits. */
static enum tab_words
tabs_layout(const struct ui *ui, int *named, int *cols, int *widths)
{
    int room = screen_cols(ui->screen);

    *named = ui->view_count;
    if (room >= 100 && tabs_place(ui, TAB_FULL, *named, cols, widths)
        <= room) {
        return TAB_FULL;
    }
    if (room < 60) {
        *named = 0;
    }
    while (*named > 0
           && tabs_place(ui, TAB_SHORT, *named, cols, widths) > room) {
        --*named;
    }
    tabs_place(ui, TAB_SHORT, *named, cols, widths);
    return TAB_SHORT;
}

void
tabs_draw(struct ui *ui, int row)
{
    int cols[UI_VIEWS_MAX], widths[UI_VIEWS_MAX], named;
    enum tab_words words = tabs_layout(ui, &named, cols, widths);
    char text[64];

    ui->tabs_row = row;
    for (int i = 0; i < ui->view_count; i++) {
        bool current = i == ui->current;
        tab_text(ui->views[i].ops, i < named ? words : TAB_DIGIT, current,
                 text, sizeof(text));
        screen_put(ui->screen, row, cols[i], widths[i], text,
                   STYLE(ROLE_TEXT, current ? LOOK_BOLD : 0));
        if (current) {
            screen_put(ui->screen, row, cols[i] - 1, 1, "[",
                       STYLE(ROLE_KEY, 0));
            screen_put(ui->screen, row, cols[i] + widths[i], 1, "]",
                       STYLE(ROLE_KEY, 0));
        }
    }
}

int
tabs_at(struct ui *ui, int col)
{
    int cols[UI_VIEWS_MAX], widths[UI_VIEWS_MAX], named;

    tabs_layout(ui, &named, cols, widths);
    for (int i = 0; i < ui->view_count; i++) {
        if (col >= cols[i] && col < cols[i] + widths[i]) {
            return i;
        }
    }
    return -1;
}

/* --- the line of keys -----------------------------------------------------*/

#define FOOTER_MAX 16

struct footer {
    const struct key_entry *words[FOOTER_MAX];
    int cols[FOOTER_MAX];
    int count;
};

static int
footer_place(struct footer *footer, int gap)
{
    int col = 0;

    for (int i = 0; i < footer->count; i++) {
        footer->cols[i] = col;
        col += text_width(footer->words[i]->footer) + gap;
    }
    return col - gap;
}

/* Take out the word that leaves first; false: all stay. */
static bool
footer_drop(struct footer *footer)
{
    int at = -1;

    for (int i = 0; i < footer->count; i++) {
        int drop = footer->words[i]->footer_drop;
        if (drop > 0 && (at < 0 || drop < footer->words[at]->footer_drop)) {
            at = i;
        }
    }
    if (at < 0) {
        return false;
    }
    footer->count--;
    memmove(footer->words + at, footer->words + at + 1,
            (size_t)(footer->count - at) * sizeof(footer->words[0]));
    return true;
}

static void
footer_layout(struct ui *ui, struct footer *footer)
{
    unsigned scope = ui_view(ui)->ops->scope;

    footer->count = 0;
    for (int place = 1; place < FOOTER_MAX; place++) {
        for (size_t i = 0; i < keymap_count; i++) {
            if (keymap[i].footer_place == place
                && keymap_find(keymap[i].codes[0], scope) == &keymap[i]) {
                footer->words[footer->count++] = &keymap[i];
            }
        }
    }
    int room = screen_cols(ui->screen);
    if (footer_place(footer, 2) <= room) {
        return;
    }
    while (footer_place(footer, 1) > room && footer_drop(footer)) {
    }
}

void
footer_draw(struct ui *ui, int row)
{
    struct footer footer;

    ui->footer_row = row;
    footer_layout(ui, &footer);
    for (int i = 0; i < footer.count; i++) {
        const char *text = footer.words[i]->footer;
        const char *word = strchr(text, ' ');
        int width = text_width(text);
        screen_put(ui->screen, row, footer.cols[i], width, text,
                   STYLE(ROLE_TEXT, LOOK_DIM));
        screen_put(ui->screen, row, footer.cols[i], (int)(word - text), text,
                   STYLE(ROLE_KEY, 0));
    }
}

uint32_t
footer_at(struct ui *ui, int col)
{
    struct footer footer;

    footer_layout(ui, &footer);
    for (int i = 0; i < footer.count; i++) {
        if (col >= footer.cols[i]
            && col < footer.cols[i] + text_width(footer.words[i]->footer)) {
            return footer.words[i]->codes[0];
        }
    }
    return 0;
}
