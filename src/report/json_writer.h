/* SPDX-License-Identifier: MIT
 *
 * JSON written as it goes: the writer puts commas, quotes and indents, and
 * makes strings valid UTF-8 (an invalid byte becomes U+FFFD).
 */
#ifndef PYMTOP_JSON_WRITER_H
#define PYMTOP_JSON_WRITER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json_writer {
    FILE *file;
    bool one_line;              /* no line breaks, no indents */
    int depth;
    bool first;                 /* nothing written yet at this depth */
    bool after_key;
    int flat;                   /* depth from which values stay on a line */
};

void json_init(struct json_writer *json, FILE *file, bool one_line);

/* Objects and arrays nest; every value inside an object follows its key. */
void json_object(struct json_writer *json);
void json_object_end(struct json_writer *json);
void json_array(struct json_writer *json);
void json_array_end(struct json_writer *json);
/* Values inside the object or array opened next stay on one line. */
void json_flat(struct json_writer *json);

void json_key(struct json_writer *json, const char *key);
void json_text(struct json_writer *json, const char *text); /* NULL: null */
void json_int(struct json_writer *json, int64_t value);
void json_uint(struct json_writer *json, uint64_t value);
void json_seconds(struct json_writer *json, uint64_t nanoseconds);
void json_bool(struct json_writer *json, bool value);
void json_null(struct json_writer *json);

/* End the document with a newline. */
void json_finish(struct json_writer *json);

#endif
