/* SPDX-License-Identifier: MIT
 *
 * Source lines for tables: the texts of the files seen last.  A file is read
 * once and again only when it was pushed out; what is shown is a help for the
 * eye, the source page says whether it changed since it ran.
 */
#ifndef PYMTOP_UI_SOURCE_CACHE_H
#define PYMTOP_UI_SOURCE_CACHE_H

#include <stdint.h>

struct ui;
struct source_cache;

struct source_cache *source_cache_new(void);
void source_cache_free(struct source_cache *cache);

/* A line of a file of the catalog without its indent; "" if there is none.
 * Good until the next call. */
const char *source_cache_line(struct ui *ui, uint32_t file, int line);

#endif
