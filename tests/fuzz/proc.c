/* SPDX-License-Identifier: MIT
 *
 * Texts of /proc and of control groups.  The kernel's files are replaced: what
 * is opened holds the input, one part a file, from one byte 0xff to the next.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

static struct fuzz_input rest;

/* The next part, as an open file. */
static int
open_part(void)
{
    const uint8_t *end = rest.left > 0 ? memchr(rest.at, 0xff, rest.left)
                                       : NULL;
    size_t len = end != NULL ? (size_t)(end - rest.at) : rest.left;
    int fd = memfd_create("part", MFD_CLOEXEC);

    fuzz_check(fd >= 0 && write(fd, rest.at, len) == (ssize_t)len);
    lseek(fd, 0, SEEK_SET);
    rest.at += len;
    rest.left -= len;
    if (rest.left > 0) {
        rest.at++;
        rest.left--;
    }
    return fd;
}

static int
part_open(const char *path, int flags, ...)
{
    (void)path;
    (void)flags;
    return open_part();
}

static FILE *
part_fopen(const char *path, const char *mode)
{
    (void)path;
    (void)mode;
    return fdopen(open_part(), "r");
}

#define open part_open
#define fopen part_fopen
#include "launcher/cgroup.c"
#include "launcher/process.c"
#undef open
#undef fopen

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cgroup cgroup;
    int64_t limit, headroom;
    pid_t pid = getpid();

    rest = (struct fuzz_input){data, size};
    cgroup_find(&cgroup, pid);
    cgroup_oom_kills(&cgroup);
    cgroup_limit(&cgroup, &limit, &headroom);
    fuzz_check(limit < 0 || headroom >= 0);
    cgroup_release(&cgroup);
    process_executes(pid, (uint64_t [REGION_AUXV_WORDS]){1});
    process_state(pid);
    process_has_pending(pid, 15);
    process_reads_terminal(pid, 0);
    return 0;
}
