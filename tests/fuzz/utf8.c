/* SPDX-License-Identifier: MIT
 *
 * What is made safe for a terminal is valid UTF-8 without control characters;
 * what is cut to a width has no more.
 */
#include <locale.h>

#include "base/utf8.h"
#include "fuzz.h"

static void
check_safe(const char *text)
{
    size_t len = strlen(text);
    uint32_t point;

    for (size_t i = 0; i < len;) {
        i += utf8_decode(text + i, len - i, &point);
        fuzz_check(point != UTF8_INVALID && point >= 0x20 && point != 0x7f
                   && (point < 0x80 || point > 0x9f)
                   && (point < 0x202a || point > 0x202e));
    }
}

static void
check_cut(const char *text, int cells, bool ascii)
{
    struct strbuf cut;

    strbuf_init(&cut);
    utf8_add_cut_left(&cut, text, cells, ascii);
    fuzz_check(utf8_width(cut.text) <= cells);
    strbuf_clear(&cut);
    utf8_add_cut_right(&cut, text, cells, ascii);
    fuzz_check(utf8_width(cut.text) <= cells);
    utf8_pad(&cut, 0, cells);
    fuzz_check(utf8_width(cut.text) == cells);
    strbuf_release(&cut);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    int cells = fuzz_byte(&input);
    struct strbuf safe, valid;

    setlocale(LC_ALL, "C.UTF-8");
    strbuf_init(&safe);
    utf8_add_safe(&safe, (const char *)input.at, input.left);
    fuzz_check(strlen(safe.text) == safe.len);
    check_safe(safe.text);
    check_cut(safe.text, cells / 2, cells % 2 != 0);
    strbuf_init(&valid);
    utf8_add_valid(&valid, (const char *)input.at, input.left);
    for (size_t i = 0; i < valid.len;) {
        uint32_t point;
        i += utf8_decode(valid.text + i, valid.len - i, &point);
        fuzz_check(point != UTF8_INVALID);
    }
    strbuf_release(&valid);
    strbuf_release(&safe);
    return 0;
}
