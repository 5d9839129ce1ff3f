/* SPDX-License-Identifier: MIT */
#include "window.h"

#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>

#include "arena.h"

static uint64_t
smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

int
window_init(struct window *window, int fd, uint64_t offset, uint64_t max,
            uint64_t step)
{
    uint64_t size = smaller(step, max);
    void *base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
                      (off_t)offset);
    if (base == MAP_FAILED) {
        return -1;
    }
    madvise(base, size, MADV_DONTDUMP);
    *window = (struct window){
        .base = base, .mapped = size, .max = max, .step = step,
    };
    return window_grow(window, 1);
}

void
window_release(struct window *window)
{
    if (window->base != NULL) {
        munmap(window->base, window->mapped);
    }
    *window = (struct window){ 0 };
}

/* Double the mapping until it covers size. */
static int
map_more(struct window *window, uint64_t size)
{
    uint64_t mapped = window->mapped;
    while (mapped < size) {
        mapped = smaller(mapped * 2, window->max);
    }
    void *base = mremap(window->base, window->mapped, mapped, MREMAP_MAYMOVE);
    if (base == MAP_FAILED) {
        return -1;
    }
    window->base = base;
    window->mapped = mapped;
    return 0;
}

static int
grow(struct window *window, uint64_t size)
{
    if (size > window->max) {
        return -1;
    }
    uint64_t present = (size + window->step - 1) / window->step * window->step;
    present = smaller(present, window->max);
    if (present > window->mapped && map_more(window, present) < 0) {
        return -1;
    }
    /* EINVAL: a kernel before 5.14, where pages come when touched. */
    if (madvise(window->base + window->present, present - window->present,
                MADV_POPULATE_WRITE) < 0 && errno != EINVAL) {
        return -1;
    }
    window->present = present;
    return 0;
}

int
window_grow(struct window *window, uint64_t size)
{
    int error = errno;          /* is the script's */
    int result = grow(window, size);
    errno = error;
    return result;
}
