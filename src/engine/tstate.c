/* SPDX-License-Identifier: MIT */
#include "tstate.h"

#include <dlfcn.h>
#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "python_api.h"

/* What __tls_get_addr takes (the ELF TLS ABI). */
struct tls_index {
    unsigned long module, offset;
};

extern void *__tls_get_addr(struct tls_index *index);

static struct tls_index found;          /* module 0: not found */
static bool searched;

struct search {
    ElfW(Addr) base;            /* of the object with the getter */
    unsigned long module;       /* its thread-local block; 0: it has none */
    size_t size;
    const void *value, *interp;
    unsigned matches, pairs;
    struct tls_index match, pair;
};

static const void *
word_at(const char *block, size_t at)
{
    const void *word;
    memcpy(&word, block + at, sizeof word);
    return word;
}

/* Words that have the value; pairs are those with the interpreter behind. */
static void
search_block(struct search *search, const char *block)
{
    const size_t step = sizeof(void *);
    for (size_t at = 0; at + step <= search->size; at += step) {
        if (word_at(block, at) != search->value) {
            continue;
        }
        search->match = (struct tls_index){ search->module, at };
        search->matches++;
        if (at + 2 * step <= search->size
                && word_at(block, at + step) == search->interp) {
            search->pair = search->match;
            search->pairs++;
        }
    }
}

static int
note_object(struct dl_phdr_info *info, size_t size, void *data)
{
    struct search *search = data;
    if (size < offsetof(struct dl_phdr_info, dlpi_tls_modid)
               + sizeof info->dlpi_tls_modid
            || info->dlpi_addr != search->base) {
        return 0;
    }
    for (int i = 0; i < info->dlpi_phnum; i++) {
        if (info->dlpi_phdr[i].p_type == PT_TLS) {
            search->module = info->dlpi_tls_modid;
            search->size = info->dlpi_phdr[i].p_memsz;
        }
    }
    return 1;
}

static void
search(void *current)
{
    Dl_info info;
    void *getter;
    memcpy(&getter, &python.current_tstate, sizeof getter);
    struct link_map *map = NULL;
    if (!dladdr1(getter, &info, (void **)&map, RTLD_DL_LINKMAP)
            || map == NULL) {
        return;
    }
    struct search search = {
        .base = map->l_addr, .value = current,
        .interp = python.interpreter(current),
    };
    dl_iterate_phdr(note_object, &search);
    if (search.module == 0) {
        return;
    }
    /* Not dlpi_tls_data: it is NULL where the getter goes by a descriptor
     * (aarch64), which the thread's vector need not have the block for. */
    struct tls_index first = { search.module, 0 };
    search_block(&search, __tls_get_addr(&first));
    if (search.pairs == 1) {
        found = search.pair;
    }
    else if (search.matches == 1) {
        found = search.match;
    }
}

static const char *const nowhere;

const char *const *
tstate_place(void *current)
{
    if (python.offsets->minor < 12) {
        return &nowhere;
    }
    if (!searched) {
        searched = true;
        search(current);
    }
    if (found.module == 0) {
        return &nowhere;
    }
    const char *const *place = __tls_get_addr(&found);
    return *place == current ? place : &nowhere;
}
