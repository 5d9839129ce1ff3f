/* SPDX-License-Identifier: MIT
 *
 * Line tables of every version: read from the beginning, and on from a cursor
 * in any order; both must say the same.
 */
#include "fuzz.h"
#include "model/line_table.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    uint32_t hex = 0x03090000u + (fuzz_byte(&input) % 6u << 16);
    int firstlineno = (int)fuzz_word(&input);
    uint32_t instructions[8];
    struct line_cursor cursor = {0};

    for (int i = 0; i < 8; i++) {
        instructions[i] = fuzz_short(&input);
    }
    const char *table = (const char *)input.at;
    for (int i = 0; i < 8; i++) {
        uint32_t instr = instructions[i];
        int line = line_table_line(hex, table, input.left, firstlineno,
                                   instr);
        fuzz_check(line >= LINE_NONE);
        fuzz_check(line == line_table_seek(hex, table, input.left,
                                           firstlineno, instr, &cursor));
        fuzz_check(cursor.at <= input.left);
    }
    return 0;
}
