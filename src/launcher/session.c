/* SPDX-License-Identifier: MIT */
#include "launcher/session.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/terminal_size.h"
#include "base/xalloc.h"
#include "launcher/interpreter.h"
#include "launcher/process.h"
#include "launcher/session_private.h"
#include "launcher/signals.h"
#include "launcher/spawn.h"
#include "launcher/target.h"

#define LOOK_NS (SESSION_SECOND_NS / 4)         /* for an exec: so often */

uint64_t
session_now_ns(void)
{
    return region_now_ns();
}

static int64_t
wall_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* Keys come from standard input where that is a terminal. */
static void
find_keys(struct session *session)
{
    session->keys = -1;
    if (isatty(STDIN_FILENO)) {
        session->keys = STDIN_FILENO;
        return;
    }
    session->keys = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    session->private->own_keys = session->keys >= 0;
}

static int
start_beat(void)
{
    struct itimerspec beat = {
        .it_interval.tv_nsec = SESSION_TICK_NS,
        .it_value.tv_nsec = SESSION_TICK_NS
    };
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);

    if (timer >= 0) {
        timerfd_settime(timer, 0, &beat, NULL);
    }
    return timer;
}

static struct winsize
whole_size(void)
{
    struct winsize size;

    if (!terminal_size(STDOUT_FILENO, &size)) {
        size = (struct winsize){.ws_row = 24, .ws_col = 80};
    }
    return size;
}

/* A part of our terminal, in pixels as well: a size that differs in these
 * alone is told to the script by SIGWINCH, too. */
static struct winsize
part_size(int rows, int columns)
{
    struct winsize whole = whole_size();

    return (struct winsize){
        .ws_row = (unsigned short)rows,
        .ws_col = (unsigned short)columns,
        .ws_xpixel = (unsigned short)(whole.ws_xpixel * columns
                                      / whole.ws_col),
        .ws_ypixel = (unsigned short)(whole.ws_ypixel * rows / whole.ws_row)
    };
}

static int
open_terminal(struct session *session, const struct session_plan *plan,
              char *why, size_t why_size)
{
    if (!plan->screen) {
        return 0;
    }
    find_keys(session);
    struct winsize whole = whole_size();
    struct winsize size = part_size(
        whole.ws_row > SESSION_ROWS_TAKEN ? whole.ws_row - SESSION_ROWS_TAKEN
        : whole.ws_row, whole.ws_col);
    if (pty_open(&session->private->pty, &size) < 0) {
        snprintf(why, why_size, "cannot make a terminal for the script: %s",
                 strerror(errno));
        return -1;
    }
    session->pty = session->private->pty.master;
    return 0;
}

static int
start_script(struct session *session, const struct session_plan *plan,
             char *why, size_t why_size)
{
    struct spawn spawn = {
        .interpreter = plan->interpreter,
        .argc = plan->argc,
        .argv = plan->argv,
        .region = &session->region,
        .follow = plan->follow,
        .terminal = session->private->pty.slave,
        .keeper = &session->private->keeper,
        .at_death = plan->at_death
    };

    session->start_ns = session_now_ns();
    session->start_wall_ns = wall_ns();
    session->region.header->start_ns = session->start_ns;
    session->region.header->follow = plan->follow;
    region_tick(&session->region);
    session->pid = spawn_start(&spawn, why, why_size);
    if (session->pid < 0) {
        return -1;
    }
    cgroup_find(&session->private->cgroup, session->pid);
    session->private->oom_kills = cgroup_oom_kills(&session->private->cgroup);
    return 0;
}

static void
describe(struct session *session, const struct session_plan *plan)
{
    const struct interpreter *interpreter = plan->interpreter;

    session->interpreter = interpreter;
    session->target = plan->target;
    session->title = plan->title;
    session->argc = plan->argc;
    session->argv = plan->argv;
    snprintf(session->python, sizeof(session->python), "CPython %d.%d.%d",
             interpreter->major, interpreter->minor, interpreter->micro);
    snprintf(session->how, sizeof(session->how), "%.300s by %s",
             interpreter->path,
             interpreter->start == START_EMBED ? "embed" : "preload");
}

int
session_start(struct session *session, const struct session_plan *plan,
              char *why, size_t why_size)
{
    memset(session, 0, sizeof(*session));
    session->pid = session->pty = session->keys = session->timer = -1;
    session->private = xcalloc(1, sizeof(*session->private));
    session->private->keeper.socket = -1;
    pty_init(&session->private->pty);
    strbuf_init(&session->private->early);
    describe(session, plan);
    session->private->cwd = getcwd(NULL, 0);
    session->private->script_dir = target_directory(plan->target);

    if (region_create(&session->region, why, why_size) < 0) {
        session->region.fd = -1;
        session_release(session);
        return -1;
    }
    children_init(&session->private->children, &session->region);
    session->signals = signals_open();
    session->timer = start_beat();
    if (session->signals < 0 || session->timer < 0) {
        snprintf(why, why_size, "cannot watch the script: %s",
                 strerror(errno));
        session_release(session);
        return -1;
    }
    if (open_terminal(session, plan, why, why_size) < 0
        || start_script(session, plan, why, why_size) < 0) {
        session_release(session);
        return -1;
    }
    return 0;
}

void
session_release(struct session *session)
{
    struct session_private *private = session->private;

    pty_release(&private->pty);
    keeper_release(&private->keeper);
    cgroup_release(&private->cgroup);
    strbuf_release(&private->early);
    free(private->cwd);
    free(private->script_dir);
    children_release(&private->children);
    if (private->own_keys) {
        close(session->keys);
    }
    if (session->timer >= 0) {
        close(session->timer);
    }
    free(private);
    region_release(&session->region);
    memset(session, 0, sizeof(*session));
}

void
session_fds(const struct session *session, struct pollfd *fds)
{
    short keys = session->private->pty.keys.len ? POLLOUT : 0;

    fds[0] = (struct pollfd){.fd = session->pty, .events = POLLIN | keys};
    fds[1] = (struct pollfd){.fd = session->timer, .events = POLLIN};
    fds[2] = (struct pollfd){.fd = session->signals, .events = POLLIN};
}

static void
note_end(struct session *session, enum session_state state, int number)
{
    session->state = state;
    session->end_ns = session_now_ns();
    keeper_let_go(&session->private->keeper);
    pty_close_slave(&session->private->pty);
    if (state == SESSION_EXITED) {
        session->status = number;
        return;
    }
    session->signal = number;
    session->out_of_memory = number == SIGKILL
        && session->private->oom_kills >= 0
        && cgroup_oom_kills(&session->private->cgroup)
           > session->private->oom_kills;
}

/* One wait status; returns whether there was one. */
static bool
reap(struct session *session)
{
    int status;

    if (session_ended(session)
        || waitpid(session->pid, &status, WNOHANG | WUNTRACED | WCONTINUED)
           != session->pid) {
        return false;
    }
    if (WIFEXITED(status)) {
        note_end(session, SESSION_EXITED, WEXITSTATUS(status));
    }
    else if (WIFSIGNALED(status)) {
        note_end(session, SESSION_KILLED, WTERMSIG(status));
    }
    else if (WIFSTOPPED(status)) {
        session->state = SESSION_STOPPED;
        session->signal = WSTOPSIG(status);
    }
    else {
        session->state = SESSION_RUNNING;
    }
    return true;
}

void
session_wait(struct session *session, struct pollfd *fds, size_t count,
             int timeout_ms)
{
    uint64_t until = session_now_ns() + (uint64_t)timeout_ms * 1000000;
    uint64_t now, beats;

    while (poll(fds, count, timeout_ms) == 1 && fds[1].revents == POLLIN
           && session_traces(session)
           && read(session->timer, &beats, sizeof(beats)) > 0) {
        session_beat(session);
        fds[1].revents = 0;
        now = session_now_ns();
        if (timeout_ms >= 0) {
            if (now >= until) {
                return;
            }
            timeout_ms = (int)((until - now) / 1000000) + 1;
        }
    }
}

bool
session_poll(struct session *session)
{
    uint64_t beats;
    bool changed = false, replaced = session->replaced;

    if (read(session->timer, &beats, sizeof(beats)) == sizeof(beats)
        && !session_traces(session)) {
        /* The clock stands when all have ended. */
        close(session->timer);
        session->timer = -1;
    }
    while (reap(session)) {
        changed = true;
    }
    if (changed) {
        session_look(session);      /* children too, as they are now */
    }
    if (session_traces(session)) {
        session_beat(session);
    }
    pty_flush(&session->private->pty);
    return changed || session->replaced != replaced;
}

bool
session_ended(const struct session *session)
{
    return session->state == SESSION_EXITED
        || session->state == SESSION_KILLED;
}

double
session_seconds(const struct session *session)
{
    uint64_t end = session->end_ns ? session->end_ns : session_now_ns();

    return (double)(end - session->start_ns) / 1e9;
}

ssize_t
session_read(struct session *session, void *buffer, size_t size)
{
    struct session_private *private = session->private;
    size_t left = private->early.len - private->early_read;

    if (left) {
        size = size < left ? size : left;
        memcpy(buffer, private->early.text + private->early_read, size);
        private->early_read += size;
        return (ssize_t)size;
    }
    ssize_t got = pty_read(&private->pty, buffer, size);
    session->pty = private->pty.master;
    return got;
}

size_t
session_write(struct session *session, const void *keys, size_t size)
{
    return pty_write(&session->private->pty, keys, size);
}

void
session_resize(struct session *session, int rows, int columns)
{
    struct winsize size = part_size(rows, columns);

    pty_resize(&session->private->pty, &size);
}
