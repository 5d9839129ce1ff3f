/* SPDX-License-Identifier: MIT
 *
 * The engine's private memory: anonymous mappings, so that nothing of ours
 * passes the hooks or the C heap of the script.  Not shown in core dumps.
 */
#ifndef PYMTOP_ARENA_H
#define PYMTOP_ARENA_H

#include <stddef.h>

/* To madvise(), of a kernel from 5.14 on. */
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

/* size bytes of zeroes, made present when touched; NULL: refused. */
void *arena_map(size_t size);
void arena_unmap(void *address, size_t size);

/* Make it larger, by zeroes; it may move.  NULL: refused, and all is as it
 * was. */
void *arena_grow(void *address, size_t size, size_t larger);

/* Ask for huge pages in a table that is used all over; the place must be ours,
 * but need not be whole pages. */
void arena_in_huge_pages(void *address, size_t size);

/* Bytes mapped now, except what arena_map_quiet() got. */
size_t arena_mapped(void);

/* The same for sparse tables, whose size says nothing about memory used. */
void *arena_map_quiet(size_t size);

#endif
