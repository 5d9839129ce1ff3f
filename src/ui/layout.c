/* SPDX-License-Identifier: MIT */
#include "ui/layout.h"

#include <stdio.h>

#include "ui/graph.h"
#include "ui/header.h"
#include "ui/help.h"
#include "ui/hints.h"
#include "ui/tabs.h"
#include "ui/text_cells.h"
#include "ui/ui.h"

/* How many lines each part gets. */
struct layout {
    int header, graph, tabs, hint, footer;
};

static struct layout
layout_of(const struct ui *ui, bool bare)
{
    int rows = screen_rows(ui->screen), cols = screen_cols(ui->screen);
    struct layout layout = {0};

    layout.header = bare ? 1 : header_lines(rows, cols);
    layout.graph = bare || cols < 40 || !ui->switches.graph ? 0
        : graph_lines(rows);
    layout.tabs = rows >= 6 && cols >= 40;
    layout.hint = rows >= 10;
    layout.footer = rows >= 10 && !bare;
    return layout;
}

/* One sentence, going on in the next line where it must. */
static void
draw_too_small(struct ui *ui)
{
    char text[64];
    const char *rest = text;
    int cols = screen_cols(ui->screen);

    snprintf(text, sizeof(text), "%dx%d needed, this is %dx%d",
             LAYOUT_COLS_MIN, LAYOUT_ROWS_MIN, cols,
             screen_rows(ui->screen));
    for (int row = 0; cols > 0 && row < screen_rows(ui->screen); row++) {
        screen_put(ui->screen, row, 0, cols, rest, STYLE_TEXT);
        rest += text_fit(rest, cols);
    }
}

static void
forget_places(struct ui *ui)
{
    ui->tabs_row = ui->footer_row = ui->hint_row = -1;
    ui->graph.rows = 0;
}

static void
draw_view(struct ui *ui)
{
    struct view *view = ui_view(ui);

    if (view->ops->refresh != NULL) {
        view->ops->refresh(view, ui);
    }
    if (ui->help) {
        help_draw(ui, ui->body);
    }
    else if (ui->body.rows > 0) {
        view->ops->draw(view, ui, ui->body);
    }
}

/* The prompt takes the hint line; where there is none, the last line. */
static void
draw_prompt(struct ui *ui)
{
    struct rect rect = ui->body;
    int last = ui->hint_row >= 0 ? ui->hint_row
        : screen_rows(ui->screen) - 1;

    if (ui->prompt.kind != PROMPT_MENU) {
        rect.rows = last - rect.row + 1;
    }
    if (rect.rows < 1) {
        rect.row = last;
        rect.rows = 1;
    }
    prompt_draw(ui, rect);
}

void
layout_draw(struct ui *ui)
{
    int rows = screen_rows(ui->screen), cols = screen_cols(ui->screen);
    struct layout layout = layout_of(ui, ui_view(ui)->ops->bare
                                     && !ui->help);

    screen_erase(ui->screen);
    forget_places(ui);
    if (rows < LAYOUT_ROWS_MIN || cols < LAYOUT_COLS_MIN) {
        draw_too_small(ui);
        return;
    }
    int row = layout.header;
    if (layout.graph > 0) {
        graph_draw(ui, (struct rect){row, 0, layout.graph, cols});
        row += layout.graph;
    }
    if (layout.tabs) {
        tabs_draw(ui, row++);
    }
    ui->body = (struct rect){
        row, 0, rows - row - layout.hint - layout.footer, cols
    };
    draw_view(ui);
    header_draw(ui, layout.header);
    if (layout.footer) {
        footer_draw(ui, rows - 1);
    }
    if (layout.hint) {
        hints_draw(ui, rows - 1 - layout.footer);
    }
    draw_prompt(ui);
}

void
layout_output_size(struct ui *ui, int *rows, int *cols)
{
    struct layout layout = layout_of(ui, true);

    *cols = screen_cols(ui->screen);
    *rows = screen_rows(ui->screen) - layout.header - layout.tabs
        - layout.hint;
    *rows = *rows > 0 ? *rows : 1;
    *cols = *cols > 0 ? *cols : 1;
}
