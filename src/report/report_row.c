/* SPDX-License-Identifier: MIT */
#include "report/report_row.h"

static const char *const origin_words[] = {
    [ORIGIN_YOURS] = "yours",
    [ORIGIN_STDLIB] = "stdlib",
    [ORIGIN_SITE] = "site",
    [ORIGIN_IMPORT] = "import",
    [ORIGIN_GENERATED] = "generated",
    [ORIGIN_NONE] = "none",
};

static struct report_place
place_of_file(const struct catalog *catalog, uint32_t file)
{
    const struct catalog_file *entry = catalog_file(catalog, file);

    return (struct report_place){
        .file = entry->path,
        .function = "",
        .origin = origin_words[entry->origin],
    };
}

struct report_place
report_line_place(const struct catalog *catalog, uint32_t line)
{
    const struct catalog_line *entry = catalog_line(catalog, line);
    struct report_place place = place_of_file(catalog, entry->file);

    if (entry->file >= CATALOG_FIRST) {
        const struct catalog_function *function
            = catalog_function(catalog, entry->function);
        place.line = entry->line;
        place.function = function->name;
        place.about = function->machine_code;
    }
    return place;
}

struct report_place
report_row_place(const struct table *table, const struct table_row *row)
{
    const struct catalog *catalog = table->request.catalog;

    switch (row->key.kind) {
    case ROW_IMPORT:
        return place_of_file(catalog, CATALOG_IMPORT);
    case ROW_NOT_MINE:
        return (struct report_place){
            .file = "no line of yours", .function = "",
            .origin = origin_words[ORIGIN_NONE]};
    case ROW_SUM:
        return (struct report_place){
            .file = "", .function = "",
            .origin = origin_words[ORIGIN_NONE]};
    case ROW_PLACE:
        break;
    }
    if (table->request.by == BY_FILE) {
        return place_of_file(catalog, row->key.id);
    }
    if (table->request.by == BY_FUNCTION) {
        const struct catalog_function *function
            = catalog_function(catalog, row->key.id);
        struct report_place place = place_of_file(catalog, function->file);
        if (function->file >= CATALOG_FIRST) {
            place.line = function->firstlineno;
            place.function = function->name;
        }
        return place;
    }
    return report_line_place(catalog, table_row_line(table, row));
}

#define FIELD(name, expression) \
    static int64_t \
    value_##name(const struct table_row *row) \
    { \
        return (int64_t)(expression); \
    }

FIELD(bytes_now, row->own.bytes)
FIELD(blocks_now, row->own.blocks)
FIELD(bytes_at_peak, row->own.bytes_at_peak)
FIELD(blocks_at_peak, row->own.blocks_at_peak)
FIELD(bytes_ever, row->own.bytes_ever)
FIELD(blocks_ever, row->own.blocks_ever)
FIELD(cumulative_bytes_now, row->cumulative.bytes)
FIELD(cumulative_blocks_now, row->cumulative.blocks)
FIELD(cumulative_bytes_at_peak, row->cumulative.bytes_at_peak)
FIELD(cumulative_blocks_at_peak, row->cumulative.blocks_at_peak)
FIELD(cumulative_bytes_ever, row->cumulative.bytes_ever)
FIELD(cumulative_blocks_ever, row->cumulative.blocks_ever)
FIELD(bytes_base, row->base_bytes)
FIELD(blocks_base, row->base_blocks)
FIELD(bytes_delta, row->delta_bytes)
FIELD(blocks_delta, row->delta_blocks)

const struct report_field report_fields[] = {
    {"bytes_now", false, false, value_bytes_now},
    {"blocks_now", false, false, value_blocks_now},
    {"bytes_at_peak", false, false, value_bytes_at_peak},
    {"blocks_at_peak", false, false, value_blocks_at_peak},
    {"bytes_ever", false, false, value_bytes_ever},
    {"blocks_ever", false, false, value_blocks_ever},
    {"cumulative_bytes_now", true, false, value_cumulative_bytes_now},
    {"cumulative_blocks_now", true, false, value_cumulative_blocks_now},
    {"cumulative_bytes_at_peak", true, false,
     value_cumulative_bytes_at_peak},
    {"cumulative_blocks_at_peak", true, false,
     value_cumulative_blocks_at_peak},
    {"cumulative_bytes_ever", true, false, value_cumulative_bytes_ever},
    {"cumulative_blocks_ever", true, false, value_cumulative_blocks_ever},
    {"bytes_base", false, true, value_bytes_base},
    {"blocks_base", false, true, value_blocks_base},
    {"bytes_delta", false, true, value_bytes_delta},
    {"blocks_delta", false, true, value_blocks_delta},
};

const size_t report_field_count
    = sizeof(report_fields) / sizeof(*report_fields);

bool
report_field_applies(const struct report_field *field,
                     const struct table *table)
{
    return (!field->cumulative || table->has_cumulative)
        && (!field->diff || table->has_base);
}

bool
report_more(const struct table *table, uint32_t top, struct table_row *more)
{
    if (top == 0 || top >= table->count) {
        return false;
    }
    table_more(table, 0, top, more);
    return true;
}
