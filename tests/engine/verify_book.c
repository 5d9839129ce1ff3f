/* SPDX-License-Identifier: MIT
 *
 * The second ledger.  What a context held at the peak is worked out the other
 * way round: what it holds now, less all that happened since.
 */
#include "verify.h"

#include <inttypes.h>
#include <sys/mman.h>

#include "engine/arena.h"
#include "engine/context_tree.h"
#include "engine/hash.h"
#include "engine/ledger.h"
#include "engine/share.h"
#include "engine/slot.h"
#include "engine/verify.h"

#define RECOUNT_EVERY (1u << 16)
#define LIFTED_MAX 256

struct booked {
    uintptr_t address;          /* 0: free */
    uint64_t size;
    uint32_t context;
};

struct sums {
    int64_t bytes, blocks;
    uint64_t bytes_ever, blocks_ever;
    int64_t bytes_since, blocks_since;      /* the peak */
    int64_t bytes_found, blocks_found;      /* in a recount */
    bool touched;                           /* since the peak */
};

static struct {
    struct booked *blocks;      /* open addressing, linear probing */
    uint64_t mask, used;
    struct sums *sums;          /* of each context */
    uint32_t *touched;          /* contexts that changed since the peak */
    uint32_t touched_count;
    struct region_totals totals;
    struct region_totals at_peak;           /* of all cells, in a recount */
    uint32_t peaks_reset;
    uint32_t contexts_checked;
    struct booked lifted[LIFTED_MAX];       /* reallocs under way */
} book;

static __thread struct booked *lifted
    __attribute__((tls_model("initial-exec")));

static void
begin(void)
{
    uint32_t max = slot.header->contexts_max;
    book.mask = (1u << 16) - 1;
    book.blocks = arena_map_quiet((book.mask + 1) * sizeof *book.blocks);
    book.sums = arena_map_quiet(max * sizeof *book.sums);
    book.touched = arena_map_quiet(max * sizeof *book.touched);
    book.contexts_checked = CONTEXT_FIRST;
}

static uint64_t
place_of(uintptr_t address)
{
    uint64_t at = hash_mix(address) & book.mask;
    while (book.blocks[at].address != 0
            && book.blocks[at].address != address) {
        at = (at + 1) & book.mask;
    }
    return at;
}

static void
grow(void)
{
    struct booked *smaller = book.blocks;
    uint64_t size = book.mask + 1;
    book.mask = 2 * size - 1;
    book.blocks = arena_map_quiet(2 * size * sizeof *book.blocks);
    for (uint64_t i = 0; i < size; i++) {
        if (smaller[i].address != 0) {
            book.blocks[place_of(smaller[i].address)] = smaller[i];
        }
    }
    munmap(smaller, size * sizeof *smaller);    /* quietly, as it was mapped */
}

static void
put(struct booked block)
{
    if (book.blocks == NULL) {
        begin();
    }
    if (book.used * 2 > book.mask) {
        grow();
    }
    book.blocks[place_of(block.address)] = block;
    book.used++;
}

/* Out of the table; address 0: it was not there. */
static struct booked
take(const void *address)
{
    struct booked none = { 0 };
    if (book.blocks == NULL) {
        return none;
    }
    uint64_t hole = place_of((uintptr_t)address);
    struct booked taken = book.blocks[hole];
    if (taken.address == 0) {
        return none;
    }
    /* What probed past the hole moves up. */
    for (uint64_t at = (hole + 1) & book.mask; book.blocks[at].address != 0;
            at = (at + 1) & book.mask) {
        uint64_t home = hash_mix(book.blocks[at].address) & book.mask;
        if (((at - home) & book.mask) >= ((at - hole) & book.mask)) {
            book.blocks[hole] = book.blocks[at];
            hole = at;
        }
    }
    book.blocks[hole].address = 0;
    book.used--;
    return taken;
}

static void
forget_changes(void)
{
    for (uint32_t i = 0; i < book.touched_count; i++) {
        struct sums *sums = &book.sums[book.touched[i]];
        sums->bytes_since = sums->blocks_since = 0;
        sums->touched = false;
    }
    book.touched_count = 0;
    book.totals.peak_bytes = book.totals.bytes;
    book.totals.peak_blocks = book.totals.blocks;
}

static void
change(uint32_t context, int64_t bytes, int64_t blocks)
{
    struct sums *sums = &book.sums[context];
    sums->bytes += bytes;
    sums->blocks += blocks;
    sums->bytes_since += bytes;
    sums->blocks_since += blocks;
    book.totals.bytes += bytes;
    book.totals.blocks += blocks;
    if (!sums->touched) {
        sums->touched = true;
        book.touched[book.touched_count++] = context;
    }
    if (book.totals.bytes > book.totals.peak_bytes) {
        forget_changes();
    }
    verify_counts.operations++;
}

static void
book_in(struct booked block)
{
    struct sums *sums = &book.sums[block.context];
    sums->bytes_ever += block.size;
    sums->blocks_ever++;
    book.totals.alloc_bytes += block.size;
    book.totals.allocs++;
    change(block.context, (int64_t)block.size, 1);
}

static void
book_out(struct booked block)
{
    if (block.address != 0) {
        change(block.context, -(int64_t)block.size, -1);
    }
}

/* The user's reset of the peak was served before this booking. */
static void
see_reset(void)
{
    if (book.peaks_reset != slot.head->reset_peak_done) {
        book.peaks_reset = slot.head->reset_peak_done;
        forget_changes();
    }
}

void
verify_add(const void *block, size_t size, uint32_t context)
{
    struct booked fresh = { (uintptr_t)block, size, context };
    if (verify_perturb_block != 0
            && (book.totals.allocs + 1) % verify_perturb_block == 0) {
        book.totals.allocs++;
        return;
    }
    see_reset();
    book_out(take(block));      /* freed behind our back */
    put(fresh);
    book_in(fresh);
}

static void
recount_at_times(void)
{
    if (verify_counts.operations / RECOUNT_EVERY > verify_counts.recounts) {
        verify_recount();
    }
}

/* In shared mode others are at work: that waits for verify_settled(). */
void
verify_remove(const void *block)
{
    if (share_own == NULL || !share_own->inside) {
        recount_at_times();
    }
    see_reset();
    book_out(take(block));
}

void
verify_rebook(const void *block, uint32_t context)
{
    see_reset();
    struct booked taken = take(block);
    if (taken.address != 0) {
        book_out(taken);
        taken.context = context;
        put(taken);
        book_in(taken);
    }
}

void
verify_settled(void)
{
    if (!ledger.off) {
        recount_at_times();
    }
}

/* Still counted, but in no table: another thread may get the address. */
void
verify_lift(const void *block)
{
    see_reset();
    struct booked taken = take(block);
    for (int i = 0; taken.address != 0 && i < LIFTED_MAX; i++) {
        if (book.lifted[i].address == 0) {
            lifted = &book.lifted[i];
            *lifted = taken;
            return;
        }
    }
}

void
verify_put_back(const void *block)
{
    (void)block;
    if (lifted != NULL) {
        put(*lifted);
        lifted->address = 0;
        lifted = NULL;
    }
}

void
verify_move(void)
{
    if (lifted != NULL) {
        see_reset();
        book_out(*lifted);
        lifted->address = 0;
        lifted = NULL;
    }
}

static void
compare(const char *what, uint32_t number, int64_t ours, int64_t theirs)
{
    if (ours != theirs && verify_differs()) {
        verify_say("difference in %s, %u: %" PRId64 ", but the region has %"
                   PRId64 "\n", what, number, ours, theirs);
    }
}

/* The peak that is told was there, and is the highest but for what each share
 * may have risen by since it was settled. */
static void
compare_peak(int64_t ours, int64_t theirs)
{
    if (slot.head->shares == 0) {
        compare("peak bytes", 0, ours, theirs);
    }
    else if (theirs > ours
             || theirs + slot.head->shares * SHARE_SLACK < ours) {
        compare("peak bytes, about", 0, ours, theirs);
    }
}

static void
compare_totals(void)
{
    const struct region_totals *ours = &book.totals;
    const struct region_totals *theirs = &slot.head->totals;
    compare("total bytes", 0, ours->bytes, theirs->bytes);
    compare("total blocks", 0, ours->blocks, theirs->blocks);
    compare_peak(ours->peak_bytes, theirs->peak_bytes);
    compare("allocs", 0, (int64_t)ours->allocs, (int64_t)theirs->allocs);
    compare("bytes ever", 0, (int64_t)ours->alloc_bytes,
            (int64_t)theirs->alloc_bytes);
}

/* What was held at the peak; with shares the peak is another one. */
static void
compare_at_peak(uint32_t context, const struct region_cost *theirs)
{
    const struct sums *ours = &book.sums[context];
    book.at_peak.bytes += theirs->bytes_at_peak;
    book.at_peak.blocks += theirs->blocks_at_peak;
    if (slot.head->shares == 0) {
        compare("bytes at peak", context, ours->bytes - ours->bytes_since,
                theirs->bytes_at_peak);
        compare("blocks at peak", context,
                ours->blocks - ours->blocks_since, theirs->blocks_at_peak);
    }
}

static void
compare_cells(uint32_t context)
{
    const struct sums *ours = &book.sums[context];
    struct region_cost sum = { 0 };
    for (uint32_t i = slot_contexts()[context].cell; i != 0;
            i = slot.head->several ? slot_saved()[i].next : 0) {
        const struct region_cell *cell = &slot_cells()[i];
        bool kept = cell->peak_epoch == slot.head->totals.peak_epoch;
        compare("a cell's context", i, context, cell->context);
        sum.bytes += cell->cost.bytes;
        sum.blocks += cell->cost.blocks;
        sum.bytes_ever += cell->cost.bytes_ever;
        sum.blocks_ever += cell->cost.blocks_ever;
        sum.bytes_at_peak += kept ? cell->cost.bytes_at_peak
                                  : cell->cost.bytes;
        sum.blocks_at_peak += kept ? cell->cost.blocks_at_peak
                                   : cell->cost.blocks;
    }
    compare("bytes", context, ours->bytes, sum.bytes);
    compare("blocks", context, ours->blocks, sum.blocks);
    compare("bytes ever", context, (int64_t)ours->bytes_ever,
            (int64_t)sum.bytes_ever);
    compare("blocks ever", context, (int64_t)ours->blocks_ever,
            (int64_t)sum.blocks_ever);
    compare_at_peak(context, &sum);
    compare("bytes found", context, ours->bytes_found, ours->bytes);
    compare("blocks found", context, ours->blocks_found, ours->blocks);
}

static void
find(const struct booked *block)
{
    book.sums[block->context].bytes_found += (int64_t)block->size;
    book.sums[block->context].blocks_found++;
}

static void
compare_block(const struct booked *block)
{
    struct shadow_block theirs = shadow_get((const void *)block->address);
    uint32_t context = theirs.cell == 0 ? CONTEXT_NONE
                       : slot_cells()[theirs.cell].context;
    if ((theirs.size != block->size || context != block->context)
            && verify_differs()) {
        verify_say("difference in block %" PRIxPTR ": %" PRIu64 " bytes of "
                   "context %u, but the shadow has %zu of %u\n",
                   block->address, block->size, block->context, theirs.size,
                   context);
    }
}

static void
compare_blocks(void)
{
    for (uint64_t i = 0; i <= book.mask; i++) {
        if (book.blocks[i].address != 0) {
            compare_block(&book.blocks[i]);
            find(&book.blocks[i]);
        }
    }
    for (int i = 0; i < LIFTED_MAX; i++) {
        if (book.lifted[i].address != 0) {
            find(&book.lifted[i]);
        }
    }
}

/* Each path of calls has one context: a new one is found where it is. */
static void
check_new_contexts(void)
{
    uint32_t count = slot.head->contexts;
    for (uint32_t i = book.contexts_checked; i < count; i++) {
        struct region_context c = slot_contexts()[i];
        compare("a context found again", i, i,
                context_tree_child(c.parent, c.code, c.instr));
    }
    book.contexts_checked = count;
}

void
verify_recount(void)
{
    if (book.blocks == NULL) {
        begin();
    }
    verify_counts.recounts++;
    see_reset();
    check_new_contexts();
    for (uint32_t i = 0; i < slot.head->contexts; i++) {
        book.sums[i].bytes_found = book.sums[i].blocks_found = 0;
    }
    compare_blocks();
    compare_totals();
    book.at_peak.bytes = book.at_peak.blocks = 0;
    for (uint32_t i = 0; i < slot.head->contexts; i++) {
        compare_cells(i);
    }
    compare("sum at peak", 0, book.at_peak.bytes,
            slot.head->totals.peak_bytes);
    compare("blocks at peak, sum", 0, book.at_peak.blocks,
            slot.head->totals.peak_blocks);
    verify_counts.blocks = book.used;
}
