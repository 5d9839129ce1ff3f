/* SPDX-License-Identifier: MIT
 *
 * A session: one script, started and held.  It owns the script's process,
 * its pseudo-terminal, the region, and the beat that writes the region's
 * clock.
 *
 * With a screen, each of stdin, stdout and stderr that is a terminal is
 * replaced by the pty; whatever else it is (a file, a pipe) is passed on
 * untouched.  The script then leads a session of its own with the pty as
 * controlling terminal.  Without a screen (batch) nothing is touched and the
 * script stays in our process group.
 *
 * A loop that holds a session:
 *
 *     struct pollfd fds[SESSION_FDS + 1];
 *     session_fds(session, fds);                   (and your own)
 *     poll(fds, ...);
 *     session_poll(session);                       (clock, wait status)
 *     while ((n = session_read(session, buffer, sizeof(buffer))) > 0) ...
 *     while ((signal = signals_next())) ...        (SIGWINCH, SIGTERM, ...)
 *
 * Read the pty every time round: a script whose pty is full stands still.
 * Not thread safe; one thread of the monitor owns the session.
 */
#ifndef PYMTOP_LAUNCHER_SESSION_H
#define PYMTOP_LAUNCHER_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "model/process_table.h"
#include "region/region.h"

struct origin_paths;
struct interpreter;
struct pollfd;
struct report_end;
struct target;

#define SESSION_TICK_NS 50000000    /* region_tick() every 50 ms */

/* Rows of the terminal that the output view leaves to others (state, tabs,
 * hint): the script's terminal is so much lower than ours at its start, and
 * session_resize() keeps it so. */
#define SESSION_ROWS_TAKEN 3

enum session_state {
    SESSION_RUNNING,
    SESSION_STOPPED,        /* by .signal; SIGCONT continues it */
    SESSION_EXITED,         /* with .status */
    SESSION_KILLED          /* by .signal */
};

/* What to start.  All of it is borrowed and must live as long as the
 * session. */
struct session_plan {
    const struct interpreter *interpreter;
    const struct target *target;
    const char *title;      /* "python -m shop --orders 2000" */
    int argc;               /* python's arguments, argv[0] left out */
    char **argv;            /* NULL-terminated */
    bool screen;            /* terminals become the pty */
    void (*at_death)(void); /* with a screen: called in another process when
                               we have ended, however */
    bool follow;            /* children that are Python are traced too */
};

struct session {
    const struct interpreter *interpreter;
    const struct target *target;
    const char *title;      /* not made safe for a terminal */
    int argc;               /* as in the plan */
    char **argv;
    char python[32];        /* "CPython 3.12.1" */
    char how[320];          /* "/usr/bin/python3.12 by preload" */

    pid_t pid;
    struct region region;   /* slot 0 is the script's own process */

    enum session_state state;
    int status;             /* SESSION_EXITED: 0..255 */
    int signal;             /* SESSION_KILLED, SESSION_STOPPED */
    bool out_of_memory;     /* killed, and the cgroup's oom_kill rose */
    bool replaced;          /* the process is another program by exec now */
    char replaced_by[256];  /* its path, if replaced */

    uint64_t start_ns;      /* CLOCK_MONOTONIC */
    int64_t start_wall_ns;  /* since 1970, as files have it */
    uint64_t end_ns;        /* 0 while it lives */
    uint64_t replaced_ns;   /* when the exec was seen */

    int pty;                /* master, non-blocking; -1: none, or closed */
    int keys;               /* terminal for our own keys: 0, or /dev/tty; -1 */
    int timer;              /* the beat */
    int signals;            /* signals_open() */
    struct session_private *private;
};

/* The script and its children that are Python, as they were at the last look
 * (4 a second); borrowed, changed by session_poll() and session_wait(). */
const struct process_table *session_processes(const struct session *session);
/* Look at them now. */
void session_look(struct session *session);
/* This one's tables are shown: its slot is not given to another. */
void session_hold(struct session *session, uint32_t id);
/* Something is traced still: the script, or a child that has outlived it. */
bool session_traces(const struct session *session);

/* Make the region and start the script.  Returns 0; on failure -1, nothing
 * started, and one line in why ("cannot make the shared region: ..."). */
int session_start(struct session *session, const struct session_plan *plan,
                  char *why, size_t why_size);

/* Free all.  A script that still runs loses its terminal (SIGHUP). */
void session_release(struct session *session);

/* Descriptors to poll: pty (POLLOUT too while keys wait), timer, signals.
 * Those that are not there have fd -1, which poll() skips. */
#define SESSION_FDS 3
void session_fds(const struct session *session, struct pollfd *fds);

/* poll(), for a loop that holds a session and has nothing to do at each beat:
 * writes the clock meanwhile, and comes back when there is something else, or
 * after timeout_ms (-1: never).  fds are SESSION_FDS from session_fds(), then
 * your own; count of them. */
void session_wait(struct session *session, struct pollfd *fds, size_t count,
                  int timeout_ms);

/* Catch up, never blocks: write the region's clock, fetch wait statuses,
 * look for an exec, send waiting keys.  Returns true when state, signal,
 * status or replaced changed. */
bool session_poll(struct session *session);

/* True once the script has exited or was killed. */
bool session_ended(const struct session *session);

/* Seconds it has run: until now or until its end. */
double session_seconds(const struct session *session);

/* Output of the script on the pty.  Returns the number of bytes, 0 when
 * there is none now, -1 when there will never be more (session->pty is -1
 * then).  What came before the first frame (session_wait_for_screen) is
 * handed out first. */
ssize_t session_read(struct session *session, void *buffer, size_t size);

/* Keys for the script.  Kept (up to 64 KiB) while it does not read; returns
 * the number taken. */
size_t session_write(struct session *session, const void *keys, size_t size);

/* Tell the script that its terminal has another size (SIGWINCH). */
void session_resize(struct session *session, int rows, int columns);

/* Signal the script's own process; -1 with errno when it is not there. */
int session_signal(struct session *session, int signal);

/* Send the character of ^C, ^\ or ^Z (SIGINT, SIGQUIT, SIGTSTP) as its
 * terminal would: to the pty's foreground process group.  Without a pty:
 * to the process.  SIGTSTP goes out as SIGSTOP: the kernel drops SIGTSTP for
 * a session of its own. */
int session_signal_foreground(struct session *session, int signal);

/* Before the screen opens: wait until the script is well under way, or has
 * ended.  Returns true when it ended unsuccessfully: no screen then; write
 * its output with session_copy_output() and leave with session_exit(). */
bool session_wait_for_screen(struct session *session);

/* Write what was not read of the output to fd; the plain way, without an
 * emulator. */
void session_copy_output(struct session *session, int fd);

/* The script's main thread is blocked reading its terminal.  Cheap; false
 * when the kernel does not say. */
bool session_waits_for_input(const struct session *session);

/* What bounds the memory of the script's process; bytes, -1: unknown or no
 * limit.  address_bytes stays as it was once the script has ended. */
struct session_limits {
    int64_t limit_bytes;        /* the lowest limit of its cgroups */
    int64_t headroom_bytes;     /* what is left under that limit */
    int64_t machine_bytes;      /* RAM of the machine */
    int64_t address_bytes;      /* limit of its address space (ulimit -v) */
};
void session_limits(const struct session *session,
                    struct session_limits *limits);

/* Where the script's files are, for catalog_init(); borrowed from the
 * session. */
void session_paths(const struct session *session,
                   struct origin_paths *paths);

/* How it ended, for report_end_words(); borrowed from the session. */
void session_end(const struct session *session, struct report_end *end);

/* Why nothing could be traced: the engine's refusal, or NULL. */
const char *session_refusal(struct session *session);

/* Leave as the script did: exit with its status, or die by its signal; 125
 * with one line when the engine refused.  The session must have ended; one
 * that still runs is left alone and the status is 0.  The terminal must be
 * restored before. */
_Noreturn void session_exit(struct session *session);

#endif
