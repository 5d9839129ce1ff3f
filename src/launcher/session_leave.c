/* SPDX-License-Identifier: MIT
 *
 * The first moments of a session, and the way out of it.
 */
#include "launcher/session.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/utf8.h"
#include "launcher/beginning.h"
#include "launcher/process.h"
#include "launcher/session_private.h"
#include "launcher/signals.h"
#include "report/report_end.h"

#define EARLY_MAX (1 << 20)             /* a script that prints so much runs */
#define FIRST_FRAME_NS (SESSION_SECOND_NS / 10)
#define LATEST_FRAME_NS SESSION_SECOND_NS
#define UNDER_WAY_NS (SESSION_SECOND_NS / 20)   /* CPU time of its own */
#define LOOK_MS 20
#define ASLEEP_LOOKS 4
#define ASLEEP_LOOKS_EARLY 20

struct first_moments {
    struct beginning beginning;
    int64_t cpu_ns;         /* when the script began; -1: not yet */
    int asleep;             /* looks in a row that found it sleeping */
};

/* Time alone would let a busy machine hide a syntax error behind a screen, so
 * the script's own progress counts: that it has begun, and then CPU time, or
 * that it sleeps. */
static bool
is_under_way(struct session *session, struct first_moments *first)
{
    uint64_t age = session_now_ns() - session->start_ns;
    int64_t cpu = process_cpu_ns(session->pid);
    char state = process_state(session->pid);
    enum stage stage = beginning_look(&first->beginning, &session->region);

    if (first->cpu_ns < 0 && stage == STAGE_SCRIPT) {
        first->cpu_ns = cpu;
    }
    first->asleep = state == 'R' || state == 'D' ? 0 : first->asleep + 1;
    if (age < FIRST_FRAME_NS) {
        return false;
    }
    if (age >= LATEST_FRAME_NS) {
        return true;
    }
    if (first->cpu_ns < 0 || stage == STAGE_EXCEPTION) {
        return first->asleep >= ASLEEP_LOOKS_EARLY;
    }
    return first->asleep >= ASLEEP_LOOKS
        || cpu - first->cpu_ns >= (int64_t)UNDER_WAY_NS;
}

/* Read what the script prints; true while that is not too much. */
static bool
keep_early(struct session *session)
{
    struct strbuf *early = &session->private->early;
    char buffer[65536];
    ssize_t got;

    while ((got = pty_read(&session->private->pty, buffer,
                           sizeof(buffer))) > 0) {
        strbuf_add(early, buffer, (size_t)got);
        if (early->len >= EARLY_MAX) {
            return false;
        }
    }
    session->pty = session->private->pty.master;
    return true;
}

bool
session_wait_for_screen(struct session *session)
{
    struct first_moments first = {.cpu_ns = -1};
    struct pollfd fds[SESSION_FDS];

    beginning_init(&first.beginning);
    while (keep_early(session) && !session_ended(session)
           && session->state != SESSION_STOPPED
           && !is_under_way(session, &first)) {
        session_fds(session, fds);
        poll(fds, SESSION_FDS, LOOK_MS);
        session_poll(session);
    }
    beginning_release(&first.beginning);
    return session->state == SESSION_KILLED
        || (session->state == SESSION_EXITED && session->status != 0);
}

void
session_copy_output(struct session *session, int fd)
{
    char buffer[65536];
    ssize_t got;

    while ((got = session_read(session, buffer, sizeof(buffer))) > 0) {
        pty_print(fd, buffer, (size_t)got);
    }
}

void
session_end(const struct session *session, struct report_end *end)
{
    bool killed = session->state == SESSION_KILLED;

    *end = (struct report_end){
        .ended = session_ended(session),
        .status = session->status,
        .signal = killed ? session->signal : 0,
        .out_of_memory = session->out_of_memory,
        .replaced_by = session->replaced ? session->replaced_by : NULL,
        .end_ns = session->end_ns,
        .replaced_ns = session->replaced_ns
    };
}

const char *
session_refusal(struct session *session)
{
    struct slot_head *head = region_slot(&session->region, 0);
    struct region_header *header = session->region.header;
    bool refused = head && head->state == SLOT_REFUSED;
    const char *words = refused ? head->refusal : header->refusal;
    char *refusal = session->private->refusal;

    /* In the header: from before the slot was there. */
    if (!refused && (!*words || (head && head->state >= SLOT_RUNNING))) {
        return NULL;
    }
    /* The script's process could write there anything. */
    memcpy(refusal, words, SESSION_REFUSAL_SIZE);
    refusal[SESSION_REFUSAL_SIZE - 1] = '\0';
    utf8_make_safe(refusal);
    return refusal;
}

void
session_exit(struct session *session)
{
    const char *refusal = session_refusal(session);

    if (refusal && session_ended(session)) {
        die(DIE_CANNOT_TRACE, "%s", refusal);
    }
    if (session->state == SESSION_KILLED) {
        signals_die(session->signal);
    }
    exit(session->state == SESSION_EXITED ? session->status : 0);
}
