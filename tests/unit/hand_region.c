/* SPDX-License-Identifier: MIT */
#include "hand_region.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
check(bool right, const char *what)
{
    if (!right) {
        fprintf(stderr, "hand_region: %s\n", what);
        abort();
    }
}

void
hand_init(struct hand_region *hand)
{
    char why[200] = "";

    memset(hand, 0, sizeof(*hand));
    check(region_create(&hand->region, why, sizeof(why)) == 0, why);
    const struct region_header *header = hand->region.header;
    hand->region.header->slot_owner[0] = 1;
    hand->head = region_slot(&hand->region, 0);
    check(hand->head != NULL, "no slot");
    char *base = (char *)hand->head;
    hand->contexts = (void *)(base + header->contexts_offset);
    hand->cells = (void *)(base + header->cells_offset);
    hand->codes = (void *)(base + header->codes_offset);
    hand->bytes = base + header->bytes_offset;
    hand->head->state = SLOT_RUNNING;
    hand->head->python_hex = 0x030c01f0;
    hand->head->contexts = CONTEXT_FIRST;
    hand->head->cells = hand->head->codes = hand->head->bytes_used = 1;
    hand->head->totals.contexts = CONTEXT_FIRST;
    hand->head->totals.cells = 1;
    hand->head->totals.peak_epoch = 1;
}

void
hand_release(struct hand_region *hand)
{
    region_copy_release(&hand->copy);
    region_release(&hand->region);
}

static uint32_t
add_bytes(struct hand_region *hand, const char *bytes, size_t len)
{
    uint32_t offset = hand->head->bytes_used;

    memcpy(hand->bytes + offset, bytes, len);
    hand->head->bytes_used += (uint32_t)len;
    return offset;
}

/* Instruction i at byte 2 * i is on line firstlineno + i. */
static uint32_t
add_line_table(struct hand_region *hand)
{
    char table[3 * HAND_LINES];

    for (int i = 0; i < HAND_LINES; i++) {
        /* One line of the form "delta 0 or 1, two columns". */
        table[3 * i] = (char)(0x80 | (i == 0 ? 10 : 11) << 3);
        table[3 * i + 1] = 0;
        table[3 * i + 2] = 1;
    }
    return add_bytes(hand, table, sizeof(table));
}

uint32_t
hand_code_bytes(struct hand_region *hand, const char *file, size_t file_len,
                const char *name, size_t name_len, int firstlineno)
{
    uint32_t index = hand->head->codes;

    hand->codes[index] = (struct region_code){
        .filename = add_bytes(hand, file, file_len),
        .filename_len = (uint32_t)file_len,
        .name = add_bytes(hand, name, name_len),
        .name_len = (uint32_t)name_len,
        .linetable = add_line_table(hand),
        .linetable_len = 3 * HAND_LINES,
        .firstlineno = firstlineno,
    };
    hand->head->codes++;
    return index;
}

uint32_t
hand_code(struct hand_region *hand, const char *file, const char *name,
          int firstlineno)
{
    return hand_code_bytes(hand, file, strlen(file), name, strlen(name),
                           firstlineno);
}

uint32_t
hand_context(struct hand_region *hand, uint32_t parent, uint32_t code,
             int line)
{
    uint32_t index = hand->head->contexts;
    int step = line - hand->codes[code].firstlineno;

    check(step >= 0 && step < HAND_LINES, "line out of reach");
    hand->contexts[index] = (struct region_context){
        .parent = parent, .code = code, .instr = 2 * (uint32_t)step};
    hand->head->contexts++;
    hand->head->totals.contexts = hand->head->contexts;
    return index;
}

static void
add_to_totals(struct region_totals *totals, const struct region_cost *cost,
              int sign)
{
    totals->bytes += sign * cost->bytes;
    totals->blocks += sign * cost->blocks;
    totals->peak_bytes += sign * cost->bytes_at_peak;
    totals->peak_blocks += sign * cost->blocks_at_peak;
    totals->alloc_bytes += (uint64_t)sign * cost->bytes_ever;
    totals->allocs += (uint64_t)sign * cost->blocks_ever;
}

void
hand_cost(struct hand_region *hand, uint32_t context, struct region_cost cost)
{
    struct slot_head *head = hand->head;
    uint32_t cell = hand->contexts[context].cell;

    if (cell == 0) {
        cell = head->cells++;
        head->totals.cells = head->cells;
        hand->contexts[context].cell = cell;
        hand->cells[cell] = (struct region_cell){
            .peak_epoch = head->totals.peak_epoch, .context = context};
    }
    add_to_totals(&head->totals, &hand->cells[cell].cost, -1);
    add_to_totals(&head->totals, &cost, 1);
    hand->cells[cell].cost = cost;
}

void
hand_now(struct hand_region *hand, uint32_t context, int64_t bytes,
         int64_t blocks)
{
    hand_cost(hand, context, (struct region_cost){
        .bytes = bytes,
        .blocks = blocks,
        .bytes_ever = (uint64_t)bytes,
        .blocks_ever = (uint64_t)blocks,
        .bytes_at_peak = bytes,
        .blocks_at_peak = blocks,
    });
}

void
hand_take(struct hand_region *hand, struct catalog *catalog,
          struct snapshot *snapshot)
{
    check(region_copy_take(&hand->region, 0, &hand->copy) == 0, "no copy");
    catalog_update(catalog, &hand->region, 0, hand->copy.contexts);
    struct snapshot look = {0};
    snapshot_look(&look, &hand->copy);
    snapshot_release(snapshot);
    snapshot_copy(snapshot, &look);
}
