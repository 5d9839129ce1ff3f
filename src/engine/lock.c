/* SPDX-License-Identifier: MIT */
#include "lock.h"

#include <errno.h>
#include <linux/membarrier.h>
#include <sched.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "share.h"

#define SPINS 100
#define STREAK_TO_OWN 256

__thread struct lock_holder lock_holder;

static int
membarrier(int command)
{
    int error = errno;          /* is the script's */
    int result = (int)syscall(SYS_membarrier, command, 0, 0);
    errno = error;
    return result;
}

void
lock_init(struct lock *lock)
{
    lock->ownable =
        membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) == 0;
    lock->shared = shares != NULL;
}

void
lock_after_fork(struct lock *lock)
{
    lock_holder.owns = lock_holder.inside = false;
    *lock = (struct lock){ 0 };
    lock_init(lock);
    if (lock->shared) {
        share_after_fork();
    }
}

static void
take_held(struct lock *lock)
{
    while (__atomic_test_and_set(&lock->held, __ATOMIC_ACQUIRE)) {
        for (int i = 0; __atomic_load_n(&lock->held, __ATOMIC_RELAXED); i++) {
            if (i >= SPINS) {
                if (lock->shared) {
                    share_wait();
                }
                sched_yield();
            }
        }
    }
}

/* Every running thread passes a barrier.  When the kernel no longer does
 * that (a sandbox), time does it: a store is seen long before. */
void
lock_barrier(struct lock *lock)
{
    if (membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED) != 0) {
        int error = errno;
        struct timespec rest = { .tv_nsec = 1000000 };
        lock->ownable = false;
        while (nanosleep(&rest, &rest) != 0 && errno == EINTR) {
        }
        errno = error;
    }
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static void
disown(struct lock *lock)
{
    struct lock_holder *owner = lock->owner;
    lock->owner = NULL;
    __atomic_store_n(&owner->owns, false, __ATOMIC_RELAXED);
    if (owner == &lock_holder) {
        return;
    }
    lock_barrier(lock);
    for (int i = 0; __atomic_load_n(&owner->inside, __ATOMIC_ACQUIRE); i++) {
        if (i >= SPINS) {
            sched_yield();
        }
    }
}

void
lock_take_slowly(struct lock *lock)
{
    __atomic_store_n(&lock_holder.inside, false, __ATOMIC_RELEASE);
    take_held(lock);
    if (lock->shared) {
        share_close(lock);
        return;
    }
    if (lock->owner != NULL) {
        disown(lock);
    }
    if (lock->last != &lock_holder) {
        lock->last = &lock_holder;
        lock->streak = 0;
    }
    else if (++lock->streak >= STREAK_TO_OWN && lock_holder.may_own
             && lock->ownable) {
        lock->streak = 0;
        lock->owner = &lock_holder;
        __atomic_store_n(&lock_holder.owns, true, __ATOMIC_RELAXED);
    }
}

void
lock_drop_slowly(struct lock *lock)
{
    if (lock->shared) {
        share_open();
    }
    __atomic_clear(&lock->held, __ATOMIC_RELEASE);
    if (lock->shared) {
        share_wake();
    }
}

void
lock_forget(struct lock *lock)
{
    lock_holder.may_own = false;
    if (lock->shared) {
        share_forget();
        return;
    }
    take_held(lock);            /* nobody is disowning us now */
    if (lock->owner == &lock_holder) {
        lock->owner = NULL;
        lock_holder.owns = false;
    }
    if (lock->last == &lock_holder) {
        lock->last = NULL;
    }
    lock_drop_slowly(lock);
}
