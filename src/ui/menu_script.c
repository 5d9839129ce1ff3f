/* SPDX-License-Identifier: MIT
 *
 * The menus of the whole screen: what can be done to the script, and how to
 * leave.  Nothing is lost by one key: choosing takes a second one, Enter.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "launcher/session.h"
#include "launcher/signals.h"
#include "ui/menu.h"
#include "ui/ui.h"
#include "ui/watch.h"

#define PAUSE_TRACING (-1)

static const struct menu_item script_items[] = {
    {'i', "interrupt", "SIGINT, as ^C", SIGINT},
    {'t', "terminate", "SIGTERM", SIGTERM},
    {'k', "kill", "SIGKILL: it cannot clean up", SIGKILL},
    {'s', "stop", "SIGSTOP", SIGSTOP},
    {'c', "continue", "SIGCONT", SIGCONT},
    {'p', "pause tracing, resume it", "what is allocated meanwhile is not"
     " known by line", PAUSE_TRACING},
    {0, NULL, NULL, 0}
};

static void
pause_tracing(struct ui *ui)
{
    if (ui->still) {
        ui_say(ui, "%s has ended: nothing of it is traced any more",
               watch_noun(ui));
        return;
    }
    ui->tracing_paused = !ui->tracing_paused;
    region_pause(ui->region, watch_slot(ui), ui->tracing_paused);
    ui_say(ui, ui->tracing_paused ? "tracing paused: K p Enter resumes"
           : "tracing goes on");
}

static void
send_signal(struct ui *ui, int number)
{
    if (session_signal(ui->session, number) != 0) {
        ui_say(ui, "%s not sent: %s", signals_name(number), strerror(errno));
        return;
    }
    if (number == SIGKILL) {
        ui->killed_here = true;
        session_signal(ui->session, SIGCONT);
    }
    ui_say(ui, "%s sent to the script", signals_name(number));
}

static void
script_selected(struct ui *ui, int value, void *argument)
{
    (void)argument;
    if (value == PAUSE_TRACING) {   /* of the process that is shown */
        pause_tracing(ui);
    }
    else if (ui->ended) {
        ui_say(ui, "the script has ended");
    }
    else {
        send_signal(ui, value);
    }
}

void
menu_script(struct ui *ui)
{
    if (ui->ended && ui->still) {
        ui_say(ui, "the script has ended: nothing to send to it");
        return;
    }
    prompt_menu(ui, "script", script_items, 0, script_selected, NULL);
}

static bool
quit_answered(struct ui *ui, uint32_t code, void *argument)
{
    (void)argument;
    if (code == 'k') {
        ui->killed_here = true;
        session_signal(ui->session, SIGKILL);
        ui->quit = true;
        return true;
    }
    if (code == 'l') {
        ui->detach = !ui->ended;
        ui->quit = true;
        return true;
    }
    return false;
}

void
menu_quit(struct ui *ui)
{
    if (ui->ended) {
        ui->quit = true;
        return;
    }
    prompt_question(ui, "The script still runs:  k kill it   l let it run"
                    " without a screen   Esc stay", quit_answered, NULL);
}

void
menu_note_end(struct ui *ui)
{
    if (ui->prompt.kind == PROMPT_QUESTION
        && ui->prompt.answered == quit_answered) {
        prompt_cancel(ui);
        ui_say(ui, "the script has ended: q quits");
    }
}
