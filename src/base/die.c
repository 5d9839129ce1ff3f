/* SPDX-License-Identifier: MIT */
#include "base/die.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void (*restore_terminal)(void);

void
die_set_restore(void (*restore)(void))
{
    restore_terminal = restore;
}

static void __attribute__((format(printf, 1, 0)))
print_line(const char *format, va_list arguments)
{
    fputs("pymtop: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
}

void
die(int status, const char *format, ...)
{
    void (*restore)(void) = restore_terminal;

    /* Dying inside the callback must not call it again. */
    restore_terminal = NULL;
    if (restore != NULL) {
        restore();
    }
    va_list arguments;
    va_start(arguments, format);
    print_line(format, arguments);
    va_end(arguments);
    exit(status);
}

void
warn(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print_line(format, arguments);
    va_end(arguments);
}
