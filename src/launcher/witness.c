/* SPDX-License-Identifier: MIT */
#include "launcher/witness.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "launcher/process.h"

/* The kernel signals one member of a group after the other. */
#define GROUP_NS 5000000

/* Forget each signal that is asked about. */
static _Noreturn void
witness(int socket)
{
    struct timespec now = {0, 0};
    sigset_t mask;
    int signo;

    sigfillset(&mask);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    process_keep_only(socket, socket);
    while (read(socket, &signo, sizeof(signo)) == sizeof(signo)) {
        sigemptyset(&mask);
        sigaddset(&mask, signo);
        while (sigtimedwait(&mask, NULL, &now) > 0) {
        }
        if (write(socket, &signo, sizeof(signo)) < 0) {
            break;
        }
    }
    _exit(0);
}

int
witness_start(struct witness *started)
{
    int ends[2];

    *started = (struct witness){.socket = -1};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) {
        return -1;
    }
    pid_t pid = fork();
    int error = errno;
    if (pid == 0) {
        witness(ends[1]);
    }
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        errno = error;
        return -1;
    }
    *started = (struct witness){.pid = pid, .socket = ends[0]};
    return 0;
}

bool
witness_saw(struct witness *asked, int signo)
{
    struct timespec while_group = {0, GROUP_NS};

    if (asked->pid <= 0) {
        return false;
    }
    nanosleep(&while_group, NULL);
    if (!process_has_pending(asked->pid, signo)) {
        return false;
    }
    if (send(asked->socket, &signo, sizeof(signo), MSG_NOSIGNAL) > 0) {
        while (read(asked->socket, &signo, sizeof(signo)) < 0
               && errno == EINTR) {
        }
    }
    return true;
}

void
witness_release(struct witness *released)
{
    if (released->socket >= 0) {
        close(released->socket);
    }
    if (released->pid > 0) {
        while (waitpid(released->pid, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    *released = (struct witness){.socket = -1};
}
