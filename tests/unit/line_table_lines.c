/* SPDX-License-Identifier: MIT
 *
 * The line table decoder as a filter, for tests/test_line_table.py: each
 * input line is `python_hex table firstlineno offset,offset,...` (numbers in
 * hex, decimal, decimal), each output line the lines of these offsets.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/line_table.h"

static size_t
unhex(char *text)
{
    size_t len = 0;
    unsigned byte;

    for (; sscanf(text + 2 * len, "%2x", &byte) == 1; len++) {
        text[len] = (char)byte;
    }
    return len;
}

int
main(void)
{
    char *input = NULL;
    size_t room = 0;

    while (getline(&input, &room, stdin) > 0) {
        char *at = NULL;
        char *version = strtok_r(input, " \n", &at);
        char *table = strtok_r(NULL, " \n", &at);
        char *first = strtok_r(NULL, " \n", &at);
        char *offsets = strtok_r(NULL, " \n", &at);
        if (offsets == NULL) {
            fprintf(stderr, "line_table_lines: a line has too few words\n");
            return 1;
        }
        uint32_t hex = (uint32_t)strtoul(version, NULL, 16);
        size_t len = strcmp(table, "-") == 0 ? 0 : unhex(table);
        for (char *end; *offsets != '\0'; offsets = end) {
            uint32_t offset = (uint32_t)strtoul(offsets, &end, 10);
            printf("%d ", line_table_line(hex, table, len, atoi(first),
                                          offset));
            end += *end == ',';
        }
        putchar('\n');
    }
    free(input);
    return 0;
}
