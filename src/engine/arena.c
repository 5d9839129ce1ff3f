/* SPDX-License-Identifier: MIT */
#include "arena.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>

static size_t mapped;

size_t
arena_mapped(void)
{
    return __atomic_load_n(&mapped, __ATOMIC_RELAXED);
}

void *
arena_map_quiet(size_t size)
{
    int error = errno;          /* is the script's */
    void *address = mmap(NULL, size, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (address == MAP_FAILED) {
        errno = error;
        return NULL;
    }
    madvise(address, size, MADV_DONTDUMP);
    errno = error;
    return address;
}

void *
arena_map(size_t size)
{
    void *address = arena_map_quiet(size);
    if (address != NULL) {
        __atomic_fetch_add(&mapped, size, __ATOMIC_RELAXED);
    }
    return address;
}

void *
arena_grow(void *address, size_t size, size_t larger)
{
    int error = errno;
    void *moved = mremap(address, size, larger, MREMAP_MAYMOVE);
    errno = error;
    if (moved == MAP_FAILED) {
        return NULL;
    }
    __atomic_fetch_add(&mapped, larger - size, __ATOMIC_RELAXED);
    return moved;
}

void
arena_in_huge_pages(void *address, size_t size)
{
    const uintptr_t huge = (uintptr_t)2 << 20;
    uintptr_t start = ((uintptr_t)address + huge - 1) & -huge;
    uintptr_t end = ((uintptr_t)address + size) & -huge;
    if (start < end) {
        int error = errno;
        madvise((void *)start, end - start, MADV_HUGEPAGE);
        errno = error;
    }
}

void
arena_unmap(void *address, size_t size)
{
    if (address != NULL) {
        munmap(address, size);
        __atomic_fetch_sub(&mapped, size, __ATOMIC_RELAXED);
    }
}
