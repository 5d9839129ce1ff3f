/* SPDX-License-Identifier: MIT */
#include "code_table.h"

#include <string.h>

#include "arena.h"
#include "hash.h"
#include "index.h"
#include "python_api.h"
#include "python_text.h"
#include "shadow.h"
#include "slot.h"

uint64_t code_table_retirements;
uint32_t code_table_generations[CODE_GENERATIONS];

/* Strings in the region's bytes[], each once. */
struct interned {
    uint32_t offset, len;
};

/* Addresses of live code objects; an entry whose address is 0 is free. */
struct known {
    uintptr_t address;
    uint32_t code;
};

static struct {
    struct index strings;           /* values: number in interned[] */
    struct interned *interned;
    uint32_t interned_count, interned_max;
    struct index codes;             /* values: number of the code */
    struct known *known;            /* open addressing, linear probing */
    uint32_t known_mask, known_used;
} table;

int
code_table_init(void)
{
    for (uint32_t i = 0; i < CODE_GENERATIONS; i++) {
        code_table_generations[i] = i;
    }
    code_table_retirements = CODE_GENERATIONS;
    table.interned_max = slot.header->codes_max * 2 + 1;
    table.interned = arena_map_quiet(table.interned_max
                                     * sizeof *table.interned);
    table.interned_count = 1;
    table.known_mask = (1u << 14) - 1;
    table.known = arena_map((table.known_mask + 1) * sizeof *table.known);
    return table.interned == NULL || table.known == NULL
           || index_init(&table.strings, 1u << 13) < 0
           || index_init(&table.codes, 1u << 13) < 0 ? -1 : 0;
}

/* Put a string into the region, or find it there.  len 0 gives offset 0. */
static int
intern(const char *data, uint32_t len, uint32_t *offset)
{
    *offset = 0;
    if (len == 0) {
        return 0;
    }
    uint64_t hash = hash_bytes(data, len);
    struct index_probe probe;
    for (uint32_t i = index_first(&table.strings, hash, &probe); i != 0;
            i = index_next(&table.strings, &probe)) {
        const struct interned *s = &table.interned[i];
        if (s->len == len && memcmp(slot.bytes.base + s->offset, data, len)
                             == 0) {
            *offset = s->offset;
            return 0;
        }
    }
    uint32_t used = slot.head->bytes_used;
    if (table.interned_count >= table.interned_max
            || window_ensure(&slot.bytes, (uint64_t)used + len) < 0) {
        return -1;
    }
    uint32_t number = table.interned_count;
    if (index_add(&table.strings, hash, number) < 0) {
        return -1;
    }
    table.interned_count++;
    memcpy(slot.bytes.base + used, data, len);
    table.interned[number] = (struct interned){ used, len };
    __atomic_store_n(&slot.head->bytes_used, used + len, __ATOMIC_RELEASE);
    *offset = used;
    return 0;
}

static const char *
pointer_at(const char *object, int offset)
{
    return *(char *const *)(const void *)(object + offset);
}

static int
intern_text(const char *object, uint32_t *offset, uint32_t *len)
{
    static char text[REGION_TEXT_MAX];  /* the lock is held */
    *len = python_text_utf8(object, text, sizeof text);
    return intern(text, *len, offset);
}

/* What the code object is, its strings in the region. */
static int
describe(const char *address, struct region_code *code)
{
    const struct offsets *o = python.offsets;
    const char *lines = NULL;
    const char *name = pointer_at(address, o->code_qualname >= 0
                                           ? o->code_qualname
                                           : o->code_name);
    code->linetable_len =
        python_text_bytes(pointer_at(address, o->code_linetable), &lines);
    memcpy(&code->firstlineno, address + o->code_firstlineno, 4);
    memcpy(&code->flags, address + o->code_flags, 4);
    if (intern_text(pointer_at(address, o->code_filename), &code->filename,
                    &code->filename_len) < 0
            || intern_text(name, &code->name, &code->name_len) < 0
            || intern(lines, code->linetable_len, &code->linetable) < 0) {
        return -1;
    }
    return 0;
}

static uint32_t
add_code(const struct region_code *code, uint64_t hash)
{
    uint32_t number = slot.head->codes;
    if (number >= slot.header->codes_max
            || window_ensure(&slot.codes, (number + 1ull) * sizeof *code) < 0
            || index_add(&table.codes, hash, number) < 0) {
        return 0;
    }
    slot_codes()[number] = *code;
    __atomic_store_n(&slot.head->codes, number + 1, __ATOMIC_RELEASE);
    return number;
}

/* The same but for what is found out later. */
static bool
is_same(struct region_code one, const struct region_code *other)
{
    one.flags &= ~REGION_CODE_MACHINE;
    return memcmp(&one, other, sizeof one) == 0;
}

static uint32_t
find_content(const char *address)
{
    struct region_code code = { 0 };
    if (describe(address, &code) < 0) {
        return 0;
    }
    uint64_t hash = hash_bytes(&code, sizeof code);
    struct index_probe probe;
    for (uint32_t i = index_first(&table.codes, hash, &probe); i != 0;
            i = index_next(&table.codes, &probe)) {
        if (is_same(slot_codes()[i], &code)) {
            return i;
        }
    }
    return add_code(&code, hash);
}

static struct known *
known_place(struct known *known, uint32_t mask, uintptr_t address)
{
    uint32_t at = (uint32_t)hash_mix(address) & mask;
    while (known[at].address != 0 && known[at].address != address) {
        at = (at + 1) & mask;
    }
    return &known[at];
}

static int
known_grow(void)
{
    uint32_t size = table.known_mask + 1;
    struct known *larger = arena_map(2ul * size * sizeof *larger);
    if (larger == NULL) {
        return -1;
    }
    for (uint32_t i = 0; i < size; i++) {
        if (table.known[i].address != 0) {
            *known_place(larger, 2 * size - 1, table.known[i].address) =
                table.known[i];
        }
    }
    arena_unmap(table.known, size * sizeof *table.known);
    table.known = larger;
    table.known_mask = 2 * size - 1;
    return 0;
}

static void
known_add(uintptr_t address, uint32_t code)
{
    if (table.known_used > table.known_mask / 2 && known_grow() < 0) {
        return;                     /* found by content again next time */
    }
    *known_place(table.known, table.known_mask, address) =
        (struct known){ address, code };
    table.known_used++;
}

uint32_t
code_table_find(const char *address)
{
    struct known *known = known_place(table.known, table.known_mask,
                                      (uintptr_t)address);
    if (known->address != 0) {
        return known->code;
    }
    if (address == NULL
            || *(const void *const *)(address + OFFSETS_TYPE(python.offsets))
               != python.code_type) {
        return 0;
    }
    uint32_t code = find_content(address);
    if (code == 0) {
        slot.head->trouble |= TROUBLE_CODES_FULL;
        return 0;
    }
    /* A code object without a block is part of libpython and never freed, or
     * its block was lost: then its death would not be seen. */
    if (shadow_mark_code(address) || slot.head->totals.lost_blocks == 0) {
        known_add((uintptr_t)address, code);
    }
    return code;
}

/* Removal from a linear-probing table without tombstones: move back what
 * probed past the hole (Knuth, vol. 3, 6.4, algorithm R). */
void
code_table_retire(const char *address)
{
    uint32_t mask = table.known_mask;
    struct known *hole = known_place(table.known, mask, (uintptr_t)address);
    code_table_generations[(uintptr_t)address >> 5 & (CODE_GENERATIONS - 1)] =
        (uint32_t)++code_table_retirements;
    if (hole->address == 0) {
        return;
    }
    uint32_t at = (uint32_t)(hole - table.known);
    for (uint32_t next = (at + 1) & mask; table.known[next].address != 0;
            next = (next + 1) & mask) {
        uint32_t home = (uint32_t)hash_mix(table.known[next].address) & mask;
        if (((next - home) & mask) >= ((next - at) & mask)) {
            table.known[at] = table.known[next];
            at = next;
        }
    }
    table.known[at].address = 0;
    table.known_used--;
}

bool
code_table_has_jit(void)
{
    return python.offsets->code_executors >= 0 && python.get_executor != NULL;
}

void
code_table_find_machine_code(void)
{
    for (uint32_t i = 0; i <= table.known_mask; i++) {
        const struct known *known = &table.known[i];
        if (known->address == 0
                || pointer_at((const char *)known->address,
                              python.offsets->code_executors) == NULL) {
            continue;
        }
        __atomic_fetch_or(&slot_codes()[known->code].flags,
                          REGION_CODE_MACHINE, __ATOMIC_RELAXED);
        slot.head->trouble |= TROUBLE_MACHINE_CODE;
    }
}
