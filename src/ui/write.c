/* SPDX-License-Identifier: MIT */
#include "ui/write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "launcher/interpreter.h"
#include "report/report.h"
#include "ui/states.h"
#include "ui/text_cells.h"
#include "ui/ui.h"
#include "ui/watch.h"

#define NAME_CELLS 80           /* of a file name in a message */

static void
say_about(struct ui *ui, const char *path, const char *what)
{
    char name[512];

    text_cut_left(name, sizeof(name), path, NAME_CELLS);
    ui_say(ui, "%s: %s", name, what);
}

/* `~/x` as the shell reads it.  To be freed. */
static char *
expand(const char *path)
{
    const char *home = getenv("HOME");

    if (path[0] == '~' && path[1] == '/' && home != NULL) {
        return xasprintf("%s%s", home, path + 1);
    }
    return xstrdup(path);
}

static const char *
ending_of(const char *path)
{
    const char *name = strrchr(path, '/');
    const char *dot = strrchr(name != NULL ? name : path, '.');

    return dot != NULL ? dot : "";
}

/* Write and say how it went.  O_NONBLOCK: a name that is a pipe nobody reads
 * must not stop the screen. */
static void
write_path(struct ui *ui, const char *path)
{
    struct view *view = ui_view(ui);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK
                        | O_NOCTTY, 0666);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    int result;

    if (file == NULL) {
        say_about(ui, path, strerror(errno));
        if (fd >= 0) {
            close(fd);
        }
        return;
    }
    result = view->ops->write(view, ui, file, ending_of(path));
    if (result != 0) {
        say_about(ui, path, strerror(errno));
        fclose(file);
    }
    else if (fclose(file) != 0) {
        say_about(ui, path, strerror(errno));
    }
    else {
        say_about(ui, path, "written");
    }
}

static void
overwrite(struct ui *ui, void *argument)
{
    write_path(ui, argument);
    free(argument);
}

static void
keep(struct ui *ui, void *argument)
{
    say_about(ui, argument, "not overwritten");
    free(argument);
}

/* Can the view be written with this ending?  Says why not. */
static bool
check_ending(struct ui *ui, const char *path)
{
    enum report_format format = report_format_of_file(path);
    const struct view_ops *ops = ui_view(ui)->ops;

    if (format == REPORT_FORMATS) {
        say_about(ui, path, ops->text_only
                                ? "the ending must be .txt"
                                : "the ending must be .txt, .json or .csv");
        return false;
    }
    if (ops->text_only && format != REPORT_TEXT) {
        say_about(ui, path, "this view is written as .txt only");
        return false;
    }
    return true;
}

static void
name_given(struct ui *ui, const char *text, void *argument)
{
    char question[sizeof(ui->prompt.label)];
    char name[sizeof(question) - 30];
    char *path;

    (void)argument;
    if (text[strspn(text, " ")] == '\0' || ui_view(ui)->ops->write == NULL) {
        return;
    }
    if (!check_ending(ui, text)) {
        return;
    }
    path = expand(text);
    if (access(path, F_OK) != 0) {
        write_path(ui, path);
        free(path);
        return;
    }
    text_cut_left(name, sizeof(name), path, NAME_CELLS);
    snprintf(question, sizeof(question), "%s exists: overwrite? y/N", name);
    prompt_yes(ui, question, overwrite, path);
    ui->prompt.cancelled = keep;
}

void
write_ask(struct ui *ui)
{
    const struct view_ops *ops = ui_view(ui)->ops;
    char name[64];

    if (ops->write == NULL) {
        ui_say(ui, "nothing to write in view %s", ops->name);
        return;
    }
    snprintf(name, sizeof(name), "%s.txt", ops->name);
    prompt_line(ui, ops->text_only ? "write (.txt): "
                                   : "write (.txt .json .csv): ",
                name, name_given, NULL);
}

/* --- tables ---------------------------------------------------------------*/

/* What of a child is words. */
struct child_words {
    struct strbuf command;
    char state[100];
};

static void
add_run(struct ui *ui, struct report *report, struct child_words *words)
{
    const struct session *session = ui->session;
    const struct interpreter *interpreter = session->interpreter;

    const struct process *process = watch_process(ui);

    report->executable = interpreter->path;
    report->argv = (const char *const *)session->argv;
    report->start = interpreter->start == START_EMBED ? "embed" : "preload";
    report->pid = session->pid;
    report->start_ns = session->start_ns;
    session_end(session, &report->end);
    report->end.by_key = ui->killed_here;
    if (ui->watched != PROCESS_SCRIPT && process != NULL) {
        report->argv = NULL;
        process_words(process, &words->command);
        report->command = words->command.text;
        state_child_words(ui, words->state, sizeof(words->state));
        report->state = words->state;
        if (!watch_is_fork_of_script(ui)) {     /* whose, is not known */
            report->executable = NULL;
        }
        report->python_version = NULL;
        report->start = process->forked ? "fork" : "preload";
        report->pid = process->pid;
        report->end = (struct report_end){.end_ns = process->end_ns};
    }
    report->trouble = ui->trouble;
    report->processes = session_processes(session);
    report->tracer_bytes = ui->tracer_bytes;
    report->rss_bytes = ui->rss_bytes;
}

int
write_table(struct ui *ui, const struct table_request *request,
            struct sort_order order, FILE *file, const char *ending)
{
    enum report_format format = report_format_of_file(ending);
    struct slot_head *head = region_slot(ui->region, watch_slot(ui));
    char version[32];
    struct child_words words;
    struct table_request all = *request;
    struct table table;
    struct report report = {
        .table = &table,
        .exact = ui->switches.exact,
        .ascii = !screen_utf8(ui->screen),
        .python_version = version,
        .reattribution = head != NULL ? head->reattribution : 0,
    };
    int result;

    snprintf(version, sizeof(version), "%d.%d.%d",
             ui->session->interpreter->major, ui->session->interpreter->minor,
             ui->session->interpreter->micro);
    /* A program that reads rows wants lines, not words about them. */
    if (format != REPORT_TEXT) {
        all.unfold_import = true;
    }
    table_init(&table);
    table_build(&table, &all);
    table_sort(&table, order);
    strbuf_init(&words.command);
    add_run(ui, &report, &words);
    result = report_write(file, &report, format);
    strbuf_release(&words.command);
    table_release(&table);
    return result;
}
