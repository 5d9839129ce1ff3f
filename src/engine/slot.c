/* SPDX-License-Identifier: MIT */
#include "slot.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define STEP_CELLS (256u << 10)
#define STEP_OTHER (64u << 10)
#define STEP_MARKS REGION_PAGE
#define MARKS_WORDS(cells) ((uint64_t)(cells) / 64 + 1)

struct slot slot;

static struct stat region;      /* the file that it lies in */

const char *
slot_open(int fd)
{
    void *base = mmap(NULL, REGION_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED,
                      fd, 0);
    if (base == MAP_FAILED) {
        return "the shared region cannot be mapped: is the address space "
               "limited (ulimit -v)?";
    }
    struct region_header *header = base;
    if (header->magic != REGION_MAGIC || header->version != REGION_VERSION
            || header->context_size != sizeof(struct region_context)
            || header->cell_size != sizeof(struct region_cell)
            || header->code_size != sizeof(struct region_code)
            || header->head_size != sizeof(struct slot_head)) {
        munmap(base, REGION_PAGE);
        return "the engine and pymtop are not of the same version";
    }
    madvise(base, REGION_PAGE, MADV_DONTDUMP);
    fstat(fd, &region);
    slot.header = header;
    return NULL;
}

static void
release_windows(struct slot *old)
{
    window_release(&old->contexts);
    window_release(&old->cells);
    window_release(&old->saved);
    window_release(&old->codes);
    window_release(&old->bytes);
    window_release(&old->marks);
    munmap(old->head, REGION_PAGE);
}

/* Map slot `number`; on failure nothing stays mapped. */
static int
map_slot(struct slot *fresh, int fd, uint32_t number)
{
    const struct region_header *header = fresh->header;
    uint64_t start = header->slots_offset + number * header->slot_stride;
    void *head = mmap(NULL, REGION_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED,
                      fd, (off_t)start);
    if (head == MAP_FAILED) {
        return -1;
    }
    madvise(head, REGION_PAGE, MADV_DONTDUMP);
    fresh->head = head;
    fresh->number = number;
    if (window_init(&fresh->contexts, fd, start + header->contexts_offset,
                    (uint64_t)header->contexts_max
                    * sizeof(struct region_context), STEP_OTHER) < 0
            || window_init(&fresh->cells, fd, start + header->cells_offset,
                           (uint64_t)header->cells_max
                           * sizeof(struct region_cell), STEP_CELLS) < 0
            || window_init(&fresh->saved, fd, start + header->saved_offset,
                           (uint64_t)header->cells_max
                           * sizeof(struct region_saved), STEP_OTHER) < 0
            || window_init(&fresh->codes, fd, start + header->codes_offset,
                           (uint64_t)header->codes_max
                           * sizeof(struct region_code), STEP_OTHER) < 0
            || window_init(&fresh->bytes, fd, start + header->bytes_offset,
                           header->bytes_max, STEP_OTHER) < 0
            || window_init(&fresh->marks, fd, start + header->marks_offset,
                           MARKS_WORDS(header->cells_max) * 8,
                           STEP_MARKS) < 0) {
        release_windows(fresh);
        return -1;
    }
    return 0;
}

static int
claim(struct slot *fresh, int fd)
{
    struct region_header *header = slot.header;
    uint32_t number = __atomic_fetch_add(&header->slots_claimed, 1,
                                         __ATOMIC_ACQ_REL);
    *fresh = (struct slot){ .header = header };
    if (number >= header->slot_count || map_slot(fresh, fd, number) < 0) {
        __atomic_fetch_add(&header->slots_refused, 1, __ATOMIC_RELAXED);
        return -1;
    }
    struct slot_head *head = fresh->head;
    head->pid = getpid();
    head->parent_pid = getppid();
    head->instr_unit = 1;
    head->marking = 1;
    head->start_ns = __atomic_load_n(&header->clock_ns, __ATOMIC_RELAXED);
    ssize_t len = readlink("/proc/self/exe", head->executable,
                           sizeof head->executable - 1);
    head->executable[len < 0 ? 0 : len] = '\0';
    return 0;
}

int
slot_claim(int fd)
{
    struct slot fresh;
    if (claim(&fresh, fd) < 0) {
        return -1;
    }
    slot = fresh;
    __atomic_store_n(&slot.head->state, SLOT_STARTING, __ATOMIC_RELEASE);
    return 0;
}

void
slot_mark(uint32_t cell)
{
    uint64_t word = cell / 64;
    if (window_ensure(&slot.marks, (word + 1) * 8) < 0) {
        __atomic_store_n(&slot.head->marking, 0, __ATOMIC_RELEASE);
        return;
    }
    __atomic_fetch_or((uint64_t *)slot.marks.base + word,
                      (uint64_t)1 << cell % 64, __ATOMIC_RELEASE);
}

static int
copy_window(struct window *to, const struct window *from, uint64_t size)
{
    if (window_ensure(to, size) < 0) {
        return -1;
    }
    memcpy(to->base, from->base, size);
    return 0;
}

/* Copies go on in the child with the parent's counts: what the parent adds
 * after the fork lies above them. */
static int
copy_parent(struct slot *fresh, const struct region_cell *cells,
            uint32_t count, const struct region_totals *totals,
            uint32_t codes, uint32_t bytes_used)
{
    if (copy_window(&fresh->contexts, &slot.contexts,
                    (uint64_t)totals->contexts
                    * sizeof(struct region_context)) < 0
            || copy_window(&fresh->codes, &slot.codes,
                           (uint64_t)codes * sizeof(struct region_code)) < 0
            || copy_window(&fresh->bytes, &slot.bytes, bytes_used) < 0
            || window_ensure(&fresh->cells,
                             (uint64_t)count * sizeof *cells) < 0) {
        return -1;
    }
    memcpy(fresh->cells.base, cells, (uint64_t)count * sizeof *cells);
    struct region_context *contexts =
        (struct region_context *)fresh->contexts.base;
    for (uint32_t i = 0; i < totals->contexts; i++) {
        if (contexts[i].cell >= count) {
            contexts[i].cell = 0;
        }
    }
    return 0;
}

static bool
is_region(const struct stat *file)
{
    return file->st_dev == region.st_dev && file->st_ino == region.st_ino;
}

/* The region once more; -1: gone.  The monitor may be, and its number may be
 * another process's by now, with any file at that descriptor. */
static int
open_again(void)
{
    char path[64];
    struct stat file;
    snprintf(path, sizeof path, "/proc/%d/fd/%d", slot.header->monitor_pid,
             slot.header->monitor_fd);
    if (stat(path, &file) < 0 || !is_region(&file)) {
        return -1;
    }
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd >= 0 && (fstat(fd, &file) < 0 || !is_region(&file))) {
        close(fd);
        return -1;
    }
    return fd;
}

int
slot_claim_forked(const struct region_cell *cells, uint32_t count,
                  const struct region_totals *totals)
{
    int fd = open_again();
    if (fd < 0) {
        __atomic_fetch_add(&slot.header->slots_refused, 1, __ATOMIC_RELAXED);
        return -1;
    }
    struct slot fresh;
    int result = claim(&fresh, fd);
    close(fd);
    if (result < 0) {
        return -1;
    }
    const struct slot_head *parent = slot.head;
    struct slot_head *head = fresh.head;
    /* The parent may add codes while we copy; what is below these counts is
     * whole, and nothing we know points above them. */
    uint32_t codes = __atomic_load_n(&parent->codes, __ATOMIC_ACQUIRE);
    uint32_t bytes = __atomic_load_n(&parent->bytes_used, __ATOMIC_ACQUIRE);
    if (codes * sizeof(struct region_code) > slot.codes.mapped) {
        codes = (uint32_t)(slot.codes.mapped / sizeof(struct region_code));
    }
    if (bytes > slot.bytes.mapped) {
        bytes = (uint32_t)slot.bytes.mapped;
    }
    if (copy_parent(&fresh, cells, count, totals, codes, bytes) < 0) {
        release_windows(&fresh);
        return -1;
    }
    head->forked = 1;
    head->python_hex = parent->python_hex;
    head->reattribution = parent->reattribution;
    head->trouble = parent->trouble;
    head->totals = *totals;
    head->bytes_used = bytes;
    head->codes = codes;
    head->several = parent->several;
    head->cells = count;
    __atomic_store_n(&head->contexts, totals->contexts, __ATOMIC_RELEASE);
    release_windows(&slot);
    slot = fresh;
    __atomic_store_n(&head->state, SLOT_RUNNING, __ATOMIC_RELEASE);
    return 0;
}
