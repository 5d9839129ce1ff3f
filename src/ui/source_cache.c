/* SPDX-License-Identifier: MIT */
#include "ui/source_cache.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "model/origin.h"
#include "ui/source_text.h"
#include "ui/ui.h"
#include "ui/watch.h"

#define FILES_KEPT 96           /* more than a screen has rows */

struct source_cache {
    struct entry {
        uint32_t file;          /* CATALOG_NONE: empty */
        uint32_t watched;       /* of this process's catalog */
        uint64_t used;          /* when, counted up */
        struct source_text text;
    } entries[FILES_KEPT];
    uint64_t clock;
};

struct source_cache *
source_cache_new(void)
{
    return xcalloc(1, sizeof(struct source_cache));
}

void
source_cache_free(struct source_cache *cache)
{
    for (int i = 0; i < FILES_KEPT; i++) {
        source_text_release(&cache->entries[i].text);
    }
    free(cache);
}

static void
load(struct ui *ui, struct entry *entry, uint32_t file)
{
    struct origin_paths paths;
    char cwd[WATCH_CWD_SIZE];
    const char *name = catalog_file(&ui->catalog, file)->path;

    if (entry->file != CATALOG_NONE) {
        source_text_release(&entry->text);
    }
    memset(&entry->text, 0, sizeof(entry->text));
    entry->file = file;
    entry->watched = ui->watched;
    watch_paths(ui, &paths, cwd);
    if (name != NULL) {
        source_text_load(&entry->text, name, &paths);
    }
}

const char *
source_cache_line(struct ui *ui, uint32_t file, int line)
{
    struct source_cache *cache = ui->sources;
    struct entry *oldest = &cache->entries[0], *entry = NULL;

    for (int i = 0; i < FILES_KEPT && entry == NULL; i++) {
        struct entry *each = &cache->entries[i];
        if (each->file == file && each->watched == ui->watched) {
            entry = each;
        }
        else if (each->used < oldest->used) {
            oldest = each;
        }
    }
    if (entry == NULL) {
        entry = oldest;
        load(ui, entry, file);
    }
    entry->used = ++cache->clock;
    const char *text = entry->text.bytes == NULL ? NULL
        : source_text_line(&entry->text, line);
    return text == NULL ? "" : text + strspn(text, " \t");
}
