/* SPDX-License-Identifier: MIT */
#include "model/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "base/xalloc.h"
#include "model/location.h"
#include "model/table_private.h"

static const char *const by_names[BY_COUNT] = {
    [BY_LINE] = "lineno",
    [BY_FILE] = "filename",
    [BY_FUNCTION] = "function",
    [BY_TRACEBACK] = "traceback",
};

const char *
table_by_name(enum table_by by)
{
    return by_names[by];
}

enum table_by
table_by_parse(const char *name)
{
    enum table_by by = BY_LINE;

    while (by < BY_COUNT && strcmp(name, by_names[by]) != 0) {
        by++;
    }
    return by;
}

void
table_init(struct table *table)
{
    *table = (struct table){0};
    table->scratch = xcalloc(1, sizeof(*table->scratch));
}

void
table_release(struct table *table)
{
    if (table->scratch != NULL) {
        free(table->scratch->row_of);
        free(table->scratch->place_seen);
        free(table->scratch->costs);
        free(table->scratch->base_costs);
        free(table->scratch);
    }
    free(table->rows);
    *table = (struct table){0};
}

int64_t
table_find(const struct table *table, struct row_key key)
{
    const struct table_scratch *scratch = table->scratch;
    uint32_t group = table_group_of_key(key);
    uint32_t place = group < scratch->groups ? scratch->row_of[group] : 0;

    if (place == 0 || key.kind == ROW_SUM) {
        return -1;
    }
    return key.kind == ROW_PLACE && group > CATALOG_IMPORT
        ? (int64_t)place - 1            /* the id alone says it all */
        : table->rows[place - 1].key.kind == key.kind
        ? (int64_t)place - 1 : -1;
}

uint32_t
table_row_line(const struct table *table, const struct table_row *row)
{
    const struct catalog *catalog = table->request.catalog;

    if (row->key.kind != ROW_PLACE) {
        return CATALOG_NONE;
    }
    switch (table->request.by) {
    case BY_LINE:
        return row->key.id;
    case BY_TRACEBACK:
        return catalog->tracebacks[row->key.id].line;
    default:
        return CATALOG_NONE;
    }
}

uint32_t
table_row_file(const struct table *table, const struct table_row *row)
{
    const struct catalog *catalog = table->request.catalog;
    uint32_t line = table_row_line(table, row);

    if (row->key.kind != ROW_PLACE) {
        return CATALOG_NONE;
    }
    if (line != CATALOG_NONE) {
        return catalog_line(catalog, line)->file;
    }
    return table->request.by == BY_FILE ? row->key.id
        : catalog_function(catalog, row->key.id)->file;
}

uint32_t
table_row_function(const struct table *table, const struct table_row *row)
{
    uint32_t line = table_row_line(table, row);

    if (line != CATALOG_NONE) {
        return catalog_line(table->request.catalog, line)->function;
    }
    return row->key.kind == ROW_PLACE && table->request.by == BY_FUNCTION
        ? row->key.id : CATALOG_NONE;
}

enum origin
table_row_origin(const struct table *table, const struct table_row *row)
{
    uint32_t file = table_row_file(table, row);

    if (row->key.kind == ROW_IMPORT) {
        return ORIGIN_IMPORT;
    }
    return file == CATALOG_NONE ? ORIGIN_NONE
        : catalog_file(table->request.catalog, file)->origin;
}

void
table_all(const struct table *table, struct table_row *sum)
{
    *sum = table->total;
    cost_subtract(&sum->own, &table->left_out);
    sum->is_new = sum->is_gone = sum->is_unchanged = false;
    sum->key = (struct row_key){ROW_SUM, CATALOG_NONE};
    sum->places = table->count;
}

void
table_leave_out(const struct table *table, const struct table_row *row,
                struct table_row *sum)
{
    enum moment moment = table->request.moment;

    cost_subtract(&sum->own, &row->own);
    sum->base_bytes -= row->base_bytes;
    sum->base_blocks -= row->base_blocks;
    sum->places--;
    sum->lines -= row->lines;
    sum->growth -= row->growth;
    sum->allocs_per_second -= row->allocs_per_second;
    sum->bytes = cost_bytes(&sum->own, moment);
    sum->blocks = cost_blocks(&sum->own, moment);
    if (table->has_base) {
        sum->delta_bytes = sum->bytes - sum->base_bytes;
        sum->delta_blocks = sum->blocks - sum->base_blocks;
    }
}

void
table_more(const struct table *table, uint32_t first, uint32_t visible,
           struct table_row *more)
{
    uint32_t end = first < table->count && visible < table->count - first
        ? first + visible : table->count;

    table_all(table, more);
    for (uint32_t i = first; i < end; i++) {
        table_leave_out(table, &table->rows[i], more);
    }
}

static void
add_words(struct strbuf *buf, const char *words, int cells, bool ascii)
{
    if (cells > 0) {
        utf8_add_cut_right(buf, words, cells, ascii);
    }
    else {
        strbuf_add_text(buf, words);
    }
}

static void
add_import(const struct table *table, const struct table_row *row,
           struct strbuf *buf, int cells, bool ascii)
{
    static const char *const what[BY_COUNT] = {
        "line", "file", "function", "traceback"};
    char *words = xasprintf("import system: %u %s%s", row->places,
                            what[table->request.by],
                            row->places == 1 ? "" : "s");

    add_words(buf, words, cells, ascii);
    free(words);
}

/* Innermost first, as far as there is room. */
static void
add_traceback(const struct catalog *catalog, uint32_t traceback,
              struct strbuf *buf, int cells, bool ascii)
{
    const char *arrow = ascii ? " <- " : " \xe2\x86\x90 ";      /* ← */
    struct strbuf words;
    uint32_t before = CATALOG_NONE;

    strbuf_init(&words);
    while (traceback != CATALOG_NONE) {
        const struct catalog_traceback *entry
            = &catalog->tracebacks[traceback];
        if (before != CATALOG_NONE) {
            strbuf_add_text(&words, arrow);
        }
        location_add_link(&words, catalog, entry->line, before);
        before = entry->line;
        traceback = entry->parent;
        if (cells > 0 && words.len > (size_t)cells * 4) {
            break;
        }
    }
    add_words(buf, words.text, cells, ascii);
    strbuf_release(&words);
}

void
table_row_location(const struct table *table, const struct table_row *row,
                   struct strbuf *buf, int cells, bool ascii)
{
    const struct catalog *catalog = table->request.catalog;

    switch (row->key.kind) {
    case ROW_IMPORT:
        add_import(table, row, buf, cells, ascii);
        return;
    case ROW_NOT_MINE:
        add_words(buf, "no line of yours", cells, ascii);
        return;
    case ROW_SUM:
        return;
    case ROW_PLACE:
        break;
    }
    switch (table->request.by) {
    case BY_FILE:
        location_add_file(buf, catalog, row->key.id, cells, ascii);
        break;
    case BY_FUNCTION:
        location_add_function(buf, catalog, row->key.id,
                              cells > 0 ? cells * 2 / 5 : 0, cells, ascii);
        break;
    case BY_TRACEBACK:
        add_traceback(catalog, row->key.id, buf, cells, ascii);
        break;
    default:
        location_add_line(buf, catalog, row->key.id, cells, ascii);
        break;
    }
}
