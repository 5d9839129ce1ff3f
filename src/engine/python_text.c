/* SPDX-License-Identifier: MIT */
#include "python_text.h"

#include <stddef.h>
#include <string.h>

#include "python_api.h"

/* PyASCIIObject.state (Include/cpython/unicodeobject.h, 3.9 to 3.15, and
 * the free-threaded 3.13): interned 2 bits, kind 3, compact 1, ascii 1. */
struct text_state {
    unsigned kind;              /* bytes a character: 1, 2, 4 */
    int compact, ascii;
};

static struct text_state
read_state(const char *object)
{
    uint32_t state;
    memcpy(&state, object + python.offsets->str_state, sizeof state);
    return (struct text_state){
        .kind = state >> 2 & 7,
        .compact = state >> 5 & 1,
        .ascii = state >> 6 & 1,
    };
}

static uint32_t
encode(uint32_t c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 63));
        return 2;
    }
    if (c >= 0xd800 && c < 0xe000) {
        /* A byte that is no UTF-8, of a file's name: as it was; else one half
         * of a character. */
        out[0] = c >= 0xdc80 && c < 0xdd00 ? (char)(c & 0xff) : '?';
        return 1;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 63));
        out[2] = (char)(0x80 | (c & 63));
        return 3;
    }
    out[0] = (char)(0xf0 | (c >> 18 & 7));
    out[1] = (char)(0x80 | (c >> 12 & 63));
    out[2] = (char)(0x80 | (c >> 6 & 63));
    out[3] = (char)(0x80 | (c & 63));
    return 4;
}

static uint32_t
character(const char *data, unsigned kind, size_t i)
{
    if (kind == 1) {
        return (unsigned char)data[i];
    }
    if (kind == 2) {
        return ((const uint16_t *)(const void *)data)[i];
    }
    return ((const uint32_t *)(const void *)data)[i];
}

uint32_t
python_text_utf8(const char *object, char *out, uint32_t size)
{
    const struct offsets *o = python.offsets;
    uint64_t flags;
    const char *type = object ? *(char *const *)(object + OFFSETS_TYPE(o))
                       : NULL;
    if (type == NULL) {
        return 0;
    }
    memcpy(&flags, type + o->type_flags, sizeof flags);
    if (!(flags & 1ull << 28)) {            /* Py_TPFLAGS_UNICODE_SUBCLASS */
        return 0;
    }
    struct text_state state = read_state(object);
    const char *data = object + o->str_ascii;
    if (!state.compact) {
        data = *(char *const *)(object + o->str_data);
    }
    else if (!state.ascii) {
        data = object + o->str_compact;
    }
    if (data == NULL || (state.kind != 1 && state.kind != 2
                         && state.kind != 4)) {
        return 0;
    }
    size_t length = *(const size_t *)(const void *)(object + o->str_length);
    uint32_t used = 0;
    for (size_t i = 0; i < length && used + 4 <= size; i++) {
        used += encode(character(data, state.kind, i), out + used);
    }
    return used;
}

uint32_t
python_text_bytes(const char *object, const char **data)
{
    const struct offsets *o = python.offsets;
    if (object == NULL
            || *(const void *const *)(object + OFFSETS_TYPE(o))
               != python.bytes_type) {
        return 0;
    }
    size_t size = *(const size_t *)(const void *)(object + o->bytes_size);
    *data = object + o->bytes_data;
    return size > UINT32_MAX / 2 ? 0 : (uint32_t)size;
}
