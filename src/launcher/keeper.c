/* SPDX-License-Identifier: MIT */
#include "launcher/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launcher/process.h"

/* Read a whole message; the sockets keep their borders. */
static ssize_t
receive(int socket, void *message, size_t size)
{
    ssize_t got;

    do {
        got = read(socket, message, size);
    } while (got < 0 && errno == EINTR);
    return got;
}

/* Be the foreground of its terminal; the script's process, before exec. */
static void
enter_foreground(int terminal)
{
    sigset_t mask;

    /* Who is not the foreground yet gets SIGTTOU for asking. */
    sigemptyset(&mask);
    sigaddset(&mask, SIGTTOU);
    sigprocmask(SIG_BLOCK, &mask, NULL);
    setpgid(0, 0);
    tcsetpgrp(terminal, getpid());
    sigprocmask(SIG_UNBLOCK, &mask, NULL);
}

static _Noreturn void
keep(int socket, void (*at_death)(void))
{
    sigset_t all;
    char message;

    /* Blocked as well: the hangup must wait for us. */
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    process_keep_only(socket, STDOUT_FILENO);
    prctl(PR_SET_NAME, "pymtop-keeper");
    while (receive(socket, &message, sizeof(message)) == sizeof(message)) {
        int terminal = open("/dev/tty", O_RDWR | O_NOCTTY);
        if (terminal >= 0) {
            tcsetpgrp(terminal, getpgrp());
            close(terminal);
        }
        if (write(socket, &message, sizeof(message)) < 0) {
            break;
        }
    }
    at_death();
    _exit(0);
}

/* The keeper's life.  Returns 0, in the script's process only. */
static pid_t
lead(int terminal, int socket, void (*at_death)(void))
{
    pid_t script = -1;

    if (setsid() >= 0 && ioctl(terminal, TIOCSCTTY, 0) == 0) {
        /* A sister of ours, not a child: its end is told to our parent. */
        script = (pid_t)syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0,
                                0);
    }
    if (script == 0) {
        enter_foreground(terminal);
        return 0;
    }
    if (script < 0) {
        script = -errno;
    }
    if (write(socket, &script, sizeof(script)) < 0 || script < 0) {
        _exit(1);
    }
    keep(socket, at_death);
}

pid_t
keeper_fork(struct keeper *keeper, int terminal, void (*at_death)(void))
{
    int ends[2];
    pid_t script;

    *keeper = (struct keeper){.socket = -1};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) {
        return -1;
    }
    pid_t pid = fork();
    if (pid == 0) {
        return lead(terminal, ends[1], at_death);
    }
    int error = errno;
    close(ends[1]);
    *keeper = (struct keeper){.pid = pid, .socket = ends[0]};
    if (pid > 0) {
        error = EIO;
        if (receive(ends[0], &script, sizeof(script)) == sizeof(script)) {
            if (script > 0) {
                return script;
            }
            error = -script;
        }
    }
    keeper_release(keeper);
    errno = error;
    return -1;
}

void
keeper_let_go(struct keeper *keeper)
{
    char message = 0;

    if (keeper->pid > 0
        && send(keeper->socket, &message, sizeof(message), MSG_NOSIGNAL)
           == sizeof(message)) {
        receive(keeper->socket, &message, sizeof(message));
    }
}

void
keeper_release(struct keeper *keeper)
{
    if (keeper->socket >= 0) {
        close(keeper->socket);
    }
    if (keeper->pid > 0) {
        while (waitpid(keeper->pid, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    *keeper = (struct keeper){.socket = -1};
}
