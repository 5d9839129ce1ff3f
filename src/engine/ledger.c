/* SPDX-License-Identifier: MIT */
#include "ledger.h"

#include <string.h>
#include <sys/mman.h>

#include "arena.h"
#include "code_table.h"
#include "context_tree.h"
#include "fork.h"
#include "ledger_book.h"
#include "python_api.h"
#include "share.h"
#include "verify.h"

struct ledger ledger;

#define LOAD LEDGER_LOAD
#define STORE LEDGER_STORE
#define ADD LEDGER_ADD

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
    if ((python.offsets->free_threaded && share_init() < 0)
            || shadow_init(publish_memory) < 0 || code_table_init() < 0
            || context_tree_init() < 0) {
        return -1;
    }
    publish_memory();
    /* Where the kernel does not, children made without handlers are not told
     * from their parents. */
    madvise(&ledger, sizeof ledger, MADV_WIPEONFORK);
    ledger.ours = true;
    lock_init(&ledger.lock);
    return 0;
}

/* The cell's values as of the running copy, which began under the peak epoch
 * in copy_totals. */
void
ledger_save_for_copy(struct region_cell *cell)
{
    struct region_cost cost = cell->cost;
    if (cell->peak_epoch != slot.head->copy_totals.peak_epoch) {
        cost.bytes_at_peak = cost.bytes;
        cost.blocks_at_peak = cost.blocks;
    }
    uint32_t number = (uint32_t)(cell - slot_cells());
    if (window_ensure(&slot.saved,
                      (number + 1ull) * sizeof(struct region_saved)) < 0) {
        /* No room: there is no such copy any more, and marks lack this. */
        __atomic_store_n(&slot.head->marking, 0, __ATOMIC_RELEASE);
        __atomic_store_n(&slot.head->copy_epoch, 0, __ATOMIC_RELEASE);
        __atomic_thread_fence(__ATOMIC_RELEASE);
        STORE(cell->copy_epoch, ledger.copy_epoch);
        return;
    }
    slot_saved()[number].cost = cost;
    __atomic_store_n(&cell->copy_epoch, ledger.copy_epoch, __ATOMIC_RELEASE);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    slot_mark(number);
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
    ledger_new_peak(totals);
    STORE(head->reset_peak_done, wanted);
    __atomic_store_n(&head->operations, head->operations + 1,
                     __ATOMIC_RELEASE);
}

/* What is to be found in slot_head.requests from now on, in a booking at once
 * and in one that is not. */
static void
expect(uint32_t at_once, uint32_t requests_seen)
{
    ledger.at_once = at_once;
    ledger.requests_seen = requests_seen;
}

/* Nothing that is ever found there, so no booking begins. */
static void
expect_none(void)
{
    uint32_t requests = LOAD(slot.head->requests);
    expect(~requests, ~requests);
}

/* Between bookings: the monitor asked for something, or we are a child that
 * has no slot of its own yet. */
void
ledger_serve(void)
{
    if (!ledger.ours) {
        fork_bypassed();
    }
    else if (ledger.forked) {
        fork_claim();
    }
    struct slot_head *head = slot.head;
    if (ledger.off) {
        expect_none();
        return;
    }
    uint32_t requests = __atomic_load_n(&head->requests, __ATOMIC_ACQUIRE);
    if (head->has_jit) {
        code_table_find_machine_code();
    }
    serve_copy(head);
    serve_reset_peak(head);
    ledger.paused = LOAD(head->pause) != 0;
    expect(ledger.paused ? ~requests : requests, requests);
    publish_memory();
}

void
ledger_add_slowly(const void *block, size_t size, uint32_t cell)
{
    struct shadow_block stale;
    int result = shadow_put(block, size, cell, &stale);
    if (stale.code) {
        code_table_retire(block);
    }
    if (stale.cell != 0) {
        ledger_book_out(slot.head, stale);  /* freed behind our back */
    }
    if (result < 0) {
        ADD(slot.head->totals.lost_blocks, 1);
        slot.head->trouble |= TROUBLE_SHADOW_FULL;
        return;
    }
    VERIFY_ADD(block, size, cell);
    STORE(slot.head->last_cell, cell);
    ledger_book_in(slot.head, &slot_cells()[cell], size);
}

struct shadow_block
ledger_lift(const void *block)
{
    struct shadow_block lifted = { 0 };
    struct booking booking = ledger_enter();
    if (booking.head != NULL) {
        VERIFY_LIFT(block);
        lifted = shadow_take(block);
        if (lifted.code) {
            code_table_retire(block);
        }
        ledger_leave(booking);
    }
    return lifted;
}

void
ledger_put_back(const void *block, struct shadow_block lifted)
{
    struct booking booking = { 0 };
    if (lifted.cell != 0) {
        booking = ledger_enter();
    }
    if (booking.head != NULL) {
        struct shadow_block stale;
        VERIFY_PUT_BACK(block);
        shadow_put(block, lifted.size, lifted.cell, &stale);
        ledger_leave(booking);
    }
}

void
ledger_rebook(const void *block, uint32_t cell)
{
    VERIFY_REBOOK(block, cell);
    struct shadow_block found = shadow_get(block);
    if (found.cell == 0) {
        return;
    }
    struct region_cell *from = &slot_cells()[found.cell];
    struct region_cell *to = &slot_cells()[cell];
    ledger_keep_for_copy(from);
    ledger_keep_for_copy(to);
    shadow_move(block, cell);
    ledger_count_moved(slot.head, from, to, found.size);
}

/* ledger_enter() learns of it in ledger_serve().  Under the lock, or before any
 * thread has a remembered stack: then none can own the lock and book at once,
 * whatever a ledger_serve() at the same time expects. */
static void
turn_off(void)
{
    expect_none();
    __atomic_store_n(&ledger.off, true, __ATOMIC_RELAXED);
}

void
ledger_end(void)
{
    if (slot.head->has_jit) {
        code_table_find_machine_code();
    }
    VERIFY_END();
    STORE(slot.head->end_ns, LOAD(slot.header->clock_ns));
    __atomic_store_n(&slot.head->state, SLOT_ENDING, __ATOMIC_RELEASE);
    turn_off();
}

void
ledger_refuse(const char *why)
{
    slot_refuse(slot.head, why);
    turn_off();
}
