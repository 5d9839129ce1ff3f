/* SPDX-License-Identifier: MIT
 *
 * Which slots are in use, and taking back those that are not any more.
 */
#include "region.h"

#include <fcntl.h>
#include <sys/mman.h>

unsigned
region_slots(const struct region *region)
{
    return region->sizes.slot_count;
}

int32_t
region_slot_owner(const struct region *region, unsigned slot)
{
    return slot >= region->sizes.slot_count ? 0
        : __atomic_load_n(&region->header->slot_owner[slot],
                          __ATOMIC_ACQUIRE);
}

uint32_t
region_claims(const struct region *region)
{
    return __atomic_load_n(&region->header->claims, __ATOMIC_RELAXED);
}

uint32_t
region_refused(const struct region *region)
{
    return __atomic_load_n(&region->header->slots_refused, __ATOMIC_RELAXED);
}

uint64_t
region_slot_bytes(struct region *region, unsigned slot)
{
    const struct slot_head *head = region_slot(region, slot);

    if (head == NULL) {
        return 0;
    }
    return (uint64_t)head->contexts * sizeof(struct region_context)
        + (uint64_t)head->cells
          * (sizeof(struct region_cell) + sizeof(struct region_saved))
        + (uint64_t)head->codes * sizeof(struct region_code)
        + head->bytes_used;
}

void
region_slot_free(struct region *region, unsigned slot)
{
    const struct region_header *sizes = &region->sizes;
    struct region_window *window = &region->windows[slot];

    if (slot == 0 || slot >= sizes->slot_count) {
        return;
    }
    if (window->base != NULL) {
        munmap(window->base, sizes->slot_stride);
        window->base = NULL;
    }
    window->shadow_bytes = 0;
    window->asked = false;
    if (fallocate(region->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                  (off_t)(sizes->slots_offset + slot * sizes->slot_stride),
                  (off_t)sizes->slot_stride) < 0) {
        return;             /* not wiped: nobody may have it again */
    }
    __atomic_store_n(&region->header->slot_owner[slot], 0, __ATOMIC_RELEASE);
}
