/* SPDX-License-Identifier: MIT
 *
 * A growing shared array: one part of a slot of the region, mapped no further
 * than it is used (the whole would count against the script's RLIMIT_AS), and
 * made present before it is written, so that a full machine is an error here
 * and never a SIGBUS in the script.  The base moves when it grows.
 */
#ifndef PYMTOP_WINDOW_H
#define PYMTOP_WINDOW_H

#include <stdint.h>

struct window {
    char *base;
    uint64_t mapped;        /* bytes */
    uint64_t present;       /* bytes that can be written */
    uint64_t max;           /* bytes there are in the file */
    uint64_t step;          /* bytes made present at a time */
};

/* Map the first part of [offset, offset + max) of fd.  -1: refused. */
int window_init(struct window *window, int fd, uint64_t offset, uint64_t max,
                uint64_t step);
void window_release(struct window *window);

/* Make the first `size` bytes writable; may move base.  -1: full. */
int window_grow(struct window *window, uint64_t size);

static inline int
window_ensure(struct window *window, uint64_t size)
{
    return size <= window->present ? 0 : window_grow(window, size);
}

#endif
