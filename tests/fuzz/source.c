/* SPDX-License-Identifier: MIT
 *
 * A source file of any content.
 */
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "ui/source_text.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int fd = -1;
    static char path[64];
    struct source_text source = {0};
    const struct origin_paths paths = {.cwd = "/"};

    if (fd < 0) {
        fd = memfd_create("source", MFD_CLOEXEC);
        snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    }
    fuzz_check(ftruncate(fd, 0) == 0);
    fuzz_check(pwrite(fd, data, size, 0) == (ssize_t)size);
    source_text_load(&source, path, &paths);
    fuzz_check(source.error == 0);
    fuzz_check(source_text_line(&source, 0) == NULL);
    fuzz_check(source_text_line(&source, source.count + 1) == NULL);
    for (int i = 1; i <= source.count; i++) {
        const char *line = source_text_line(&source, i);
        fuzz_check(line != NULL && strlen(line) <= SOURCE_CELLS_MAX * 5
                   && strpbrk(line, "\n\r\t") == NULL);
    }
    source_text_release(&source);
    return 0;
}
