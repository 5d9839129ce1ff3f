/* SPDX-License-Identifier: MIT
 *
 * Reading cells.  The engine marks each cell that changes, once between two
 * copies; the marks are fetched and cleared here, and only what they name is
 * read again.
 *
 * No change is lost: a mark is set after the cell has saved itself, so
 * whoever fetches it either sees the cell saved for the copy that is being
 * read, and keeps the mark for the next one, or reads the cell before it
 * changes, and the change will mark it again.  For a plain copy that is not so
 * yet: a hook that began before the engine knew of it may still change a cell
 * that has saved itself for the copy before, without a mark.  So these are kept
 * too.  A take that fails keeps what it has fetched.
 */
#include "region/region_reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

#define LOAD(field) __atomic_load_n(&(field), __ATOMIC_RELAXED)
#define WORDS(count) ((size_t)(count) / 64 + 1)
#define BIT(number) ((uint64_t)1 << (number) % 64)

struct region_reader *
region_reader_new(void)
{
    struct region_reader *reader = xcalloc(1, sizeof(*reader));

    reader->operations = READER_ASKED;
    return reader;
}

void
region_reader_free(struct region_reader *reader)
{
    if (reader != NULL) {
        free(reader->pending);
        free(reader->held);
        free(reader->held_list);
        free(reader);
    }
}

bool
region_reader_follows(const struct region_copy *copy,
                      const struct region_window *window,
                      const struct slot_head *head)
{
    const struct region_reader *reader = copy->reader;

    return reader->take != 0 && reader->take == window->takes
        && LOAD(head->several) == 0 && copy->costs != NULL
        && __atomic_load_n(&head->marking, __ATOMIC_ACQUIRE) == 1;
}

/* --- one cell -------------------------------------------------------------*/

static struct region_cost
load_cost(const struct region_cost *cost)
{
    return (struct region_cost){
        .bytes = LOAD(cost->bytes),
        .blocks = LOAD(cost->blocks),
        .bytes_ever = LOAD(cost->bytes_ever),
        .blocks_ever = LOAD(cost->blocks_ever),
        .bytes_at_peak = LOAD(cost->bytes_at_peak),
        .blocks_at_peak = LOAD(cost->blocks_at_peak),
    };
}

/* The cell as it is, at-peak values resolved. */
static struct region_cost
present_cost(const struct region_cell *cell, uint64_t peak_epoch)
{
    struct region_cost cost = load_cost(&cell->cost);
    if (LOAD(cell->peak_epoch) != peak_epoch) {
        cost.bytes_at_peak = cost.bytes;
        cost.blocks_at_peak = cost.blocks;
    }
    return cost;
}

/* The cell at the moment of copy `epoch`; *moved: it has changed since. */
static struct region_cost
cost_at_epoch(const struct region_cell *cell,
              const struct region_saved *saved, uint32_t epoch,
              uint64_t peak_epoch, bool *moved)
{
    *moved = false;
    if (__atomic_load_n(&cell->copy_epoch, __ATOMIC_ACQUIRE) != epoch) {
        struct region_cost cost = present_cost(cell, peak_epoch);
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
        if (LOAD(cell->copy_epoch) != epoch) {
            return cost;
        }
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
    }
    *moved = true;
    return load_cost(&saved->cost);
}

/* --- what stays from take to take -----------------------------------------*/

/* Zeroed words up to `words`. */
static uint64_t *
more_bits(uint64_t *bits, size_t *have, size_t words)
{
    if (words > *have) {
        size_t more = words + words / 2;
        bits = xreallocarray(bits, more, sizeof *bits);
        memset(bits + *have, 0, (more - *have) * sizeof *bits);
        *have = more;
    }
    return bits;
}

/* Room for the costs of so many contexts; whole: all of them zero. */
static void
make_room_for_costs(struct region_copy *copy, uint32_t contexts, bool whole)
{
    uint32_t have = copy->costs_size;

    if (contexts > have) {
        copy->costs_size = contexts + contexts / 2;
    }
    if (copy->costs == NULL || (whole && contexts > have)) {
        free(copy->costs);
        copy->costs = xcalloc(copy->costs_size, sizeof *copy->costs);
    }
    else if (contexts > have) {
        copy->costs = xreallocarray(copy->costs, copy->costs_size,
                                    sizeof *copy->costs);
        memset(copy->costs + have, 0,
               (copy->costs_size - have) * sizeof *copy->costs);
    }
    else if (whole) {
        memset(copy->costs, 0, contexts * sizeof *copy->costs);
    }
    copy->contexts = contexts;
}

static void
make_room(struct region_copy *copy, uint32_t contexts, uint32_t cells,
          bool whole)
{
    struct region_reader *reader = copy->reader;

    make_room_for_costs(copy, contexts, whole);
    reader->pending = more_bits(reader->pending, &reader->pending_words,
                                WORDS(cells));
    reader->held = more_bits(reader->held, &reader->held_words,
                             WORDS(contexts));
}

static void
hold(struct region_reader *reader, uint32_t context,
     const struct region_cost *cost)
{
    if ((cost->bytes_at_peak == cost->bytes
         && cost->blocks_at_peak == cost->blocks)
        || reader->held[context / 64] & BIT(context)) {
        return;
    }
    reader->held[context / 64] |= BIT(context);
    reader->held_list = xgrow(reader->held_list, &reader->held_room,
                              reader->held_count + 1,
                              sizeof *reader->held_list);
    reader->held_list[reader->held_count++] = context;
}

/* A context has this cost now. */
static void
change(struct region_copy *copy, uint32_t context,
       const struct region_cost *cost)
{
    struct region_cost *old = &copy->costs[context];
    struct region_cost by = {
        .bytes = cost->bytes - old->bytes,
        .blocks = cost->blocks - old->blocks,
        .bytes_ever = cost->bytes_ever - old->bytes_ever,
        .blocks_ever = cost->blocks_ever - old->blocks_ever,
        .bytes_at_peak = cost->bytes_at_peak - old->bytes_at_peak,
        .blocks_at_peak = cost->blocks_at_peak - old->blocks_at_peak,
    };

    if ((by.bytes_ever | by.blocks_ever | (uint64_t)by.bytes
         | (uint64_t)by.blocks | (uint64_t)by.bytes_at_peak
         | (uint64_t)by.blocks_at_peak) == 0) {
        return;
    }
    *old = *cost;
    copy->changes = xgrow(copy->changes, &copy->reader->change_room,
                          (size_t)copy->change_count + 1,
                          sizeof *copy->changes);
    copy->changes[copy->change_count++] =
        (struct region_change){ .context = context, .by = by };
}

/* The peak has moved: it is where everything stands now, but for what the
 * cells say that have changed since. */
static void
let_go_of_held(struct region_copy *copy)
{
    struct region_reader *reader = copy->reader;

    for (size_t i = 0; i < reader->held_count; i++) {
        uint32_t context = reader->held_list[i];
        reader->held[context / 64] = 0;
        if (!copy->whole) {
            struct region_cost cost = copy->costs[context];
            cost.bytes_at_peak = cost.bytes;
            cost.blocks_at_peak = cost.blocks;
            change(copy, context, &cost);
        }
    }
    reader->held_count = 0;
}

/* --- all of them, or those that changed -----------------------------------*/

struct reading {
    struct region_copy *copy;
    struct region_cell *cells;
    struct region_saved *saved;
    uint32_t count;             /* of cells */
    uint32_t epoch, served;
};

static void
read_one(const struct reading *reading, uint32_t number)
{
    struct region_copy *copy = reading->copy;
    const struct region_cell *cell = &reading->cells[number];
    uint64_t peak_epoch = copy->totals.peak_epoch;
    bool moved = LOAD(cell->copy_epoch) == reading->served;
    struct region_cost cost = reading->epoch != 0
        ? cost_at_epoch(cell, &reading->saved[number], reading->epoch,
                        peak_epoch, &moved)
        : present_cost(cell, peak_epoch);
    uint32_t context = LOAD(cell->context);

    if (!moved) {
        copy->reader->pending[number / 64] &= ~BIT(number);
    }
    if (context >= copy->contexts) {
        return;
    }
    if (copy->whole) {
        region_cost_add(&copy->costs[context], &cost);
    }
    else {
        change(copy, context, &cost);
    }
    hold(copy->reader, context, &copy->costs[context]);
}

/* Take over what the engine has marked. */
static void
fetch_marks(struct reading *reading, uint64_t *marks)
{
    uint64_t *pending = reading->copy->reader->pending;

    for (size_t word = 0; word < WORDS(reading->count); word++) {
        if (LOAD(marks[word]) != 0) {
            pending[word] |= __atomic_exchange_n(&marks[word], 0,
                                                 __ATOMIC_ACQUIRE);
        }
    }
}

static void
prefetch_word(const struct reading *reading, size_t word)
{
    uint64_t bits = word < WORDS(reading->count)
        ? reading->copy->reader->pending[word] : 0;

    for (; bits != 0; bits &= bits - 1) {
        __builtin_prefetch(&reading->cells[word * 64
                                           + (size_t)__builtin_ctzll(bits)]);
    }
}

static void
read_pending(const struct reading *reading)
{
    const uint64_t *pending = reading->copy->reader->pending;

    for (size_t word = 0; word < WORDS(reading->count); word++) {
        prefetch_word(reading, word + 1);
        for (uint64_t bits = pending[word]; bits != 0; bits &= bits - 1) {
            size_t number = word * 64 + (size_t)__builtin_ctzll(bits);
            if (number < reading->count) {
                read_one(reading, (uint32_t)number);
            }
        }
    }
}

void
region_reader_read(struct region *region, unsigned slot,
                   struct region_copy *copy, uint32_t epoch,
                   uint32_t served, bool whole)
{
    const struct region_header *sizes = &region->sizes;
    const struct region_totals *totals = &copy->totals;
    char *base = region->windows[slot].base;
    struct region_reader *reader = copy->reader;
    struct reading reading = {
        .copy = copy,
        .cells = (struct region_cell *)(base + sizes->cells_offset),
        .saved = (struct region_saved *)(base + sizes->saved_offset),
        .count = totals->cells < sizes->cells_max ? totals->cells
                                                  : sizes->cells_max,
        .epoch = epoch,
        .served = served,
    };
    uint32_t contexts = totals->contexts < sizes->contexts_max
                        ? totals->contexts : sizes->contexts_max;
    uint32_t first = whole ? 1 : reader->cells;

    make_room(copy, contexts, reading.count, whole);
    copy->whole = whole;
    copy->change_count = 0;
    if (whole || reader->peak_epoch != totals->peak_epoch) {
        let_go_of_held(copy);
        reader->peak_epoch = totals->peak_epoch;
    }
    fetch_marks(&reading, (uint64_t *)(base + sizes->marks_offset));
    /* Those that are new, whether marked or not. */
    for (uint32_t i = first; i < reading.count; i++) {
        reader->pending[i / 64] |= BIT(i);
    }
    reader->cells = reading.count > first ? reading.count : first;
    read_pending(&reading);
}
