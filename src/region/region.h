/* SPDX-License-Identifier: MIT
 *
 * The monitor's side of the region (see region_layout.h): create it, and read
 * it while another process writes.
 *
 * The reader trusts nothing it finds: counts are clamped to the capacities
 * that region_create() chose, indices are checked where they are used.  No
 * function here is thread safe; one thread of the monitor owns the region.
 */
#ifndef PYMTOP_REGION_H
#define PYMTOP_REGION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pymtop/region_layout.h"

struct region {
    int fd;                         /* the memfd; close-on-exec */
    struct region_header *header;   /* mapped, shared: only to be written, but
                                       for what other processes count */
    struct region_header sizes;     /* our own copy of what does not change */
    bool small;                     /* made smaller because of a limit */
    uint64_t count_ns;              /* when to count shadows again */
    struct region_window {          /* one mapping for each slot in use */
        char *base;                 /* NULL: not mapped yet */
        uint64_t shadow_bytes;      /* as last counted */
        uint64_t takes;             /* copies taken of it */
        bool asked;                 /* somebody wants to know its shadow */
    } *windows;
};

/* Make a region for a script about to start.  On failure returns -1 and
 * leaves one line in why: "cannot make the shared region of N MiB: ...". */
int region_create(struct region *region, char *why, size_t why_size);
void region_release(struct region *region);

/* Write the present time (CLOCK_MONOTONIC) into the region; to be called
 * every few milliseconds while a script runs. */
void region_tick(struct region *region);

/* CLOCK_MONOTONIC, in nanoseconds; one that goes back all the same goes on from
 * where it was. */
uint64_t region_now_ns(void);

/* Number of slots there are; slot 0 is the script's own process. */
unsigned region_slots(const struct region *region);

/* Pid of the process that has the slot, 0: free.  Claims ever; claims that
 * found no slot, or no way to one. */
int32_t region_slot_owner(const struct region *region, unsigned slot);
uint32_t region_claims(const struct region *region);
uint32_t region_refused(const struct region *region);

/* Memory of the region that the tables of a slot take, about. */
uint64_t region_slot_bytes(struct region *region, unsigned slot);

/* Take a slot back from a process that is gone for sure: its memory is given
 * back, and the next process may have it.  Copies of it mean nothing any more.
 * Not slot 0. */
void region_slot_free(struct region *region, unsigned slot);

/* The slot's head, or NULL when it is not claimed or cannot be mapped.
 * Fields change under the reader; read each once. */
struct slot_head *region_slot(struct region *region, unsigned slot);

/* Entries of the append-only arrays, copied: the other process should not
 * change one that is below a published count, but it could.  Contexts first to
 * first + count - 1, those that are there; false: there is no such code. */
void region_contexts(struct region *region, unsigned slot, uint32_t first,
                     struct region_context *contexts, uint32_t count);
bool region_code(struct region *region, unsigned slot, uint32_t index,
                 struct region_code *code);
/* The context of the newest block: where the script was last.  CONTEXT_NONE:
 * nothing was booked yet. */
uint32_t region_last_context(struct region *region, unsigned slot);

/* len bytes at offset, or NULL when they do not lie inside the used part.
 * They may change under the reader: copy what is looked at twice. */
const char *region_bytes(struct region *region, unsigned slot,
                         uint32_t offset, uint32_t len);

/* Requests to the process of a slot; served by its next allocation. */
void region_reset_peak(struct region *region, unsigned slot);
void region_pause(struct region *region, unsigned slot, bool paused);

/* Memory that tracing the process of a slot takes: the engine's private
 * tables, the pages of its shadow (counted once a second by region_tick(),
 * from the first time it is asked for, while the process lives), and the used
 * part of the whole region. */
uint64_t region_tracer_bytes(struct region *region, unsigned slot);

/* Count the shadow's pages of all slots now, in /proc/PID/pagemap; a few dozen
 * microseconds for each 64 MiB of heap. */
void region_count_shadows(struct region *region);

/* How the cost of a context differs from the copy before. */
struct region_change {
    uint32_t context;
    struct region_cost by;      /* to be added */
};

static inline void
region_cost_add(struct region_cost *sum, const struct region_cost *cost)
{
    sum->bytes += cost->bytes;
    sum->blocks += cost->blocks;
    sum->bytes_ever += cost->bytes_ever;
    sum->blocks_ever += cost->blocks_ever;
    sum->bytes_at_peak += cost->bytes_at_peak;
    sum->blocks_at_peak += cost->blocks_at_peak;
}

/* Blocks freed ever. */
static inline uint64_t
region_frees(const struct region_totals *totals)
{
    return totals->allocs - (uint64_t)totals->blocks;
}

/* One consistent copy of all counters of a slot: the costs of all contexts
 * add up to the totals, to the byte.  Taken again, it costs time for what has
 * changed only, and says what that is. */
struct region_copy {
    uint64_t when_ns;               /* CLOCK_MONOTONIC when it was taken */
    struct region_totals totals;
    uint32_t contexts;              /* entries of costs[], index = context */
    uint32_t codes;
    struct region_cost *costs;      /* owned; changed by the next take */
    uint32_t costs_size;
    bool whole;                     /* changes[] says nothing: anything may
                                       have changed */
    struct region_change *changes;  /* owned; a context may come twice */
    uint32_t change_count;
    struct region_reader *reader;   /* private */
};

/* Take a copy into *copy (zero it before the first use).  Never waits for a
 * silent script; for a busy one a few microseconds until its next hook.
 * Works on a dead process too: then a booking that was cut in half is put
 * right from the cells, so sums hold.  Returns -1 if the slot is not there.
 * Two copies of the same slot may be taken in turns; then each reads all. */
int region_copy_take(struct region *region, unsigned slot,
                     struct region_copy *copy);
void region_copy_release(struct region_copy *copy);

#endif
