/* SPDX-License-Identifier: MIT */
#include "launcher/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "launcher/interpreter.h"
#include "launcher/keeper.h"
#include "launcher/signals.h"
#include "region/region.h"

/* What the engine reads and removes; see src/start/. */
static const char *const own_variables[] = {
    "PYMTOP_REGION=", "PYMTOP_LIBPYTHON=", "PYMTOP_LD_PRELOAD=",
    "PYMTOP_FOLLOW=", NULL
};

struct environment {
    char **words;       /* NULL-terminated; the last `own` are ours */
    size_t own, count;
    char *preload;      /* LD_PRELOAD=...; NULL: as it is */
};

static bool
begins_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static void
environment_add(struct environment *environment, char *word)
{
    environment->words[environment->count++] = word;
    environment->own = environment->count;
}

/* Behind the others, which then need not move when the engine takes them out
 * (src/engine/environment.h). */
static void
environment_own_last(struct environment *environment)
{
    size_t others = environment->count - environment->own;
    char *own[sizeof own_variables / sizeof own_variables[0]];

    memcpy(own, environment->words, environment->own * sizeof(char *));
    memmove(environment->words, environment->words + environment->own,
            others * sizeof(char *));
    memcpy(environment->words + others, own,
           environment->own * sizeof(char *));
}

/* The environment as it is, and ours. */
static void
environment_init(struct environment *environment, const struct spawn *spawn)
{
    const struct interpreter *interpreter = spawn->interpreter;
    bool preload = interpreter->start == START_PRELOAD;
    const char *preloaded = getenv("LD_PRELOAD");
    size_t count = 0;

    while (environ[count]) {
        count++;
    }
    environment->words = xcalloc(count + 5, sizeof(char *));
    environment->count = 0;
    environment_add(environment,
                    xasprintf("PYMTOP_REGION=%d", spawn->region->fd));
    if (spawn->follow) {
        const struct region_header *region = &spawn->region->sizes;
        environment_add(environment,
                        xasprintf("PYMTOP_FOLLOW=%d:%d:%llx:%010d:%s",
                                  region->monitor_pid, region->monitor_fd,
                                  (unsigned long long)region->id, 0,
                                  interpreter->engine ? interpreter->engine
                                                      : ""));
    }
    if (!preload) {
        environment_add(environment, xasprintf("PYMTOP_LIBPYTHON=%s",
                                               interpreter->libpython));
    }
    else if (preloaded) {
        environment_add(environment,
                        xasprintf("PYMTOP_LD_PRELOAD=%s", preloaded));
    }
    environment->preload = !preload ? NULL
        : xasprintf("LD_PRELOAD=%s%s%s", interpreter->tool,
                    preloaded && *preloaded ? ":" : "",
                    preloaded ? preloaded : "");
    if (preload && !preloaded) {
        environment->words[environment->count++] = environment->preload;
    }
    for (size_t i = 0; i < count; i++) {
        bool ours = false;
        for (int j = 0; own_variables[j]; j++) {
            ours = ours || begins_with(environ[i], own_variables[j]);
        }
        if (!ours) {
            /* In its place, so that the script finds it there. */
            environment->words[environment->count++] =
                preload && begins_with(environ[i], "LD_PRELOAD=")
                ? environment->preload : environ[i];
        }
    }
    environment_own_last(environment);
}

static void
environment_release(struct environment *environment)
{
    for (size_t i = 0; i < environment->own; i++) {
        free(environment->words[environment->count - 1 - i]);
    }
    free(environment->preload);
    free(environment->words);
}

/* The pty in place of every stream that is a terminal. */
static int
take_terminal(int terminal)
{
    for (int fd = 0; fd < 3; fd++) {
        if (isatty(fd) && dup2(terminal, fd) < 0) {
            return -1;
        }
    }
    return 0;
}

/* In the child; returns only with errno. */
static void
become(const struct spawn *spawn, pid_t monitor, char **argv, char **words)
{
    const struct interpreter *interpreter = spawn->interpreter;

    if (spawn->terminal >= 0 && take_terminal(spawn->terminal) < 0) {
        return;
    }
    /* Without a terminal of its own nothing else would tell it that we were
     * killed. */
    if (spawn->terminal < 0) {
        prctl(PR_SET_PDEATHSIG, SIGHUP);
        if (getppid() != monitor) {
            raise(SIGHUP);
        }
    }
    if (fcntl(spawn->region->fd, F_SETFD, 0) < 0) {
        return;
    }
    signals_restore();
    execve(interpreter->start == START_EMBED ? interpreter->tool
                                             : interpreter->path,
           argv, words);
}

/* fork, and wait until exec has happened or failed. */
static pid_t
start(const struct spawn *spawn, char **argv, char **words, int *error)
{
    int report[2];
    pid_t monitor = getpid();

    *error = 0;
    if (pipe2(report, O_CLOEXEC) < 0) {
        *error = errno;
        return -1;
    }
    pid_t pid = spawn->terminal < 0
        ? fork() : keeper_fork(spawn->keeper, spawn->terminal,
                               spawn->at_death);
    if (pid < 0) {
        *error = errno;
    }
    if (pid == 0) {
        become(spawn, monitor, argv, words);
        int failure = errno;
        ssize_t sent = write(report[1], &failure, sizeof(failure));
        _exit(sent < 0 ? 126 : 127);
    }
    close(report[1]);
    while (pid > 0 && read(report[0], error, sizeof(*error)) < 0
           && errno == EINTR) {
    }
    close(report[0]);
    if (pid > 0 && *error) {
        waitpid(pid, NULL, 0);
        return -1;
    }
    return pid;
}

pid_t
spawn_start(const struct spawn *spawn, char *why, size_t why_size)
{
    char **argv = xcalloc((size_t)spawn->argc + 2, sizeof(char *));
    struct environment environment;
    int error;

    argv[0] = spawn->interpreter->path;
    memcpy(argv + 1, spawn->argv, (size_t)spawn->argc * sizeof(char *));
    environment_init(&environment, spawn);
    pid_t pid = start(spawn, argv, environment.words, &error);
    if (pid < 0) {
        snprintf(why, why_size, "%s: cannot start it: %s",
                 spawn->interpreter->path, strerror(error));
    }
    environment_release(&environment);
    free(argv);
    return pid;
}
