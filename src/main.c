/* SPDX-License-Identifier: MIT
 *
 * pymtop: run a Python program and show the memory it holds.
 */
#include <locale.h>

#include "base/die.h"
#include "launcher/batch.h"
#include "launcher/interpreter.h"
#include "launcher/options.h"
#include "launcher/session.h"
#include "launcher/target.h"
#include "ui/screen.h"
#include "ui/ui.h"

int
main(int argc, char **argv)
{
    struct options options;
    struct target target;
    struct interpreter interpreter;
    struct session session;
    char why[512];

    setlocale(LC_CTYPE, "");
    options_parse(&options, argc, argv);
    target_find(&target, options.python_argc, options.python_argv);
    target_check(&target);
    interpreter_find(&interpreter, &options);
    if (target_runs_nothing(&target)) {
        interpreter_exec(&interpreter, &options);
    }
    bool usable = options.batch || screen_usable(why, sizeof(why));
    bool batch = batch_wanted(&options, usable ? NULL : why);
    FILE *file = batch ? batch_open(&options) : NULL;

    struct session_plan plan = {
        .interpreter = &interpreter,
        .target = &target,
        .title = target_title(options.python_argc, options.python_argv),
        .argc = options.python_argc,
        .argv = options.python_argv,
        .screen = !batch,
        .at_death = screen_restore_for_dead,
        .follow = !options.no_follow
    };
    screen_share();
    if (session_start(&session, &plan, why, sizeof(why)) < 0) {
        die(DIE_CANNOT_TRACE, "%s", why);
    }
    if (batch) {
        if (batch_run(&session, &options, file) < 0 && session.status == 0) {
            session.status = DIE_CANNOT_TRACE;
        }
    }
    else if (session_wait_for_screen(&session)) {
        session_copy_output(&session, 1);
    }
    else {
        ui_run(&session, &options);
    }
    session_exit(&session);
}
