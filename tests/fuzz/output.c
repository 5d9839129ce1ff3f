/* SPDX-License-Identifier: MIT
 *
 * What a script prints, on terminals of every size, and keys for it.
 */
#include "fuzz.h"
#include "ui/output.h"

static FILE *nowhere;

static void
read_all(struct output *output)
{
    struct output_cell cells[OUTPUT_COLS_MAX];
    char text[256], bytes[64];
    int64_t line;
    int col;
    bool wrapped;

    for (line = output_first(output); line < output_end(output); line++) {
        int count = output_line(output, line, cells, OUTPUT_COLS_MAX,
                                &wrapped);
        fuzz_check(count >= 0 && count <= OUTPUT_COLS_MAX);
        output_line_text(output, line, text, sizeof(text));
        fuzz_check(memchr(text, '\0', sizeof(text)) != NULL);
        for (const char *c = text; *c != '\0'; c++) {
            fuzz_check((unsigned char)*c >= 0x20 && *c != 0x7f);
        }
    }
    output_cursor(output, &line, &col);
    output_alternate(output);
    output_empty(output);
    while (output_take(output, bytes, sizeof(bytes)) > 0) {
    }
}

/* The first byte of each order says what its rest is. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    int rows = fuzz_byte(&input) % 60 + 1, cols = fuzz_byte(&input) % 200 + 1;
    struct output *output = output_new(rows, cols);

    if (nowhere == NULL) {
        nowhere = fopen("/dev/null", "w");
    }
    while (input.left > 0) {
        unsigned order = fuzz_byte(&input);
        if (order == 0xfe) {
            rows = fuzz_byte(&input) % 60 + 1;
            cols = fuzz_byte(&input) % 200 + 1;
            output_resize(output, rows, cols);
        }
        else if (order == 0xff) {
            read_all(output);
        }
        else {
            size_t len = order % 64 + 1u;
            len = len < input.left ? len : input.left;
            output_feed(output, (const char *)input.at, len);
            input.at += len;
            input.left -= len;
        }
    }
    read_all(output);
    output_print_tail(output, nowhere, 40);
    output_print_tail_plain(output, nowhere, 3);
    output_free(output);
    return 0;
}
