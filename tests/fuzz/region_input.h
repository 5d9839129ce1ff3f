/* SPDX-License-Identifier: MIT
 *
 * A region written by a fuzzer: its bytes are orders to write anywhere in it,
 * and to look at it with everything that pymtop makes of one.
 *
 * An order is one byte; what follows it (little-endian):
 *
 *     c  index 2, struct region_context     C  index 2, struct region_code
 *     l  index 2, struct region_cell        s  index 2, struct region_saved
 *     b  offset 2, length 1, bytes          h  offset 2, length 1, head
 *     n  contexts, cells, codes, bytes_used: 4 each
 *     H  offset 1, 4 bytes of the region's header
 *     a  the engine answers the next copy
 *     v  look; 1 byte of switches
 */
#ifndef PYMTOP_TESTS_REGION_INPUT_H
#define PYMTOP_TESTS_REGION_INPUT_H

#include "fuzz.h"
#include "region/region.h"

struct region_input {
    struct region region;
    struct slot_head *head;
};

/* The one region of this process, made small, and emptied. */
struct region_input *region_input_reset(void);

/* Carry out the orders. */
void region_input_run(struct region_input *input, const uint8_t *data,
                      size_t size);

#endif
