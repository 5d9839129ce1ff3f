/* SPDX-License-Identifier: MIT */
#include "launcher/options.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/strbuf.h"
#include "config.h"
#include "launcher/option_table.h"
#include "launcher/target.h"

/* Words that an option takes, in the order of its enum. */
static const char *const starts[] = {"auto", "embed", "preload", NULL};
static const char *const colors[] = {"auto", "always", "never", NULL};
static const char *const formats[] = {"text", "json", "csv", NULL};

/* Can a report be sorted by this column?  What tells of the passing of time
 * is there on the screen only.  by: of what rows, BY_COUNT: any. */
static bool
is_sortable(enum column_id id, enum table_by by)
{
    const struct column *column = column_get(id);

    if (!column->key || !column->in_plain || id == COLUMN_TREND
        || id == COLUMN_GROWTH || id == COLUMN_ALLOC_RATE) {
        return false;
    }
    return by == BY_COUNT || column->from[by] > 0;
}

/* The words of --sort, from the table of columns. */
static void
print_sort_keys(FILE *stream)
{
    const char *between = "";

    fputs("\nKEY: ", stream);
    for (int i = 0; i < COLUMN_COUNT; i++) {
        if (is_sortable((enum column_id)i, BY_COUNT)) {
            fprintf(stream, "%s%s", between,
                    column_get((enum column_id)i)->key);
            between = ", ";
        }
    }
    fputs(".\n", stream);
}

void
options_print_help(FILE *stream)
{
    fputs("usage: pymtop [OPTIONS] SCRIPT [ARGS]\n"
          "       pymtop [OPTIONS] [PYTHON'S OPTIONS] "
          "-m MODULE | -c CODE | - [ARGS]\n\n"
          "Run a Python program as python would, and show live how much "
          "memory it holds,\nby line, file, function and traceback.\n",
          stream);
    option_table_print_help(stream);
    print_sort_keys(stream);
    fputs("\nFrom the first word that is not one of these everything is "
          "python's; -- ends\nthem too.  A long option takes its value as "
          "--top=20 or --top 20.\n", stream);
}

void
options_print_man(FILE *stream)
{
    option_table_print_man(stream);
}

/* The index of value in words; anything else ends the program. */
static int
parse_word(const char *option, const char *value, const char *const *words)
{
    struct strbuf all;
    const char *near;

    for (int i = 0; words[i]; i++) {
        if (strcmp(words[i], value) == 0) {
            return i;
        }
    }
    near = option_table_nearest_word(words, value, strlen(value));
    if (near) {
        die(DIE_USAGE, "--%s: no '%s'; did you mean %s?", option, value,
            near);
    }
    strbuf_init(&all);
    for (int i = 0; words[i]; i++) {
        strbuf_addf(&all, "%s%s", i ? ", " : "", words[i]);
    }
    die(DIE_USAGE, "--%s: no '%s'; there are %s", option, value, all.text);
}

/* A number in [low, high]. */
static double
parse_number(const char *option, const char *value, double low, double high,
             const char *wanted)
{
    char *end;

    errno = 0;
    double number = strtod(value, &end);
    if (end == value || *end || errno || !isfinite(number)
        || strpbrk(value, "xXnN \t") || number < low || number > high) {
        die(DIE_USAGE, "--%s: '%s' is not %s", option, value, wanted);
    }
    return number;
}

static enum report_format
parse_format(const char *option, const char *value)
{
    enum report_format format = report_format_parse(value);

    if (format == REPORT_FORMATS) {
        parse_word(option, value, formats);
    }
    return format;
}

static enum table_by
parse_by(const char *option, const char *value)
{
    const char *words[BY_COUNT + 1] = {NULL};

    for (int i = 0; i < BY_COUNT; i++) {
        words[i] = table_by_name((enum table_by)i);
    }
    return (enum table_by)parse_word(option, value, words);
}

/* The column with this key, among those that rows by `by` have. */
static enum column_id
find_sort(const char *option, const char *value, enum table_by by)
{
    const char *words[COLUMN_COUNT + 1] = {NULL};
    size_t count = 0;

    for (int i = 0; i < COLUMN_COUNT; i++) {
        if (is_sortable((enum column_id)i, by)) {
            words[count++] = column_get((enum column_id)i)->key;
        }
    }
    return column_find_key(words[parse_word(option, value, words)]);
}

static int
parse_count(const char *option, const char *value)
{
    char *end;

    errno = 0;
    unsigned long number = strtoul(value, &end, 10);
    if (value[strspn(value, "0123456789")] || end == value || errno
        || number > 1000000000) {
        die(DIE_USAGE, "--%s: '%s' is not a number of rows", option, value);
    }
    return (int)number;
}

static _Noreturn void
print_and_exit(enum option_id id)
{
    if (id == OPTION_HELP) {
        options_print_help(stdout);
    }
    else if (id == OPTION_HELP_MAN) {
        options_print_man(stdout);
    }
    else {
        puts("pymtop " PACKAGE_VERSION);
    }
    if (fflush(stdout) != 0) {
        die(1, "standard output: %s", strerror(errno));
    }
    exit(0);
}

static void
take(struct options *options, const struct option_row *row, char *value)
{
    switch (row->id) {
    case OPTION_BATCH:
        options->batch = true;
        break;
    case OPTION_INTERVAL:
        options->interval = parse_number(row->name, value, 0.01, 1e7,
                                         "a number of seconds, 0.01 or more");
        break;
    case OPTION_TOP:
        options->top = parse_count(row->name, value);
        break;
    case OPTION_SORT:
        options->sort = find_sort(row->name, value, BY_COUNT);
        break;
    case OPTION_BY:
        options->by = parse_by(row->name, value);
        break;
    case OPTION_FORMAT:
        options->format = parse_format(row->name, value);
        break;
    case OPTION_OUTPUT:
        options->output = value;
        break;
    case OPTION_PYTHON:
        options->python = value;
        break;
    case OPTION_START:
        options->start =
            (enum option_start)parse_word(row->name, value, starts);
        break;
    case OPTION_NO_FOLLOW:
        options->no_follow = true;
        break;
    case OPTION_REFRESH:
        options->refresh = parse_number(row->name, value, 1, 10,
                                        "a number from 1 to 10");
        break;
    case OPTION_COLOR:
        options->color =
            (enum option_color)parse_word(row->name, value, colors);
        break;
    case OPTION_ASCII:
        options->ascii = true;
        break;
    case OPTION_NO_MOUSE:
        options->no_mouse = true;
        break;
    case OPTION_HELP:
    case OPTION_VERSION:
    case OPTION_HELP_MAN:
        print_and_exit(row->id);
    }
}

static _Noreturn void
die_unknown(const char *word)
{
    const char *name = word + 2;
    size_t len = strcspn(name, "=");
    const char *near = option_table_nearest(name, len);

    if (option_table_find(name, len)) {
        die(DIE_USAGE, "%.*s: pymtop's options come before python's",
            (int)len + 2, word);
    }
    if (near) {
        die(DIE_USAGE, "%.*s: no such option; did you mean --%s?",
            (int)len + 2, word, near);
    }
    die(DIE_USAGE, "%.*s: no such option; pymtop --help lists them",
        (int)len + 2, word);
}

/* A word as one of our options.  value: what is attached to it (--top=5,
 * -oFILE), or NULL.  Returns NULL for a word that is not ours. */
static const struct option_row *
match(char *word, char **value)
{
    const struct option_row *row;

    *value = NULL;
    if (word[0] != '-' || !word[1]) {
        return NULL;
    }
    if (word[1] == '-') {
        size_t len = strcspn(word + 2, "=");
        row = option_table_find(word + 2, len);
        if (row && word[2 + len] == '=') {
            *value = word + 2 + len + 1;
        }
        return row;
    }
    row = option_table_find_letter(word[1]);
    if (row && word[2]) {
        /* -VV and the like are python's. */
        if (!row->argument) {
            return NULL;
        }
        *value = word + 2;
    }
    return row;
}

/* Read our options; returns the index of the first word after them and
 * whether `--` ended them. */
static int
parse_own(struct options *options, int argc, char **argv, bool *ended)
{
    int i = 1;

    *ended = false;
    for (; i < argc; i++) {
        char *value;
        const struct option_row *row = match(argv[i], &value);
        if (!row) {
            *ended = strcmp(argv[i], "--") == 0;
            return i + *ended;
        }
        if (!row->argument && value) {
            die(DIE_USAGE, "--%s: takes no value", row->name);
        }
        if (row->argument && !value && i + 1 < argc) {
            value = argv[++i];
        }
        if (row->argument && (!value || !*value)) {
            die(DIE_USAGE, "--%s: needs a value: --%s %s", row->name,
                row->name, row->argument);
        }
        take(options, row, value);
    }
    return i;
}

void
options_parse(struct options *options, int argc, char **argv)
{
    struct target target;
    bool ended = false;

    *options = (struct options){.refresh = 4, .sort = COLUMN_NONE, .top = -1};
    int first = argc > 0 ? parse_own(options, argc, argv, &ended) : 0;
    if (options->sort != COLUMN_NONE) {
        find_sort("sort", column_get(options->sort)->key, options->by);
    }
    options->python_argc = argc - first;
    options->python_argv = argv + first;

    target_find(&target, options->python_argc, options->python_argv);
    if (target.unknown && !ended) {
        die_unknown(target.unknown);
    }
}
