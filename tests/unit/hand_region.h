/* SPDX-License-Identifier: MIT
 *
 * A region made by hand, as an engine would have written it, for the tests of
 * what reads it.  It is a real one, read by the real reader.
 *
 * Codes have line tables in the format of 3.11 that give HAND_LINES lines, one
 * for each instruction, from firstlineno on.
 */
#ifndef PYMTOP_TEST_HAND_REGION_H
#define PYMTOP_TEST_HAND_REGION_H

#include "model/catalog.h"
#include "model/snapshot.h"
#include "region/region.h"

#define HAND_LINES 100

struct hand_region {
    struct region region;
    struct slot_head *head;
    struct region_context *contexts;
    struct region_cell *cells;
    struct region_code *codes;
    char *bytes;
    struct region_copy copy;
};

void hand_init(struct hand_region *hand);
void hand_release(struct hand_region *hand);

uint32_t hand_code(struct hand_region *hand, const char *file,
                   const char *name, int firstlineno);
/* Names as bytes of any kind. */
uint32_t hand_code_bytes(struct hand_region *hand, const char *file,
                         size_t file_len, const char *name, size_t name_len,
                         int firstlineno);
/* line must lie within HAND_LINES of the code's first. */
uint32_t hand_context(struct hand_region *hand, uint32_t parent,
                      uint32_t code, int line);

/* Give the context this cost; totals follow. */
void hand_cost(struct hand_region *hand, uint32_t context,
               struct region_cost cost);
/* The same, with `blocks` blocks of bytes / blocks each, now, at the peak
 * and ever. */
void hand_now(struct hand_region *hand, uint32_t context, int64_t bytes,
              int64_t blocks);

/* Take catalog and snapshot up to the present state, through a copy. */
void hand_take(struct hand_region *hand, struct catalog *catalog,
               struct snapshot *snapshot);

#endif
