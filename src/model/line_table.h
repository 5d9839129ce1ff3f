/* SPDX-License-Identifier: MIT
 *
 * From an instruction to a line number, in the three formats that CPython
 * 3.9-3.14 use.  Pure: a table is bytes (untrusted: a malformed one gives
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

#endif
