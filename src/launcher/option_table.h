/* SPDX-License-Identifier: MIT
 *
 * The one table of pymtop's options: names, arguments, help.  The parser
 * looks words up here; help, man page and suggestions are printed from it.
 */
#ifndef PYMTOP_LAUNCHER_OPTION_TABLE_H
#define PYMTOP_LAUNCHER_OPTION_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum option_id {
    OPTION_BATCH,
    OPTION_INTERVAL,
    OPTION_TOP,
    OPTION_SORT,
    OPTION_BY,
    OPTION_FORMAT,
    OPTION_OUTPUT,
    OPTION_PYTHON,
    OPTION_START,
    OPTION_NO_FOLLOW,
    OPTION_REFRESH,
    OPTION_COLOR,
    OPTION_ASCII,
    OPTION_NO_MOUSE,
    OPTION_HELP,
    OPTION_VERSION,
    OPTION_HELP_MAN             /* for the build of the man page */
};

struct option_row {
    enum option_id id;
    const char *name;           /* without the dashes */
    char letter;                /* 0: no short form */
    const char *argument;       /* NULL: takes none */
    const char *group;          /* heading in the help; NULL: hidden */
    const char *help;
};

/* The row whose long name is the len bytes at name, or NULL. */
const struct option_row *option_table_find(const char *name, size_t len);

/* The row with this letter, or NULL. */
const struct option_row *option_table_find_letter(char letter);

/* The long option of pymtop or python nearest to the len bytes at name, or
 * NULL when none is near. */
const char *option_table_nearest(const char *name, size_t len);

/* Is it one of python's own long options?  (--version and --help are ours.) */
bool option_table_is_pythons(const char *name, size_t len);

/* Which of the words is nearest to text, or NULL when none is near; words
 * ends with NULL. */
const char *option_table_nearest_word(const char *const *words,
                                      const char *text, size_t len);

void option_table_print_help(FILE *stream);

/* Roff: a .SS for each group, a .TP for each option. */
void option_table_print_man(FILE *stream);

#endif
