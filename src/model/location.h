/* SPDX-License-Identifier: MIT
 *
 * Places of the catalog as text, cut to a width by one rule: first the
 * function goes (`raw_d…`), then the path from the left, the file name stays
 * (`…/pkg/mod.py:123`).  Widths are terminal cells; 0 means uncut.
 */
#ifndef PYMTOP_LOCATION_H
#define PYMTOP_LOCATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "model/catalog.h"

/* `shop/cache.py:88 remember`; specials: their words; no line: `file.py:?`; a
 * line that may be an older one of its function (JIT): `file.py:88~`. */
void location_add_line(struct strbuf *buf, const struct catalog *catalog,
                       uint32_t line, int cells, bool ascii);
/* `shop/cache.py`. */
void location_add_file(struct strbuf *buf, const struct catalog *catalog,
                       uint32_t file, int cells, bool ascii);
/* `Cache.remember          shop/cache.py:84`: the name, padded to name_cells
 * (0: one space), then where it begins. */
void location_add_function(struct strbuf *buf, const struct catalog *catalog,
                           uint32_t function, int name_cells, int cells,
                           bool ascii);
/* A link of a call chain after the line `before` (CATALOG_NONE: none): the
 * path is left out where it is the same: `:93 evict`. */
void location_add_link(struct strbuf *buf, const struct catalog *catalog,
                       uint32_t line, uint32_t before);

#endif
