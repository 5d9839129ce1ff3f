/* SPDX-License-Identifier: MIT
 *
 * Between catalog.c and catalog_intern.c: entries by content.  Each function
 * returns the index of the entry, which it adds if it is new.
 */
#ifndef PYMTOP_CATALOG_PRIVATE_H
#define PYMTOP_CATALOG_PRIVATE_H

#include "model/catalog.h"
#include "model/line_table.h"

/* What a code object of the region was found to be; 0: not yet met. */
struct catalog_code {
    uint32_t file, function;
    uint8_t origin;             /* of the file */
    struct line_cursor lines;
};

/* The line of an instruction of a code object; line 0: nothing yet. */
struct catalog_place {
    uint32_t code, instr, line;
};

/* What was remembered of the catalog's lines is to be asked again. */
void catalog_new_edition(struct catalog *catalog);

/* The special places 1 .. CATALOG_IMPORT; the first thing to be added. */
void catalog_intern_specials(struct catalog *catalog);

uint32_t catalog_intern_file(struct catalog *catalog, const char *path,
                             size_t len);
uint32_t catalog_intern_function(struct catalog *catalog, uint32_t file,
                                 const char *name, size_t len,
                                 int32_t firstlineno);
uint32_t catalog_intern_line(struct catalog *catalog, uint32_t file,
                             int32_t line, uint32_t function);
uint32_t catalog_intern_traceback(struct catalog *catalog, uint32_t parent,
                                  uint32_t line);
uint32_t catalog_intern_folded(struct catalog *catalog, uint32_t parent,
                               uint32_t line);

/* The callers of the newest context; see catalog_path.c. */
struct catalog_path;

struct catalog_path *catalog_path_new(void);
void catalog_path_free(struct catalog_path *path);
/* AGAIN_LINE, _FILE, _FUNCTION: what of the context a caller has already. */
uint8_t catalog_path_again(struct catalog_path *path,
                           const struct catalog *catalog,
                           const struct catalog_context *context);

#endif
