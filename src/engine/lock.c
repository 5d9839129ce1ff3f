/* SPDX-License-Identifier: MIT */
#include "lock.h"

#define SPINS 100

void
lock_wait(struct lock *lock)
{
    do {
        for (int i = 0; __atomic_load_n(&lock->held, __ATOMIC_RELAXED); i++) {
            if (i >= SPINS) {
                sched_yield();
            }
        }
    } while (__atomic_test_and_set(&lock->held, __ATOMIC_ACQUIRE));
}
