/* SPDX-License-Identifier: MIT */
#include "base/xalloc.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"

static void *
checked(void *block)
{
    if (block == NULL) {
        die(DIE_CANNOT_TRACE, "out of memory: the monitor itself got none");
    }
    return block;
}

void *
xmalloc(size_t size)
{
    return checked(malloc(size != 0 ? size : 1));
}

void *
xcalloc(size_t count, size_t size)
{
    if (count == 0 || size == 0) {
        count = size = 1;
    }
    return checked(calloc(count, size));
}

void *
xreallocarray(void *old, size_t count, size_t size)
{
    if (count == 0 || size == 0) {
        count = size = 1;
    }
    return checked(reallocarray(old, count, size));
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
