/* SPDX-License-Identifier: MIT
 *
 * The part of ledger.h that runs at every allocation and free, inline.
 */
#ifndef PYMTOP_LEDGER_BOOK_H
#define PYMTOP_LEDGER_BOOK_H

#include "code_table.h"
#include "ledger.h"
#include "shadow_slots.h"
#include "slot.h"
#include "verify.h"

#define LEDGER_INLINE static inline __attribute__((always_inline))

/* The monitor reads cells and totals while we write them. */
#define LEDGER_LOAD(field) __atomic_load_n(&(field), __ATOMIC_RELAXED)
#define LEDGER_STORE(field, value) __atomic_store_n(&(field), (value), \
                                                    __ATOMIC_RELAXED)
#define LEDGER_ADD(field, value) LEDGER_STORE(field, (field) + (value))

/* A booking under way. */
struct booking {
    struct slot_head *head;     /* NULL: nothing is booked any more */
    uint64_t ticket;            /* head->operations while it lasts */
};

/* Take the lock and begin a booking; serves what the monitor asked for.  The
 * caller looks up the cell, books, and leaves.  head NULL: nothing is booked
 * any more, and the lock is free. */
static inline struct booking
ledger_enter(void)
{
    if (ledger_is_off()) {
        return (struct booking){ 0 };
    }
    lock_take(&ledger.lock);
    struct slot_head *head = slot.head;
    if (__builtin_expect(LEDGER_LOAD(head->requests)
                         != ledger.requests_seen, 0)) {
        ledger_serve();
        if (ledger.off) {
            lock_drop(&ledger.lock);
            return (struct booking){ 0 };
        }
        head = slot.head;
    }
    struct booking booking = { head, head->operations + 1 };
    LEDGER_STORE(head->operations, booking.ticket);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    return booking;
}

static inline void
ledger_leave(struct booking booking)
{
    __atomic_store_n(&booking.head->operations, booking.ticket + 1,
                     __ATOMIC_RELEASE);
    lock_drop(&ledger.lock);
}

/* At once: the same when nothing is in the way, which is nearly always.  It
 * calls nothing, so that a hook has nothing to keep over a call; what returns
 * false has changed nothing. */

/* NULL: another thread has the lock, or ledger.at_once says no.  Who owns the
 * lock has a remembered stack (thread.c). */
LEDGER_INLINE struct slot_head *
ledger_enter_at_once(void)
{
    struct slot_head *head = slot.head;
    if (!lock_take_owned()) {
        return NULL;
    }
    if (__builtin_expect(LEDGER_LOAD(head->requests)
                         != ledger.at_once, 0)) {
        lock_drop_owned();
        return NULL;
    }
    head->operations++;         /* in one instruction, where there is one */
    __atomic_thread_fence(__ATOMIC_RELEASE);
    return head;
}

LEDGER_INLINE void
ledger_leave_at_once(struct slot_head *head)
{
    __atomic_thread_fence(__ATOMIC_RELEASE);
    head->operations++;
    lock_drop_owned();
}

/* The cell need not save itself for a copy before it changes. */
static inline bool
ledger_may_change(const struct region_cell *cell)
{
    return __builtin_expect(cell->copy_epoch == ledger.copy_epoch, 1);
}

static inline void
ledger_keep_for_copy(struct region_cell *cell)
{
    if (__builtin_expect(cell->copy_epoch != ledger.copy_epoch, 0)) {
        ledger_save_for_copy(cell);
    }
}

LEDGER_INLINE void
ledger_keep_at_peak(struct region_cell *cell, uint64_t epoch)
{
    if (cell->peak_epoch != epoch) {
        LEDGER_STORE(cell->cost.bytes_at_peak, cell->cost.bytes);
        LEDGER_STORE(cell->cost.blocks_at_peak, cell->cost.blocks);
        LEDGER_STORE(cell->peak_epoch, epoch);
        ledger.dirty = true;
    }
}

/* The total is at a new maximum: what cells hold now is the value at peak.
 * The epoch moves only if some cell has saved values, which are void now. */
static inline void
ledger_new_peak(struct region_totals *totals)
{
    LEDGER_STORE(totals->peak_bytes, totals->bytes);
    LEDGER_STORE(totals->peak_blocks, totals->blocks);
    LEDGER_STORE(totals->peak_ns, LEDGER_LOAD(slot.header->clock_ns));
    if (ledger.dirty) {
        LEDGER_ADD(totals->peak_epoch, 1);
        ledger.dirty = false;
    }
}

/* Two neighbouring counters, bytes and blocks, changed in one step.  Each half
 * is a word that the monitor never sees half written. */
typedef int64_t ledger_pair __attribute__((vector_size(16), may_alias));

#define LEDGER_PAIR_ADD(field, pair) \
    (*(ledger_pair *)(void *)&(field) += (pair))

LEDGER_INLINE void
ledger_count_in(struct slot_head *head, struct region_cell *cell, size_t size)
{
    struct region_totals *totals = &head->totals;
    const ledger_pair pair = { (int64_t)size, 1 };
    bool is_peak = totals->bytes + (int64_t)size > totals->peak_bytes;
    if (!is_peak) {
        ledger_keep_at_peak(cell, totals->peak_epoch);
    }
    LEDGER_PAIR_ADD(cell->cost.bytes, pair);
    LEDGER_PAIR_ADD(cell->cost.bytes_ever, pair);
    LEDGER_PAIR_ADD(totals->bytes, pair);
    LEDGER_PAIR_ADD(totals->alloc_bytes, pair);
    if (is_peak) {
        ledger_new_peak(totals);
    }
}

static inline void
ledger_book_in(struct slot_head *head, struct region_cell *cell, size_t size)
{
    ledger_keep_for_copy(cell);
    ledger_count_in(head, cell, size);
}

LEDGER_INLINE void
ledger_count_out(struct slot_head *head, struct region_cell *cell,
                 size_t size)
{
    struct region_totals *totals = &head->totals;
    const ledger_pair pair = { -(int64_t)size, -1 };
    ledger_keep_at_peak(cell, totals->peak_epoch);
    LEDGER_PAIR_ADD(cell->cost.bytes, pair);
    LEDGER_PAIR_ADD(totals->bytes, pair);
}

static inline void
ledger_book_out(struct slot_head *head, struct shadow_block block)
{
    struct region_cell *cell = &slot_cells()[block.cell];
    ledger_keep_for_copy(cell);
    ledger_count_out(head, cell, block.size);
}

/* Out of one cell and into another, or of one cell again: what is held stays
 * the same, so there is no new peak. */
LEDGER_INLINE void
ledger_count_moved(struct slot_head *head, struct region_cell *from,
                   struct region_cell *to, size_t size)
{
    struct region_totals *totals = &head->totals;
    const ledger_pair pair = { (int64_t)size, 1 };
    if (from != to) {
        ledger_keep_at_peak(from, totals->peak_epoch);
        ledger_keep_at_peak(to, totals->peak_epoch);
        LEDGER_PAIR_ADD(from->cost.bytes, -pair);
        LEDGER_PAIR_ADD(to->cost.bytes, pair);
    }
    LEDGER_PAIR_ADD(to->cost.bytes_ever, pair);
    LEDGER_PAIR_ADD(totals->alloc_bytes, pair);
}

/* Block in.  Under the lock. */
LEDGER_INLINE void
ledger_add(struct slot_head *head, const void *block, size_t size,
           uint32_t cell)
{
    uint32_t *at = shadow_place(block);
    if (__builtin_expect(at == NULL || shadow_is_start(*at)
                         || !shadow_write(at, size, cell), 0)) {
        ledger_add_slowly(block, size, cell);
        return;
    }
    VERIFY_ADD(block, size, cell);
    LEDGER_STORE(head->last_cell, cell);
    ledger_book_in(head, &slot_cells()[cell], size);
}

LEDGER_INLINE bool
ledger_add_at_once(struct slot_head *head, const void *block, size_t size,
                   uint32_t number)
{
    uint32_t *at = shadow_place(block);
    struct region_cell *cell = &slot_cells()[number];
    if (__builtin_expect(at == NULL || shadow_is_start(*at)
                         || size > SHADOW_LOW, 0)
            || !ledger_may_change(cell)) {
        return false;
    }
    VERIFY_ADD(block, size, number);
    shadow_write(at, size, number);
    LEDGER_STORE(head->last_cell, number);
    ledger_count_in(head, cell, size);
    return true;
}

LEDGER_INLINE bool
ledger_remove_at_once(struct slot_head *head, const void *block,
                      size_t *size)
{
    uint32_t *at = shadow_place(block);
    struct shadow_block taken;
    if (at == NULL || !shadow_read(at, &taken)) {
        return false;
    }
    struct region_cell *cell = &slot_cells()[taken.cell];
    if (!ledger_may_change(cell)) {
        return false;
    }
    VERIFY_REMOVE(block);
    shadow_wipe(at);
    ledger_count_out(head, cell, taken.size);
    *size = taken.size;
    return true;
}

/* What is recorded as the block is asked for anew, by that cell. */
LEDGER_INLINE bool
ledger_rebook_at_once(struct slot_head *head, const void *block,
                      uint32_t number)
{
    uint32_t *at = shadow_place(block);
    struct shadow_block found;
    if (at == NULL || !shadow_read(at, &found)) {
        return false;
    }
    struct region_cell *from = &slot_cells()[found.cell];
    struct region_cell *to = &slot_cells()[number];
    if (!ledger_may_change(from) || !ledger_may_change(to)) {
        return false;
    }
    VERIFY_REBOOK(block, number);
    shadow_rename(at, number);
    ledger_count_moved(head, from, to, found.size);
    return true;
}

/* Block out, if it is known; returns its size.  Under the lock. */
LEDGER_INLINE size_t
ledger_remove(struct slot_head *head, const void *block)
{
    VERIFY_REMOVE(block);
    struct shadow_block taken = shadow_take(block);
    if (__builtin_expect(taken.cell == 0, 0)) {
        return 0;
    }
    if (__builtin_expect(taken.code, 0)) {
        code_table_retire(block);
    }
    ledger_book_out(head, taken);
    return taken.size;
}

#endif
