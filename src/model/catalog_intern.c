/* SPDX-License-Identifier: MIT */
#include "model/catalog_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/utf8.h"
#include "base/xalloc.h"

struct bytes_key {
    const char *bytes;
    size_t len;
};

static bool
same_file(const void *owner, uint32_t index, const void *key)
{
    const struct catalog *catalog = owner;
    const struct bytes_key *wanted = key;
    const char *path = catalog->files[index].path;

    return strncmp(path, wanted->bytes, wanted->len) == 0
        && path[wanted->len] == '\0';
}

static char *
safe_copy(const char *text, size_t len)
{
    struct strbuf buf;

    strbuf_init(&buf);
    utf8_add_safe(&buf, text, len);
    return strbuf_detach(&buf);
}

static uint32_t
add_file(struct catalog *catalog, char *path, const char *shown,
         enum origin origin)
{
    uint32_t index = catalog->file_count++;

    catalog->files = xgrow(catalog->files, &catalog->file_room,
                           catalog->file_count, sizeof(*catalog->files));
    catalog->files[index] = (struct catalog_file){
        .path = path,
        .shown = safe_copy(shown, strlen(shown)),
        .origin = origin,
    };
    return index;
}

uint32_t
catalog_intern_file(struct catalog *catalog, const char *path, size_t len)
{
    struct bytes_key key = {path, strnlen(path, len)};
    uint32_t hash = hash_bytes(key.bytes, key.len);
    uint32_t index = hash_index_find(&catalog->file_index, hash, same_file,
                                     catalog, &key);

    if (index == 0) {
        const char *shown;
        char *copy = xstrndup(key.bytes, key.len);
        enum origin origin = origin_of(catalog->roots, copy, &shown);
        index = add_file(catalog, copy, shown, origin);
        hash_index_add(&catalog->file_index, hash, index);
    }
    return index;
}

static bool
same_function(const void *owner, uint32_t index, const void *key)
{
    const struct catalog *catalog = owner;
    const struct catalog_function *function = &catalog->functions[index];
    const struct catalog_function *wanted = key;

    return function->file == wanted->file
        && function->firstlineno == wanted->firstlineno
        && strcmp(function->name, wanted->name) == 0;
}

static uint32_t
add_function(struct catalog *catalog, struct catalog_function function)
{
    uint32_t index = catalog->function_count++;
    const char *point = strrchr(function.name, '.');

    function.short_name = point != NULL && point[1] != '\0'
        ? point + 1 : function.name;
    catalog->functions = xgrow(catalog->functions, &catalog->function_room,
                               catalog->function_count,
                               sizeof(*catalog->functions));
    catalog->functions[index] = function;
    return index;
}

uint32_t
catalog_intern_function(struct catalog *catalog, uint32_t file,
                        const char *name, size_t len, int32_t firstlineno)
{
    struct catalog_function key = {
        .file = file,
        .firstlineno = firstlineno,
        .name = safe_copy(name, len),
    };
    uint32_t hash = hash_pair(hash_bytes(key.name, strlen(key.name)),
                              hash_pair(file, (uint32_t)firstlineno));
    uint32_t index = hash_index_find(&catalog->function_index, hash,
                                     same_function, catalog, &key);

    if (index != 0) {
        free(key.name);
        return index;
    }
    index = add_function(catalog, key);
    hash_index_add(&catalog->function_index, hash, index);
    return index;
}

static bool
same_line(const void *owner, uint32_t index, const void *key)
{
    const struct catalog *catalog = owner;
    const struct catalog_line *wanted = key;

    return catalog->lines[index].file == wanted->file
        && catalog->lines[index].line == wanted->line;
}

uint32_t
catalog_find_line(const struct catalog *catalog, uint32_t file, int32_t line)
{
    struct catalog_line key = {.file = file, .line = line};

    return hash_index_find(&catalog->line_index,
                           hash_pair(file, (uint32_t)line), same_line,
                           catalog, &key);
}

void
catalog_new_edition(struct catalog *catalog)
{
    static uint64_t editions;

    catalog->edition = ++editions;
}

/* Of a line that holds a whole function, that one says more than the module,
 * class or function in which it is defined. */
static void
name_better(struct catalog *catalog, uint32_t line, uint32_t function)
{
    struct catalog_line *place = &catalog->lines[line];
    const struct catalog_function *named
        = &catalog->functions[place->function];
    const struct catalog_function *better = &catalog->functions[function];

    if (place->function != function && better->short_name[0] != '<'
        && better->firstlineno == place->line
        && (named->firstlineno != place->line
            || strcmp(named->name, "<module>") == 0)) {
        place->function = function;
        catalog_new_edition(catalog);
    }
}

uint32_t
catalog_intern_line(struct catalog *catalog, uint32_t file, int32_t line,
                    uint32_t function)
{
    uint32_t index = catalog_find_line(catalog, file, line);

    if (index == 0) {
        index = catalog->line_count++;
        catalog->lines = xgrow(catalog->lines, &catalog->line_room,
                               catalog->line_count, sizeof(*catalog->lines));
        catalog->lines[index] = (struct catalog_line){file, function, line};
        hash_index_add(&catalog->line_index, hash_pair(file, (uint32_t)line),
                       index);
    }
    else {
        name_better(catalog, index, function);
    }
    return index;
}

/* The owner is the array itself, so that one function serves both. */
static bool
same_traceback(const void *owner, uint32_t index, const void *key)
{
    const struct catalog_traceback *tracebacks = owner;
    const struct catalog_traceback *wanted = key;

    return tracebacks[index].parent == wanted->parent
        && tracebacks[index].line == wanted->line;
}

static uint32_t
intern_traceback(struct hash_index *table, struct catalog_traceback **array,
                 size_t *room, uint32_t *count,
                 struct catalog_traceback key)
{
    uint32_t hash = hash_pair(key.parent, key.line);
    uint32_t index = hash_index_find(table, hash, same_traceback, *array,
                                     &key);

    if (index == 0) {
        index = (*count)++;
        *array = xgrow(*array, room, *count, sizeof(**array));
        key.depth = key.parent != 0 ? (*array)[key.parent].depth + 1 : 1;
        (*array)[index] = key;
        hash_index_add(table, hash, index);
    }
    return index;
}

uint32_t
catalog_intern_traceback(struct catalog *catalog, uint32_t parent,
                         uint32_t line)
{
    return intern_traceback(&catalog->traceback_index, &catalog->tracebacks,
                            &catalog->traceback_room,
                            &catalog->traceback_count,
                            (struct catalog_traceback){parent, line, 0});
}

uint32_t
catalog_intern_folded(struct catalog *catalog, uint32_t parent, uint32_t line)
{
    return intern_traceback(&catalog->folded_index, &catalog->folded,
                            &catalog->folded_room, &catalog->folded_count,
                            (struct catalog_traceback){parent, line, 0});
}

void
catalog_intern_specials(struct catalog *catalog)
{
    static const char *const words[] = {
        [CATALOG_NONE] = "none",
        [CONTEXT_NO_FRAME] = "no Python frame: start-up, other threads",
        [CONTEXT_PAUSED] = "unknown: while tracing was paused",
        [CONTEXT_CUT] = "outer frames of a stack over 4,096 frames",
        [CONTEXT_OTHER] = "unknown: out of room for contexts",
        [CATALOG_IMPORT] = "import system",
    };

    for (uint32_t i = 0; i <= CATALOG_IMPORT; i++) {
        add_file(catalog, xstrdup(words[i]), words[i],
                 i == CATALOG_IMPORT ? ORIGIN_IMPORT : ORIGIN_NONE);
        add_function(catalog, (struct catalog_function){
            .file = i, .name = xstrdup(words[i])});
        catalog->lines = xgrow(catalog->lines, &catalog->line_room,
                               ++catalog->line_count,
                               sizeof(*catalog->lines));
        catalog->lines[i] = (struct catalog_line){.file = i, .function = i};
    }
}
