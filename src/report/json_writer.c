/* SPDX-License-Identifier: MIT */
#include "report/json_writer.h"

#include <inttypes.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/utf8.h"

#define NOT_FLAT (-1)

void
json_init(struct json_writer *json, FILE *file, bool one_line)
{
    *json = (struct json_writer){
        .file = file, .one_line = one_line, .first = true, .flat = NOT_FLAT};
}

static bool
is_flat(const struct json_writer *json)
{
    return json->one_line || (json->flat != NOT_FLAT
                              && json->depth > json->flat);
}

static void
new_line(const struct json_writer *json)
{
    fputc('\n', json->file);
    for (int i = 0; i < json->depth; i++) {
        fputs("  ", json->file);
    }
}

/* What stands before a key or a value: comma, line break. */
static void
separate(struct json_writer *json)
{
    if (json->after_key) {
        json->after_key = false;
        return;
    }
    if (!json->first) {
        fputs(is_flat(json) ? ", " : ",", json->file);
    }
    if (json->depth > 0 && !is_flat(json)) {
        new_line(json);
    }
    json->first = false;
}

static void
open_with(struct json_writer *json, char bracket)
{
    separate(json);
    fputc(bracket, json->file);
    json->depth++;
    json->first = true;
}

static void
close_with(struct json_writer *json, char bracket)
{
    bool flat = is_flat(json);

    json->depth--;
    if (!json->first && !flat) {
        new_line(json);
    }
    fputc(bracket, json->file);
    json->first = false;
    if (json->depth <= json->flat) {
        json->flat = NOT_FLAT;
    }
}

void
json_object(struct json_writer *json)
{
    open_with(json, '{');
}

void
json_object_end(struct json_writer *json)
{
    close_with(json, '}');
}

void
json_array(struct json_writer *json)
{
    open_with(json, '[');
}

void
json_array_end(struct json_writer *json)
{
    close_with(json, ']');
}

void
json_flat(struct json_writer *json)
{
    if (json->flat == NOT_FLAT) {
        json->flat = json->depth;
    }
}

/* How many bytes from the beginning need no care: plain ASCII. */
static size_t
plain_length(const char *text)
{
    size_t len = 0;

    while (text[len] >= 0x20 && text[len] < 0x7f && text[len] != '"'
           && text[len] != '\\') {
        len++;
    }
    return len;
}

/* \uXXXX, two of them beyond the first plane. */
static void
write_escape(FILE *file, uint32_t point)
{
    if (point > 0xffff) {
        point -= 0x10000;
        fprintf(file, "\\u%04x", 0xd800 | point >> 10);
        point = 0xdc00 | (point & 0x3ff);
    }
    fprintf(file, "\\u%04x", point);
}

/* What must not go to a terminal is escaped, though JSON would allow it. */
static void
write_character(FILE *file, const char *text, size_t len, uint32_t point)
{
    if (point == '"' || point == '\\') {
        fprintf(file, "\\%c", (char)point);
    }
    else if (point == UTF8_INVALID) {
        fputs("\xef\xbf\xbd", file);
    }
    else if (utf8_is_unsafe(point)) {
        write_escape(file, point);
    }
    else {
        fwrite(text, 1, len, file);
    }
}

static void
write_string(struct json_writer *json, const char *text)
{
    size_t plain = plain_length(text), left = strlen(text + plain);
    uint32_t point;

    fputc('"', json->file);
    fwrite(text, 1, plain, json->file);
    text += plain;
    while (left > 0) {
        size_t len = utf8_decode(text, left, &point);
        write_character(json->file, text, len, point);
        text += len;
        left -= len;
    }
    fputc('"', json->file);
}

void
json_key(struct json_writer *json, const char *key)
{
    separate(json);
    write_string(json, key);
    fputs(": ", json->file);
    json->after_key = true;
}

void
json_text(struct json_writer *json, const char *text)
{
    if (text == NULL) {
        json_null(json);
        return;
    }
    separate(json);
    write_string(json, text);
}

void
json_int(struct json_writer *json, int64_t value)
{
    separate(json);
    fprintf(json->file, "%" PRId64, value);
}

void
json_uint(struct json_writer *json, uint64_t value)
{
    separate(json);
    fprintf(json->file, "%" PRIu64, value);
}

void
json_seconds(struct json_writer *json, uint64_t nanoseconds)
{
    separate(json);
    fprintf(json->file, "%" PRIu64 ".%06" PRIu64, nanoseconds / 1000000000u,
            nanoseconds % 1000000000u / 1000u);
}

void
json_bool(struct json_writer *json, bool value)
{
    separate(json);
    fputs(value ? "true" : "false", json->file);
}

void
json_null(struct json_writer *json)
{
    separate(json);
    fputs("null", json->file);
}

void
json_finish(struct json_writer *json)
{
    fputc('\n', json->file);
}
