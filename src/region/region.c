/* SPDX-License-Identifier: MIT */
#include "region.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SLOTS_DEFAULT REGION_SLOTS_MAX
#define SLOTS_LIMITED 5u
#define CONTEXTS_DEFAULT (4u << 20)
#define SHARES_DEFAULT 1024u
#define SHARES_SMALL (REGION_PAGE / sizeof(struct region_share))
#define CELLS_DEFAULT (2u << 20)
#define CODES_DEFAULT (256u << 10)
#define BYTES_DEFAULT (256u << 20)
#define STRIDE_MIN (1ull << 20)
#define AS_MIN (160ull << 20)       /* Python itself and the shadow's tables */
#define COUNT_NS 1000000000u

static uint64_t
page_round(uint64_t size)
{
    return (size + REGION_PAGE - 1) & ~(uint64_t)(REGION_PAGE - 1);
}

/* Lay out one slot with the default capacities scaled by part/whole. */
static void
lay_out_slot(struct region_header *header, uint64_t part, uint64_t whole)
{
    header->contexts_max = (uint32_t)(CONTEXTS_DEFAULT * part / whole);
    header->cells_max = (uint32_t)(CELLS_DEFAULT * part / whole);
    header->codes_max = (uint32_t)(CODES_DEFAULT * part / whole);
    header->bytes_max = (uint32_t)(BYTES_DEFAULT * part / whole);

    uint64_t offset = page_round(sizeof(struct slot_head));
    header->contexts_offset = offset;
    offset += page_round((uint64_t)header->contexts_max
                         * sizeof(struct region_context));
    header->cells_offset = offset;
    offset += page_round((uint64_t)header->cells_max
                         * sizeof(struct region_cell));
    header->saved_offset = offset;
    offset += page_round((uint64_t)header->cells_max
                         * sizeof(struct region_saved));
    header->codes_offset = offset;
    offset += page_round((uint64_t)header->codes_max
                         * sizeof(struct region_code));
    header->bytes_offset = offset;
    offset += page_round(header->bytes_max);
    header->marks_offset = offset;
    offset += page_round(((uint64_t)header->cells_max / 64 + 1) * 8);
    header->shares_max = part < whole ? SHARES_SMALL : SHARES_DEFAULT;
    header->shares_offset = offset;
    offset += page_round(header->shares_max * sizeof(struct region_share));
    header->slot_stride = offset;
}

/* Choose sizes that fit the limits on address space and file size.  The
 * monitor maps whole slots, so a slot may take an eighth of the former, and
 * there are few. */
static void
choose_sizes(struct region_header *header, bool *small)
{
    lay_out_slot(header, 1, 1);
    uint64_t whole = header->slot_stride;
    uint64_t stride = whole;
    uint64_t slots = SLOTS_DEFAULT;
    struct rlimit limit;

    if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY
            && limit.rlim_cur / 8 < stride) {
        stride = limit.rlim_cur / 8;
        slots = SLOTS_LIMITED;
    }
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0
            && limit.rlim_cur != RLIM_INFINITY
            && limit.rlim_cur < whole * slots + REGION_PAGE) {
        uint64_t most = slots;
        uint64_t room = limit.rlim_cur > REGION_PAGE
                        ? limit.rlim_cur - REGION_PAGE : 0;
        if (room / 2 < stride) {
            stride = room / 2;
        }
        slots = stride ? room / stride : 0;
        slots = slots > most ? most : slots;
    }
    if (stride < whole) {
        *small = true;
        /* A few pages less, because rounding adds up to one an array. */
        uint64_t part = stride > 16 * REGION_PAGE
                        ? stride - 16 * REGION_PAGE : 0;
        lay_out_slot(header, part >> 12, whole >> 12);
    }
    header->slot_count = (uint32_t)slots;
    header->slots_offset = REGION_PAGE;
    header->size = REGION_PAGE + slots * header->slot_stride;
}

/* Too little address space would show as a MemoryError in the script. */
static bool
address_space_is_enough(void)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_AS, &limit) != 0
           || limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= AS_MIN;
}

static int
fail(char *why, size_t why_size, const struct region_header *sizes)
{
    snprintf(why, why_size, "cannot make the shared region of %llu MiB: %s",
             (unsigned long long)(sizes->size >> 20), strerror(errno));
    return -1;
}

uint64_t
region_now_ns(void)
{
    static uint64_t last, lost;
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    uint64_t now = (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec
                   + lost;
    if (now < last) {
        lost += last - now;
        now = last;
    }
    last = now;
    return now;
}

int
region_create(struct region *region, char *why, size_t why_size)
{
    struct region_header sizes = {
        .magic = REGION_MAGIC,
        .version = REGION_VERSION,
        .context_size = sizeof(struct region_context),
        .cell_size = sizeof(struct region_cell),
        .code_size = sizeof(struct region_code),
        .head_size = sizeof(struct slot_head),
        .monitor_pid = getpid(),
    };
    *region = (struct region){ .fd = -1 };
    choose_sizes(&sizes, &region->small);
    if (!address_space_is_enough()) {
        snprintf(why, why_size, "cannot make the shared region: address space "
                 "is limited (ulimit -v) to less than 160 MiB; raise the "
                 "limit");
        return -1;
    }
    if (sizes.slot_count < 1 || sizes.slot_stride < STRIDE_MIN) {
        snprintf(why, why_size, "cannot make the shared region: file size is "
                 "limited (ulimit -f) to less than 2 MiB; raise the limit");
        return -1;
    }
    region->fd = memfd_create("pymtop", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (region->fd < 0) {
        return fail(why, why_size, &sizes);
    }
    /* Nobody else's, whatever path leads to it. */
    if (fchmod(region->fd, 0600) < 0
            || ftruncate(region->fd, (off_t)sizes.size) < 0
            || fcntl(region->fd, F_ADD_SEALS,
                     F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0) {
        int result = fail(why, why_size, &sizes);
        close(region->fd);
        return result;
    }
    void *header = mmap(NULL, REGION_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED,
                        region->fd, 0);
    region->windows = calloc(sizes.slot_count, sizeof *region->windows);
    if (header == MAP_FAILED || region->windows == NULL) {
        int result = fail(why, why_size, &sizes);
        region_release(region);
        return result;
    }
    region->header = header;
    sizes.monitor_fd = region->fd;
    if (getrandom(&sizes.id, sizeof(sizes.id), 0) < 0) {
        sizes.id = region_now_ns();
    }
    sizes.start_ns = sizes.clock_ns = region_now_ns();
    region->windows[0].asked = true;
    memcpy(region->header, &sizes, sizeof sizes);
    region->sizes = sizes;
    return 0;
}

void
region_release(struct region *region)
{
    if (region->header != NULL) {
        for (unsigned i = 0; i < region->sizes.slot_count; i++) {
            if (region->windows[i].base != NULL) {
                munmap(region->windows[i].base, region->sizes.slot_stride);
            }
        }
        munmap(region->header, REGION_PAGE);
    }
    free(region->windows);
    if (region->fd >= 0) {
        close(region->fd);
    }
    *region = (struct region){ .fd = -1 };
}

/* Make the next hook look at the request fields. */
static void
ring(struct slot_head *head)
{
    __atomic_fetch_add(&head->requests, 1, __ATOMIC_RELEASE);
}

/* So that it is known of a script that ends without a word, too. */
static void
ask_for_machine_code(struct region *region)
{
    for (unsigned slot = 0; slot < region->sizes.slot_count; slot++) {
        struct slot_head *head = region_slot(region, slot);
        if (head != NULL && head->has_jit) {
            ring(head);
        }
    }
}

void
region_tick(struct region *region)
{
    uint64_t now = region_now_ns();
    __atomic_store_n(&region->header->clock_ns, now, __ATOMIC_RELAXED);
    if (now >= region->count_ns) {
        region_count_shadows(region);
        ask_for_machine_code(region);
        /* Often at first, since what is short has ended soon. */
        uint64_t age = now - region->sizes.start_ns;
        uint64_t pause = age < COUNT_NS / 10 ? COUNT_NS / 10 : age;
        region->count_ns = now + (pause < COUNT_NS ? pause : COUNT_NS);
    }
}

struct slot_head *
region_slot(struct region *region, unsigned slot)
{
    if (region_slot_owner(region, slot) == 0) {
        return NULL;
    }
    struct region_window *window = &region->windows[slot];
    if (window->base == NULL) {
        const struct region_header *header = &region->sizes;
        void *base = mmap(NULL, header->slot_stride, PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_NORESERVE, region->fd,
                          (off_t)(header->slots_offset
                                  + slot * header->slot_stride));
        if (base == MAP_FAILED) {
            return NULL;
        }
        window->base = base;
    }
    return (struct slot_head *)window->base;
}

/* Copy an entry, whatever happens to it meanwhile. */
static void
load(void *to, const void *from, size_t size)
{
    uint32_t *words = to;
    const uint32_t *source = from;

    for (size_t i = 0; i < size / sizeof(*words); i++) {
        words[i] = __atomic_load_n(&source[i], __ATOMIC_RELAXED);
    }
}

void
region_contexts(struct region *region, unsigned slot, uint32_t first,
                struct region_context *contexts, uint32_t count)
{
    struct slot_head *head = region_slot(region, slot);
    uint32_t there = head == NULL ? 0
        : __atomic_load_n(&head->contexts, __ATOMIC_ACQUIRE);
    if (there > region->sizes.contexts_max) {
        there = region->sizes.contexts_max;
    }
    if (first >= there) {
        return;
    }
    const struct region_context *entries = (const struct region_context *)
        (region->windows[slot].base + region->sizes.contexts_offset);
    load(contexts, &entries[first], (there - first < count ? there - first
                                     : count) * sizeof *contexts);
}

bool
region_code(struct region *region, unsigned slot, uint32_t index,
            struct region_code *code)
{
    struct slot_head *head = region_slot(region, slot);
    if (head == NULL || index >= region->sizes.codes_max
            || index >= __atomic_load_n(&head->codes, __ATOMIC_ACQUIRE)) {
        return false;
    }
    const struct region_code *codes = (const struct region_code *)
        (region->windows[slot].base + region->sizes.codes_offset);
    load(code, &codes[index], sizeof *code);
    return true;
}

uint32_t
region_last_context(struct region *region, unsigned slot)
{
    const struct slot_head *head = region_slot(region, slot);
    uint32_t number = head == NULL ? 0
        : __atomic_load_n(&head->last_cell, __ATOMIC_RELAXED);
    if (number == 0 || number >= region->sizes.cells_max) {
        return CONTEXT_NONE;
    }
    const struct region_cell *cells = (const struct region_cell *)
        (region->windows[slot].base + region->sizes.cells_offset);
    return __atomic_load_n(&cells[number].context, __ATOMIC_RELAXED);
}

const char *
region_bytes(struct region *region, unsigned slot, uint32_t offset,
             uint32_t len)
{
    struct slot_head *head = region_slot(region, slot);
    if (head == NULL) {
        return NULL;
    }
    uint32_t used = __atomic_load_n(&head->bytes_used, __ATOMIC_ACQUIRE);
    if (used > region->sizes.bytes_max) {
        used = region->sizes.bytes_max;
    }
    if (offset > used || len > used - offset) {
        return NULL;
    }
    return region->windows[slot].base + region->sizes.bytes_offset + offset;
}

void
region_reset_peak(struct region *region, unsigned slot)
{
    struct slot_head *head = region_slot(region, slot);
    if (head != NULL) {
        __atomic_fetch_add(&head->reset_peak_request, 1, __ATOMIC_RELAXED);
        ring(head);
    }
}

void
region_pause(struct region *region, unsigned slot, bool paused)
{
    struct slot_head *head = region_slot(region, slot);
    if (head != NULL) {
        __atomic_store_n(&head->pause, paused, __ATOMIC_RELAXED);
        ring(head);
    }
}
