/* SPDX-License-Identifier: MIT
 *
 * The shadow table: which cell a live block belongs to, and its size.
 *
 * One 32-bit slot stands for 16 bytes of address space.  A block's first slot
 * names its cell, the next one its size; a block of up to 16 bytes, which may
 * own one slot only, has both in one:
 *
 *     31 30 29                                0
 *     |tag|            payload                |
 *      0   empty
 *      1   small start    size (5 bits) | cell (25 bits)
 *      2   start          code flag (1) | cell (29)
 *      3   size           more (1)      | low (first) or high part (29)
 *
 * Two levels, 64 MiB of address space a chunk, because reserving one table for
 * all addresses would use up the script's RLIMIT_AS.  The table is private
 * memory: a forked child has its own.
 *
 * All functions: under the ledger lock, but for shadow_init().
 */
#ifndef PYMTOP_SHADOW_H
#define PYMTOP_SHADOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __x86_64__
#define SHADOW_ADDRESS_BITS 47                  /* of a program, by default */
#else
#define SHADOW_ADDRESS_BITS 48
#endif
#define SHADOW_CHUNK_BITS 26                    /* 64 MiB of addresses */
#define SHADOW_SMALL_CELLS (1u << 25)

struct shadow_block {
    size_t size;        /* bytes, as requested */
    uint32_t cell;      /* 0: no such block */
    bool code;          /* a code object that the code table knows */
};

/* Reserve the root.  on_chunk (may be NULL) is told of each new chunk.  -1: no
 * memory. */
int shadow_init(void (*on_chunk)(void));

/* Record a block.  What is recorded for that address already (its free was not
 * seen) is forgotten and left in *stale, whose cell is else 0.  -1: no room
 * for it (out of memory, an address over SHADOW_ADDRESS_BITS, or not 16-byte
 * aligned). */
int shadow_put(const void *address, size_t size, uint32_t cell,
               struct shadow_block *stale);

/* Look at the block that starts at address. */
struct shadow_block shadow_get(const void *address);

/* The same, and forget it.  (shadow_take() in shadow_slots.h.) */
struct shadow_block shadow_take_slowly(const void *address);

/* Name another cell for a recorded block. */
void shadow_move(const void *address, uint32_t cell);

/* Mark a recorded block as a code object; false: no such block. */
bool shadow_mark_code(const void *address);

/* Bring into memory what stands for size bytes of address space, which are
 * about to be filled with blocks.  What of it lies in another chunk than
 * address, and what there is no memory for, comes when it is used. */
void shadow_make_present(const void *address, size_t size);

/* Chunks there are, oldest first; address 0 beyond REGION_SHADOW_CHUNKS. */
extern uint32_t shadow_chunk_count;
uint64_t shadow_chunk_address(uint32_t number);

#endif
