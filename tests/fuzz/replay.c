/* SPDX-License-Identifier: MIT
 *
 * Without a fuzzer: run a target on files, and on all files of folders.
 */
#include <dirent.h>
#include <errno.h>

#include "fuzz.h"

static unsigned files;

static bool
replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = NULL;
    size_t size = 0, got = 0;

    if (file == NULL) {
        return false;
    }
    do {
        size += got;
        bytes = realloc(bytes, size + 65536);
        got = bytes == NULL ? 0 : fread(bytes + size, 1, 65536, file);
    } while (got > 0);
    bool whole = bytes != NULL && ferror(file) == 0;
    fclose(file);
    if (whole) {
        /* A block of its own size, so that a read beyond it is seen. */
        uint8_t *exact = malloc(size > 0 ? size : 1);
        memcpy(exact, bytes, size);
        LLVMFuzzerTestOneInput(exact, size);
        free(exact);
        files++;
    }
    free(bytes);
    return whole;
}

static bool
replay_folder(DIR *folder, const char *path)
{
    struct dirent *entry;
    bool whole = true;

    while ((entry = readdir(folder)) != NULL) {
        char name[4096];
        if (entry->d_name[0] == '.') {
            continue;
        }
        snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
        whole = replay_file(name) && whole;
    }
    closedir(folder);
    return whole;
}

int
main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        bool whole = folder != NULL ? replay_folder(folder, argv[i])
                                    : replay_file(argv[i]);
        if (!whole) {
            fprintf(stderr, "replay: %s: %s\n", argv[i], strerror(errno));
            return 2;
        }
    }
    printf("%u files\n", files);
    return 0;
}
