/* SPDX-License-Identifier: MIT */
#include "ui/commands.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "launcher/session.h"
#include "launcher/signals.h"
#include "ui/badges.h"
#include "ui/help.h"
#include "ui/menu.h"
#include "ui/mouse.h"
#include "ui/output.h"
#include "ui/search.h"
#include "ui/switches.h"
#include "ui/write.h"

#define CTRL_BRACKET 29
#define TWICE_NS (UI_NS / 2)    /* Ctrl-] again within this sends ^] */

static void
start_talking(struct ui *ui)
{
    if (ui->session->pty < 0) {
        ui_say(ui, ui->ended ? "the script has ended: nobody reads keys"
               : "the script has no terminal of pymtop's: it reads its own");
        return;
    }
    ui_page_close(ui);
    ui_show(ui, '0');
    ui->talking = true;
}

/* While keys go to the script only Ctrl-] is ours; pressed again at once, it
 * is sent. */
static void
talk_key(struct ui *ui, const struct key *key)
{
    if (key->code == CTRL_BRACKET) {
        ui->talking = false;
        ui->talked_ns = ui->now_ns;
        return;
    }
    output_key(ui->output, key);
}

static void
talk_toggle(struct ui *ui, const struct key *key)
{
    if (key->code == CTRL_BRACKET && ui->talked_ns != 0
        && ui->now_ns - ui->talked_ns < TWICE_NS && ui->session->pty >= 0) {
        ui->talking = true;
        ui->talked_ns = 0;
        output_key(ui->output, key);
        return;
    }
    start_talking(ui);
}

static void
interrupt(struct ui *ui)
{
    if (ui->ended) {
        ui_say(ui, "the script has ended: q quits");
        return;
    }
    session_signal_foreground(ui->session, SIGINT);
    ui_say(ui, "^C sent to the script");
}

void
command_suspend(struct ui *ui)
{
    if (!ui->ended) {
        session_signal_foreground(ui->session, SIGTSTP);
    }
    screen_leave(ui->screen);
    signals_stop();
    screen_return(ui->screen);
    if (!ui->ended) {
        session_signal_foreground(ui->session, SIGCONT);
    }
    ui->dirty = true;
}

static void
go_back(struct ui *ui)
{
    if (ui->page.ops != NULL) {
        ui_page_close(ui);
    }
    else if (!badge_off_newest(ui)) {
        ui_say(ui, "nothing to close: q quits");
    }
    ui->dirty = true;
}

static void
view_beside(struct ui *ui, int step)
{
    int to = (ui->current + step + ui->view_count) % ui->view_count;

    ui_page_close(ui);
    ui_show(ui, ui->views[to].ops->digit);
}

static void
toggle(struct ui *ui, bool *what, const char *on, const char *off)
{
    *what = !*what;
    ui_changed(ui);
    ui_say(ui, "%s", *what ? on : off);
}

static bool
toggle_act(struct ui *ui, enum action action)
{
    struct switches *switches = &ui->switches;

    switch (action) {
    case ACTION_EXACT:
        toggle(ui, &switches->exact, "exact bytes", "KiB, MiB, GiB");
        return true;
    case ACTION_GRAPH:
        toggle(ui, &switches->graph, "graph on", "graph off: # shows it");
        return true;
    case ACTION_ZOOM:
        toggle(ui, &switches->last_minute, "graph: the last minute",
               "graph: the whole run");
        return true;
    default:
        return false;
    }
}

/* What is the same in every view. */
static bool
common_act(struct ui *ui, enum action action, const struct key *key)
{
    switch (action) {
    case ACTION_VIEW:
        if (ui_view(ui) == &ui->views[ui->current]
            && ui->views[ui->current].ops->digit == (char)key->code) {
            ui_say(ui, "this is view %c", (int)key->code);
        }
        ui_page_close(ui);
        ui_show(ui, (char)key->code);
        return true;
    case ACTION_VIEW_NEXT:
    case ACTION_VIEW_PREVIOUS:
        view_beside(ui, action == ACTION_VIEW_NEXT ? 1 : -1);
        return true;
    case ACTION_BACK:
        go_back(ui);
        return true;
    case ACTION_SEARCH:
        search_ask(ui);
        return true;
    case ACTION_SEARCH_NEXT:
    case ACTION_SEARCH_PREVIOUS:
        search_again(ui, action == ACTION_SEARCH_NEXT ? 1 : -1);
        return true;
    case ACTION_WRITE:
        write_ask(ui);
        return true;
    case ACTION_SCRIPT_MENU:
        menu_script(ui);
        return true;
    case ACTION_TALK:
        talk_toggle(ui, key);
        return true;
    case ACTION_INTERRUPT:
        interrupt(ui);
        return true;
    case ACTION_SUSPEND:
        command_suspend(ui);
        return true;
    case ACTION_REDRAW:
        screen_redraw(ui->screen);
        ui_say(ui, "drawn anew");
        return true;
    case ACTION_HELP:
        help_open(ui);
        return true;
    case ACTION_QUIT:
        menu_quit(ui);
        return true;
    default:
        return toggle_act(ui, action) || switches_act(ui, action);
    }
}

/* Move the cursor; at an end it says so. */
static bool
move_act(struct ui *ui, enum action action)
{
    struct list *list = &ui_view(ui)->list;
    struct list before = *list;

    if (!list_act(list, action)) {
        return false;
    }
    if (list->count == 0) {
        ui_say(ui, "no rows here");
    }
    else if (list->cursor == before.cursor && list->top == before.top
             && list->parked == before.parked) {
        ui_say(ui, list->cursor == 0 ? "this is the first row"
               : "this is the last row");
    }
    return true;
}

static void
unknown_key(struct ui *ui, uint32_t code)
{
    char name[32];

    if (code >= KEYCODE_CLICK) {
        return;
    }
    keymap_name(code, name, sizeof(name));
    ui_say(ui, "no key \"%s\" here: ? shows all", name);
}

static void
run_key(struct ui *ui, const struct key *key)
{
    struct view *view = ui_view(ui);
    const struct key_entry *entry = keymap_find(key->code, view->ops->scope);

    if (entry == NULL) {
        unknown_key(ui, key->code);
        return;
    }
    ui->message[0] = '\0';
    ui->used |= 1ull << entry->action;
    if (entry->action != ACTION_TALK) {
        ui->talked_ns = 0;              /* Ctrl-] is twice only at once */
    }
    if ((view->ops->act == NULL
         || !view->ops->act(view, ui, entry->action, key))
        && !common_act(ui, entry->action, key)
        && !move_act(ui, entry->action)) {
        unknown_key(ui, key->code);
    }
}

void
command_key(struct ui *ui, const struct key *key)
{
    struct key translated = *key;

    ui->dirty = true;
    if (key->code == KEYCODE_RESIZE) {
        screen_resize(ui->screen);
        return;
    }
    ui->key_ns = ui->now_ns;
    mouse_notice(ui, &translated);
    if (ui->talking) {
        talk_key(ui, key);
    }
    else if (ui->prompt.kind != PROMPT_NONE) {
        prompt_key(ui, &translated);
    }
    else if (ui->help) {
        help_key(ui, key);
    }
    else if (!mouse_key(ui, &translated)) {
        run_key(ui, &translated);
    }
}
