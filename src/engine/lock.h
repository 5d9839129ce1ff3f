/* SPDX-License-Identifier: MIT
 *
 * The ledger's lock: a test-and-set spin lock that yields.  It is held for
 * well under a microsecond; MEM and OBJ hooks come under the GIL, so it is
 * nearly always free.  Not recursive: the hooks' thread-local guard keeps a
 * thread from meeting itself.
 */
#ifndef PYMTOP_LOCK_H
#define PYMTOP_LOCK_H

#include <sched.h>
#include <stdbool.h>

struct lock {
    bool held;
};

void lock_wait(struct lock *lock);

static inline void
lock_take(struct lock *lock)
{
    if (__builtin_expect(__atomic_test_and_set(&lock->held,
                                               __ATOMIC_ACQUIRE), 0)) {
        lock_wait(lock);
    }
}

static inline void
lock_drop(struct lock *lock)
{
    __atomic_clear(&lock->held, __ATOMIC_RELEASE);
}

#endif
