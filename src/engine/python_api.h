/* SPDX-License-Identifier: MIT
 *
 * The part of CPython's API that the engine calls, found at run time by name:
 * symbols that have been the same since 3.9.  No Python headers.
 */
#ifndef PYMTOP_PYTHON_API_H
#define PYMTOP_PYTHON_API_H

#include <stdbool.h>
#include <stddef.h>

#include "offsets.h"

/* PyMemAllocatorEx and PyMemAllocatorDomain (Include/cpython/pymem.h). */
struct allocator {
    void *ctx;
    void *(*malloc)(void *ctx, size_t size);
    void *(*calloc)(void *ctx, size_t count, size_t size);
    void *(*realloc)(void *ctx, void *block, size_t size);
    void (*free)(void *ctx, void *block);
};

/* PyObjectArenaAllocator (Include/cpython/objimpl.h). */
struct arena_allocator {
    void *ctx;
    void *(*alloc)(void *ctx, size_t size);
    void (*free)(void *ctx, void *arena, size_t size);
};

enum domain { DOMAIN_RAW, DOMAIN_MEM, DOMAIN_OBJ, DOMAIN_COUNT };

/* PyStatus (Include/cpython/initconfig.h). */
struct python_status {
    int type;                   /* 0: ok */
    const char *function, *message;
    int exitcode;
};

struct python_api {
    const struct offsets *offsets;      /* the row of this version */
    unsigned hex;                       /* PY_VERSION_HEX */

    void (*get_allocator)(int domain, struct allocator *allocator);
    void (*set_allocator)(int domain, struct allocator *allocator);
    void (*get_arena_allocator)(struct arena_allocator *allocator);
    void (*set_arena_allocator)(struct arena_allocator *allocator);
    void (*init_preconfig)(void *preconfig);
    struct python_status (*preinitialize)(const void *preconfig, long argc,
                                          char **argv);
    void *(*current_tstate)(void);      /* unchecked; NULL: none attached */
    void *(*this_tstate)(void);         /* this thread's, attached or not */
    int (*is_finalizing)(void);
    const char *(*compiler)(void);
    const void *code_type, *str_type, *bytes_type;

    /* For the self-test: none of them allocates. */
    const void *frame_type, *function_type;
    void *(*interpreter)(void *tstate);
    void (*enter_tracing)(void *tstate);    /* 3.11 on */
    void (*leave_tracing)(void *tstate);
    void *(*globals)(void);             /* of the current frame; NULL: none */
    long (*text_length)(void *text);
    const char *(*text_utf8)(void *text, long *size);
    long (*bytes_length)(void *bytes);

    /* CPython's own, behind ours; NULL where Python is static. */
    void (*new_reference)(void *object);
    /* Only for what needs them; may be NULL. */
    int (*trash_begin)(void *tstate, void *object);
    void (*trash_end)(void *tstate);
    void (*gc_untrack)(void *object);
    void (*gc_del)(void *object);
    void (*object_free)(void *block);
    void *list_type, *dict_type;
    int (*set_tracer)(int (*function)(void *object, int event, void *data),
                      void *data);                          /* 3.13 on */
    int (*(*get_tracer)(void **data))(void *object, int event, void *data);
    const void *runtime;
    const void *get_executor;           /* NULL: it makes no machine code */
};

extern struct python_api python;

/* Fill `python` from the library or program behind handle (RTLD_DEFAULT:
 * this process).  Returns NULL, or one line that says why this Python cannot
 * be traced: too old, too new, free-threaded where that is not supported,
 * fields not where they should be, not a Python. */
const char *python_api_find(void *handle);

/* The words for a field of the row that does not fit. */
const char *python_api_misfit(const char *field);

/* Does anything in the loaded object that defines symbol `name` call it
 * through its relocation table, so that another definition can stand before
 * it?  (Built with -fno-semantic-interposition it does not.) */
bool python_api_interposable(void *handle, const char *name);

/* Is this process's program a `python`: does it have or call Python's main?
 * Others that are linked to libpython (gdb, vim) have command lines of their
 * own. */
bool python_api_is_program(void);

#endif
