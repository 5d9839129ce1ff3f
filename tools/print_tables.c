/* SPDX-License-Identifier: MIT
 *
 * print_tables man|markdown: the program's own tables of options, views, keys
 * and columns, as the man page and README.md show them.  tools/documents puts
 * them there.
 */
#include <stdio.h>
#include <string.h>

#include "launcher/option_table.h"
#include "model/column.h"
#include "ui/keymap.h"
#include "ui/view.h"
#include "ui/views.h"

static void
put_roff(const char *text)
{
    for (; *text; text++) {
        if (*text == '-' || *text == '\\') {
            putchar('\\');
            putchar(*text == '\\' ? 'e' : '-');
        }
        else {
            putchar(*text);
        }
    }
}

static void
put_item(const char *name, const char *help)
{
    fputs(".TP\n\\fB", stdout);
    put_roff(name);
    fputs("\\fR\n", stdout);
    put_roff(help);
    putchar('\n');
}

static void
print_man(void)
{
    puts(".SH OPTIONS");
    fflush(stdout);
    option_table_print_man(stdout);
    puts(".SH VIEWS");
    for (int i = 0; view_table[i] != NULL; i++) {
        char name[2] = { view_table[i]->digit, 0 };
        put_item(name, view_table[i]->tab);
    }
    puts(".SH KEYS");
    keymap_print_man(stdout);
    puts(".SH COLUMNS");
    puts("The word in brackets is for \\fB\\-\\-sort\\fR.");
    for (int id = 0; id < COLUMN_COUNT; id++) {
        const struct column *column = column_get(id);
        char name[64];
        if (column->help == NULL || column->head[0] == '\0') {
            continue;
        }
        snprintf(name, sizeof name, column->key ? "%s [%s]" : "%s",
                 column->head, column->key);
        put_item(name, column->help);
    }
}

/* A cell of a markdown table. */
static void
put_cell(const char *text)
{
    for (; *text; text++) {
        if (*text == '|') {
            putchar('\\');
        }
        putchar(*text);
    }
}

static void
print_markdown(void)
{
    puts("| key | what it does |\n|---|---|");
    for (size_t i = 0; i < keymap_count; i++) {
        if (keymap[i].keys != NULL) {
            fputs("| `` ", stdout);
            put_cell(keymap[i].keys);
            fputs(" `` | ", stdout);
            put_cell(keymap[i].help);
            puts(" |");
        }
    }
}

int
main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "man") == 0) {
        print_man();
    }
    else if (argc == 2 && strcmp(argv[1], "markdown") == 0) {
        print_markdown();
    }
    else {
        fputs("print_tables man|markdown\n", stderr);
        return 2;
    }
    return 0;
}
