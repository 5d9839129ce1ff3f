/* SPDX-License-Identifier: MIT
 *
 * Between region_copy.c and region_reader.c: what a copy remembers of the
 * cells, so that the next take reads only those that changed.
 */
#ifndef PYMTOP_REGION_READER_H
#define PYMTOP_REGION_READER_H

#include "region/region.h"

#define READER_ASKED UINT64_MAX

struct region_reader {
    uint64_t take;              /* its last take, of all takes of the slot */
    uint32_t cells;             /* those that were read */
    uint64_t peak_epoch;        /* under which they were */
    uint64_t operations;        /* of the slot at the last copy, if that was
                                   a plain one; else READER_ASKED */
    uint64_t *pending;          /* a bit a cell: to be read */
    size_t pending_words;
    /* Contexts whose at-peak values are not their present ones; they become
     * that when the peak moves.  A bit a context, and a list. */
    uint64_t *held;
    size_t held_words;
    uint32_t *held_list;
    size_t held_count, held_room;
    size_t change_room;
};

/* Which cells have changed is still known: nobody else has asked since. */
bool region_reader_follows(const struct region_copy *copy,
                           const struct region_window *window,
                           const struct slot_head *head);

/* Read all cells that copy->totals covers, or those that changed.  epoch 0: as
 * they are; else as of that copy.  served: the newest copy that the engine
 * knew of before.  whole: costs[] is made anew; else it is changed, and
 * changes[] says how. */
void region_reader_read(struct region *region, unsigned slot,
                        struct region_copy *copy, uint32_t epoch,
                        uint32_t served, bool whole);

struct region_reader *region_reader_new(void);
void region_reader_free(struct region_reader *reader);

#endif
