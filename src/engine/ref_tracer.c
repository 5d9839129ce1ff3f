/* SPDX-License-Identifier: MIT */
#include "ref_tracer.h"

#define _GNU_SOURCE 1
#include <dlfcn.h>
#include <link.h>

#include "python_api.h"

/* As many different tracers as one process ever has; one more goes without our
 * being there. */
#define LINKS_MAX 32

struct ref_tracer_slot *ref_tracer_slot;
ref_tracer *ref_tracer_alone;

static ref_tracer *first_of_two;
static struct ref_tracer_slot links[LINKS_MAX];
static int link_count;

/* Where the pair stands in _PyRuntime; NULL: nowhere. */
static struct ref_tracer_slot *
search_slot(ref_tracer *function, const void *data)
{
    Dl_info info;
    const ElfW(Sym) *symbol = NULL;
    if (!dladdr1(python.runtime, &info, (void **)&symbol, RTLD_DL_SYMENT)
            || symbol == NULL) {
        return NULL;
    }
    struct ref_tracer_slot *at = (struct ref_tracer_slot *)
                                 (uintptr_t)python.runtime;
    const char *end = (const char *)python.runtime + symbol->st_size;
    for (; (const char *)(at + 1) <= end;
            at = (struct ref_tracer_slot *)&at->data) {
        if (at->function == function && at->data == data) {
            return at;
        }
    }
    return NULL;
}

static struct ref_tracer_slot *
link_of(struct ref_tracer_slot next)
{
    for (int i = 0; i < link_count; i++) {
        if (links[i].function == next.function
                && links[i].data == next.data) {
            return &links[i];
        }
    }
    if (link_count == LINKS_MAX) {
        return NULL;
    }
    links[link_count] = next;
    return &links[link_count++];
}

/* What is to be in the slot, if this is in it. */
static struct ref_tracer_slot
before(struct ref_tracer_slot next)
{
    if (next.function == NULL) {
        return (struct ref_tracer_slot){ ref_tracer_alone, links };
    }
    struct ref_tracer_slot *link = link_of(next);
    return link == NULL ? next
           : (struct ref_tracer_slot){ first_of_two, link };
}

bool
ref_tracer_install(ref_tracer *alone, ref_tracer *first)
{
    struct ref_tracer_slot next = { 0 };
    if (python.set_tracer == NULL || python.get_tracer == NULL) {
        return false;
    }
    ref_tracer_alone = alone;
    first_of_two = first;
    next.function = python.get_tracer(&next.data);
    if (python.set_tracer(alone, links) != 0) {
        return false;
    }
    ref_tracer_slot = search_slot(alone, links);
    if (ref_tracer_slot == NULL) {
        python.set_tracer(next.function, next.data);
        return false;
    }
    *ref_tracer_slot = before(next);
    return true;
}

int
ref_tracer_pass(void *object, int event, void *data)
{
    const struct ref_tracer_slot *next = data;
    return next->function(object, event, next->data);
}

void
ref_tracer_renew(void)
{
    if (ref_tracer_slot->function != first_of_two) {
        *ref_tracer_slot = before(*ref_tracer_slot);
    }
}
