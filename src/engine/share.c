/* SPDX-License-Identifier: MIT */
#include "share.h"

#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "arena.h"
#include "child_cache.h"
#include "context_tree.h"
#include "ledger_book.h"

#define SPINS 200
#define CHILDREN_SIZE ((1u << CHILD_CACHE_BITS) * sizeof(struct child))
#define MIRRORS_SIZE (SHARE_MIRRORS * sizeof(struct share_mirror))

/* Of each cell: whose it is, and the next one of the same context. */
struct owned {
    uint32_t share, next;
};

struct share *shares;
__thread struct share *share_own;

static struct owned *owned;
static uint32_t count;          /* numbers ever given, and one */
static uint32_t used;           /* shares in use */

int
share_init(void)
{
    const struct region_header *header = slot.header;
    owned = arena_map_quiet(header->cells_max * sizeof *owned);
    struct share *all = arena_map(header->shares_max * sizeof *all);
    if (owned == NULL || all == NULL) {
        return -1;
    }
    count = 1;
    shares = all;
    return 0;
}

/* --- open, closed -------------------------------------------------------- */

static void
futex(int operation, uint32_t value)
{
    int error = errno;          /* is the script's */
    syscall(SYS_futex, &ledger.closed, operation, value, NULL, NULL, 0);
    errno = error;
}

void
share_wait(void)
{
    for (int i = 0; i < SPINS; i++) {
        if (__atomic_load_n(&ledger.closed, __ATOMIC_RELAXED) == 0) {
            return;
        }
    }
    __atomic_fetch_add(&ledger.sleepers, 1, __ATOMIC_SEQ_CST);
    futex(FUTEX_WAIT_PRIVATE, 1);
    __atomic_fetch_sub(&ledger.sleepers, 1, __ATOMIC_SEQ_CST);
}

void
share_wake(void)
{
    if (__atomic_load_n(&ledger.sleepers, __ATOMIC_SEQ_CST) != 0) {
        futex(FUTEX_WAKE_PRIVATE, INT32_MAX);
    }
}

/* Whoever comes now waits; wait for those who are inside. */
static void
wait_for_all(struct lock *lock)
{
    if (used == (share_own != NULL)) {
        return;
    }
    lock_barrier(lock);
    for (uint32_t i = 1; i < count; i++) {
        if (&shares[i] == share_own) {
            continue;
        }
        for (int n = 0; __atomic_load_n(&shares[i].inside,
                                        __ATOMIC_ACQUIRE); n++) {
            if (n >= SPINS) {
                sched_yield();
            }
        }
    }
}

/* Take what a share has counted. */
static bool
take(struct region_share *share, struct region_totals *sum)
{
    if ((share->allocs | (uint64_t)share->blocks | (uint64_t)share->bytes)
            == 0) {
        return false;
    }
    sum->bytes += share->bytes;
    sum->blocks += share->blocks;
    sum->alloc_bytes += share->alloc_bytes;
    sum->allocs += share->allocs;
    LEDGER_STORE(share->bytes, 0);
    LEDGER_STORE(share->blocks, 0);
    LEDGER_STORE(share->alloc_bytes, 0);
    LEDGER_STORE(share->allocs, 0);
    return true;
}

static void
settle(struct slot_head *head)
{
    struct region_totals *totals = &head->totals, sum = { 0 };
    uint64_t ticket = head->operations + 1;
    bool any = false;
    LEDGER_STORE(head->operations, ticket);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    for (uint32_t i = 1; i < count; i++) {
        struct region_share *share = &slot_shares()[i];
        if (take(share, &sum)) {
            LEDGER_STORE(head->last_cell, share->last_cell);
            any = true;
        }
    }
    if (any) {
        LEDGER_ADD(totals->bytes, sum.bytes);
        LEDGER_ADD(totals->blocks, sum.blocks);
        LEDGER_ADD(totals->alloc_bytes, sum.alloc_bytes);
        LEDGER_ADD(totals->allocs, sum.allocs);
        if (totals->bytes > totals->peak_bytes) {
            ledger_new_peak(totals);
        }
    }
    __atomic_store_n(&head->operations, ticket + 1, __ATOMIC_RELEASE);
}

void
share_close(struct lock *lock)
{
    __atomic_store_n(&ledger.closed, 1, __ATOMIC_SEQ_CST);
    wait_for_all(lock);
    /* A child that has no slot yet sees its parent's, where all was settled
     * before the fork. */
    if (ledger.ours && !ledger.forked && count > 1) {
        settle(slot.head);
        VERIFY_SETTLED();
    }
}

void
share_open(void)
{
    if (ledger.ours) {
        const struct region_totals *totals = &slot.head->totals;
        int64_t part = (totals->peak_bytes - totals->bytes)
                       / (used != 0 ? used : 1);
        ledger.limit = part > SHARE_SLACK ? part : SHARE_SLACK;
        ledger.alone = used == 1;
    }
    __atomic_store_n(&ledger.closed, 0, __ATOMIC_SEQ_CST);
}

bool
share_upgrade_slowly(void)
{
    struct share *own = share_own;
    if (own == NULL || !own->inside) {
        return false;
    }
    __atomic_store_n(&own->inside, false, __ATOMIC_RELEASE);
    lock_take(&ledger.lock);
    return true;
}

void
share_downgrade(void)
{
    share_own->inside = true;           /* who could close waits for the lock */
    lock_drop(&ledger.lock);
}

/* --- cells --------------------------------------------------------------- */

bool
share_enter_cell(uint32_t cell, uint32_t next)
{
    /* In shared mode nothing can be made larger. */
    if (window_ensure(&slot.saved, (cell + 1ull)
                                   * sizeof(struct region_saved)) < 0
            || window_ensure(&slot.marks, (cell / 64 + 1ull) * 8) < 0) {
        return false;
    }
    owned[cell] = (struct owned){
        share_own == NULL ? 0 : share_own->number, next,
    };
    return true;
}

uint32_t
share_first_cell(uint32_t cell)
{
    uint32_t number = share_own == NULL ? 0 : share_own->number;
    while (cell != 0 && owned[cell].share != number) {
        cell = owned[cell].next;
    }
    return cell;
}

static __attribute__((noinline)) uint32_t
find_mirror(uint32_t cell)
{
    bool upgraded = share_upgrade();
    uint32_t own = context_tree_cell(slot_cells()[cell].context);
    if (upgraded) {
        share_downgrade();
    }
    return own;
}

uint32_t
share_cell(uint32_t cell)
{
    struct share *own = share_own;
    if (owned[cell].share == own->number) {
        return cell;
    }
    struct share_mirror *mirror = &own->mirrors[cell % SHARE_MIRRORS];
    if (mirror->cell != cell) {
        uint32_t found = find_mirror(cell);
        *mirror = (struct share_mirror){ cell, found };
    }
    return mirror->own;
}

/* --- threads ------------------------------------------------------------- */

/* A number that nobody has, with a cell for what finds no room. */
static bool
claim(struct child *children, struct share_mirror *mirrors)
{
    uint32_t number = 1;
    while (number < slot.header->shares_max && shares[number].used) {
        number++;
    }
    if (number == slot.header->shares_max
            || window_ensure(&slot.shares, (number + 1ull)
                                           * sizeof(struct region_share))
               < 0) {
        return false;
    }
    shares[number] = (struct share){
        .used = true, .number = number, .children = children,
        .mirrors = mirrors,
    };
    share_own = &shares[number];
    if (context_tree_cell(CONTEXT_OTHER) == 0) {
        shares[number].used = false;
        share_own = NULL;
        return false;
    }
    if (number >= count) {
        count = number + 1;
        __atomic_store_n(&slot.head->shares, count, __ATOMIC_RELEASE);
    }
    used++;
    return true;
}

static void
release(struct child *children, struct share_mirror *mirrors)
{
    arena_unmap(children, CHILDREN_SIZE);
    arena_unmap(mirrors, MIRRORS_SIZE);
}

void
share_register(void)
{
    struct child *children = arena_map(CHILDREN_SIZE);
    struct share_mirror *mirrors = arena_map(MIRRORS_SIZE);
    /* Not just the lock: a forked child needs its slot first. */
    struct booking booking = ledger_enter();
    bool claimed = false;
    if (booking.head != NULL) {
        claimed = children != NULL && mirrors != NULL
                  && claim(children, mirrors);
        ledger_leave(booking);
    }
    if (!claimed) {
        release(children, mirrors);
    }
}

void
share_forget(void)
{
    struct share *own = share_own;
    if (own == NULL) {
        return;
    }
    lock_take(&ledger.lock);
    struct share left = *own;
    own->used = false;
    share_own = NULL;
    used--;
    lock_drop(&ledger.lock);
    release(left.children, left.mirrors);
}

void
share_after_fork(void)
{
    used = share_own != NULL;
    for (uint32_t i = 1; i < count; i++) {
        if (&shares[i] != share_own && shares[i].used) {
            release(shares[i].children, shares[i].mirrors);
            shares[i].used = false;
        }
        shares[i].inside = false;
    }
}
