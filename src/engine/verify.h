/* SPDX-License-Identifier: MIT
 *
 * Where the tests' verifying engine looks over the engine's shoulder: see
 * tests/engine/verify.h.  Nothing at all in the engine that is installed.
 * All are called under the ledger lock, or inside of VERIFY_SHARED().
 */
#ifndef PYMTOP_VERIFY_H
#define PYMTOP_VERIFY_H

#ifdef PYMTOP_VERIFY

#include <stddef.h>
#include <stdint.h>

#include "python_api.h"
#include "slot.h"

void verify_context(enum domain domain, uint32_t context);
void verify_add(const void *block, size_t size, uint32_t context);
void verify_remove(const void *block);
void verify_rebook(const void *block, uint32_t context);
void verify_lift(const void *block);
void verify_put_back(const void *block);
void verify_move(void);
void verify_end(void);

/* The cell that was found for the allocation under way. */
#define VERIFY_CELL(domain, cell) \
    verify_context(domain, slot_cells()[cell].context)

/* A block in, out, to another cell. */
#define VERIFY_ADD(block, size, cell) \
    verify_add(block, size, slot_cells()[cell].context)
#define VERIFY_REMOVE(block) verify_remove(block)
#define VERIFY_REBOOK(block, cell) \
    verify_rebook(block, slot_cells()[cell].context)

/* A realloc: its block is lifted, and put back or, before what comes of it is
 * added, booked out. */
#define VERIFY_LIFT(block) verify_lift(block)
#define VERIFY_PUT_BACK(block) verify_put_back(block)
#define VERIFY_MOVE() verify_move()

/* In shared mode (share.h): one thread after the other. */
void verify_begin_shared(void);
void verify_end_shared(void);
#define VERIFY_SHARED(...) \
    do { \
        verify_begin_shared(); \
        __VA_ARGS__; \
        verify_end_shared(); \
    } while (0)

/* The shares are settled. */
void verify_settled(void);
#define VERIFY_SETTLED() verify_settled()

/* The row of offsets, or a wrong one. */
const struct offsets *verify_row(const struct offsets *row);
#define VERIFY_ROW(row) verify_row(row)

/* The counters stay as they are from now on. */
#define VERIFY_END() verify_end()

#else

#define VERIFY_CELL(domain, cell) ((void)0)
#define VERIFY_ADD(block, size, cell) ((void)0)
#define VERIFY_REMOVE(block) ((void)0)
#define VERIFY_REBOOK(block, cell) ((void)0)
#define VERIFY_LIFT(block) ((void)0)
#define VERIFY_PUT_BACK(block) ((void)0)
#define VERIFY_MOVE() ((void)0)
#define VERIFY_END() ((void)0)
#define VERIFY_SHARED(...) ((void)0)
#define VERIFY_SETTLED() ((void)0)
#define VERIFY_ROW(row) (row)

#endif

#endif
