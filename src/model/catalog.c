/* SPDX-License-Identifier: MIT */
#include "model/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "model/catalog_private.h"
#include "region/region.h"

#define PLACES_MIN 8192u
#define PLACES_MAX 262144u
#define CONTEXTS_AT_ONCE 128u   /* copied out of the region */

/* A power of two of them, none known. */
static void
make_places(struct catalog *catalog, uint32_t count)
{
    free(catalog->places);
    catalog->places = xreallocarray(NULL, count, sizeof(*catalog->places));
    memset(catalog->places, 0, count * sizeof(*catalog->places));
    catalog->place_count = count;
}

/* So many that most instructions of so many contexts find room. */
static void
fit_places(struct catalog *catalog, uint32_t contexts)
{
    uint32_t count = catalog->place_count;

    while (count < contexts / 4 && count < PLACES_MAX) {
        count *= 2;
    }
    if (count > catalog->place_count) {
        make_places(catalog, count);
    }
}

/* Room for one more context, filled with zeros. */
static struct catalog_context *
add_context(struct catalog *catalog)
{
    uint32_t index = catalog->context_count++;

    catalog->contexts = xgrow(catalog->contexts, &catalog->context_room,
                              catalog->context_count,
                              sizeof(*catalog->contexts));
    catalog->contexts[index] = (struct catalog_context){0};
    return &catalog->contexts[index];
}

/* The contexts that stand for no frame, and the unused one before them. */
static void
add_specials(struct catalog *catalog)
{
    catalog_intern_specials(catalog);
    /* Tracebacks start at 1 as all else. */
    catalog->traceback_count = catalog->folded_count = 1;
    catalog->tracebacks = xgrow(NULL, &catalog->traceback_room, 1,
                                sizeof(*catalog->tracebacks));
    catalog->folded = xgrow(NULL, &catalog->folded_room, 1,
                            sizeof(*catalog->folded));
    catalog->tracebacks[0] = catalog->folded[0]
        = (struct catalog_traceback){0};
    for (uint32_t i = CONTEXT_NONE; i < CONTEXT_FIRST; i++) {
        struct catalog_context *context = add_context(catalog);
        context->file = context->function = context->line = i;
        context->origin = ORIGIN_NONE;
        context->depth = i != CONTEXT_NONE;
        if (i != CONTEXT_NONE) {
            context->traceback = catalog_intern_traceback(catalog, 0, i);
            context->folded = catalog_intern_folded(catalog, 0, i);
        }
    }
}

void
catalog_init(struct catalog *catalog, const struct origin_paths *paths)
{
    *catalog = (struct catalog){0};
    catalog_new_edition(catalog);
    catalog->roots = origin_roots_new(paths);
    catalog->path = catalog_path_new();
    make_places(catalog, PLACES_MIN);
    hash_index_init(&catalog->file_index);
    hash_index_init(&catalog->function_index);
    hash_index_init(&catalog->line_index);
    hash_index_init(&catalog->traceback_index);
    hash_index_init(&catalog->folded_index);
    add_specials(catalog);
    catalog->linked_count = catalog->again_count = catalog->context_count;
}

void
catalog_release(struct catalog *catalog)
{
    for (uint32_t i = 0; i < catalog->file_count; i++) {
        free(catalog->files[i].path);
        free(catalog->files[i].shown);
    }
    for (uint32_t i = 0; i < catalog->function_count; i++) {
        free(catalog->functions[i].name);
    }
    free(catalog->files);
    free(catalog->functions);
    free(catalog->lines);
    free(catalog->contexts);
    free(catalog->tracebacks);
    free(catalog->folded);
    free(catalog->file_ranks);
    free(catalog->codes);
    free(catalog->places);
    hash_index_release(&catalog->file_index);
    hash_index_release(&catalog->function_index);
    hash_index_release(&catalog->line_index);
    hash_index_release(&catalog->traceback_index);
    hash_index_release(&catalog->folded_index);
    origin_roots_free(catalog->roots);
    catalog_path_free(catalog->path);
    *catalog = (struct catalog){0};
}

/* Where in the region the entries being read are. */
struct source {
    struct region *region;
    unsigned slot;
};

/* A name, as it is now: the region may change under us. */
struct source_text {
    char bytes[REGION_TEXT_MAX];
    size_t len;
};

/* The len bytes at offset, or `?` if the region says nonsense. */
static void
read_text(struct source_text *text, const struct source *source,
          uint32_t offset, uint32_t len)
{
    const char *bytes = region_bytes(source->region, source->slot, offset,
                                     len);
    if (bytes == NULL || len == 0 || len > sizeof(text->bytes)) {
        bytes = "?";
        len = 1;
    }
    memcpy(text->bytes, bytes, len);
    text->len = len;
}

/* File and function of a code object, found out at its first context; NULL: it
 * is not in the region. */
static struct catalog_code *
resolve_code(struct catalog *catalog, const struct source *source,
             uint32_t index)
{
    if (index < catalog->code_room
        && catalog->codes[index].file != CATALOG_NONE) {
        return &catalog->codes[index];
    }
    struct region_code code;
    if (index == 0
        || !region_code(source->region, source->slot, index, &code)) {
        return NULL;
    }
    if (index >= catalog->code_room) {
        size_t before = catalog->code_room;
        catalog->codes = xgrow(catalog->codes, &catalog->code_room,
                               (size_t)index + 1, sizeof(*catalog->codes));
        memset(catalog->codes + before, 0,
               (catalog->code_room - before) * sizeof(*catalog->codes));
    }
    struct catalog_code *known = &catalog->codes[index];
    struct source_text text;
    read_text(&text, source, code.filename, code.filename_len);
    known->file = catalog_intern_file(catalog, text.bytes, text.len);
    known->origin = (uint8_t)catalog->files[known->file].origin;
    read_text(&text, source, code.name, code.name_len);
    known->function = catalog_intern_function(
        catalog, known->file, text.bytes, text.len, code.firstlineno);
    return known;
}

static int32_t
line_of(const struct catalog *catalog, const struct source *source,
        const struct region_context *entry, struct line_cursor *lines)
{
    struct region_code code;
    const char *table = NULL;
    if (region_code(source->region, source->slot, entry->code, &code)) {
        table = region_bytes(source->region, source->slot, code.linetable,
                             code.linetable_len);
    }
    if (table == NULL) {
        return 0;
    }
    int line = line_table_seek(catalog->python_hex, table, code.linetable_len,
                               code.firstlineno, entry->instr, lines);
    return line < 0 ? 0 : line;
}

/* The instruction's line.  Contexts of one instruction are many and often
 * follow one another, so lines are kept. */
static uint32_t
find_line(struct catalog *catalog, const struct source *source,
          const struct region_context *entry, struct catalog_code *place)
{
    struct catalog_place *kept
        = &catalog->places[hash_pair(entry->code, entry->instr)
                           & (catalog->place_count - 1)];

    if (kept->line == 0 || kept->code != entry->code
        || kept->instr != entry->instr) {
        uint32_t line = catalog_intern_line(
            catalog, place->file,
            line_of(catalog, source, entry, &place->lines), place->function);
        *kept = (struct catalog_place){entry->code, entry->instr, line};
    }
    return kept->line;
}

/* Is a caller in the same row? */
static void
find_again(struct catalog *catalog, struct catalog_context *context)
{
    const struct catalog_context *parent
        = &catalog->contexts[context->parent];

    context->again = catalog_path_again(catalog->path, catalog, context)
        | (parent->again & AGAIN_BELOW_IMPORT);
    if (context->origin == ORIGIN_IMPORT) {
        if ((context->again & AGAIN_BELOW_IMPORT) != 0) {
            context->again |= AGAIN_IMPORT;
        }
        context->again |= AGAIN_BELOW_IMPORT;
    }
}

void
catalog_find_again(struct catalog *catalog)
{
    for (; catalog->again_count < catalog->context_count;
         catalog->again_count++) {
        struct catalog_context *context
            = &catalog->contexts[catalog->again_count];
        if (context->depth > 0 && context->file >= CATALOG_FIRST) {
            find_again(catalog, context);
        }
    }
}

static void
link_tracebacks(struct catalog *catalog, struct catalog_context *context)
{
    const struct catalog_context *parent
        = &catalog->contexts[context->parent];

    context->traceback = catalog_intern_traceback(catalog, parent->traceback,
                                                  context->line);
    if (context->origin != ORIGIN_IMPORT) {
        context->folded = catalog_intern_folded(catalog, parent->folded,
                                                context->line);
        return;
    }
    context->folded = parent->folded != CATALOG_NONE
        && catalog->folded[parent->folded].line == CATALOG_IMPORT
        ? parent->folded
        : catalog_intern_folded(catalog, parent->folded, CATALOG_IMPORT);
}

void
catalog_link(struct catalog *catalog)
{
    for (; catalog->linked_count < catalog->context_count;
         catalog->linked_count++) {
        struct catalog_context *context
            = &catalog->contexts[catalog->linked_count];
        if (context->traceback == CATALOG_NONE) {
            link_tracebacks(catalog, context);
        }
    }
}

/* A caller that can be one: met before, and with room below it. */
static uint32_t
caller_of(const struct catalog *catalog, const struct region_context *entry,
          uint32_t index)
{
    return entry->parent < index
        && catalog->contexts[entry->parent].depth <= REGION_FRAMES_MAX
        ? entry->parent : CATALOG_NONE;
}

/* The next context, for which there is room. */
static void
take_in(struct catalog *catalog, const struct source *source,
        const struct region_context *entry)
{
    uint32_t index = catalog->context_count++;
    struct catalog_code *place = resolve_code(catalog, source, entry->code);

    if (place == NULL) {
        catalog->contexts[index] = catalog->contexts[CONTEXT_OTHER];
        return;
    }
    uint32_t caller = caller_of(catalog, entry, index);
    const struct catalog_context *parent = &catalog->contexts[caller];
    catalog->contexts[index] = (struct catalog_context){
        .parent = caller,
        .depth = (uint16_t)(parent->depth + 1),
        .file = place->file,
        .function = place->function,
        .line = find_line(catalog, source, entry, place),
        .mine = place->origin == ORIGIN_YOURS ? index : parent->mine,
        .origin = place->origin,
    };
}

/* Codes that are known may have come to it since. */
static void
find_machine_code(struct catalog *catalog, const struct source *source)
{
    for (uint32_t i = 1; i < catalog->code_room; i++) {
        const struct catalog_code *known = &catalog->codes[i];
        struct region_code code;
        if (known->file != CATALOG_NONE
            && !catalog->functions[known->function].machine_code
            && region_code(source->region, source->slot, i, &code)
            && (code.flags & REGION_CODE_MACHINE) != 0) {
            catalog->functions[known->function].machine_code = true;
        }
    }
}

static void
take_in_all(struct catalog *catalog, const struct source *source,
            uint32_t upto)
{
    fit_places(catalog, upto);
    catalog->contexts = xgrow(catalog->contexts, &catalog->context_room, upto,
                              sizeof(*catalog->contexts));
    while (catalog->context_count < upto) {
        struct region_context entries[CONTEXTS_AT_ONCE] = {0};
        uint32_t left = upto - catalog->context_count;
        uint32_t count = left < CONTEXTS_AT_ONCE ? left : CONTEXTS_AT_ONCE;
        region_contexts(source->region, source->slot, catalog->context_count,
                        entries, count);
        for (uint32_t i = 0; i < count; i++) {
            take_in(catalog, source, &entries[i]);
        }
    }
}

void
catalog_update(struct catalog *catalog, struct region *region, unsigned slot,
               uint32_t upto)
{
    struct source source = {region, slot};
    const struct slot_head *head = region_slot(region, slot);

    if (upto > region->sizes.contexts_max) {
        upto = region->sizes.contexts_max;
    }
    if (head == NULL) {
        return;
    }
    if (catalog->context_count < upto) {
        catalog->python_hex = head->python_hex;
        take_in_all(catalog, &source, upto);
    }
    if ((head->trouble & TROUBLE_MACHINE_CODE) != 0) {
        find_machine_code(catalog, &source);
    }
}

const struct catalog_file *
catalog_file(const struct catalog *catalog, uint32_t file)
{
    return &catalog->files[file < catalog->file_count ? file
                           : CONTEXT_OTHER];
}

const struct catalog_function *
catalog_function(const struct catalog *catalog, uint32_t function)
{
    return &catalog->functions[function < catalog->function_count ? function
                               : CONTEXT_OTHER];
}

const struct catalog_line *
catalog_line(const struct catalog *catalog, uint32_t line)
{
    return &catalog->lines[line < catalog->line_count ? line
                           : CONTEXT_OTHER];
}

const struct catalog_context *
catalog_context(const struct catalog *catalog, uint32_t context)
{
    return &catalog->contexts[context < catalog->context_count ? context
                              : CONTEXT_OTHER];
}

static int
compare_files(const void *a, const void *b, void *arg)
{
    const struct catalog *catalog = arg;
    const struct catalog_file *left = &catalog->files[*(const uint32_t *)a];
    const struct catalog_file *right = &catalog->files[*(const uint32_t *)b];
    int order = strcmp(left->shown, right->shown);

    return order != 0 ? order : strcmp(left->path, right->path);
}

void
catalog_rank(struct catalog *catalog)
{
    if (catalog->ranked_count == catalog->file_count) {
        return;
    }
    uint32_t count = catalog->file_count;
    uint32_t *order = xreallocarray(NULL, count, sizeof(*order));

    for (uint32_t i = 0; i < count; i++) {
        order[i] = i;
    }
    qsort_r(order, count, sizeof(*order), compare_files, catalog);
    catalog->file_ranks = xreallocarray(catalog->file_ranks, count,
                                        sizeof(*catalog->file_ranks));
    for (uint32_t i = 0; i < count; i++) {
        catalog->file_ranks[order[i]] = i;
    }
    catalog->ranked_count = count;
    free(order);
}

uint32_t
catalog_find_file(const struct catalog *catalog, const char *path)
{
    for (uint32_t i = CATALOG_FIRST; i < catalog->file_count; i++) {
        if (strcmp(catalog->files[i].path, path) == 0) {
            return i;
        }
    }
    for (uint32_t i = CATALOG_FIRST; i < catalog->file_count; i++) {
        if (strcmp(catalog->files[i].shown, path) == 0) {
            return i;
        }
    }
    return CATALOG_NONE;
}
