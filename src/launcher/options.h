/* SPDX-License-Identifier: MIT
 *
 * pymtop's command line: one table of options, which makes the parser, the
 * help, the suggestions and the man page's list.
 *
 *     pymtop [OPTIONS] WHATEVER PYTHON TAKES
 *
 * pymtop's options come first; from the first word that is not one of them
 * everything is python's and is passed on untouched.  getopt_long() is not
 * used: it moves options across operands, takes abbreviations, and splits
 * `-Xdev` or `-Im` into letters of its own, where a word that pymtop does not
 * know whole must stay python's.
 */
#ifndef PYMTOP_LAUNCHER_OPTIONS_H
#define PYMTOP_LAUNCHER_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "model/sort.h"
#include "report/report.h"

enum option_start { START_AUTO, START_EMBED, START_PRELOAD };
enum option_color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* Strings point into argv. */
struct options {
    bool batch;
    double interval;            /* seconds between reports; 0: at the end */
    int top;                    /* rows of a report; 0: all; -1: not given */
    enum column_id sort;        /* COLUMN_NONE: as the table likes */
    enum table_by by;
    enum report_format format;
    const char *output;         /* -o FILE; NULL: stderr */
    const char *python;         /* --python PATH; NULL: find it */
    enum option_start start;
    bool no_follow;             /* children are not traced */
    double refresh;             /* frames a second, 1..10 */
    enum option_color color;
    bool ascii;
    bool no_mouse;
    int python_argc;            /* what is python's, argv[0] left out */
    char **python_argv;         /* NULL-terminated */
};

/* Parse.  --help, --version and errors end the program: status 0 or 2. */
void options_parse(struct options *options, int argc, char **argv);

/* The text of --help; the table's rows as roff for the man page. */
void options_print_help(FILE *stream);
void options_print_man(FILE *stream);

#endif
