/* SPDX-License-Identifier: MIT */
#include "free_lists.h"

#include <stdlib.h>
#include <string.h>

#include "frame.h"
#include "hooks.h"
#include "ledger.h"
#include "slot.h"
#include "thread.h"

/* Sizes inside list, tuple and float objects, the same in 3.10 to 3.12. */
#define TUPLE_FIRST_ITEM 24
#define OBJECT_TYPE 8
#define LISTS_MAX 80        /* PyList_MAXFREELIST, PyDict_MAXFREELIST */

typedef void destructor(void *object);

static bool kept_empty;

static destructor *list_dealloc_before, *dict_dealloc_before;

static int *
count_at(char *interp, int offset)
{
    return (int *)(void *)(interp + offset);
}

static char **
list_at(char *interp, int offset)
{
    return (char **)(void *)(interp + offset);
}

/* An array of objects with a count: give all back. */
static void
drain_array(char *interp, int lists, int count, destructor *free_one)
{
    char **array = list_at(interp, lists);
    int *n = count_at(interp, count);
    while (*n > 0) {
        free_one(array[--*n]);
    }
}

/* A chain through the objects themselves.  With the count at its maximum
 * nothing is pushed, with the head empty nothing is popped. */
static void
close_chain(char **head, int *count, int max, int next, destructor *free_one)
{
    if (*count == max) {
        return;
    }
    while (*head != NULL) {
        char *object = *head;
        *head = *list_at(object, next);
        free_one(object);
    }
    *count = max;
}

static void
empty_interpreter(char *interp)
{
    const struct offsets *o = python.offsets;
    drain_array(interp, o->list_lists, o->list_count, python.gc_del);
    drain_array(interp, o->dict_lists, o->dict_count, python.gc_del);
    /* A float's type field links the chain; its destructor is not asked. */
    close_chain(list_at(interp, o->float_list),
                count_at(interp, o->float_count), o->float_max, OBJECT_TYPE,
                python.object_free);
    /* 3.10 has the empty tuple in [0]; the kinds with items follow. */
    for (int kind = o->minor == 10; kind < o->tuple_kinds; kind++) {
        close_chain(list_at(interp, o->tuple_lists) + kind,
                    count_at(interp, o->tuple_counts) + kind, o->tuple_max,
                    TUPLE_FIRST_ITEM, python.gc_del);
    }
}

/* Counts that no CPython has: the lists lie elsewhere in this release. */
static bool
is_plausible(char *interp)
{
    const struct offsets *o = python.offsets;
    const unsigned counts[][2] = {
        { (unsigned)*count_at(interp, o->list_count), LISTS_MAX },
        { (unsigned)*count_at(interp, o->dict_count), LISTS_MAX },
        { (unsigned)*count_at(interp, o->float_count),
          (unsigned)o->float_max },
        { (unsigned)count_at(interp, o->tuple_counts)[1],
          (unsigned)o->tuple_max },
    };
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        if (counts[i][0] > counts[i][1]) {
            return false;
        }
    }
    return true;
}

static bool
is_empty(char *interp)
{
    const struct offsets *o = python.offsets;
    return *count_at(interp, o->list_count) == 0
           && *count_at(interp, o->dict_count) == 0
           && *count_at(interp, o->float_count) == o->float_max
           && count_at(interp, o->tuple_counts)[1] == o->tuple_max;
}

static void
empty_all(void)
{
    char *tstate = python.current_tstate();
    if (tstate == NULL || thread.emptying) {
        return;
    }
    char *interp = *list_at(tstate, python.offsets->tstate_interp);
    if (interp == NULL || is_empty(interp)) {
        return;
    }
    if (!is_plausible(interp)) {
        kept_empty = false;
        slot.head->reattribution = REATTRIBUTION_NONE;
        slot.head->trouble |= TROUBLE_LATE_LINES;
        return;
    }
    thread.emptying = true;
    empty_interpreter(interp);
    thread.emptying = false;
}

/* A destructor in front of list's or dict's.  Theirs would no longer take
 * part in the trashcan, which compares the type's destructor with itself
 * (_PyTrash_cond), so we do it for exact instances: without it, deep nests
 * overflow the C stack when they die. */
static void
dealloc(void *object, destructor *self, destructor *next)
{
    const char *type = frame_load(object, OBJECT_TYPE);
    bool exact = frame_load(type, python.offsets->type_dealloc)
                 == (const char *)self;
    void *tstate = python.current_tstate();
    if (!exact) {
        next(object);
    }
    else {
        python.gc_untrack(object);
        if (python.trash_begin(tstate, object)) {
            return;
        }
        next(object);
    }
    if (kept_empty) {
        empty_all();
    }
    if (exact) {
        python.trash_end(tstate);
    }
}

static void
list_dealloc(void *object)
{
    dealloc(object, list_dealloc, list_dealloc_before);
}

static void
dict_dealloc(void *object)
{
    dealloc(object, dict_dealloc, dict_dealloc_before);
}

static destructor *
replace_dealloc(char *type, destructor *fresh)
{
    destructor **field = (destructor **)(void *)
                         (type + python.offsets->type_dealloc);
    destructor *before = *field;
    *field = fresh;
    return before;
}

/* A switch for tests and measurements, where a Python could do several. */
static bool
is_wanted(const char *way)
{
    const char *wanted = getenv("PYMTOP_REATTRIBUTION");
    return wanted != NULL && strcmp(wanted, way) == 0;
}

/* By itself gcc inlines nothing that can be interposed.  clang does, where it
 * sees fit: some calls are then in the relocation table and some are not. */
static bool
calls_all_reach_us(void *handle)
{
    return python.new_reference != NULL
           && strstr(python.compiler(), "Clang") == NULL
           && python_api_interposable(handle, "_Py_NewReference");
}

enum reattribution
free_lists_start(void *handle)
{
    /* One slot, and hooks side by side: not without the GIL. */
    bool has_tracer = python.set_tracer != NULL
                      && !python.offsets->free_threaded;
    if (is_wanted("none")) {
        return REATTRIBUTION_NONE;
    }
    if (has_tracer && is_wanted("reftracer")) {
        return REATTRIBUTION_REFTRACER;
    }
    if (calls_all_reach_us(handle)) {
        return REATTRIBUTION_NEWREFERENCE;
    }
    if (has_tracer) {
        return REATTRIBUTION_REFTRACER;
    }
    if (python.offsets->list_lists < 0 || python.trash_begin == NULL
            || python.trash_end == NULL) {
        return REATTRIBUTION_NONE;
    }
    list_dealloc_before = replace_dealloc(python.list_type, list_dealloc);
    dict_dealloc_before = replace_dealloc(python.dict_type, dict_dealloc);
    return REATTRIBUTION_EMPTY;
}

void
free_lists_begin(void)
{
    kept_empty = slot.head->reattribution == REATTRIBUTION_EMPTY;
    if (slot.head->reattribution == REATTRIBUTION_REFTRACER
            && !hooks_trace_references()) {
        slot.head->reattribution = REATTRIBUTION_NONE;
    }
    if (slot.head->reattribution == REATTRIBUTION_NONE) {
        slot.head->trouble |= TROUBLE_LATE_LINES;
    }
}

/* The hooks of MEM and OBJ that allocate. */
static struct allocator hooked[DOMAIN_COUNT];

static inline void
check(void)
{
    if (kept_empty && !thread.busy && !ledger_is_off()) {
        empty_all();
    }
}

#define CHECK_BEFORE(name, domain) \
static void * \
name ## _malloc(void *ctx, size_t size) \
{ \
    check(); \
    return hooked[domain].malloc(ctx, size); \
} \
static void * \
name ## _calloc(void *ctx, size_t count, size_t size) \
{ \
    check(); \
    return hooked[domain].calloc(ctx, count, size); \
} \
static void * \
name ## _realloc(void *ctx, void *block, size_t size) \
{ \
    if (block == NULL) { \
        check(); \
    } \
    return hooked[domain].realloc(ctx, block, size); \
}

CHECK_BEFORE(mem, DOMAIN_MEM)
CHECK_BEFORE(obj, DOMAIN_OBJ)

void
free_lists_check_before(enum domain domain, struct allocator *hook)
{
    if (domain == DOMAIN_RAW) {
        return;
    }
    hooked[domain] = *hook;
    bool is_mem = domain == DOMAIN_MEM;
    hook->malloc = is_mem ? mem_malloc : obj_malloc;
    hook->calloc = is_mem ? mem_calloc : obj_calloc;
    hook->realloc = is_mem ? mem_realloc : obj_realloc;
}
