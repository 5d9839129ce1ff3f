/* SPDX-License-Identifier: MIT */
#include "launcher/beginning.h"

#include <string.h>

#include "region/region.h"

void
beginning_init(struct beginning *beginning)
{
    memset(beginning, 0, sizeof(*beginning));
    beginning->looked_at = CONTEXT_FIRST;
    catalog_init(&beginning->catalog, NULL);
}

void
beginning_release(struct beginning *beginning)
{
    catalog_release(&beginning->catalog);
}

/* The frame in which a script runs: a module called by nobody or by runpy;
 * one that is imported is called by the import system.  Python itself starts
 * with frozen modules (importlib, getpath) that nobody calls either. */
static bool
is_main_module(const struct catalog *catalog, uint32_t index)
{
    const struct catalog_context *context = catalog_context(catalog, index);
    const struct catalog_function *function =
        catalog_function(catalog, context->function);

    if (!function->name || strcmp(function->name, "<module>") != 0) {
        return false;
    }
    if (context->parent == CATALOG_NONE) {
        const struct catalog_file *file =
            catalog_file(catalog, context->file);
        return !file->path || strncmp(file->path, "<frozen ", 8) != 0;
    }
    context = catalog_context(catalog, context->parent);
    function = catalog_function(catalog, context->function);
    return function->name && strcmp(function->name, "_run_code") == 0;
}

/* A frame of the module traceback that only C code has called, maybe to
 * import it: the script's own frame is gone. */
static bool
is_last_words(const struct catalog *catalog, uint32_t index)
{
    const struct catalog_context *context = catalog_context(catalog, index);
    const char *path = catalog_file(catalog, context->file)->path;
    const char *name = path == NULL ? NULL : strrchr(path, '/');

    if (name == NULL || strcmp(name, "/traceback.py") != 0) {
        return false;
    }
    while (context->parent != CATALOG_NONE) {
        context = catalog_context(catalog, context->parent);
        if (context->origin != ORIGIN_IMPORT) {
            return false;
        }
    }
    return true;
}

enum stage
beginning_look(struct beginning *beginning, struct region *region)
{
    struct slot_head *head = region_slot(region, 0);
    struct catalog *catalog = &beginning->catalog;

    if (head != NULL) {
        catalog_update(catalog, region, 0,
                       __atomic_load_n(&head->contexts, __ATOMIC_ACQUIRE));
    }
    for (; beginning->looked_at < catalog->context_count;
         beginning->looked_at++) {
        if (beginning->stage == STAGE_BEFORE
            ? is_main_module(catalog, beginning->looked_at)
            : beginning->stage == STAGE_SCRIPT
              && is_last_words(catalog, beginning->looked_at)) {
            beginning->stage++;
        }
    }
    return beginning->stage;
}
