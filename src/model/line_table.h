/* SPDX-License-Identifier: MIT
 *
 * From an instruction to a line number, in the three formats that CPython
 * 3.9-3.15 use.  Pure: a table is bytes (untrusted: a malformed one gives
 * some line or none, never a read outside it).
 */
#ifndef PYMTOP_LINE_TABLE_H
#define PYMTOP_LINE_TABLE_H

#include <stddef.h>
#include <stdint.h>

#define LINE_NONE (-1)          /* the instruction belongs to no line */

/* The line of the instruction at byte offset `instr`.  python_hex is the
 * interpreter's PY_VERSION_HEX; it chooses the format: co_lnotab (3.9),
 * co_linetable of PEP 626 (3.10), location table of PEP 657 (3.11 on).
 * LINE_NONE: no line, or an offset beyond the table. */
int line_table_line(uint32_t python_hex, const char *table, size_t len,
                    int firstlineno, uint32_t instr);

/* How far a table was read; zero: not yet. */
struct line_cursor {
    size_t at;
    uint64_t end;               /* of the code that was passed, in bytes */
    int64_t line;               /* there */
};

/* The same, reading on from where the cursor stands: instructions are asked
 * for nearly in their order, and a long function would be read from its
 * beginning for each. */
int line_table_seek(uint32_t python_hex, const char *table, size_t len,
                    int firstlineno, uint32_t instr,
                    struct line_cursor *cursor);

#endif
