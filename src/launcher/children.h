/* SPDX-License-Identifier: MIT
 *
 * Watching the processes that have a slot of the region: who is new, who has
 * ended, what they hold; and taking back slots of those that have ended.
 *
 * Nobody tells us of a child's end: it is another process's child.  A process
 * runs as long as /proc knows its pid with the same start time, and the same
 * program in it.  Its slot stays as it was at its last moment.  The slots of
 * CHILDREN_KEPT ended ones are kept (at most a quarter of all slots), the
 * newest and the biggest of them; of others only the row.
 */
#ifndef PYMTOP_LAUNCHER_CHILDREN_H
#define PYMTOP_LAUNCHER_CHILDREN_H

#include <stdbool.h>
#include <stdint.h>

#include "model/process_table.h"
#include "region/region.h"

#define CHILDREN_KEPT 32            /* slots of ended processes */
#define CHILDREN_KEPT_BYTES (256ull << 20)
#define CHILDREN_ROWS 1000

struct children {
    struct region *region;
    struct process_table table;     /* item 0 is the script, once it is there */
    uint32_t of_slot[REGION_SLOTS_MAX];     /* id + 1; 0: nobody known */
    uint32_t claims;                /* seen at the last look */
    uint64_t looked_ns;
    uint32_t held;                  /* id whose tables are shown: its slot is
                                       not taken back */
    unsigned running;               /* children, without the script */
};

void children_init(struct children *children, struct region *region);
void children_release(struct children *children);

/* To be called often: looks when it is time to, or when several processes are
 * new.  true: it has looked. */
bool children_beat(struct children *children, uint64_t now_ns);

/* Look now. */
void children_look(struct children *children, uint64_t now_ns);

/* How the script itself is, which its parent knows. */
void children_set_script(struct children *children, enum process_state state,
                         int status, uint64_t end_ns);

#endif
