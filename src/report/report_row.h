/* SPDX-License-Identifier: MIT
 *
 * A row as programs read it: the same names and values in JSON and CSV.
 */
#ifndef PYMTOP_REPORT_ROW_H
#define PYMTOP_REPORT_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/table.h"

/* Where a row is.  file is the full path, any bytes; in rows that are no
 * place it says in words what they are, line is 0 and function "". */
struct report_place {
    const char *file;
    int32_t line;               /* by function: where it begins; by file: 0 */
    const char *function;       /* qualified; by file: "" */
    bool about;                 /* the line may be an older one of its
                                   function */
    const char *origin;         /* "yours", "stdlib", "site", "import",
                                   "generated", "none" */
};

struct report_place report_row_place(const struct table *table,
                                     const struct table_row *row);
/* The same of a line of the catalog: an entry of a traceback. */
struct report_place report_line_place(const struct catalog *catalog,
                                      uint32_t line);

/* The numbers of a row. */
struct report_field {
    const char *name;           /* key in JSON, column in CSV */
    bool cumulative, diff;      /* only where the table has them */
    int64_t (*value)(const struct table_row *row);
};

extern const struct report_field report_fields[];
extern const size_t report_field_count;

bool report_field_applies(const struct report_field *field,
                          const struct table *table);

/* The sum of the rows that `top` (0: all) leaves out; false: none is. */
bool report_more(const struct table *table, uint32_t top,
                 struct table_row *more);

#endif
