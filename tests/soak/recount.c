/* SPDX-License-Identifier: MIT */
#include "recount.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "engine/shadow_slots.h"

#define PAGE 4096u
#define PAGES (SHADOW_CHUNK_SIZE / PAGE + 1)
#define PRESENT (3ull << 62)            /* in memory, in swap */

struct counted {
    int64_t bytes, blocks;
};

struct reader {
    int memory, pagemap;
    uint32_t *slots;                    /* one chunk */
    struct counted *cells;
    uint32_t cell_count;
    struct recount *result;
};

/* Pages that were never touched are not read: that would make them present. */
static int
read_chunk(const struct reader *reader, uint64_t address)
{
    static uint64_t entries[PAGES];
    uint64_t first = address / PAGE;

    memset(reader->slots, 0, SHADOW_CHUNK_SIZE + PAGE);
    if (pread(reader->pagemap, entries, sizeof(entries), (off_t)first * 8)
        != (ssize_t)sizeof(entries)) {
        return -1;
    }
    for (size_t i = 0; i < PAGES; i++) {
        char *to = (char *)reader->slots + i * PAGE;
        if ((entries[i] & PRESENT) != 0
            && pread(reader->memory, to, PAGE, (off_t)(first + i) * PAGE)
               != PAGE) {
            return -1;
        }
    }
    return 0;
}

static void
count(const struct reader *reader, uint32_t cell, uint64_t size)
{
    if (cell == 0 || cell >= reader->cell_count) {
        reader->result->wrong++;
        return;
    }
    reader->cells[cell].blocks++;
    reader->cells[cell].bytes += (int64_t)size;
    reader->result->blocks++;
    reader->result->bytes += (int64_t)size;
}

static void
count_chunk(const struct reader *reader)
{
    const uint32_t *slot = reader->slots;

    for (size_t i = 0; i < SHADOW_CHUNK_SLOTS; i++) {
        uint32_t tag = slot[i] & SHADOW_TAG;
        if (tag == SHADOW_SMALL) {
            count(reader, slot[i] & (SHADOW_SMALL_CELLS - 1),
                  slot[i] >> SHADOW_SMALL_SHIFT & 31);
        }
        else if (tag == SHADOW_START) {
            uint64_t size = slot[i + 1] & SHADOW_LOW;
            reader->result->wrong += (slot[i + 1] & SHADOW_TAG)
                != SHADOW_SIZE;
            if ((slot[i + 1] & SHADOW_FLAG) != 0) {
                size |= (uint64_t)(slot[i + 2] & SHADOW_LOW) << 29;
            }
            count(reader, slot[i] & SHADOW_LOW, size);
        }
    }
}

static void
compare(struct recount *result, const char *what, uint32_t number,
        int64_t counted, int64_t said)
{
    if (counted != said && result->wrong++ < 10) {
        fprintf(stderr, "recount: %s %u: counted %" PRId64
                ", the region says %" PRId64 "\n", what, number, counted,
                said);
    }
}

static void
compare_all(const struct reader *reader, const struct slot_head *head,
            const struct region_cell *cells)
{
    struct recount *result = reader->result;

    for (uint32_t i = 1; i < reader->cell_count; i++) {
        compare(result, "bytes of cell", i, reader->cells[i].bytes,
                cells[i].cost.bytes);
        compare(result, "blocks of cell", i, reader->cells[i].blocks,
                cells[i].cost.blocks);
    }
    compare(result, "bytes of slot", 0, result->bytes, head->totals.bytes);
    compare(result, "blocks of slot", 0, (int64_t)result->blocks,
            head->totals.blocks);
}

static int
open_of(int32_t pid, const char *name)
{
    char path[64];

    snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
    return open(path, O_RDONLY | O_CLOEXEC);
}

int
recount(struct region *region, unsigned slot, struct recount *result)
{
    const struct slot_head *head = region_slot(region, slot);
    const struct region_cell *cells = (const struct region_cell *)
        (region->windows[slot].base + region->sizes.cells_offset);
    struct reader reader = {
        .memory = open_of(head->pid, "mem"),
        .pagemap = open_of(head->pid, "pagemap"),
        .slots = xmalloc(SHADOW_CHUNK_SIZE + PAGE),
        .cells = xcalloc(head->cells, sizeof(*reader.cells)),
        .cell_count = head->cells,
        .result = result,
    };
    int done = (head->operations & 1) != 0 ? -1 : 0;

    *result = (struct recount){0};
    for (uint32_t i = 0; done == 0 && i < head->shadow_chunks; i++) {
        done = read_chunk(&reader, head->shadow_chunk[i]);
        if (done == 0) {
            count_chunk(&reader);
        }
    }
    if (done == 0) {
        compare_all(&reader, head, cells);
    }
    close(reader.memory);
    close(reader.pagemap);
    free(reader.cells);
    free(reader.slots);
    return done;
}
