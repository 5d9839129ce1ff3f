/* SPDX-License-Identifier: MIT */
#include "launcher/option_table.h"

#include <string.h>

#define NO_SCREEN "Without a screen"
#define PYTHON "Python"
#define SCREEN "The screen"
#define OTHER "Other"

static const struct option_row rows[] = {
    {OPTION_BATCH, "batch", 0, NULL, NO_SCREEN,
     "no screen: a report comes when the script ends"},
    {OPTION_INTERVAL, "interval", 0, "SECONDS", NO_SCREEN,
     "report every so many seconds as well"},
    {OPTION_TOP, "top", 0, "N", NO_SCREEN,
     "the first N rows (text: 30), 0: all (json, csv)"},
    {OPTION_SORT, "sort", 0, "KEY", NO_SCREEN,
     "the column that orders the rows, biggest first"},
    {OPTION_BY, "by", 0, "lineno|filename|function|traceback", NO_SCREEN,
     "what a row stands for (lineno)"},
    {OPTION_FORMAT, "format", 0, "text|json|csv", NO_SCREEN,
     "form of the report (text)"},
    {OPTION_OUTPUT, "output", 'o', "FILE", NO_SCREEN,
     "write reports to FILE, not to standard error"},

    {OPTION_PYTHON, "python", 'p', "PATH", PYTHON,
     "the interpreter; else $VIRTUAL_ENV's, else python3"},
    {OPTION_START, "start", 0, "embed|preload", PYTHON,
     "how tracing gets into it (by what it is)"},
    {OPTION_NO_FOLLOW, "no-follow", 0, NULL, PYTHON,
     "leave its child processes alone"},

    {OPTION_REFRESH, "refresh", 0, "HZ", SCREEN,
     "frames a second, 1 to 10 (4)"},
    {OPTION_COLOR, "color", 0, "auto|always|never", SCREEN,
     "colours (auto: as the terminal and NO_COLOR say)"},
    {OPTION_ASCII, "ascii", 0, NULL, SCREEN,
     "draw with ASCII characters only"},
    {OPTION_NO_MOUSE, "no-mouse", 0, NULL, SCREEN,
     "leave the mouse to the terminal"},

    {OPTION_HELP, "help", 'h', NULL, OTHER, "print this help"},
    {OPTION_VERSION, "version", 'V', NULL, OTHER, "print the version"},
    {OPTION_HELP_MAN, "help-man", 0, NULL, NULL,
     "print the options as roff, for the manual page"},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

/* The long options of CPython 3.9 to 3.15 that are not ours. */
static const char *const pythons[] = {
    "help-all", "help-env", "help-xoptions", "check-hash-based-pycs", NULL
};

static bool
same_name(const char *name, const char *text, size_t len)
{
    return strlen(name) == len && memcmp(name, text, len) == 0;
}

const struct option_row *
option_table_find(const char *name, size_t len)
{
    for (size_t i = 0; i < ROWS; i++) {
        if (same_name(rows[i].name, name, len)) {
            return &rows[i];
        }
    }
    return NULL;
}

const struct option_row *
option_table_find_letter(char letter)
{
    for (size_t i = 0; i < ROWS; i++) {
        if (letter && rows[i].letter == letter) {
            return &rows[i];
        }
    }
    return NULL;
}

bool
option_table_is_pythons(const char *name, size_t len)
{
    for (size_t i = 0; pythons[i]; i++) {
        if (same_name(pythons[i], name, len)) {
            return true;
        }
    }
    return false;
}

/* Edit distance in which swapping two neighbours is one step; over 40
 * characters is never near. */
static size_t
distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t d[42][42];

    if (a_len > 40 || b_len > 40) {
        return 99;
    }
    for (size_t i = 0; i <= a_len; i++) {
        for (size_t j = 0; j <= b_len; j++) {
            if (i == 0 || j == 0) {
                d[i][j] = i + j;
                continue;
            }
            size_t best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            if (d[i - 1][j] + 1 < best) {
                best = d[i - 1][j] + 1;
            }
            if (d[i][j - 1] + 1 < best) {
                best = d[i][j - 1] + 1;
            }
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2]
                && a[i - 2] == b[j - 1] && d[i - 2][j - 2] + 1 < best) {
                best = d[i - 2][j - 2] + 1;
            }
            d[i][j] = best;
        }
    }
    return d[a_len][b_len];
}

struct nearest {
    const char *name;
    size_t distance;
};

static void
consider(struct nearest *nearest, const char *name, const char *text,
         size_t len)
{
    size_t name_len = strlen(name);
    size_t d = distance(name, name_len, text, len);

    /* The beginning of a name is near to it, however short. */
    if (len >= 2 && len < name_len && memcmp(name, text, len) == 0) {
        d = 1;
    }
    if (d <= (len < 4 ? 1 : len < 6 ? 2 : len / 3) && d < len && d < nearest->distance) {
        nearest->name = name;
        nearest->distance = d;
    }
}

const char *
option_table_nearest(const char *name, size_t len)
{
    struct nearest nearest = {NULL, 99};

    for (size_t i = 0; i < ROWS; i++) {
        if (rows[i].group) {
            consider(&nearest, rows[i].name, name, len);
        }
    }
    for (size_t i = 0; pythons[i]; i++) {
        consider(&nearest, pythons[i], name, len);
    }
    return nearest.name;
}

const char *
option_table_nearest_word(const char *const *words, const char *text,
                          size_t len)
{
    struct nearest nearest = {NULL, 99};

    for (size_t i = 0; words[i]; i++) {
        consider(&nearest, words[i], text, len);
    }
    return nearest.name;
}

static void
print_row(FILE *stream, const struct option_row *row)
{
    char name[80];
    char letter[] = "    ";

    if (row->letter) {
        letter[0] = '-';
        letter[1] = row->letter;
        letter[2] = ',';
    }
    snprintf(name, sizeof(name), "%s--%s%s%s", letter, row->name,
             row->argument ? " " : "", row->argument ? row->argument : "");
    if (strlen(name) > 24) {
        fprintf(stream, "  %s\n  %-24s  %s\n", name, "", row->help);
    }
    else {
        fprintf(stream, "  %-24s  %s\n", name, row->help);
    }
}

void
option_table_print_help(FILE *stream)
{
    const char *group = NULL;

    for (size_t i = 0; i < ROWS; i++) {
        if (!rows[i].group) {
            continue;
        }
        if (rows[i].group != group) {
            group = rows[i].group;
            fprintf(stream, "\n%s:\n", group);
        }
        print_row(stream, &rows[i]);
    }
}

/* Roff takes a plain - for a hyphen, which cannot be pasted in a shell. */
static void
print_roff(FILE *stream, const char *text)
{
    for (; *text; text++) {
        if (*text == '-' || *text == '\\') {
            putc('\\', stream);
        }
        putc(*text, stream);
    }
}

void
option_table_print_man(FILE *stream)
{
    const char *group = NULL;

    for (size_t i = 0; i < ROWS; i++) {
        const struct option_row *row = &rows[i];
        if (!row->group) {
            continue;
        }
        if (row->group != group) {
            group = row->group;
            fprintf(stream, ".SS %s\n", group);
        }
        fputs(".TP\n", stream);
        if (row->letter) {
            fprintf(stream, "\\fB\\-%c\\fR, ", row->letter);
        }
        fputs("\\fB\\-\\-", stream);
        print_roff(stream, row->name);
        fputs("\\fR", stream);
        if (row->argument) {
            fputs(" \\fI", stream);
            print_roff(stream, row->argument);
            fputs("\\fR", stream);
        }
        putc('\n', stream);
        print_roff(stream, row->help);
        putc('\n', stream);
    }
}
