/* SPDX-License-Identifier: MIT
 *
 * Which callers of a context are in the same row?  Walking up for each would
 * cost the depth of the stack every time.  Contexts come in the order in which
 * the script met them, so the callers of one are nearly those of the last:
 * keep them as a path, with counts of the files, functions and lines on it,
 * and change only what is different.
 */
#include "model/catalog_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

struct counts {
    uint32_t *of;               /* by id: how often it is on the path */
    size_t room;
};

struct catalog_path {
    uint32_t *contexts;         /* outermost first */
    uint32_t depth;
    size_t room;
    uint32_t *climbed;          /* scratch: to be pushed, innermost first */
    size_t climbed_room;
    struct counts files, functions, lines;
};

struct catalog_path *
catalog_path_new(void)
{
    return xcalloc(1, sizeof(struct catalog_path));
}

void
catalog_path_free(struct catalog_path *path)
{
    if (path != NULL) {
        free(path->contexts);
        free(path->climbed);
        free(path->files.of);
        free(path->functions.of);
        free(path->lines.of);
        free(path);
    }
}

/* The counter of an id. */
static uint32_t *
counter(struct counts *counts, uint32_t id)
{
    if (id >= counts->room) {
        size_t before = counts->room;
        counts->of = xgrow(counts->of, &counts->room, (size_t)id + 1,
                           sizeof(*counts->of));
        memset(counts->of + before, 0,
               (counts->room - before) * sizeof(*counts->of));
    }
    return &counts->of[id];
}

static void
push(struct catalog_path *path, const struct catalog *catalog, uint32_t index)
{
    const struct catalog_context *context = &catalog->contexts[index];

    path->contexts = xgrow(path->contexts, &path->room,
                           (size_t)path->depth + 1, sizeof(*path->contexts));
    path->contexts[path->depth++] = index;
    ++*counter(&path->files, context->file);
    ++*counter(&path->functions, context->function);
    ++*counter(&path->lines, context->line);
}

static void
pop(struct catalog_path *path, const struct catalog *catalog)
{
    const struct catalog_context *context
        = &catalog->contexts[path->contexts[--path->depth]];

    --*counter(&path->files, context->file);
    --*counter(&path->functions, context->function);
    --*counter(&path->lines, context->line);
}

/* Make the path the one from the outermost caller to `index`. */
static void
go_to(struct catalog_path *path, const struct catalog *catalog,
      uint32_t index)
{
    uint32_t depth = index == CATALOG_NONE ? 0
        : catalog->contexts[index].depth;
    size_t climbed = 0;

    /* Up from index to the first context that is on the path already. */
    while (depth > path->depth
           || (depth > 0 && path->contexts[depth - 1] != index)) {
        path->climbed = xgrow(path->climbed, &path->climbed_room,
                              climbed + 1, sizeof(*path->climbed));
        path->climbed[climbed++] = index;
        index = catalog->contexts[index].parent;
        depth--;
    }
    while (path->depth > depth) {
        pop(path, catalog);
    }
    while (climbed > 0) {
        push(path, catalog, path->climbed[--climbed]);
    }
}

uint8_t
catalog_path_again(struct catalog_path *path, const struct catalog *catalog,
                   const struct catalog_context *context)
{
    go_to(path, catalog, context->parent);
    return (uint8_t)(
        (*counter(&path->files, context->file) > 0 ? AGAIN_FILE : 0)
        | (*counter(&path->functions, context->function) > 0
           ? AGAIN_FUNCTION : 0)
        | (*counter(&path->lines, context->line) > 0 ? AGAIN_LINE : 0));
}
