/* SPDX-License-Identifier: MIT
 *
 * Memory that is always there: out of memory ends pymtop with one line and
 * status 125 (the terminal is restored, the script gets SIGHUP as from a
 * closed terminal).  Everything here is freed with free().
 */
#ifndef PYMTOP_XALLOC_H
#define PYMTOP_XALLOC_H

#include <stddef.h>

/* count * size overflow is out of memory too.  Never NULL, even for 0. */
void *xmalloc(size_t size) __attribute__((malloc, returns_nonnull));
void *xcalloc(size_t count, size_t size)
    __attribute__((malloc, returns_nonnull));
void *xreallocarray(void *old, size_t count, size_t size)
    __attribute__((returns_nonnull));

/* Room for at least `need` items of `size` bytes: returns old, or a bigger
 * copy of it and the new *room (it grows by half, so appending is linear). */
void *xgrow(void *old, size_t *room, size_t need, size_t size)
    __attribute__((returns_nonnull));

char *xstrdup(const char *text) __attribute__((returns_nonnull));
char *xstrndup(const char *text, size_t len) __attribute__((returns_nonnull));
char *xasprintf(const char *format, ...)
    __attribute__((format(printf, 1, 2), returns_nonnull));

#endif
