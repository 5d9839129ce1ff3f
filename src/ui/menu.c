/* SPDX-License-Identifier: MIT */
#include "ui/menu.h"

#include <stdio.h>

#include "ui/text_cells.h"
#include "ui/ui.h"

static void
choose(struct ui *ui)
{
    struct prompt closed = ui->prompt;

    ui->prompt.kind = PROMPT_NONE;
    if (closed.count > 0) {
        closed.selected(ui, closed.items[closed.chosen].value,
                        closed.argument);
    }
}

static void
move(struct prompt *prompt, int rows)
{
    int to = prompt->chosen + rows;

    prompt->chosen = to < 0 ? 0 : to >= prompt->count ? prompt->count - 1
        : to;
}

static void
click(struct ui *ui, const struct key *key)
{
    struct prompt *prompt = &ui->prompt;
    int line = key->row - prompt->screen_row;

    if (line < 0 || line >= prompt->screen_rows
        || prompt->top + line >= prompt->count) {
        return;
    }
    prompt->chosen = prompt->top + line;
    if (key->code == KEYCODE_DOUBLE_CLICK) {
        choose(ui);
    }
}

void
menu_key(struct ui *ui, const struct key *key)
{
    struct prompt *prompt = &ui->prompt;

    for (int i = 0; i < prompt->count; i++) {
        if (prompt->items[i].key != 0 && prompt->items[i].key == key->code) {
            prompt->chosen = i;
            return;
        }
    }
    switch (key->code) {
    case KEYCODE_UP:
    case 'k':
    case KEYCODE_WHEEL_UP:
        move(prompt, -1);
        break;
    case KEYCODE_DOWN:
    case 'j':
    case KEYCODE_WHEEL_DOWN:
        move(prompt, 1);
        break;
    case KEYCODE_PAGE_UP:
    case KEYCODE_PAGE_DOWN:
        move(prompt, (key->code == KEYCODE_PAGE_UP ? -1 : 1)
             * (prompt->screen_rows > 1 ? prompt->screen_rows - 1 : 1));
        break;
    case KEYCODE_HOME:
    case KEYCODE_END:
        move(prompt, key->code == KEYCODE_HOME ? -prompt->count
             : prompt->count);
        break;
    case KEYCODE_ENTER:
        choose(ui);
        break;
    case KEYCODE_CLICK:
    case KEYCODE_DOUBLE_CLICK:
        click(ui, key);
        break;
    case 'q':
    case KEYCODE_F1 + 9:
        prompt_cancel(ui);
        break;
    default:
        break;
    }
}

/* Cells that the items need: key, text, help. */
static int
menu_width(const struct prompt *prompt, int *text_cells)
{
    int widest = text_width(prompt->label), text = 0;

    for (int i = 0; i < prompt->count; i++) {
        int w = text_width(prompt->items[i].text);
        text = w > text ? w : text;
    }
    for (int i = 0; i < prompt->count; i++) {
        const char *help = prompt->items[i].help;
        int w = 3 + text + (help != NULL ? 2 + text_width(help) : 0);
        widest = w > widest ? w : widest;
    }
    *text_cells = text;
    return widest + 2;
}

static void
item_draw(struct ui *ui, const struct menu_item *item, int row, int col,
          int cols, int text_cells, bool chosen)
{
    struct screen *screen = ui->screen;
    char name[16] = " ", cut[256];

    if (item->key != 0) {
        keymap_name(item->key, name, sizeof(name));
    }
    screen_blank(screen, row, col, cols, STYLE_TEXT);
    screen_put(screen, row, col + 1, 1, name, STYLE(ROLE_KEY, 0));
    screen_put(screen, row, col + 3, cols - 4, item->text, STYLE_TEXT);
    int left = cols - text_cells - 6;
    if (item->help != NULL && left > 3) {
        text_cut_right(cut, sizeof(cut), item->help, left);
        screen_put(screen, row, col + 5 + text_cells, left, cut,
                   STYLE(ROLE_LIBRARY, 0));
    }
    if (chosen) {
        screen_highlight(screen, row, col, cols, LOOK_REVERSE);
    }
}

void
menu_draw(struct ui *ui, struct rect rect)
{
    struct prompt *prompt = &ui->prompt;
    int text_cells;
    int cols = menu_width(prompt, &text_cells);
    int rows = prompt->count + 1;

    cols = cols < rect.cols ? cols : rect.cols;
    rows = rows < rect.rows ? rows : rect.rows;
    int col = rect.col + (rect.cols - cols) / 2;
    int row = rect.row + rect.rows - rows;
    prompt->screen_row = row + 1;
    prompt->screen_rows = rows - 1;
    if (prompt->top > prompt->count - (rows - 1)) {
        prompt->top = prompt->count - (rows - 1);
    }
    if (prompt->chosen < prompt->top) {
        prompt->top = prompt->chosen;
    }
    if (prompt->chosen >= prompt->top + rows - 1) {
        prompt->top = prompt->chosen - (rows > 1 ? rows - 2 : 0);
    }
    screen_blank(ui->screen, row, col, cols, STYLE(ROLE_KEY, LOOK_REVERSE));
    screen_put(ui->screen, row, col + 1, cols - 1, prompt->label,
               STYLE(ROLE_KEY, LOOK_REVERSE));
    for (int i = 0; i < rows - 1; i++) {
        int item = prompt->top + i;
        item_draw(ui, &prompt->items[item], row + 1 + i, col, cols,
                  text_cells, item == prompt->chosen);
    }
}
