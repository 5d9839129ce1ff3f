/* SPDX-License-Identifier: MIT
 *
 * All kept snapshots of a run, oldest first.  Automatic ones are thinned so
 * that the list stays bounded: at most 64 of them and at most 64 MiB; when
 * there are more, every second one goes and the interval doubles.  Manual
 * ones, the start and a peak before a reset stay until deleted.
 */
#ifndef PYMTOP_SNAPSHOT_LIST_H
#define PYMTOP_SNAPSHOT_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "model/snapshot.h"

#define SNAPSHOT_INTERVAL_NS 10000000000ull     /* automatic: 10 s at first */
#define SNAPSHOT_AUTOMATIC_MAX 64

struct snapshot_list {
    struct snapshot **items;    /* by when_ns, then as added; owned.  An
                                   item's address stays while it is kept */
    size_t count, room;
    unsigned last_number;       /* of the newest manual one ever */
    uint64_t interval_ns;       /* between automatic ones, 0: switched off */
    uint64_t next_ns;           /* when the next automatic one is due */
    bool started;               /* SNAPSHOT_START was taken */
};

void snapshot_list_init(struct snapshot_list *list);
void snapshot_list_release(struct snapshot_list *list);

/* Keep a duplicate of `live` as the given kind; a manual one gets the next
 * number, SNAPSHOT_BEFORE_RESET is made by snapshot_take_peak() and gets the
 * name `peak before reset`.  Returns the kept one (owned by the list). */
struct snapshot *snapshot_list_add(struct snapshot_list *list,
                                   enum snapshot_kind kind,
                                   const struct snapshot *live);

/* To be called with every new live snapshot: keeps the first one as
 * SNAPSHOT_START and an automatic one whenever it is time.  `pinned` (NULL:
 * none) and `also` are not thinned out, since someone shows them.  True if
 * the list changed. */
bool snapshot_list_tick(struct snapshot_list *list,
                        const struct snapshot *live,
                        const struct snapshot *pinned,
                        const struct snapshot *also);

/* Forget one; it must be in the list. */
void snapshot_list_remove(struct snapshot_list *list,
                          struct snapshot *snapshot);

/* The newest manual snapshot, or NULL. */
struct snapshot *snapshot_list_newest_manual(const struct snapshot_list *list);
/* The next older or newer kept one of a moment; NULL: there is none.
 * `from` NULL means now: older gives the newest kept one. */
struct snapshot *snapshot_list_older(const struct snapshot_list *list,
                                     const struct snapshot *from);
struct snapshot *snapshot_list_newer(const struct snapshot_list *list,
                                     const struct snapshot *from);

#endif
