/* SPDX-License-Identifier: MIT
 *
 * Free-threaded builds: many threads book at the same time.  Each that has a
 * remembered stack gets a share of the ledger, with cells, counters and a child
 * cache of its own, which no other thread writes; a context has a cell in each
 * share that needs one.  A block that another thread has booked is booked out
 * of the own cell of that block's context, which may so go below zero: only
 * sums over all shares say something, and they are right.
 *
 * What is booked at once is booked in shared mode, by any number of threads
 * (share_book.h).  Everything else takes the lock, which here closes shared
 * mode first: it waits until nobody is inside, and settles, that is adds the
 * counters of all shares to the totals.  So whoever has the lock finds the
 * ledger as it would be in a build with the GIL.  Who is inside says so with a
 * plain store, who closes makes all threads pass a barrier (lock.h).
 *
 * The peak: a share that rises by more than its part of what is missing to the
 * peak, or by SHARE_SLACK if that is less, settles.  So no peak is missed by
 * more than SHARE_SLACK for each thread, and none is told that was not there.
 * One thread alone books into the totals, and misses nothing.
 */
#ifndef PYMTOP_SHARE_H
#define PYMTOP_SHARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lock.h"

#define SHARE_SLACK (16 << 10)
#define SHARE_MIRRORS 1024

struct child;

/* The own cell in the context of another share's. */
struct share_mirror {
    uint32_t cell, own;         /* 0: none */
};

/* A thread's.  What of it the monitor reads is struct region_share. */
struct share {
    volatile bool inside;       /* shared mode; atomic */
    bool used;
    uint32_t number;            /* 0 is for all who have none, and the lock */
    struct child *children;
    struct share_mirror *mirrors;
} __attribute__((aligned(64)));

extern struct share *shares;    /* by number; NULL: a build with the GIL */
extern __thread struct share *share_own;        /* NULL: none (yet) */

/* Make the tables.  -1: no memory. */
int share_init(void);

/* A share for this thread, and back; where there is none left, or no memory,
 * its bookings take the lock.  Without the lock. */
void share_register(void);
void share_forget(void);

/* In a forked child: its only thread keeps its share. */
void share_after_fork(void);

/* What lock_take() and lock_drop() do besides, by who holds lock.held; and,
 * when it is free, wake those who wait. */
void share_close(struct lock *lock);
void share_open(void);
void share_wake(void);

/* Wait for the end of a closed time, or a while. */
void share_wait(void);

/* From the middle of shared mode to the lock, and back.  false: this thread is
 * under the lock already. */
bool share_upgrade_slowly(void);
void share_downgrade(void);

static inline bool
share_upgrade(void)
{
    return __builtin_expect(shares != NULL, 0) && share_upgrade_slowly();
}

/* A fresh cell is of this thread's share, and the one before it of the same
 * context is `next`.  false: no room. */
bool share_enter_cell(uint32_t cell, uint32_t next);

/* The first cell from `cell` on that is of this thread's share; 0: none. */
uint32_t share_first_cell(uint32_t cell);

/* This thread's cell in the context of any cell. */
uint32_t share_cell(uint32_t cell);

#endif
