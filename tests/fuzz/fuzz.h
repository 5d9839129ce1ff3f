/* SPDX-License-Identifier: MIT
 *
 * A fuzz target is one file with this one function.  It is linked with
 * libFuzzer, which calls it with ever new bytes, or with replay.c, which calls
 * it with the files of a corpus; both with AddressSanitizer and UBSan.  What
 * must hold is checked with fuzz_check(), which aborts.
 */
#ifndef PYMTOP_TESTS_FUZZ_H
#define PYMTOP_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define fuzz_check(condition) \
    ((condition) ? (void)0 : fuzz_failed(#condition, __FILE__, __LINE__))

static inline _Noreturn void
fuzz_failed(const char *condition, const char *file, int line)
{
    fprintf(stderr, "%s:%d: not so: %s\n", file, line, condition);
    abort();
}

/* The input, taken from its beginning; zeros when there is no more. */
struct fuzz_input {
    const uint8_t *at;
    size_t left;
};

static inline size_t
fuzz_take(struct fuzz_input *input, void *to, size_t size)
{
    size_t have = size < input->left ? size : input->left;

    memset(to, 0, size);
    if (have > 0) {
        memcpy(to, input->at, have);
    }
    input->at += have;
    input->left -= have;
    return have;
}

static inline uint8_t
fuzz_byte(struct fuzz_input *input)
{
    uint8_t byte;

    fuzz_take(input, &byte, sizeof(byte));
    return byte;
}

static inline uint16_t
fuzz_short(struct fuzz_input *input)
{
    uint16_t number;

    fuzz_take(input, &number, sizeof(number));
    return number;
}

static inline uint32_t
fuzz_word(struct fuzz_input *input)
{
    uint32_t number;

    fuzz_take(input, &number, sizeof(number));
    return number;
}

#endif
