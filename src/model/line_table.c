/* SPDX-License-Identifier: MIT */
#include "model/line_table.h"

#define VERSION_310 0x030a0000u
#define VERSION_311 0x030b0000u

/* 3.9, Objects/lnotab_notes.txt: pairs of (bytes of code, signed lines).  A
 * pair's lines hold from the end of its bytes on. */
static int64_t
lnotab_line(const unsigned char *table, size_t len, uint64_t instr,
            struct line_cursor *cursor)
{
    for (; cursor->at + 1 < len; cursor->at += 2) {
        if (cursor->end + table[cursor->at] > instr) {
            break;
        }
        cursor->end += table[cursor->at];
        cursor->line += (signed char)table[cursor->at + 1];
    }
    return cursor->line;
}

/* 3.10, PEP 626: pairs of (bytes of code, signed lines); the lines hold for
 * these bytes, -128 means no line. */
static int64_t
linetable_line(const unsigned char *table, size_t len, uint64_t instr,
               struct line_cursor *cursor)
{
    for (; cursor->at + 1 < len; cursor->at += 2) {
        int delta = (signed char)table[cursor->at + 1];
        uint64_t end = cursor->end + table[cursor->at];
        int64_t line = cursor->line + (delta == -128 ? 0 : delta);
        if (end > instr) {
            return delta == -128 ? LINE_NONE : line;
        }
        cursor->end = end;
        cursor->line = line;
    }
    return LINE_NONE;
}

/* A signed variable-length number: 6 bits a byte, low ones first, 0x40 says
 * more follow; the lowest bit is the sign. */
static int
signed_varint(const unsigned char *table, size_t len, size_t at)
{
    uint32_t value = 0;
    unsigned shift = 0;

    while (at < len) {
        value |= (uint32_t)(table[at] & 63) << shift;
        shift += 6;
        if ((table[at] & 64) == 0 || shift >= 30) {
            break;
        }
        at++;
    }
    int amount = (int)(value >> 1);
    return (value & 1) != 0 ? -amount : amount;
}

/* 3.11 on, PEP 657: an entry begins with the byte 1ccccLLL: a form c and the
 * number of code units (2 bytes) less one; the other bytes of the entry have
 * bit 7 clear. */
static int64_t
location_line(const unsigned char *table, size_t len, uint64_t instr,
              struct line_cursor *cursor)
{
    enum { FORM_ONE_LINE = 10, FORM_NO_COLUMNS = 13, FORM_LONG, FORM_NONE };

    while (cursor->at < len) {
        size_t i = cursor->at;
        int form = (table[i] >> 3) & 15;
        uint64_t end = cursor->end + 2u * ((table[i] & 7u) + 1u);
        int64_t line = cursor->line;
        if (form == FORM_NO_COLUMNS || form == FORM_LONG) {
            line += signed_varint(table, len, i + 1);
        }
        else if (form >= FORM_ONE_LINE && form < FORM_NO_COLUMNS) {
            line += form - FORM_ONE_LINE;
        }
        if (end > instr) {
            return form == FORM_NONE ? LINE_NONE : line;
        }
        do {
            i++;
        } while (i < len && (table[i] & 128) == 0);
        *cursor = (struct line_cursor){i, end, line};
    }
    return LINE_NONE;
}

int
line_table_seek(uint32_t python_hex, const char *table, size_t len,
                int firstlineno, uint32_t instr, struct line_cursor *cursor)
{
    const unsigned char *bytes = (const unsigned char *)table;

    if (cursor->end == 0 || cursor->end > instr) {
        *cursor = (struct line_cursor){.line = firstlineno};
    }
    int64_t line = python_hex < VERSION_310
        ? lnotab_line(bytes, len, instr, cursor)
        : python_hex < VERSION_311
        ? linetable_line(bytes, len, instr, cursor)
        : location_line(bytes, len, instr, cursor);
    return line < 0 || line > INT32_MAX ? LINE_NONE : (int)line;
}

int
line_table_line(uint32_t python_hex, const char *table, size_t len,
                int firstlineno, uint32_t instr)
{
    struct line_cursor cursor = {0};

    return line_table_seek(python_hex, table, len, firstlineno, instr,
                           &cursor);
}
