/* SPDX-License-Identifier: MIT
 *
 * The part of share.h that runs at every allocation and free of a free-threaded
 * build, inline: what ledger_book.h does at once, with what is the thread's
 * own.  What returns false has changed nothing, and is done under the lock.
 */
#ifndef PYMTOP_SHARE_BOOK_H
#define PYMTOP_SHARE_BOOK_H

#include "ledger_book.h"
#include "share.h"

/* Enter shared mode; NULL: the ledger is off, or the monitor asks for
 * something, or this thread has no share. */
LEDGER_INLINE struct region_share *
share_enter(void)
{
    struct share *own = share_own;
    if (__builtin_expect(own == NULL, 0)) {
        return NULL;
    }
    for (;;) {
        own->inside = true;
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
        if (__builtin_expect(__atomic_load_n(&ledger.closed, __ATOMIC_ACQUIRE)
                             == 0, 1)) {
            break;
        }
        __atomic_store_n(&own->inside, false, __ATOMIC_RELEASE);
        share_wait();
    }
    if (__builtin_expect(LEDGER_LOAD(slot.head->requests)
                         != ledger.at_once, 0)) {
        __atomic_store_n(&own->inside, false, __ATOMIC_RELEASE);
        return NULL;
    }
    struct region_share *share = &slot_shares()[own->number];
    LEDGER_STORE(share->operations, share->operations + 1);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    return share;
}

/* The share's place may have moved since share_enter(): see share_upgrade(). */
LEDGER_INLINE void
share_leave(void)
{
    struct share *own = share_own;
    struct region_share *share = &slot_shares()[own->number];
    __atomic_store_n(&share->operations, share->operations + 1,
                     __ATOMIC_RELEASE);
    __atomic_store_n(&own->inside, false, __ATOMIC_RELEASE);
}

/* A cell is about to change. */
LEDGER_INLINE void
share_keep(struct region_cell *cell)
{
    uint64_t epoch = slot.head->totals.peak_epoch;
    ledger_keep_for_copy(cell);
    if (cell->peak_epoch != epoch) {
        LEDGER_STORE(cell->cost.bytes_at_peak, cell->cost.bytes);
        LEDGER_STORE(cell->cost.blocks_at_peak, cell->cost.blocks);
        LEDGER_STORE(cell->peak_epoch, epoch);
        if (!LEDGER_LOAD(ledger.dirty)) {
            LEDGER_STORE(ledger.dirty, true);
        }
    }
}

/* What is held has changed by so much; what was asked for, if it has grown. */
LEDGER_INLINE void
share_count(ledger_pair held, ledger_pair asked_for)
{
    if (ledger.alone) {
        LEDGER_PAIR_ADD(slot.head->totals.bytes, held);
        LEDGER_PAIR_ADD(slot.head->totals.alloc_bytes, asked_for);
    }
    else {
        struct region_share *share = &slot_shares()[share_own->number];
        LEDGER_PAIR_ADD(share->bytes, held);
        LEDGER_PAIR_ADD(share->alloc_bytes, asked_for);
    }
}

/* A new peak must be settled for; one thread alone sees it. */
LEDGER_INLINE bool
share_may_rise(int64_t by)
{
    return ledger.alone
           || slot_shares()[share_own->number].bytes + by <= ledger.limit;
}

/* Block in, instead of another (cell 0: none) that was lifted. */
LEDGER_INLINE bool
share_add(const void *block, size_t size, uint32_t number,
          struct shadow_block instead_of)
{
    uint32_t *at = shadow_place(block);
    uint32_t instead = instead_of.cell == 0 ? 0 : share_cell(instead_of.cell);
    if (__builtin_expect(at == NULL || shadow_is_start(*at)
                         || size > SHADOW_LOW, 0)
            || !share_may_rise((int64_t)size - (int64_t)instead_of.size)) {
        return false;
    }
    ledger_pair held = { (int64_t)size, 1 };
    const ledger_pair asked_for = held;
    if (instead_of.cell != 0) {
        const ledger_pair lifted = { (int64_t)instead_of.size, 1 };
        struct region_cell *from = &slot_cells()[instead];
        share_keep(from);
        LEDGER_PAIR_ADD(from->cost.bytes, -lifted);
        held -= lifted;
    }
    struct region_cell *cell = &slot_cells()[number];
    struct region_totals *totals = &slot.head->totals;
    bool is_peak = ledger.alone
                   && totals->bytes + held[0] > totals->peak_bytes;
    VERIFY_SHARED(VERIFY_MOVE(); VERIFY_ADD(block, size, number));
    shadow_write(at, size, number);
    if (is_peak) {
        ledger_keep_for_copy(cell);
    }
    else {
        share_keep(cell);
    }
    LEDGER_PAIR_ADD(cell->cost.bytes, asked_for);
    LEDGER_PAIR_ADD(cell->cost.bytes_ever, asked_for);
    LEDGER_STORE(slot_shares()[share_own->number].last_cell, number);
    share_count(held, asked_for);
    if (is_peak) {
        ledger_new_peak(totals);
    }
    return true;
}

/* Out of the shadow, not yet of the cell. */
LEDGER_INLINE bool
share_lift(const void *block, struct shadow_block *lifted)
{
    uint32_t *at = shadow_place(block);
    if (at == NULL || !shadow_read(at, lifted)) {
        return false;
    }
    VERIFY_SHARED(VERIFY_LIFT(block));
    shadow_wipe(at);
    return true;
}

LEDGER_INLINE bool
share_remove(const void *block)
{
    uint32_t *at = shadow_place(block);
    struct shadow_block taken;
    if (at == NULL || !shadow_read(at, &taken)) {
        return false;
    }
    uint32_t number = share_cell(taken.cell);
    struct region_cell *cell = &slot_cells()[number];
    const ledger_pair held = { -(int64_t)taken.size, -1 };
    const ledger_pair none = { 0, 0 };
    VERIFY_SHARED(VERIFY_REMOVE(block));
    shadow_wipe(at);
    share_keep(cell);
    LEDGER_PAIR_ADD(cell->cost.bytes, held);
    share_count(held, none);
    return true;
}

LEDGER_INLINE bool
share_rebook(const void *block, uint32_t number)
{
    uint32_t *at = shadow_place(block);
    struct shadow_block found;
    if (at == NULL || !shadow_read(at, &found)) {
        return false;
    }
    uint32_t booked = share_cell(found.cell);
    struct region_cell *from = &slot_cells()[booked];
    struct region_cell *to = &slot_cells()[number];
    const ledger_pair pair = { (int64_t)found.size, 1 };
    const ledger_pair none = { 0, 0 };
    VERIFY_SHARED(VERIFY_REBOOK(block, number));
    shadow_rename(at, number);
    share_keep(from);
    share_keep(to);
    LEDGER_PAIR_ADD(from->cost.bytes, -pair);
    LEDGER_PAIR_ADD(to->cost.bytes, pair);
    LEDGER_PAIR_ADD(to->cost.bytes_ever, pair);
    share_count(none, pair);
    return true;
}

#endif
