/* SPDX-License-Identifier: MIT
 *
 * The inside of a session, for the session_*.c files only.
 */
#ifndef PYMTOP_LAUNCHER_SESSION_PRIVATE_H
#define PYMTOP_LAUNCHER_SESSION_PRIVATE_H

#include "base/strbuf.h"
#include "launcher/cgroup.h"
#include "launcher/children.h"
#include "launcher/keeper.h"
#include "launcher/pty.h"
#include "pymtop/region_layout.h"

#define SESSION_SECOND_NS UINT64_C(1000000000)
#define SESSION_REFUSAL_SIZE sizeof(((struct slot_head *)0)->refusal)

struct session_private {
    struct pty pty;
    struct keeper keeper;       /* of the script's session, with a pty */
    bool own_keys;              /* session->keys is ours to close */
    struct cgroup cgroup;
    int64_t oom_kills;          /* when the script started */

    char *cwd, *script_dir;     /* NULL: unknown */

    struct strbuf early;        /* output from before the first frame */
    size_t early_read;          /* of it handed out */

    char refusal[SESSION_REFUSAL_SIZE]; /* of the engine, made safe */
    struct children children;   /* and the script */
};

/* CLOCK_MONOTONIC. */
uint64_t session_now_ns(void);

/* Every few milliseconds, while something is traced. */
void session_beat(struct session *session);

#endif
