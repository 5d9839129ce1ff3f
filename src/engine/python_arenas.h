/* SPDX-License-Identifier: MIT
 *
 * Python's arenas: 1 MiB (256 KiB up to 3.9) that pymalloc fills with small
 * blocks.
 */
#ifndef PYMTOP_PYTHON_ARENAS_H
#define PYMTOP_PYTHON_ARENAS_H

/* Stand before the arena allocator, so that the shadow of a new arena is made
 * present in one step and not by a page fault for each of its pages.  Once,
 * after Python was pre-initialised. */
void python_arenas_watch(void);

#endif
