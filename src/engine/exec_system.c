/* SPDX-License-Identifier: MIT
 *
 * system(), whose own start of a shell cannot be reached in the C library.
 * POSIX says what it does: SIGINT and SIGQUIT are ignored and SIGCHLD is held
 * back meanwhile.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exec.h"
#include "follow.h"

/* What the first of several threads in system() found. */
static struct {
    pthread_mutex_t lock;
    int count;
    struct sigaction interrupt, quit;
} before = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void
ignore_keys(sigset_t *to_default)
{
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    sigemptyset(to_default);
    pthread_mutex_lock(&before.lock);
    if (before.count++ == 0) {
        sigaction(SIGINT, &ignore, &before.interrupt);
        sigaction(SIGQUIT, &ignore, &before.quit);
    }
    if (before.interrupt.sa_handler != SIG_IGN) {
        sigaddset(to_default, SIGINT);
    }
    if (before.quit.sa_handler != SIG_IGN) {
        sigaddset(to_default, SIGQUIT);
    }
    pthread_mutex_unlock(&before.lock);
}

static void
restore_keys(void)
{
    pthread_mutex_lock(&before.lock);
    if (--before.count == 0) {
        sigaction(SIGINT, &before.interrupt, NULL);
        sigaction(SIGQUIT, &before.quit, NULL);
    }
    pthread_mutex_unlock(&before.lock);
}

static int
run_shell(const char *command, const sigset_t *mask,
          const sigset_t *to_default, int *status)
{
    char *argv[] = { "sh", "-c", (char *)(uintptr_t)command, NULL };
    posix_spawnattr_t attributes;
    pid_t pid;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, mask);
    posix_spawnattr_setsigdefault(&attributes, to_default);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK
                             | POSIX_SPAWN_SETSIGDEF);
    int error = posix_spawn(&pid, "/bin/sh", NULL, &attributes, argv,
                            environ);
    posix_spawnattr_destroy(&attributes);
    *status = 127 << 8;
    while (error == 0 && waitpid(pid, status, 0) != pid) {
        if (errno != EINTR) {
            *status = -1;
            error = errno;
        }
    }
    return error;
}

__attribute__((visibility("default"))) int
system(const char *command)
{
    if (command == NULL || !follow_on()) {
        return exec_next.system(command);
    }
    sigset_t child, mask, to_default;
    int status;
    ignore_keys(&to_default);
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    pthread_sigmask(SIG_BLOCK, &child, &mask);
    int error = run_shell(command, &mask, &to_default, &status);
    restore_keys();
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    if (error != 0) {
        errno = error;
    }
    return status;
}
