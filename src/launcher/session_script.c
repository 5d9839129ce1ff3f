/* SPDX-License-Identifier: MIT
 *
 * Asking about the running script, and signalling it.
 */
#include "launcher/session.h"

#include <errno.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include "launcher/interpreter.h"
#include "launcher/process.h"
#include "launcher/session_private.h"
#include "launcher/target.h"
#include "model/origin.h"

const struct process_table *
session_processes(const struct session *session)
{
    return &session->private->children.table;
}

/* What a look at all processes has shown of the script. */
static void
learn_of_exec(struct session *session)
{
    const struct process *script =
        process_table_find(session_processes(session), PROCESS_SCRIPT);

    if (script != NULL && script->state == PROCESS_REPLACED
        && !session->replaced) {
        session->replaced = true;
        session->replaced_ns = script->end_ns;
        process_executable(session->pid, session->replaced_by,
                           sizeof(session->replaced_by));
    }
}

static void
tell_of_end(struct session *session)
{
    enum process_state state =
        session->state == SESSION_KILLED ? PROCESS_KILLED
        : session->state == SESSION_EXITED ? PROCESS_EXITED
        : PROCESS_RUNNING;

    children_set_script(&session->private->children, state,
                        state == PROCESS_KILLED ? session->signal
                        : session->status, session->end_ns);
}

static void
share_script(struct session *session)
{
    learn_of_exec(session);
    tell_of_end(session);
}

void
session_look(struct session *session)
{
    children_look(&session->private->children, session_now_ns());
    share_script(session);
}

void
session_beat(struct session *session)
{
    region_tick(&session->region);
    if (children_beat(&session->private->children, session_now_ns())) {
        share_script(session);
    }
}

void
session_hold(struct session *session, uint32_t id)
{
    session->private->children.held = id;
}

bool
session_traces(const struct session *session)
{
    return !session_ended(session) || session->private->children.running > 0;
}

int
session_signal(struct session *session, int signal)
{
    /* Once reaped, the number may be another process's. */
    if (session_ended(session)) {
        errno = ESRCH;
        return -1;
    }
    return kill(session->pid, signal);
}

/* The process group that has the pty; the script's own when none has. */
static pid_t
foreground(const struct session *session)
{
    pid_t group = tcgetpgrp(session->private->pty.master);

    return group > 1 ? group : session->pid;
}

int
session_signal_foreground(struct session *session, int signal)
{
    struct pty *pty = &session->private->pty;

    if (pty->master < 0) {
        return session_signal(session, signal == SIGTSTP ? SIGSTOP : signal);
    }
    if ((signal == SIGINT && pty_press(pty, VINTR))
        || (signal == SIGQUIT && pty_press(pty, VQUIT))) {
        return 0;
    }
    if (signal == SIGTSTP || signal == SIGCONT) {
        signal = signal == SIGTSTP ? SIGSTOP : signal;
        pid_t group = foreground(session);
        if (group != session->pid) {
            kill(-group, signal);
        }
        return session_ended(session) ? -1 : kill(-session->pid, signal);
    }
    return kill(-foreground(session), signal);
}

bool
session_waits_for_input(const struct session *session)
{
    return session->state == SESSION_RUNNING && session->pty >= 0
        && process_reads_terminal(session->pid,
                                  session->private->pty.terminal);
}

void
session_limits(const struct session *session, struct session_limits *limits)
{
    limits->machine_bytes = process_machine_bytes();
    if (!session_ended(session)) {
        limits->address_bytes = process_address_limit(session->pid);
    }
    cgroup_limit(&session->private->cgroup, &limits->limit_bytes,
                 &limits->headroom_bytes);
}

void
session_paths(const struct session *session, struct origin_paths *paths)
{
    *paths = (struct origin_paths){
        .stdlib = session->interpreter->stdlib,
        .script_dir = session->private->script_dir,
        .cwd = session->private->cwd,
        .string_is_yours = session->target->kind != TARGET_SCRIPT
            && session->target->kind != TARGET_MODULE
    };
}
