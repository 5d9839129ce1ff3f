/* SPDX-License-Identifier: MIT
 *
 * Print the row of src/engine/offsets_rows.h for the CPython whose headers
 * this is compiled with (3.9 to 3.15, and the free-threaded build of 3.13):
 *
 *     H=/usr/include/python3.11
 *     cc -I$H -I$H/internal tools/print_offsets.c -o print && ./print
 *
 * Needs no libpython.  tests/test_offsets.py compiles it with every set of
 * headers found and compares the rows.
 */
#define Py_BUILD_CORE 1
#include <Python.h>

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <frameobject.h>
#include <internal/pycore_interp.h>
#if PY_VERSION_HEX >= 0x030b0000
#include <internal/pycore_code.h>
#include <internal/pycore_frame.h>
#endif
#if PY_VERSION_HEX >= 0x030e0000
#include <internal/pycore_interpframe.h>
#endif

#if PY_VERSION_HEX < 0x03090000 || PY_VERSION_HEX >= 0x03100000
#error print_offsets knows CPython 3.9 to 3.15
#endif
#ifdef Py_GIL_DISABLED
#if PY_VERSION_HEX >= 0x030e0000
#error print_offsets knows no free-threaded build but that of 3.13
#endif
#define FLAVOUR "T"
#else
#define FLAVOUR ""
#endif

#define PY_MINOR ((PY_VERSION_HEX >> 16) & 0xff)
#define OFFSET(type, field) ((long)offsetof(type, field))
#define INTERP(field) OFFSET(PyInterpreterState, field)

static int column;

/* One word of the initialiser, wrapped as the rows are. */
static void
put(const char *word)
{
    int width = (int)strlen(word);
    if (column + 1 + width > 76) {
        printf(" \\\n   ");
        column = 3;
    }
    printf(" %s", word);
    column += 1 + width;
}

static void
put_word(const char *name, const char *value)
{
    char text[80];
    snprintf(text, sizeof text, ".%s = %s,", name, value);
    put(text);
}

static void
put_number(const char *name, long value)
{
    char text[24];
    snprintf(text, sizeof text, "%ld", value);
    put_word(name, text);
}

#if PY_VERSION_HEX >= 0x030b0000
static void
put_mark(void)
{
#if PY_VERSION_HEX < 0x030e0000
    put_word("mark_kind", "MARK_STACKTOP");
    put_number("frame_mark", OFFSET(_PyInterpreterFrame, stacktop));
#else
    put_word("mark_kind", "MARK_STACKPOINTER");
    put_number("frame_mark", OFFSET(_PyInterpreterFrame, stackpointer));
#endif
    put_number("frame_slots", OFFSET(_PyInterpreterFrame, localsplus));
#if PY_VERSION_HEX < 0x030c0000
    put_number("frame_entry", OFFSET(_PyInterpreterFrame, is_entry));
#else
    put_number("frame_entry", -1);
#endif
#if PY_VERSION_HEX < 0x030e0000
    put_number("frame_function", -1);
#else
    put_number("frame_function", OFFSET(_PyInterpreterFrame, f_funcobj));
#endif
}
#endif

/* Frames: PyFrameObject up to 3.10, _PyInterpreterFrame after. */
static void
put_frame(void)
{
    put_number("tstate_interp", OFFSET(PyThreadState, interp));
    put_number("tstate_tracing", OFFSET(PyThreadState, tracing));
#if PY_VERSION_HEX < 0x030b0000
    put_number("tstate_frame", OFFSET(PyThreadState, frame));
    put_number("cframe_frame", -1);
    put_number("tstate_base", -1);
    put_number("frame_code", OFFSET(PyFrameObject, f_code));
    put_number("frame_back", OFFSET(PyFrameObject, f_back));
    put_number("frame_instr", OFFSET(PyFrameObject, f_lasti));
    put_number("frame_owner", -1);
    put_number("owner_generator", -1);
    put_number("owner_shim", -1);
    put_word("mark_kind", "MARK_GENERATOR");
    put_number("frame_mark", OFFSET(PyFrameObject, f_gen));
    put_number("frame_slots", -1);
    put_number("frame_entry", -1);
    put_number("frame_function", -1);
#else
#if PY_VERSION_HEX < 0x030d0000
    put_number("tstate_frame", OFFSET(PyThreadState, cframe));
    put_number("cframe_frame", OFFSET(_PyCFrame, current_frame));
    put_number("tstate_base", -1);
    put_number("frame_code", OFFSET(_PyInterpreterFrame, f_code));
    put_number("frame_back", OFFSET(_PyInterpreterFrame, previous));
    put_number("frame_instr", OFFSET(_PyInterpreterFrame, prev_instr));
#else
    put_number("tstate_frame", OFFSET(PyThreadState, current_frame));
    put_number("cframe_frame", -1);
#if PY_VERSION_HEX < 0x030f0000
    put_number("tstate_base", -1);
#else
    put_number("tstate_base", OFFSET(PyThreadState, base_frame));
#endif
    put_number("frame_code", OFFSET(_PyInterpreterFrame, f_executable));
    put_number("frame_back", OFFSET(_PyInterpreterFrame, previous));
    put_number("frame_instr", OFFSET(_PyInterpreterFrame, instr_ptr));
#endif
    put_number("frame_owner", OFFSET(_PyInterpreterFrame, owner));
    put_number("owner_generator", FRAME_OWNED_BY_GENERATOR);
    /* The first owner that stands for no Python code. */
#if PY_VERSION_HEX < 0x030c0000
    put_number("owner_shim", FRAME_OWNED_BY_FRAME_OBJECT + 1);
#elif PY_VERSION_HEX < 0x030e0000
    put_number("owner_shim", FRAME_OWNED_BY_CSTACK);
#else
    put_number("owner_shim", FRAME_OWNED_BY_INTERPRETER);
#endif
    put_mark();
#endif
}

/* What Python says of the sizes of its frames and codes (tp_basicsize); from
 * 3.11 on a frame object ends with an interpreter frame without slots. */
static void
put_sizes(void)
{
#if PY_VERSION_HEX < 0x030b0000
    put_number("frame_data", sizeof(PyFrameObject));
    put_number("code_size", sizeof(PyCodeObject));
#else
    put_number("frame_data", OFFSET(PyFrameObject, _f_frame_data));
    put_number("code_size", OFFSET(PyCodeObject, co_code_adaptive));
#endif
}

static void
put_code(void)
{
    put_number("code_filename", OFFSET(PyCodeObject, co_filename));
    put_number("code_name", OFFSET(PyCodeObject, co_name));
#if PY_VERSION_HEX < 0x030b0000
    put_number("code_qualname", -1);
#else
    put_number("code_qualname", OFFSET(PyCodeObject, co_qualname));
#endif
    put_number("code_firstlineno", OFFSET(PyCodeObject, co_firstlineno));
#if PY_VERSION_HEX < 0x030a0000
    put_number("code_linetable", OFFSET(PyCodeObject, co_lnotab));
#else
    put_number("code_linetable", OFFSET(PyCodeObject, co_linetable));
#endif
    put_number("code_flags", OFFSET(PyCodeObject, co_flags));
#if PY_VERSION_HEX < 0x030b0000
    put_number("code_bytes", -1);
    put_number("code_firsttraceable", -1);
#else
    put_number("code_bytes", OFFSET(PyCodeObject, co_code_adaptive));
    put_number("code_firsttraceable",
               OFFSET(PyCodeObject, _co_firsttraceable));
#endif
#if PY_VERSION_HEX < 0x030e0000
    put_number("code_executors", -1);
#else
    put_number("code_executors", OFFSET(PyCodeObject, co_executors));
#endif
}

static void
put_objects(void)
{
    put_number("str_length", OFFSET(PyASCIIObject, length));
    put_number("str_state", OFFSET(PyASCIIObject, state));
    put_number("str_ascii", sizeof(PyASCIIObject));
    put_number("str_compact", sizeof(PyCompactUnicodeObject));
    put_number("str_data", OFFSET(PyUnicodeObject, data));
    put_number("bytes_size", OFFSET(PyVarObject, ob_size));
    put_number("bytes_data", OFFSET(PyBytesObject, ob_sval));
    put_number("type_flags", OFFSET(PyTypeObject, tp_flags));
    put_number("type_dealloc", OFFSET(PyTypeObject, tp_dealloc));
    unsigned long preheader = 0;
#ifdef Py_TPFLAGS_MANAGED_DICT
    preheader |= Py_TPFLAGS_MANAGED_DICT;
#endif
#ifdef Py_TPFLAGS_MANAGED_WEAKREF
    preheader |= Py_TPFLAGS_MANAGED_WEAKREF;
#endif
    char text[24];
    snprintf(text, sizeof text, "0x%lx", preheader);
    put_word("preheader_flags", text);
}

/* 3.10 to 3.12 keep the free lists in the interpreter state. */
#if PY_VERSION_HEX >= 0x030a0000 && PY_VERSION_HEX < 0x030d0000
#ifdef PyTuple_NFREELISTS
#define TUPLE_KINDS PyTuple_NFREELISTS
#else
#define TUPLE_KINDS PyTuple_MAXSAVESIZE
#endif
#ifndef PyFloat_MAXFREELIST
#define PyFloat_MAXFREELIST 100         /* 3.10: only in floatobject.c */
#endif

static void
put_free_lists(void)
{
    put_number("tuple_lists", INTERP(tuple.free_list));
    put_number("tuple_counts", INTERP(tuple.numfree));
    put_number("tuple_kinds", TUPLE_KINDS);
    put_number("tuple_max", PyTuple_MAXFREELIST);
    put_number("float_list", INTERP(float_state.free_list));
    put_number("float_count", INTERP(float_state.numfree));
    put_number("float_max", PyFloat_MAXFREELIST);
    put_number("list_lists", INTERP(list.free_list));
    put_number("list_count", INTERP(list.numfree));
    put_number("dict_lists", INTERP(dict_state.free_list));
    put_number("dict_count", INTERP(dict_state.numfree));
}
#else
static void
put_free_lists(void)
{
    static const char *const names[] = {
        "tuple_lists", "tuple_counts", "tuple_kinds", "tuple_max",
        "float_list", "float_count", "float_max", "list_lists",
        "list_count", "dict_lists", "dict_count",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t length = strlen(names[i]);
        int is_limit = strcmp(names[i] + length - 4, "_max") == 0
            || strcmp(names[i] + length - 6, "_kinds") == 0;
        put_number(names[i], is_limit ? 0 : -1);
    }
}
#endif

int
main(void)
{
    printf("#define OFFSETS_3_%d%s { \\\n   ", (int)PY_MINOR, FLAVOUR);
    column = 3;
    put_number("minor", PY_MINOR);
    if (FLAVOUR[0] != '\0') {
        put_number("free_threaded", 1);
    }
    put_word("instr_kind", PY_VERSION_HEX < 0x030a0000 ? "INSTR_LASTI_BYTES"
             : PY_VERSION_HEX < 0x030b0000 ? "INSTR_LASTI_UNITS"
             : "INSTR_POINTER");
    put_frame();
    put_sizes();
    put_code();
    put_objects();
    put_free_lists();
    printf(" }\n");
    return 0;
}
