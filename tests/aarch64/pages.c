/* SPDX-License-Identifier: MIT
 *
 * A library to preload: this process's kernel has pages of 64 KiB, as far as
 * calls out of our own code can tell.  Addresses are multiples of that, and what
 * is not is refused.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))
#define PAGE ((uintptr_t)65536)

static uintptr_t
rounded(uintptr_t size)
{
    return (size + PAGE - 1) & -PAGE;
}

static long
refuse(void)
{
    errno = EINVAL;
    return -1;
}

/* Room for size bytes at a multiple of PAGE; the rest is given back. */
static char *
reserve(size_t size)
{
    char *room = (char *)syscall(SYS_mmap, NULL, size + PAGE, PROT_NONE,
                                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                                 -1, 0);
    if (room == MAP_FAILED) {
        return NULL;
    }
    char *at = (char *)rounded((uintptr_t)room);
    if (at != room) {
        syscall(SYS_munmap, room, at - room);
    }
    syscall(SYS_munmap, at + size, room + PAGE - at);
    return at;
}

EXPORT int
getpagesize(void)
{
    return (int)PAGE;
}

EXPORT long
sysconf(int name)
{
    static long (*next)(int name);
    if (next == NULL) {
        void *found = dlsym(RTLD_NEXT, "sysconf");
        memcpy(&next, &found, sizeof next);
    }
    return name == _SC_PAGESIZE ? (long)PAGE : next(name);
}

EXPORT void *
mmap(void *address, size_t size, int protection, int flags, int fd,
     off_t offset)
{
    if (((uintptr_t)offset | (uintptr_t)address) % PAGE != 0) {
        return (void *)refuse();
    }
    size = rounded(size);
    if (!(flags & MAP_FIXED)) {
        address = reserve(size);
        if (address == NULL) {
            return MAP_FAILED;
        }
    }
    return (void *)syscall(SYS_mmap, address, size, protection,
                           flags | MAP_FIXED, fd, offset);
}

EXPORT void *
mremap(void *address, size_t size, size_t new_size, int flags, ...)
{
    if ((uintptr_t)address % PAGE != 0 || flags & MREMAP_FIXED) {
        return (void *)refuse();
    }
    char *at = reserve(rounded(new_size));
    return at == NULL ? MAP_FAILED
        : (void *)syscall(SYS_mremap, address, rounded(size),
                          rounded(new_size), flags | MREMAP_FIXED, at);
}

EXPORT int
munmap(void *address, size_t size)
{
    return (uintptr_t)address % PAGE != 0 ? (int)refuse()
        : (int)syscall(SYS_munmap, address, rounded(size));
}

EXPORT int
madvise(void *address, size_t size, int advice)
{
    return (uintptr_t)address % PAGE != 0 ? (int)refuse()
        : (int)syscall(SYS_madvise, address, rounded(size), advice);
}
