/* SPDX-License-Identifier: MIT
 *
 * The text of a source file, by lines, as it is on the disk now.
 */
#ifndef PYMTOP_UI_SOURCE_TEXT_H
#define PYMTOP_UI_SOURCE_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "model/origin.h"

#define SOURCE_BYTES_MAX (16 << 20)     /* of a file; the rest is not read */
#define SOURCE_CELLS_MAX 4096           /* of a line; the rest is left out */

struct source_text {
    char *path;             /* where it was found; owned, NULL: nowhere */
    char *bytes;            /* owned; lines end in NUL */
    uint32_t *starts;       /* owned; offset of each line */
    int count;              /* lines */
    int64_t changed_ns;     /* last change of the file, since 1970 */
    int error;              /* errno when there is no text, else 0 */
};

/* Read the file that Python calls `filename`: a relative name counts from
 * paths->cwd, and `<frozen os>` is the os.py of paths->stdlib it was made of
 * (either may be NULL: not known).  Zeroed or released before. */
void source_text_load(struct source_text *source, const char *filename,
                      const struct origin_paths *paths);
void source_text_release(struct source_text *source);

/* Line number `line` (from 1) with tabs expanded, NUL-terminated; NULL: the
 * file has no such line.  The text is good until the next call. */
const char *source_text_line(const struct source_text *source, int line);

#endif
