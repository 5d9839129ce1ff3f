/* SPDX-License-Identifier: MIT */
#include "ui/search.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "ui/text_match.h"
#include "ui/ui.h"

/* Where the search began, to go back to when it is given up: a row that may
 * be elsewhere by now, if it has a place. */
static struct list before;
static struct place before_place;
static bool has_place;

/* The row that matches at `from` or after it in direction step; -1: none. */
static int
find(struct ui *ui, const char *needle, int from, int step)
{
    struct view *view = ui_view(ui);
    int count = view->list.count;
    char text[2048];
    int col, width;

    for (int i = 0; i < count; i++) {
        int row = ((from + i * step) % count + count) % count;
        view->ops->row_text(view, ui, row, text, sizeof(text));
        if (text_match(text, needle, 0, &col, &width)) {
            return row;
        }
    }
    return -1;
}

static void
go_back(struct ui *ui)
{
    struct view *view = ui_view(ui);
    int count = view->list.count;
    bool is_there = has_place && view->ops->go != NULL
        && view->ops->go(view, ui, &before_place);
    int row = is_there ? view->list.cursor : -1;

    view->list = before;
    list_follow(&view->list, count, row);
}

static void
changed(struct ui *ui, const char *text, void *argument)
{
    struct view *view = ui_view(ui);

    (void)argument;
    go_back(ui);
    if (text[0] != '\0') {
        int row = find(ui, text, view->list.cursor, 1);
        if (row >= 0) {
            list_go(&view->list, row);
        }
    }
}

static void
done(struct ui *ui, const char *text, void *argument)
{
    (void)argument;
    if (text[0] == '\0') {
        return;
    }
    free(ui->needle);
    ui->needle = xstrdup(text);
    if (find(ui, text, 0, 1) < 0) {
        ui_say(ui, "no match for \"%s\"", text);
    }
}

static void
cancelled(struct ui *ui, void *argument)
{
    (void)argument;
    go_back(ui);
}

void
search_ask(struct ui *ui)
{
    struct view *view = ui_view(ui);

    if (view->ops->row_text == NULL) {
        ui_say(ui, "nothing to search in here");
        return;
    }
    before = view->list;
    has_place = view->ops->place != NULL
        && view->ops->place(view, ui, before.cursor, &before_place);
    prompt_line(ui, "/", "", done, NULL);
    ui->prompt.changed = changed;
    ui->prompt.cancelled = cancelled;
}

void
search_again(struct ui *ui, int step)
{
    struct view *view = ui_view(ui);

    if (view->ops->row_text == NULL || ui->needle == NULL) {
        ui_say(ui, ui->needle == NULL ? "nothing searched for yet: / does"
               : "nothing to search in here");
        return;
    }
    int row = find(ui, ui->needle, view->list.cursor + step, step);
    if (row < 0) {
        ui_say(ui, "no match for \"%s\"", ui->needle);
    }
    else if (row == view->list.cursor) {
        ui_say(ui, "the only match for \"%s\"", ui->needle);
    }
    else {
        list_go(&view->list, row);
    }
}
