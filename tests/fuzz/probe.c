/* SPDX-License-Identifier: MIT
 *
 * What an interpreter answers, and the file in which its answer is kept: the
 * first byte says how much of a real entry stands before the input.
 */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"
#include "launcher/probe_answer.h"
#include "launcher/probe_cache.h"

#define ASKED "/proc/self/exe"

static char folder[] = "/tmp/pymtop-fuzz-XXXXXX";
static char entry_path[512];
static uint8_t entry[65536];
static size_t entry_size;

static void
clean(void)
{
    char inner[512];

    unlink(entry_path);
    snprintf(inner, sizeof(inner), "%s/pymtop", folder);
    rmdir(inner);
    rmdir(folder);
}

/* A real entry: the only file in the cache. */
static void
make_entry(void)
{
    static const char answer[] = "pymtop-probe\0cpython\0003.12.1\0\0\00064\0"
        "/x/python\0/x/lib\0\0\0";
    char inner[512];

    fuzz_check(mkdtemp(folder) != NULL);
    atexit(clean);
    setenv("XDG_CACHE_HOME", folder, 1);
    probe_cache_put(ASKED, ASKED, "/nowhere", NULL, answer, sizeof(answer));
    snprintf(inner, sizeof(inner), "%s/pymtop", folder);
    DIR *dir = opendir(inner);
    fuzz_check(dir != NULL);
    for (struct dirent *one; (one = readdir(dir)) != NULL;) {
        if (one->d_name[0] != '.') {
            snprintf(entry_path, sizeof(entry_path), "%s/%s", inner,
                     one->d_name);
        }
    }
    closedir(dir);
    FILE *file = fopen(entry_path, "rb");
    fuzz_check(file != NULL);
    entry_size = fread(entry, 1, sizeof(entry), file);
    fclose(file);
    size_t len;
    char *found = probe_cache_get(ASKED, &len);
    fuzz_check(found != NULL && len == sizeof(answer)
               && memcmp(found, answer, len) == 0);
    free(found);
}

static void
parse(const uint8_t *data, size_t size)
{
    struct probe probe = {0};

    if (probe_answer_parse(&probe, (const char *)data, size)) {
        fuzz_check(probe.implementation != NULL && probe.executable != NULL
                   && probe.stdlib != NULL);
        probe_release(&probe);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (entry_size == 0) {
        make_entry();
    }
    parse(data, size);
    if (size < 2) {
        return 0;
    }
    size_t kept = entry_size * data[0] / 255;
    int fd = open(entry_path, O_WRONLY | O_TRUNC);
    fuzz_check(fd >= 0);
    fuzz_check(write(fd, entry, kept) == (ssize_t)kept);
    fuzz_check(write(fd, data + 1, size - 1) == (ssize_t)size - 1);
    close(fd);
    char *answer = probe_cache_get(ASKED, &size);
    if (answer != NULL) {
        parse((const uint8_t *)answer, size);
    }
    free(answer);
    return 0;
}
