/* SPDX-License-Identifier: MIT
 *
 * The one table of views; and moving between them and their pages.
 */
#include <stdio.h>
#include <string.h>

#include "ui/output.h"
#include "ui/page_source.h"
#include "ui/ui.h"
#include "ui/view_processes.h"
#include "ui/view_snapshots.h"
#include "ui/view_table.h"
#include "ui/view_tree.h"
#include "ui/views.h"

const struct view_ops *const view_table[] = {
    &lines_view, &files_view, &functions_view, &tree_view, &snapshots_view,
    &processes_view, &output_view, NULL
};

void
views_open(struct ui *ui)
{
    for (int i = 0; view_table[i] != NULL; i++) {
        struct view *view = &ui->views[ui->view_count++];
        *view = (struct view){.ops = view_table[i], .list = LIST_INIT};
        if (view->ops->init != NULL) {
            view->ops->init(view, ui);
        }
    }
}

void
views_renew(struct ui *ui)
{
    for (int i = 0; i < ui->view_count; i++) {
        struct view *view = &ui->views[i];
        if (view->ops->of_all) {
            continue;
        }
        struct view old = *view;
        *view = (struct view){.ops = old.ops, .list = LIST_INIT};
        if (view->ops->init != NULL) {
            view->ops->init(view, ui);
        }
        if (view->ops->take_over != NULL) {
            view->ops->take_over(view, &old);
        }
        if (view->ops->release != NULL) {
            view->ops->release(&old);
        }
    }
}

void
views_close(struct ui *ui)
{
    ui_page_close(ui);
    for (int i = 0; i < ui->view_count; i++) {
        if (ui->views[i].ops->release != NULL) {
            ui->views[i].ops->release(&ui->views[i]);
        }
    }
    ui->view_count = 0;
}

struct view *
ui_view(struct ui *ui)
{
    return ui->page.ops != NULL ? &ui->page : &ui->views[ui->current];
}

/* The cursor goes along to the same place, unless it is parked. */
static void
take_cursor(struct ui *ui, struct view *from, struct view *to)
{
    struct place place;

    if (to->ops->refresh != NULL) {
        to->ops->refresh(to, ui);
    }
    if (from != to && !from->list.parked && from->ops->place != NULL
        && to->ops->go != NULL
        && from->ops->place(from, ui, from->list.cursor, &place)) {
        to->ops->go(to, ui, &place);
    }
}

bool
ui_show(struct ui *ui, char digit)
{
    for (int i = 0; i < ui->view_count; i++) {
        if (ui->views[i].ops->digit == digit) {
            struct view *from = &ui->views[ui->current];
            ui->current = i;
            ui->dirty = true;
            take_cursor(ui, from, &ui->views[i]);
            return true;
        }
    }
    return false;
}

void
ui_page_open(struct ui *ui, const struct view_ops *ops)
{
    ui_page_close(ui);
    ui->page = (struct view){.ops = ops, .list = LIST_INIT};
    if (ops->init != NULL) {
        ops->init(&ui->page, ui);
    }
    ui->dirty = true;
}

void
ui_page_close(struct ui *ui)
{
    if (ui->page.ops != NULL && ui->page.ops->release != NULL) {
        ui->page.ops->release(&ui->page);
    }
    ui->page = (struct view){.ops = NULL};
    ui->dirty = true;
}

void
ui_open_place(struct ui *ui, const struct place *place)
{
    source_open(ui, place);
}
