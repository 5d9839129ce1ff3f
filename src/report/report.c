/* SPDX-License-Identifier: MIT */
#include "report/report.h"

#include <string.h>

#include "report/report_private.h"

static const struct {
    const char *word, *ending;
    void (*write)(FILE *file, const struct report *report);
} formats[REPORT_FORMATS] = {
    [REPORT_TEXT] = {"text", ".txt", report_write_text},
    [REPORT_JSON] = {"json", ".json", report_write_json},
    [REPORT_CSV] = {"csv", ".csv", report_write_csv},
};

enum report_format
report_format_parse(const char *word)
{
    enum report_format format = 0;

    while (format < REPORT_FORMATS && strcmp(word, formats[format].word) != 0) {
        format++;
    }
    return format;
}

enum report_format
report_format_of_file(const char *path)
{
    const char *ending = strrchr(path, '.');
    enum report_format format = 0;

    while (format < REPORT_FORMATS
           && (ending == NULL || strcmp(ending, formats[format].ending) != 0)) {
        format++;
    }
    return format;
}

int
report_write(FILE *file, const struct report *report,
             enum report_format format)
{
    formats[format].write(file, report);
    return fflush(file) != 0 || ferror(file) ? -1 : 0;
}

const char *
report_reattribution(uint32_t reattribution)
{
    static const char *const words[] = {
        [REATTRIBUTION_NONE] = "none",
        [REATTRIBUTION_NEWREFERENCE] = "newreference",
        [REATTRIBUTION_REFTRACER] = "reftracer",
        [REATTRIBUTION_EMPTY] = "empty",
    };

    return reattribution < sizeof(words) / sizeof(*words)
        ? words[reattribution] : "none";
}

const char *
report_trouble(uint32_t bit)
{
    switch (bit) {
    case TROUBLE_CONTEXTS_FULL:
        return "contexts full";
    case TROUBLE_CELLS_FULL:
        return "cells full";
    case TROUBLE_CODES_FULL:
        return "codes full";
    case TROUBLE_SHADOW_FULL:
        return "shadow full";
    case TROUBLE_SMALL_REGION:
        return "small region";
    case TROUBLE_LATE_LINES:
        return "late lines of tuples, lists, dicts, floats and ints";
    case TROUBLE_MACHINE_CODE:
        return "stale lines in machine code (~)";
    default:
        return NULL;
    }
}

uint32_t
report_rows(const struct report *report)
{
    uint32_t count = report->table->count;

    return report->top != 0 && report->top < count ? report->top : count;
}

const char *
report_version(const struct report *report, char *buf, size_t size)
{
    uint32_t hex = report->table->request.catalog->python_hex;

    if (report->python_version != NULL) {
        return report->python_version;
    }
    snprintf(buf, size, "%u.%u.%u", hex >> 24, hex >> 16 & 255,
             hex >> 8 & 255);
    return buf;
}

const char *
report_moment(const struct report *report)
{
    static const char *const words[] = {
        [MOMENT_NOW] = "now", [MOMENT_PEAK] = "peak", [MOMENT_EVER] = "ever"};

    return words[report->table->request.moment];
}
