/* SPDX-License-Identifier: MIT */
#include "region.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* /proc/PID/pagemap: 8 bytes a page; bits 63 and 62: in memory, in swap
 * (Documentation/admin-guide/mm/pagemap.rst). */
#define PAGE_TAKEN (3ull << 62)
#define ENTRIES 4096

/* Bytes present of [address, address + size), or -1: not to be read. */
static int64_t
present_bytes(int pagemap, uint64_t address, uint64_t size, uint64_t page)
{
    uint64_t entries[ENTRIES];
    int64_t taken = 0;
    for (uint64_t at = 0; at < size / page; at += ENTRIES) {
        ssize_t got = pread(pagemap, entries, sizeof entries,
                            (off_t)((address / page + at) * 8));
        if (got < 0) {
            return -1;
        }
        for (size_t i = 0; i < (size_t)got / 8 && at + i < size / page; i++) {
            taken += (entries[i] & PAGE_TAKEN) != 0;
        }
    }
    return taken * (int64_t)page;
}

static void
count_shadow(struct region_window *window, const struct slot_head *head)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/pagemap", head->pid);
    int pagemap = open(path, O_RDONLY | O_CLOEXEC);
    if (pagemap < 0) {
        return;
    }
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    uint32_t count = __atomic_load_n(&head->shadow_chunks, __ATOMIC_ACQUIRE);
    int64_t sum = 0;
    for (uint32_t i = 0; i < count && i < REGION_SHADOW_CHUNKS; i++) {
        int64_t bytes = present_bytes(pagemap, head->shadow_chunk[i],
                                      REGION_SHADOW_CHUNK, page);
        if (bytes < 0) {
            close(pagemap);
            return;
        }
        sum += bytes;
    }
    close(pagemap);
    if (sum > 0) {              /* 0: the process is gone */
        window->shadow_bytes = (uint64_t)sum;
    }
}

void
region_count_shadows(struct region *region)
{
    for (unsigned slot = 0; slot < region_slots(region); slot++) {
        struct region_window *window = &region->windows[slot];
        const struct slot_head *head = window->asked
            ? region_slot(region, slot) : NULL;
        if (head != NULL && head->shadow_chunks != 0) {
            count_shadow(window, head);
        }
    }
}

uint64_t
region_tracer_bytes(struct region *region, unsigned slot)
{
    const struct slot_head *head = region_slot(region, slot);
    struct stat file;
    if (head == NULL) {
        return 0;
    }
    region->windows[slot].asked = true;
    uint64_t shared = fstat(region->fd, &file) < 0
                      ? 0 : (uint64_t)file.st_blocks * 512;
    return head->tracer_bytes + region->windows[slot].shadow_bytes + shared;
}
