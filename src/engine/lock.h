/* SPDX-License-Identifier: MIT
 *
 * The ledger's lock.  MEM and OBJ hooks come under the GIL, so one thread
 * takes it again and again, and an atomic exchange each time is most of what
 * it costs.  So the lock can be owned: its owner takes it with plain loads
 * and stores, and any other thread first takes the ownership away.  For that
 * it makes every running thread pass a memory barrier (membarrier(2)), after
 * which the owner has either seen that it no longer owns the lock, or is seen
 * inside.  (Dice, Moir, Scherer: Quickly Reacquirable Locks, 2003.)
 *
 * In a free-threaded build nobody owns it: what is booked at once does without
 * (share.h), and who takes the lock makes that stop.
 *
 * Not recursive: who has it asks Python for no memory.  Held for well under a
 * microsecond; who waits yields.
 */
#ifndef PYMTOP_LOCK_H
#define PYMTOP_LOCK_H

#include <stdbool.h>
#include <stdint.h>

/* A thread's side.  inside is volatile since an __atomic store in every hook
 * would keep its address in a register, which the hook would have to save. */
struct lock_holder {
    bool owns;                  /* changed by who has `held`; atomic */
    volatile bool inside;       /* holds the lock as its owner; atomic */
    bool may_own;               /* lock_forget() will be called at its end */
};

extern __thread struct lock_holder lock_holder;

struct lock {
    bool held;                  /* by a thread that is not the owner */
    bool ownable;
    bool shared;                /* threads book beside it, too (share.h) */
    struct lock_holder *owner;  /* the one that owns; NULL: none */
    const struct lock_holder *last;     /* who had it last, and how often */
    uint32_t streak;                    /* since somebody else had it */
};

/* Before the first use: may the lock have owners on this kernel? */
void lock_init(struct lock *lock);

/* In a forked child, by its only thread, which may have held it: it is free. */
void lock_after_fork(struct lock *lock);

/* The thread ends: it owns the lock no longer, and never will. */
void lock_forget(struct lock *lock);

/* Make every running thread pass a memory barrier. */
void lock_barrier(struct lock *lock);

void lock_take_slowly(struct lock *lock);
void lock_drop_slowly(struct lock *lock);

static inline void
lock_take(struct lock *lock)
{
    lock_holder.inside = true;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    if (__builtin_expect(!__atomic_load_n(&lock_holder.owns,
                                          __ATOMIC_RELAXED), 0)) {
        lock_take_slowly(lock);
    }
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

static inline void
lock_drop_owned(void)
{
    __atomic_thread_fence(__ATOMIC_RELEASE);
    lock_holder.inside = false;
}

/* Take it if this thread owns it; false: it does not. */
static inline bool
lock_take_owned(void)
{
    lock_holder.inside = true;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    bool owns = __atomic_load_n(&lock_holder.owns, __ATOMIC_RELAXED);
    if (__builtin_expect(!owns, 0)) {
        lock_drop_owned();
    }
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    return owns;
}

static inline void
lock_drop(struct lock *lock)
{
    if (__builtin_expect(lock_holder.inside, 1)) {
        lock_drop_owned();
    }
    else {
        lock_drop_slowly(lock);
    }
}

#endif
