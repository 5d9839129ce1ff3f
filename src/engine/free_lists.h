/* SPDX-License-Identifier: MIT
 *
 * CPython's free lists.  A dead list, dict, tuple or float may be used again
 * without the allocator being asked; its block would stay with the line that
 * made it first.  Three cures:
 *
 * - REATTRIBUTION_NEWREFERENCE: libpython calls _Py_NewReference for each new
 *   object through its relocation table, so ours stands before it; an object
 *   in a block that is not fresh is booked again to the present line.
 * - REATTRIBUTION_REFTRACER: where the call is inlined or bound inside, from
 *   3.13 on: Python tells its reference tracer of each new object
 *   (ref_tracer.h), with the same effect.
 * - REATTRIBUTION_EMPTY: where the call is inlined or bound inside, up to 3.12: the free
 *   lists are kept empty, so that each object comes from the allocator.
 *
 * The key tables of small dicts have a free list too (80 entries), but are no
 * objects; they stay with the line that made them first, as in tracemalloc.
 */
#ifndef PYMTOP_FREE_LISTS_H
#define PYMTOP_FREE_LISTS_H

#include <stdbool.h>

#include "pymtop/region_layout.h"
#include "python_api.h"

/* Choose and prepare a way for the Python behind handle; before Python is
 * initialised. */
enum reattribution free_lists_start(void *handle);

/* Begin, where the way needs Python to be there: not before it is known that
 * the interpreter state is where the row of offsets says (self_test.h). */
void free_lists_begin(void);

/* Before this hook allocates, give back what has come onto the lists.  MEM and
 * OBJ only, which come under the GIL: another domain's stays as it is. */
void free_lists_check_before(enum domain domain, struct allocator *hook);

#endif
