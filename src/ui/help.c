/* SPDX-License-Identifier: MIT */
#include "ui/help.h"

#include <stdio.h>

#include "ui/text_cells.h"
#include "ui/ui.h"

#define KEY_CELLS 11
#define COLUMN_CELLS 60         /* two columns of keys from twice this on */

/* A page that scrolls: lines are counted, and drawn when they are in sight. */
struct page {
    struct ui *ui;
    struct rect rect;
    int line, top;
};

static void
page_text(struct page *page, int col, int cells, const char *key,
          const char *text, uint8_t look)
{
    int row = page->line - page->top;
    char cut[512];

    if (row < 0 || row >= page->rect.rows) {
        return;
    }
    row += page->rect.row;
    if (key != NULL) {
        screen_put(page->ui->screen, row, col + 1, cells, key,
                   STYLE(ROLE_KEY, 0));
        int used = text_width(key) + 2;
        used = used > KEY_CELLS ? used : KEY_CELLS;
        col += used;
        cells -= used;
    }
    if (cells > 0) {
        text_cut_right(cut, sizeof(cut), text, cells);
        screen_put(page->ui->screen, row, col, cells, cut,
                   STYLE(ROLE_TEXT, look));
    }
}

static void
page_title(struct page *page, const char *text)
{
    page_text(page, page->rect.col, page->rect.cols, NULL, text, LOOK_BOLD);
    page->line++;
}

/* Keys of a scope (own) or those that every view has, in two columns where
 * there is room. */
static void
page_keys(struct page *page, unsigned scope, bool own)
{
    int columns = page->rect.cols >= 2 * COLUMN_CELLS ? 2 : 1;
    int cells = page->rect.cols / columns;
    int n = 0;

    for (size_t i = 0; i < keymap_count; i++) {
        const struct key_entry *entry = &keymap[i];
        if (entry->keys == NULL || (entry->scope != SCOPE_ALL) != own
            || (own && (entry->scope & scope) == 0)) {
            continue;
        }
        page_text(page, page->rect.col + n % columns * cells, cells - 1,
                  entry->keys, entry->help, 0);
        if (++n % columns == 0) {
            page->line++;
        }
    }
    page->line += n % columns != 0;
    page->line++;
}

static void
page_columns(struct page *page, struct view *view)
{
    const struct view_column *columns;

    if (view->ops->columns == NULL) {
        return;
    }
    size_t count = view->ops->columns(view, page->ui, &columns);
    for (size_t i = 0; i < count; i++) {
        page_text(page, page->rect.col, page->rect.cols - 1,
                  columns[i].title, columns[i].help, 0);
        page->line++;
    }
    static const char marks[] =
        "grows, shrinks, steady: over the last minute";
    page_text(page, page->rect.col, page->rect.cols - 1, "▲ ▼ ·", marks, 0);
    page->line += 2;
}

/* All lines; returns how many there are. */
static int
help_lines(struct page *page)
{
    struct view *view = ui_view(page->ui);
    char title[128];

    snprintf(title, sizeof(title), "help › %s%s", view->ops->name,
             page->rect.cols >= 80
             ? "          marks: s stdlib  p site-packages  i import system"
             : "");
    page_title(page, title);
    page_keys(page, view->ops->scope, true);
    page_columns(page, view);
    page_title(page, "in every view");
    page_keys(page, 0, false);
    page_title(page, "mouse: wheel 3 rows; click selects, double click "
               "opens; a head sorts; tabs, keys, graph");
    page_title(page, "arrows scroll, any other key closes");
    return page->line;
}

void
help_open(struct ui *ui)
{
    ui->help = true;
    ui->help_top = 0;
    ui->dirty = true;
}

void
help_key(struct ui *ui, const struct key *key)
{
    int rows = ui->body.rows > 1 ? ui->body.rows - 1 : 1;

    ui->dirty = true;
    switch (key->code) {
    case KEYCODE_UP:
    case KEYCODE_WHEEL_UP:
        ui->help_top--;
        break;
    case KEYCODE_DOWN:
    case KEYCODE_WHEEL_DOWN:
        ui->help_top++;
        break;
    case KEYCODE_PAGE_UP:
        ui->help_top -= rows;
        break;
    case KEYCODE_PAGE_DOWN:
        ui->help_top += rows;
        break;
    case KEYCODE_HOME:
        ui->help_top = 0;
        break;
    case KEYCODE_END:
        ui->help_top = 10000;
        break;
    default:
        ui->help = false;
    }
}

void
help_draw(struct ui *ui, struct rect rect)
{
    struct page page = {.ui = ui, .rect = rect, .top = 1 << 20};
    int most = help_lines(&page) - rect.rows;       /* counts only */

    if (ui->help_top > most) {
        ui->help_top = most;
    }
    if (ui->help_top < 0) {
        ui->help_top = 0;
    }
    page.line = 0;
    page.top = ui->help_top;
    help_lines(&page);
}
