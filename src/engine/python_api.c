/* SPDX-License-Identifier: MIT */
#include "python_api.h"

#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "self_test.h"
#include "verify.h"

/* CPython's own is the one behind ours. */
static void
find_new_reference(void *handle)
{
    void *next = dlsym(handle == RTLD_DEFAULT ? RTLD_NEXT : handle,
                       "_Py_NewReference");
    memcpy(&python.new_reference, &next, sizeof next);
}

/* In a process that is not traced, from the first object on. */
static void
first_new_reference(void *object)
{
    find_new_reference(RTLD_DEFAULT);
    python.new_reference(object);
}

struct python_api python = {.new_reference = first_new_reference};

static char refusal[256];

/* "3.12.1 (main, ...)": fills hex, returns the minor version or -1. */
static int
parse_version(const char *text, unsigned *hex)
{
    unsigned major, minor, micro;
    if (sscanf(text, "%u.%u.%u", &major, &minor, &micro) != 3 || major != 3) {
        return -1;
    }
    *hex = major << 24 | minor << 16 | micro << 8 | 0xf0;
    return (int)minor;
}

static const char *
check_version(void *handle)
{
    const char *(*version)(void) = dlsym(handle, "Py_GetVersion");
    if (version == NULL) {
        return "it is not a CPython: it has no Py_GetVersion";
    }
    int minor = parse_version(version(), &python.hex);
    bool free_threaded = strstr(version(), "free-threading") != NULL;
    python.offsets = VERIFY_ROW(offsets_of(minor, free_threaded));
    if (python.offsets == NULL && free_threaded) {
        return "a free-threaded Python is only supported in version 3.13: "
               "use a build with the GIL";
    }
    if (python.offsets == NULL) {
        snprintf(refusal, sizeof refusal,
                 "Python %.*s is not supported: pymtop knows 3.9 to 3.15",
                 (int)strcspn(version(), " "), version());
        return refusal;
    }
    /* Only debug builds have this. */
    if (dlsym(handle, "_Py_NegativeRefcount") != NULL) {
        return "a debug build of Python is not supported: its objects are "
               "laid out in another way";
    }
    return NULL;
}

struct wanted {
    void *field;                /* a pointer to a pointer */
    const char *name, *other;   /* other: the name in some versions */
    bool optional;
};

static const char *
find_symbols(void *handle)
{
    const struct wanted wanted[] = {
        { &python.get_allocator, "PyMem_GetAllocator", NULL, false },
        { &python.set_allocator, "PyMem_SetAllocator", NULL, false },
        { &python.get_arena_allocator, "PyObject_GetArenaAllocator", NULL,
          false },
        { &python.set_arena_allocator, "PyObject_SetArenaAllocator", NULL,
          false },
        { &python.init_preconfig, "PyPreConfig_InitPythonConfig", NULL,
          false },
        { &python.preinitialize, "Py_PreInitializeFromBytesArgs", NULL,
          false },
        { &python.current_tstate, "PyThreadState_GetUnchecked",
          "_PyThreadState_UncheckedGet", false },
        { &python.this_tstate, "PyGILState_GetThisThreadState", NULL, false },
        { &python.is_finalizing, "Py_IsFinalizing", "_Py_IsFinalizing",
          false },
        { &python.compiler, "Py_GetCompiler", NULL, false },
        { &python.code_type, "PyCode_Type", NULL, false },
        { &python.str_type, "PyUnicode_Type", NULL, false },
        { &python.bytes_type, "PyBytes_Type", NULL, false },
        { &python.frame_type, "PyFrame_Type", NULL, false },
        { &python.function_type, "PyFunction_Type", NULL, false },
        { &python.interpreter, "PyThreadState_GetInterpreter", NULL, false },
        { &python.enter_tracing, "PyThreadState_EnterTracing", NULL, true },
        { &python.leave_tracing, "PyThreadState_LeaveTracing", NULL, true },
        { &python.globals, "PyEval_GetGlobals", NULL, false },
        { &python.text_length, "PyUnicode_GetLength", NULL, false },
        { &python.text_utf8, "PyUnicode_AsUTF8AndSize", NULL, false },
        { &python.bytes_length, "PyBytes_Size", NULL, false },
        { &python.trash_begin, "_PyTrash_begin", NULL, true },
        { &python.trash_end, "_PyTrash_end", NULL, true },
        { &python.gc_untrack, "PyObject_GC_UnTrack", NULL, false },
        { &python.gc_del, "PyObject_GC_Del", NULL, false },
        { &python.object_free, "PyObject_Free", NULL, false },
        { &python.list_type, "PyList_Type", NULL, false },
        { &python.dict_type, "PyDict_Type", NULL, false },
        { &python.runtime, "_PyRuntime", NULL, true },
        { &python.get_executor, "_Py_GetExecutor", NULL, true },
        { &python.set_tracer, "PyRefTracer_SetTracer", NULL, true },
        { &python.get_tracer, "PyRefTracer_GetTracer", NULL, true },
    };
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        void *symbol = dlsym(handle, wanted[i].name);
        if (symbol == NULL && wanted[i].other != NULL) {
            symbol = dlsym(handle, wanted[i].other);
        }
        if (symbol == NULL && !wanted[i].optional) {
            snprintf(refusal, sizeof refusal,
                     "this Python does not export %s", wanted[i].name);
            return refusal;
        }
        memcpy(wanted[i].field, &symbol, sizeof symbol);
    }
    find_new_reference(handle);
    return NULL;
}

/* A field of the row that is not where this Python says; NULL: none. */
static const char *
wrong_field(void)
{
    const char *field = NULL;
    if (python.offsets->minor >= 13) {
        field = python.runtime == NULL ? "_PyRuntime"
            : offsets_check_runtime(python.offsets, python.runtime);
    }
    return field != NULL ? field : self_test_types(python.offsets);
}

const char *
python_api_misfit(const char *field)
{
    snprintf(refusal, sizeof refusal, "this Python 3.%d keeps %s elsewhere "
             "than the releases that pymtop knows", python.offsets->minor,
             field);
    return refusal;
}

const char *
python_api_find(void *handle)
{
    const char *why = check_version(handle);
    if (why == NULL) {
        why = find_symbols(handle);
    }
    if (why == NULL) {
        const char *field = wrong_field();
        why = field != NULL ? python_api_misfit(field) : NULL;
    }
    return why;
}

/* The dynamic section's tables of one loaded object. */
struct relocations {
    const ElfW(Sym) *symbols;
    const char *strings;
    const ElfW(Rela) *tables[2];
    size_t lens[2];             /* entries */
};

static void
read_dynamic(const struct link_map *map, struct relocations *found)
{
    for (const ElfW(Dyn) *d = map->l_ld; d->d_tag != DT_NULL; d++) {
        switch (d->d_tag) {
        case DT_SYMTAB:
            found->symbols = (const void *)d->d_un.d_ptr;
            break;
        case DT_STRTAB:
            found->strings = (const void *)d->d_un.d_ptr;
            break;
        case DT_JMPREL:
            found->tables[0] = (const void *)d->d_un.d_ptr;
            break;
        case DT_PLTRELSZ:
            found->lens[0] = d->d_un.d_val / sizeof(ElfW(Rela));
            break;
        case DT_RELA:
            found->tables[1] = (const void *)d->d_un.d_ptr;
            break;
        case DT_RELASZ:
            found->lens[1] = d->d_un.d_val / sizeof(ElfW(Rela));
            break;
        }
    }
}

/* A loaded object calls `name` through its relocation tables. */
static bool
calls(const struct link_map *map, const char *name)
{
    struct relocations found = { 0 };
    read_dynamic(map, &found);
    if (found.symbols == NULL || found.strings == NULL) {
        return false;
    }
    for (int t = 0; t < 2; t++) {
        for (size_t i = 0; i < found.lens[t]; i++) {
            size_t index = ELF64_R_SYM(found.tables[t][i].r_info);
            const char *string = found.strings
                                 + found.symbols[index].st_name;
            if (index != 0 && strcmp(string, name) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* The loaded object that has a symbol; NULL: none. */
static const struct link_map *
home_of(void *symbol)
{
    Dl_info info;
    struct link_map *map = NULL;
    if (symbol == NULL
            || !dladdr1(symbol, &info, (void **)&map, RTLD_DL_LINKMAP)) {
        return NULL;
    }
    return map;
}

bool
python_api_interposable(void *handle, const char *name)
{
    const struct link_map *map = home_of(dlsym(handle, name));
    return map != NULL && calls(map, name);
}

bool
python_api_is_program(void)
{
    static const char *const mains[] = { "Py_BytesMain", "Py_Main" };
    const struct link_map *program = dlopen(NULL, RTLD_LAZY);
    for (int i = 0; i < 2 && program != NULL; i++) {
        const struct link_map *home = home_of(dlsym(RTLD_DEFAULT, mains[i]));
        if (home != NULL && (home == program || calls(program, mains[i]))) {
            return true;
        }
    }
    return false;
}
