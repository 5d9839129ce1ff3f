/* SPDX-License-Identifier: MIT
 *
 * All live blocks counted anew, from outside: the shadow table of a process is
 * read in its memory, block by block, and nothing that the ledger has counted
 * is used.  The process is stopped meanwhile.
 */
#ifndef PYMTOP_TESTS_RECOUNT_H
#define PYMTOP_TESTS_RECOUNT_H

#include <stdint.h>

#include "region/region.h"

struct recount {
    uint64_t blocks;            /* live ones found */
    int64_t bytes;
    unsigned wrong;             /* cells and totals that say otherwise */
};

/* Recount the process of a slot, stopped (SIGSTOP) between two bookings.  -1:
 * its memory cannot be read, or a booking is under way. */
int recount(struct region *region, unsigned slot, struct recount *result);

#endif
