/* SPDX-License-Identifier: MIT
 *
 * The verifying engine: a second engine inside the first, too simple to be
 * wrong in the same way.
 *
 * - At every allocation it walks all frames and compares each with the context
 *   that was found: code object (by content), instruction, caller.
 * - It keeps books of its own, a hash table of live blocks and sums for each
 *   context, and compares them with the region's cells and totals and with
 *   the shadow every 65,536 removals and at the end.  Of a free-threaded build
 *   the peak is compared as far as it is exact (share.h).
 *
 * $PYMTOP_VERIFY_FILE gets the first ten differences and a line of statistics
 * at the end of each process; a process that leaves by _exit() calls
 * pymtop_verify() before.  $PYMTOP_VERIFY_PERTURB makes the verifier itself
 * wrong, to see that it would be noticed: context:N takes one context in N for
 * another, block:N forgets one block in N; row:N adds 8 to the number at byte
 * N - 1 of the row of offsets, which the engine must refuse to work with.
 */
#ifndef PYMTOP_TESTS_VERIFY_H
#define PYMTOP_TESTS_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

/* Of this process, for the line of statistics. */
struct verify_counts {
    uint64_t checked;           /* allocations, and objects booked again */
    uint64_t walks, frames;     /* those with a Python frame; their frames */
    uint64_t operations;        /* blocks in and out */
    uint64_t recounts;
    uint64_t blocks;            /* live at the last recount */
    uint64_t differences;
};

extern struct verify_counts verify_counts;

/* One in so many is made wrong; 0: none. */
extern uint64_t verify_perturb_context, verify_perturb_block;

/* Count a difference; true: it is one of the first ten, tell of it. */
bool verify_differs(void);

/* A piece of text for the file. */
void verify_say(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* Compare the books with the region's. */
void verify_recount(void);

/* Recount, and write the line of statistics; the number of differences so
 * far, or -1 where nothing is booked any more.  For scripts (ctypes). */
int pymtop_verify(void) __attribute__((visibility("default")));

#endif
