/* SPDX-License-Identifier: MIT */
#include "slot.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define STEP_CELLS (256u << 10)
#define STEP_OTHER (64u << 10)
#define STEP_MARKS REGION_PAGE
#define STEP_SHARES REGION_PAGE
#define MARKS_WORDS(cells) ((uint64_t)(cells) / 64 + 1)

struct slot slot;

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
    window_release(&old->shares);
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
                           STEP_MARKS) < 0
            || window_init(&fresh->shares, fd, start + header->shares_offset,
                           (uint64_t)header->shares_max
                           * sizeof(struct region_share), STEP_SHARES) < 0) {
        release_windows(fresh);
        return -1;
    }
    return 0;
}

/* Our pid as the monitor knows it: /proc may be of an outer pid namespace. */
static int32_t
own_pid(void)
{
    char text[32];
    ssize_t len = readlink("/proc/self", text, sizeof text - 1);
    text[len < 0 ? 0 : len] = '\0';
    int32_t pid = (int32_t)strtol(text, NULL, 10);
    return pid > 0 ? pid : getpid();
}

/* A small file of /proc/self; its length, 0 if it cannot be read. */
static size_t
read_own(const char *path, void *buffer, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return 0;
    }
    ssize_t len = read(fd, buffer, size);
    close(fd);
    return len < 0 ? 0 : (size_t)len;
}

/* When the process was started: field 22. */
static uint64_t
own_start_ticks(void)
{
    char text[1024];
    text[read_own("/proc/self/stat", text, sizeof text - 1)] = '\0';
    /* The name before it may hold anything, parentheses too. */
    const char *at = strrchr(text, ')');
    for (int field = 2; at != NULL && field < 22; field++) {
        at = strchr(at + 1, ' ');
    }
    return at == NULL ? 0 : strtoull(at, NULL, 10);
}

/* A free slot of the region is ours; its number, -1: there is none. */
static int64_t
take_number(struct region_header *header, int32_t pid)
{
    for (uint32_t i = 0; i < header->slot_count && i < REGION_SLOTS_MAX;
            i++) {
        int32_t free = 0;
        if (__atomic_load_n(&header->slot_owner[i], __ATOMIC_RELAXED) == 0
                && __atomic_compare_exchange_n(&header->slot_owner[i], &free,
                                               pid, false, __ATOMIC_ACQ_REL,
                                               __ATOMIC_RELAXED)) {
            return i;
        }
    }
    return -1;
}

/* What cannot be mapped stays claimed until the process ends: the monitor
 * alone wipes slots. */
static int
claim(struct slot *fresh, int fd)
{
    struct region_header *header = slot.header;
    int32_t pid = own_pid();
    int64_t number = take_number(header, pid);
    *fresh = (struct slot){ .header = header };
    if (number < 0 || map_slot(fresh, fd, (uint32_t)number) < 0) {
        __atomic_fetch_add(&header->slots_refused, 1, __ATOMIC_RELAXED);
        return -1;
    }
    struct slot_head *head = fresh->head;
    head->pid = pid;
    head->claim = __atomic_fetch_add(&header->claims, 1, __ATOMIC_RELAXED);
    head->start_ticks = own_start_ticks();
    read_own("/proc/self/auxv", head->auxv, sizeof head->auxv);
    head->instr_unit = 1;
    head->marking = 1;
    head->requests = 1;         /* never what a wiped ledger has seen */
    head->start_ns = __atomic_load_n(&header->clock_ns, __ATOMIC_RELAXED);
    return 0;
}

static void
join_words(char *text, size_t size, char **words)
{
    size_t len = 0;
    for (; *words != NULL && len < size - 1; words++) {
        len += (size_t)snprintf(text + len, size - len, "%s%s",
                                len == 0 ? "" : " ", *words);
    }
}

int
slot_claim(int fd, int32_t parent_pid, char **argv)
{
    struct slot fresh;
    if (claim(&fresh, fd) < 0) {
        return -1;
    }
    slot = fresh;
    slot.head->parent_pid = parent_pid;
    join_words(slot.head->command, sizeof slot.head->command, argv);
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

/* What is not made larger while threads book beside each other (share.h), and
 * the lists of each context's cells. */
static int
make_room_for_shares(struct slot *fresh, uint32_t cells)
{
    fresh->head->shares = slot.head->shares;
    if (slot.head->shares == 0) {
        return 0;
    }
    if (window_ensure(&fresh->shares, slot.shares.present) < 0
            || window_ensure(&fresh->marks, MARKS_WORDS(cells) * 8) < 0
            || window_ensure(&fresh->saved, (uint64_t)cells
                                            * sizeof(struct region_saved))
               < 0) {
        return -1;
    }
    struct region_saved *saved = (struct region_saved *)fresh->saved.base;
    for (uint32_t i = 0; i < cells; i++) {
        saved[i].next = slot_saved()[i].next;
    }
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

void
slot_close(void)
{
    if (slot.head != NULL) {
        release_windows(&slot);
    }
    munmap(slot.header, REGION_PAGE);
    slot = (struct slot){ 0 };
}

void
slot_refuse(struct slot_head *head, const char *why)
{
    strncpy(head->refusal, why, sizeof head->refusal - 1);
    __atomic_store_n(&head->state, SLOT_REFUSED, __ATOMIC_RELEASE);
}

int
slot_claim_forked(int fd, const struct region_cell *cells, uint32_t count,
                  const struct region_totals *totals)
{
    struct slot fresh;
    if (claim(&fresh, fd) < 0) {
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
    head->forked = 1;
    head->parent_pid = parent->pid;
    memcpy(head->command, parent->command, sizeof head->command);
    if (copy_parent(&fresh, cells, count, totals, codes, bytes) < 0
            || make_room_for_shares(&fresh, count) < 0) {
        slot_refuse(head, "no memory for a copy of its parent's counters");
        release_windows(&fresh);
        return -1;
    }
    head->python_hex = parent->python_hex;
    head->reattribution = parent->reattribution;
    head->has_jit = parent->has_jit;
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
