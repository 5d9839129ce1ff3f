/* SPDX-License-Identifier: MIT */
#include "base/die.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

#define LINE_MAX 8192

static void (*restore_terminal)(void);

void
die_set_restore(void (*restore)(void))
{
    restore_terminal = restore;
}

static void __attribute__((format(printf, 1, 0)))
print_line(const char *format, va_list arguments)
{
    char line[LINE_MAX];

    vsnprintf(line, sizeof(line), format, arguments);
    utf8_make_safe(line);       /* names are not ours */
    fprintf(stderr, "pymtop: %s\n", line);
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
