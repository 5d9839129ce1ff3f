/* SPDX-License-Identifier: MIT
 *
 * This process's slot of the region: claimed once by the script, and again by
 * each forked child.  Everything here is used under the ledger lock.
 */
#ifndef PYMTOP_SLOT_H
#define PYMTOP_SLOT_H

#include "pymtop/region_layout.h"
#include "window.h"

struct slot {
    struct region_header *header;   /* NULL: no region */
    struct slot_head *head;
    struct window contexts, cells, saved, codes, bytes, marks, shares;
    uint32_t number;
};

extern struct slot slot;

/* Map the header of the region in fd; checks magic, version and sizes.
 * Returns NULL, or a line that says what is wrong. */
const char *slot_open(int fd);

/* Claim a free slot, reading the region through fd.  Sets state
 * SLOT_STARTING.  parent_pid: the traced process that led here, 0: none.  argv
 * is kept for the monitor to show.  -1: no slot is free or it cannot be
 * mapped; then slot.head is unchanged. */
int slot_claim(int fd, int32_t parent_pid, char **argv);

/* Say in a slot's head why its process is not traced. */
void slot_refuse(struct slot_head *head, const char *why);

/* Unmap everything. */
void slot_close(void);

/* In a forked child: claim a slot of its own, through fd, and copy the
 * parent's contexts, codes and bytes into it.  cells: what the parent's cells
 * were at the fork (see fork.c), count of them.  The parent's slot is
 * unmapped. */
int slot_claim_forked(int fd, const struct region_cell *cells, uint32_t count,
                      const struct region_totals *totals);

/* Tell the monitor that a cell has changed since the last copy. */
void slot_mark(uint32_t cell);

static inline struct region_context *
slot_contexts(void)
{
    return (struct region_context *)slot.contexts.base;
}

static inline struct region_cell *
slot_cells(void)
{
    return (struct region_cell *)slot.cells.base;
}

static inline struct region_saved *
slot_saved(void)
{
    return (struct region_saved *)slot.saved.base;
}

static inline struct region_share *
slot_shares(void)
{
    return (struct region_share *)slot.shares.base;
}

static inline struct region_code *
slot_codes(void)
{
    return (struct region_code *)slot.codes.base;
}

#endif
