/* SPDX-License-Identifier: MIT
 *
 * The catalog: what the contexts of one slot mean.  It grows with the
 * region's contexts and never forgets, so an index found once stays valid and
 * all snapshots share it.  It copies what it needs out of the region, so it
 * outlives the script and the region.
 *
 * All indices start at 1; 0 means "none" (CATALOG_NONE).  The contexts that
 * stand for no frame (CONTEXT_NO_FRAME ... CONTEXT_OTHER) have a file, a
 * function and a line of their own, with the same index as the context, whose
 * `shown` says in words what they are; their line number is 0 and their
 * origin ORIGIN_NONE.  The next index of files, functions and lines,
 * CATALOG_IMPORT, is the import system as a whole.
 *
 * Strings named `shown` or `name` are safe for a terminal (see utf8.h).
 * Pointers returned by the getters are valid until the next update.
 * Not thread safe.
 */
#ifndef PYMTOP_CATALOG_H
#define PYMTOP_CATALOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash_index.h"
#include "model/origin.h"
#include "pymtop/region_layout.h"

struct region;

#define CATALOG_NONE 0u
#define CATALOG_IMPORT ((uint32_t)CONTEXT_FIRST)
#define CATALOG_FIRST (CATALOG_IMPORT + 1)      /* the first real place */

struct catalog_file {
    char *path;                 /* co_filename, any bytes, NUL-terminated */
    char *shown;                /* relative to the import root */
    enum origin origin;
};

struct catalog_function {
    uint32_t file;
    int32_t firstlineno;        /* 0 in special ones */
    char *name;                 /* qualified where there is one */
    const char *short_name;     /* its last part, points into name */
    bool machine_code;          /* it has run as that (JIT): its innermost line
                                   may be an older one of it */
};

/* A line of a file.  If several functions share it, `function` is the one
 * that allocated or called there first, but of a line that holds a whole
 * function this one. */
struct catalog_line {
    uint32_t file, function;
    int32_t line;               /* 0: the code has no line there */
};

/* A traceback: a line called from another traceback.  parent < own index. */
struct catalog_traceback {
    uint32_t parent;            /* CATALOG_NONE: outermost */
    uint32_t line;
    uint32_t depth;             /* 1: outermost */
};

/* Bits of catalog_context.again: a caller of this context is already in the
 * same row, so a cumulative sum must not count it twice. */
enum {
    AGAIN_LINE = 1, AGAIN_FILE = 2, AGAIN_FUNCTION = 4, AGAIN_IMPORT = 8,
    AGAIN_BELOW_IMPORT = 16     /* private: it or a caller is of the import
                                   system */
};

struct catalog_context {
    uint32_t parent;            /* context, CATALOG_NONE at the outermost */
    uint32_t file, function, line;
    uint32_t mine;              /* nearest context at or above it whose file
                                   is yours, or CATALOG_NONE */
    uint32_t traceback;         /* exact; see catalog_link() */
    uint32_t folded;            /* traceback with import system as one line */
    uint16_t depth;             /* 1: outermost, up to FRAMES_MAX + 1 */
    uint8_t origin;             /* enum origin of its file */
    uint8_t again;              /* AGAIN_ bits; see catalog_find_again() */
};

struct catalog {
    uint32_t python_hex;
    struct origin_roots *roots;         /* private: the known directories */

    /* Entries 1 .. count - 1 are valid. */
    struct catalog_file *files;
    struct catalog_function *functions;
    struct catalog_line *lines;
    struct catalog_context *contexts;
    struct catalog_traceback *tracebacks;   /* exact ones */
    struct catalog_traceback *folded;       /* import system as one line */
    uint32_t file_count, function_count, line_count, context_count;
    uint32_t traceback_count, folded_count;
    uint32_t linked_count;              /* contexts whose tracebacks are there */
    uint32_t again_count;               /* contexts whose again is known */

    /* Place of a file in the order of shown paths; see catalog_rank(). */
    uint32_t *file_ranks;
    uint32_t ranked_count;

    uint64_t edition;                   /* another in each catalog, and when
                                         * a line's function changed */

    /* Private: finding entries again, codes already met, callers of the
     * newest context. */
    struct hash_index file_index, function_index, line_index;
    struct hash_index traceback_index, folded_index;
    struct catalog_code *codes;
    struct catalog_path *path;
    struct catalog_place *places;       /* lines of instructions met lately */
    uint32_t place_count;
    size_t code_room, file_room, function_room, line_room, context_room;
    size_t traceback_room, folded_room;
};

/* paths may be NULL. */
void catalog_init(struct catalog *catalog, const struct origin_paths *paths);
void catalog_release(struct catalog *catalog);

/* Take in contexts up to (not with) index upto, as a copy of the region
 * counted them: region_copy.contexts.  Costs time only for new ones.  What
 * does not make sense in the region becomes CONTEXT_OTHER's line or a name
 * `?`; it is never an error. */
void catalog_update(struct catalog *catalog, struct region *region,
                    unsigned slot, uint32_t upto);

/* Find the tracebacks of the contexts taken in since the last call.  They are
 * many, and most tables do without; called by those that do not. */
void catalog_link(struct catalog *catalog);

/* Find the AGAIN_ bits of the contexts taken in since the last call; for
 * cumulative sums. */
void catalog_find_again(struct catalog *catalog);

/* The entry, or that of CONTEXT_OTHER if the index is out of bounds. */
const struct catalog_file *catalog_file(const struct catalog *catalog,
                                        uint32_t file);
const struct catalog_function *
catalog_function(const struct catalog *catalog, uint32_t function);
const struct catalog_line *catalog_line(const struct catalog *catalog,
                                        uint32_t line);
const struct catalog_context *catalog_context(const struct catalog *catalog,
                                              uint32_t context);

/* Bring file_ranks up to date; then rank order is the order of shown paths
 * (then of full paths).  Called by what sorts. */
void catalog_rank(struct catalog *catalog);

/* The file whose shown or full path is the given one, or CATALOG_NONE. */
uint32_t catalog_find_file(const struct catalog *catalog, const char *path);
/* The line entry of a file's line, or CATALOG_NONE: nothing happened there. */
uint32_t catalog_find_line(const struct catalog *catalog, uint32_t file,
                           int32_t line);

#endif
