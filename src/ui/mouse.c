/* SPDX-License-Identifier: MIT */
#include "ui/mouse.h"

#include <stdlib.h>

#include "ui/graph.h"
#include "ui/tabs.h"
#include "ui/ui.h"

#define DOUBLE_NS (UI_NS * 4 / 10)

/* The kept moment nearest to a time of the graph. */
static void
click_graph(struct ui *ui, int col)
{
    uint64_t when = graph_time_at(ui, col);
    const struct snapshot *nearest = NULL;
    uint64_t least = UINT64_MAX;

    for (size_t i = 0; i < ui->snapshots.count; i++) {
        const struct snapshot *kept = ui->snapshots.items[i];
        uint64_t far = kept->when_ns > when ? kept->when_ns - when
            : when - kept->when_ns;
        if (far < least) {
            least = far;
            nearest = kept;
        }
    }
    if (nearest == NULL) {
        ui_say(ui, "no moment is kept yet");
        return;
    }
    ui_show_past(ui, nearest);
}

static bool
in_rect(struct rect rect, const struct key *key)
{
    return key->row >= rect.row && key->row < rect.row + rect.rows
        && key->col >= rect.col && key->col < rect.col + rect.cols;
}

void
mouse_notice(struct ui *ui, struct key *key)
{
    if (key->code != KEYCODE_CLICK) {
        return;
    }
    bool again = key->row == ui->click.row
        && abs(key->col - ui->click.col) <= 1
        && ui->now_ns - ui->click_ns < DOUBLE_NS;
    ui->click = *key;
    ui->click_ns = again ? 0 : ui->now_ns;
    if (again) {
        key->code = KEYCODE_DOUBLE_CLICK;
    }
}

static bool
click_body(struct ui *ui, struct key *key)
{
    struct view *view = ui_view(ui);
    int row = list_row_at(&view->list, key->row);
    bool again = key->code == KEYCODE_DOUBLE_CLICK;

    if (view->ops->click != NULL
        && view->ops->click(view, ui, key->row, key->col)) {
        return true;
    }
    if (row < 0) {
        return true;
    }
    list_go(&view->list, row);
    if (again) {
        *key = (struct key){.code = KEYCODE_ENTER};
        return false;
    }
    return true;
}

bool
mouse_key(struct ui *ui, struct key *key)
{
    if (key->code != KEYCODE_CLICK && key->code != KEYCODE_DOUBLE_CLICK) {
        return false;
    }
    if (key->row == ui->tabs_row) {
        int view = tabs_at(ui, key->col);
        if (view >= 0) {
            ui_page_close(ui);
            ui_show(ui, ui->views[view].ops->digit);
        }
        return true;
    }
    if (key->row == ui->footer_row) {
        uint32_t code = footer_at(ui, key->col);
        *key = (struct key){.code = code};
        return code == 0;
    }
    if (in_rect(ui->graph, key)) {
        click_graph(ui, key->col);
        return true;
    }
    return in_rect(ui->body, key) ? click_body(ui, key) : true;
}
