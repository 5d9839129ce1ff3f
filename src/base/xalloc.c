/* SPDX-License-Identifier: MIT */
#include "base/xalloc.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/die.h"

#define HUGE_FROM ((size_t)4 << 20)

static void *
checked(void *block)
{
    if (block == NULL) {
        die(DIE_CANNOT_TRACE, "out of memory: the monitor itself got none");
    }
    return block;
}

/* Ask for huge pages where a block has several: a page fault for each small
 * one is most of what a big table costs that is filled once.  For all of it: a
 * mapping with two minds cannot be moved, and realloc would copy it. */
static void *
in_huge_pages(void *block, size_t size)
{
    if (size >= HUGE_FROM) {
        const uintptr_t page = (uintptr_t)getpagesize();
        uintptr_t start = (uintptr_t)block & -page;
        uintptr_t end = ((uintptr_t)block + size + page - 1) & -page;
        madvise((void *)start, end - start, MADV_HUGEPAGE);
    }
    return block;
}

void *
xmalloc(size_t size)
{
    return in_huge_pages(checked(malloc(size != 0 ? size : 1)), size);
}

void *
xcalloc(size_t count, size_t size)
{
    if (count == 0 || size == 0) {
        count = size = 1;
    }
    return in_huge_pages(checked(calloc(count, size)), count * size);
}

void *
xreallocarray(void *old, size_t count, size_t size)
{
    if (count == 0 || size == 0) {
        count = size = 1;
    }
    return in_huge_pages(checked(reallocarray(old, count, size)),
                         count * size);
}

void *
xgrow(void *old, size_t *room, size_t need, size_t size)
{
    if (need <= *room && old != NULL) {
        return old;
    }
    size_t more = *room + *room / 2 + 16;
    if (more < need) {
        more = need;
    }
    old = xreallocarray(old, more, size);
    *room = more;
    return old;
}

char *
xstrdup(const char *text)
{
    return checked(strdup(text));
}

char *
xstrndup(const char *text, size_t len)
{
    return checked(strndup(text, len));
}

char *
xasprintf(const char *format, ...)
{
    char *text;
    va_list arguments;

    va_start(arguments, format);
    int len = vasprintf(&text, format, arguments);
    va_end(arguments);
    return checked(len < 0 ? NULL : text);
}
