/* SPDX-License-Identifier: MIT */
#include "ui/editor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "launcher/session.h"
#include "launcher/signals.h"
#include "ui/frame.h"
#include "ui/output.h"
#include "ui/ui.h"

#define WORDS_MAX 32

static const char *
editor_command(void)
{
    static const char *const names[] = {"VISUAL", "EDITOR"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *value = getenv(names[i]);

        if (value != NULL && value[strspn(value, " \t")] != '\0') {
            return value;
        }
    }
    return "vi";
}

/* Split command in place; returns the number of words. */
static int
split_words(char *command, char **words, int max)
{
    char *rest = command;
    char *word;
    int n = 0;

    while (n < max && (word = strsep(&rest, " \t")) != NULL) {
        if (*word != '\0') {
            words[n++] = word;
        }
    }
    return n;
}

/* Make a process group the terminal's, as a shell does with a job: its ^C
 * and ^Z are then the editor's alone. */
static void
give_terminal(int terminal, pid_t group)
{
    sigset_t block, old;

    sigemptyset(&block);
    sigaddset(&block, SIGTTOU);
    sigprocmask(SIG_BLOCK, &block, &old);
    tcsetpgrp(terminal, group);
    sigprocmask(SIG_SETMASK, &old, NULL);
}

/* In the child: never returns.  What exec says goes through the pipe, which
 * a successful exec closes. */
static _Noreturn void
become_editor(char **words, int terminal, int pipe_out)
{
    int error;

    setpgid(0, 0);
    give_terminal(terminal, getpid());
    signals_restore();
    if (terminal != STDIN_FILENO) {
        dup2(terminal, STDIN_FILENO);
    }
    execvp(words[0], words);
    error = errno;
    if (write(pipe_out, &error, sizeof(error)) < 0) {
        _exit(126);
    }
    _exit(127);
}

/* The run goes on in the graph and the snapshots, too. */
static void
take_frame(struct ui *ui)
{
    uint64_t now_ns = region_now_ns();

    if (now_ns - ui->now_ns >= UI_NS / 4 && !ui->still) {
        ui->now_ns = now_ns;
        frame_take(ui);
    }
}

/* Keep the script going: a terminal that nobody reads stops it. */
static void
serve_script(struct ui *ui)
{
    struct pollfd fds[SESSION_FDS];
    char bytes[4096];
    ssize_t n;

    session_fds(ui->session, fds);
    for (int i = 0; i < SESSION_FDS; i++) {
        if (fds[i].fd == ui->session->signals) {
            fds[i].fd = -1;     /* the loop's own, later */
        }
    }
    poll(fds, SESSION_FDS, 50);
    session_poll(ui->session);
    n = session_read(ui->session, bytes, sizeof(bytes));
    if (n > 0 && ui->output != NULL) {
        output_feed(ui->output, bytes, (size_t)n);
    }
    take_frame(ui);
}

static void
wait_for(struct ui *ui, pid_t child)
{
    int status;
    pid_t got;

    do {
        serve_script(ui);
        got = waitpid(child, &status, WNOHANG | WUNTRACED);
        if (got == child && WIFSTOPPED(status)) {
            /* Nobody could continue it: there is no shell here. */
            kill(-child, SIGCONT);
            got = 0;
        }
    } while (got == 0 || (got < 0 && errno == EINTR));
}

/* Start the words and wait.  Returns 0 or errno. */
static int
run_words(struct ui *ui, char **words)
{
    int pipes[2];
    int terminal = ui->session->keys;
    int error = 0;
    pid_t child;

    if (pipe2(pipes, O_CLOEXEC) < 0) {
        return errno;
    }
    child = fork();
    if (child == 0) {
        close(pipes[0]);
        become_editor(words, terminal, pipes[1]);
    }
    error = child < 0 ? errno : 0;
    close(pipes[1]);
    if (child > 0) {
        if (read(pipes[0], &error, sizeof(error)) != sizeof(error)) {
            error = 0;
        }
        wait_for(ui, child);
        give_terminal(terminal, getpgrp());
    }
    close(pipes[0]);
    return error;
}

int
editor_run(struct ui *ui, const char *path, int line, char *why,
           size_t why_size)
{
    char *command = xstrdup(editor_command());
    char *words[WORDS_MAX + 3];
    char at[32];
    int n = split_words(command, words, WORDS_MAX);
    int error;

    snprintf(at, sizeof(at), "+%d", line);
    if (line > 0) {
        words[n++] = at;
    }
    words[n++] = (char *)path;
    words[n] = NULL;
    screen_leave(ui->screen);
    error = run_words(ui, words);
    screen_return(ui->screen);
    if (error != 0) {
        snprintf(why, why_size, "%s: %s", words[0], strerror(error));
    }
    free(command);
    return error == 0 ? 0 : -1;
}
