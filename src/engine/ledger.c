/* SPDX-License-Identifier: MIT */
#include "ledger.h"

#include <string.h>

#include "arena.h"
#include "code_table.h"
#include "context_tree.h"
#include "fork.h"
#include "slot.h"
#include "verify.h"

struct ledger ledger;

/* The monitor reads cells and totals while we write them. */
#define LOAD(field) __atomic_load_n(&(field), __ATOMIC_RELAXED)
#define STORE(field, value) __atomic_store_n(&(field), (value), \
                                             __ATOMIC_RELAXED)
#define ADD(field, value) STORE(field, (field) + (value))

/* What tracing takes, for the monitor to show. */
static void
publish_memory(void)
{
    struct slot_head *head = slot.head;
    STORE(head->tracer_bytes, arena_mapped());
    while (head->shadow_chunks < shadow_chunk_count) {
        uint32_t number = head->shadow_chunks;
        STORE(head->shadow_chunk[number], shadow_chunk_address(number));
        __atomic_store_n(&head->shadow_chunks, number + 1, __ATOMIC_RELEASE);
    }
}

int
ledger_init(void)
{
    if (shadow_init(publish_memory) < 0 || code_table_init() < 0
            || context_tree_init() < 0) {
        return -1;
    }
    publish_memory();
    return 0;
}

/* The cell's values as of the running copy, which began under the peak epoch
 * in copy_totals. */
static void
save_for_copy(struct region_cell *cell)
{
    struct region_cost cost = cell->cost;
    if (cell->peak_epoch != slot.head->copy_totals.peak_epoch) {
        cost.bytes_at_peak = cost.bytes;
        cost.blocks_at_peak = cost.blocks;
    }
    cell->saved = cost;
    __atomic_store_n(&cell->copy_epoch, ledger.copy_epoch, __ATOMIC_RELEASE);
    __atomic_thread_fence(__ATOMIC_RELEASE);
}

static inline void
keep_for_copy(struct region_cell *cell)
{
    if (__builtin_expect(cell->copy_epoch != ledger.copy_epoch, 0)) {
        save_for_copy(cell);
    }
}

static inline void
keep_at_peak(struct region_cell *cell)
{
    uint64_t epoch = slot.head->totals.peak_epoch;
    if (cell->peak_epoch != epoch) {
        STORE(cell->cost.bytes_at_peak, cell->cost.bytes);
        STORE(cell->cost.blocks_at_peak, cell->cost.blocks);
        STORE(cell->peak_epoch, epoch);
        ledger.dirty = true;
    }
}

/* The total is at a new maximum: what cells hold now is the value at peak.
 * The epoch moves only if some cell has saved values, which are void now. */
static inline void
new_peak(struct region_totals *totals)
{
    STORE(totals->peak_bytes, totals->bytes);
    STORE(totals->peak_blocks, totals->blocks);
    STORE(totals->peak_ns, LOAD(slot.header->clock_ns));
    if (ledger.dirty) {
        ADD(totals->peak_epoch, 1);
        ledger.dirty = false;
    }
}

static void
serve_copy(struct slot_head *head)
{
    uint32_t wanted = LOAD(head->copy_request);
    if (wanted == ledger.copy_epoch) {
        return;
    }
    head->copy_totals = head->totals;
    ledger.copy_epoch = wanted;
    __atomic_store_n(&head->copy_epoch, wanted, __ATOMIC_RELEASE);
}

static void
serve_reset_peak(struct slot_head *head)
{
    uint32_t wanted = LOAD(head->reset_peak_request);
    if (wanted == head->reset_peak_done) {
        return;
    }
    struct region_totals *totals = &head->totals;
    STORE(head->operations, head->operations + 1);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    ledger.dirty = true;
    new_peak(totals);
    STORE(head->reset_peak_done, wanted);
    __atomic_store_n(&head->operations, head->operations + 1,
                     __ATOMIC_RELEASE);
}

/* Between bookings: the monitor asked for something, or we are a child that
 * has no slot of its own yet. */
static void
serve(void)
{
    if (ledger.forked) {
        fork_claim();
    }
    if (ledger.off) {
        return;
    }
    struct slot_head *head = slot.head;
    ledger.requests_seen = __atomic_load_n(&head->requests, __ATOMIC_ACQUIRE);
    serve_copy(head);
    serve_reset_peak(head);
    ledger.paused = LOAD(head->pause) != 0;
    publish_memory();
}

bool
ledger_enter(void)
{
    lock_take(&ledger.lock);
    if (__builtin_expect(LOAD(slot.head->requests) != ledger.requests_seen
                         || ledger.forked, 0)) {
        serve();
    }
    if (__builtin_expect(ledger.off, 0)) {
        lock_drop(&ledger.lock);
        return false;
    }
    STORE(slot.head->operations, slot.head->operations + 1);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    return true;
}

void
ledger_leave(void)
{
    __atomic_store_n(&slot.head->operations, slot.head->operations + 1,
                     __ATOMIC_RELEASE);
    lock_drop(&ledger.lock);
}

static inline void
book_in(struct region_cell *cell, size_t size)
{
    struct region_totals *totals = &slot.head->totals;
    bool is_peak = totals->bytes + (int64_t)size > totals->peak_bytes;
    keep_for_copy(cell);
    if (!is_peak) {
        keep_at_peak(cell);
    }
    ADD(cell->cost.bytes, (int64_t)size);
    ADD(cell->cost.blocks, 1);
    ADD(cell->cost.bytes_ever, size);
    ADD(cell->cost.blocks_ever, 1);
    ADD(totals->bytes, (int64_t)size);
    ADD(totals->blocks, 1);
    ADD(totals->allocs, 1);
    ADD(totals->alloc_bytes, size);
    if (is_peak) {
        new_peak(totals);
    }
}

static inline void
book_out(struct shadow_block block)
{
    struct region_totals *totals = &slot.head->totals;
    struct region_cell *cell = &slot_cells()[block.cell];
    keep_for_copy(cell);
    keep_at_peak(cell);
    ADD(cell->cost.bytes, -(int64_t)block.size);
    ADD(cell->cost.blocks, -1);
    ADD(totals->bytes, -(int64_t)block.size);
    ADD(totals->blocks, -1);
    ADD(totals->frees, 1);
}

void
ledger_add(const void *block, size_t size, uint32_t context)
{
    struct shadow_block stale;
    uint32_t cell = context_tree_cell(context);
    int result = shadow_put(block, size, cell, &stale);
    if (__builtin_expect(stale.cell != 0, 0)) {
        book_out(stale);        /* freed behind our back */
    }
    if (__builtin_expect(result < 0, 0)) {
        ADD(slot.head->totals.lost_blocks, 1);
        slot.head->trouble |= TROUBLE_SHADOW_FULL;
        return;
    }
    VERIFY_ADD(block, size, context);
    STORE(slot.head->last_context, context);
    book_in(&slot_cells()[cell], size);
}

void
ledger_remove(const void *block)
{
    VERIFY_REMOVE(block);
    struct shadow_block taken = shadow_take(block);
    if (taken.cell == 0) {
        return;
    }
    if (__builtin_expect(taken.code, 0)) {
        code_table_retire(block);
    }
    book_out(taken);
}

struct shadow_block
ledger_lift(const void *block)
{
    struct shadow_block lifted = { 0 };
    if (ledger_enter()) {
        VERIFY_LIFT(block);
        lifted = shadow_take(block);
        if (lifted.code) {
            code_table_retire(block);
        }
        ledger_leave();
    }
    return lifted;
}

void
ledger_put_back(const void *block, struct shadow_block lifted)
{
    if (lifted.cell != 0 && ledger_enter()) {
        struct shadow_block stale;
        VERIFY_PUT_BACK(block);
        shadow_put(block, lifted.size, lifted.cell, &stale);
        ledger_leave();
    }
}

void
ledger_move(struct shadow_block lifted, const void *block, size_t size,
            uint32_t context)
{
    VERIFY_MOVE();
    if (lifted.cell != 0) {
        book_out(lifted);
    }
    ledger_add(block, size, context);
}

void
ledger_rebook(const void *block, uint32_t context)
{
    VERIFY_REBOOK(block, context);
    struct shadow_block found = shadow_get(block);
    if (found.cell == 0) {
        return;
    }
    uint32_t cell = context_tree_cell(context);
    book_out(found);
    shadow_move(block, cell);
    book_in(&slot_cells()[cell], found.size);
}

void
ledger_end(void)
{
    if (ledger_enter()) {
        VERIFY_END();
        STORE(slot.head->end_ns, LOAD(slot.header->clock_ns));
        __atomic_store_n(&slot.head->state, SLOT_ENDING, __ATOMIC_RELEASE);
        __atomic_store_n(&ledger.off, true, __ATOMIC_RELAXED);
        ledger_leave();
    }
}

void
ledger_refuse(const char *why)
{
    strncpy(slot.head->refusal, why, sizeof slot.head->refusal - 1);
    __atomic_store_n(&slot.head->state, SLOT_REFUSED, __ATOMIC_RELEASE);
    __atomic_store_n(&ledger.off, true, __ATOMIC_RELAXED);
}
