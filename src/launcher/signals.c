/* SPDX-License-Identifier: MIT */
#include "launcher/signals.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

static const int taken[] = {
    SIGCHLD, SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP, SIGINT, SIGQUIT
};
static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

#define TAKEN (sizeof(taken) / sizeof(taken[0]))
#define FAULTS (sizeof(faults) / sizeof(faults[0]))

static int fd = -1;
static sigset_t inherited_mask;
static bool inherited_ignored[TAKEN];
static bool shared, from_process;
static void (*crash_restore)(void);

static bool
is_ignored(int signal)
{
    struct sigaction action;

    return sigaction(signal, NULL, &action) == 0
        && action.sa_handler == SIG_IGN;
}

int
signals_open(void)
{
    sigset_t mask;

    if (fd >= 0) {
        return fd;
    }
    sigemptyset(&mask);
    for (size_t i = 0; i < TAKEN; i++) {
        inherited_ignored[i] = is_ignored(taken[i]);
        sigaddset(&mask, taken[i]);
    }
    /* An ignored SIGCHLD would make the kernel forget how the script ended. */
    signal(SIGCHLD, SIG_DFL);
    sigprocmask(SIG_BLOCK, &mask, &inherited_mask);
    fd = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
    return fd;
}

/* A blocked signal comes in though it is ignored. */
static bool
is_unwanted(int signal)
{
    for (size_t i = 0; i < TAKEN; i++) {
        if (taken[i] == signal) {
            return inherited_ignored[i] && signal != SIGCHLD && !shared;
        }
    }
    return false;
}

int
signals_next(void)
{
    struct signalfd_siginfo info;

    do {
        if (fd < 0 || read(fd, &info, sizeof(info)) != sizeof(info)) {
            return 0;
        }
    } while (is_unwanted((int)info.ssi_signo));
    from_process = info.ssi_code <= 0;
    return (int)info.ssi_signo;
}

bool
signals_from_process(void)
{
    return from_process;
}

void
signals_restore(void)
{
    for (size_t i = 0; i < TAKEN && fd >= 0; i++) {
        signal(taken[i], inherited_ignored[i] ? SIG_IGN : SIG_DFL);
    }
    for (size_t i = 0; i < FAULTS && crash_restore; i++) {
        signal(faults[i], SIG_DFL);
    }
    if (fd >= 0) {
        sigprocmask(SIG_SETMASK, &inherited_mask, NULL);
    }
}

void
signals_share_with_script(void)
{
    sigset_t mask;

    shared = true;
    sigemptyset(&mask);
    sigaddset(&mask, SIGTSTP);
    sigprocmask(SIG_UNBLOCK, &mask, NULL);
}

static void
crashed(int signal)
{
    if (crash_restore) {
        crash_restore();
    }
    raise(signal);      /* SA_RESETHAND: now it kills */
}

void
signals_at_crash(void (*restore)(void))
{
    static char stack_memory[65536];
    stack_t stack = {.ss_sp = stack_memory, .ss_size = sizeof(stack_memory)};
    struct sigaction action = {.sa_handler = crashed};

    /* The alternative stack is for a crash by endless recursion. */
    crash_restore = restore;
    sigaltstack(&stack, NULL);
    sigemptyset(&action.sa_mask);
    action.sa_flags = (int)(SA_RESETHAND | SA_NODEFER) | SA_ONSTACK;
    for (size_t i = 0; i < FAULTS; i++) {
        if (restore) {
            sigaction(faults[i], &action, NULL);
        }
        else {
            signal(faults[i], SIG_DFL);
        }
    }
}

void
signals_die(int signo)
{
    struct rlimit no_core = {0, 0};
    sigset_t mask;

    setrlimit(RLIMIT_CORE, &no_core);
    fflush(NULL);
    signal(signo, SIG_DFL);
    sigemptyset(&mask);
    sigaddset(&mask, signo);
    kill(getpid(), signo);
    sigprocmask(SIG_UNBLOCK, &mask, NULL);
    _exit(128 + signo);
}

/* Takes a SIGCONT that has come in; it is blocked and waits. */
static bool
was_continued(void)
{
    struct timespec now = {0, 0};
    sigset_t mask;

    sigemptyset(&mask);
    sigaddset(&mask, SIGCONT);
    return sigtimedwait(&mask, NULL, &now) == SIGCONT;
}

void
signals_stop(void)
{
    sigset_t mask;

    while (was_continued()) {
    }
    /* The whole job: whoever waits for us in a shell script stops too. */
    sigemptyset(&mask);
    sigaddset(&mask, SIGTSTP);
    signal(SIGTSTP, SIG_DFL);
    sigprocmask(SIG_UNBLOCK, &mask, NULL);
    kill(0, SIGTSTP);
    sigprocmask(SIG_BLOCK, &mask, NULL);
    if (!was_continued()) {
        /* Without a shell that could continue it, the kernel drops it. */
        raise(SIGSTOP);
    }
}

const char *
signals_name(int signal)
{
    static char name[32];
    const char *abbreviation = sigabbrev_np(signal);

    if (abbreviation) {
        snprintf(name, sizeof(name), "SIG%s", abbreviation);
    }
    else {
        snprintf(name, sizeof(name), "SIG%d", signal);
    }
    return name;
}
