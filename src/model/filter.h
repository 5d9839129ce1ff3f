/* SPDX-License-Identifier: MIT
 *
 * A filter as tracemalloc's: words with the wildcards * ? [..], separated by
 * spaces, `!` before a word turns it round: `shop/x* !*test* *:88`.  A line
 * matches if any plain word matches (or there is none) and no `!` word does.
 * A word matches when it fits the shown path, the full path, either with
 * `:line`, or the function's name (qualified or short).  `*` also fits `/`.
 */
#ifndef PYMTOP_FILTER_H
#define PYMTOP_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/catalog.h"

struct filter {
    char *text;                 /* as typed; NULL: everything matches */
    char **words;               /* without `!` */
    bool *negative;
    size_t count;

    /* Private: answers so far, by line of the catalog. */
    uint8_t *known;
    size_t known_room;
    uint32_t known_count;
    uint64_t known_edition;
};

void filter_init(struct filter *filter);
void filter_release(struct filter *filter);

/* Replace the words.  NULL, "" or only spaces: no filter. */
void filter_set(struct filter *filter, const char *text);
bool filter_active(const struct filter *filter);

/* Does the catalog's line match?  Remembered, so it costs a look-up from the
 * second time on, until another catalog is asked about. */
bool filter_line(struct filter *filter, const struct catalog *catalog,
                 uint32_t line);

#endif
