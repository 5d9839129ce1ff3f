/* SPDX-License-Identifier: MIT
 *
 * Where CPython keeps what the engine reads: one row of offsets a version,
 * the only place in the tree that knows one Python from another.  Rows are
 * printed from each version's own headers by tools/print_offsets.c, and the
 * tests compare them with every set of headers on the machine.  All values
 * are bytes from the start of the struct; -1: this version has no such field.
 * A free-threaded build has a row of its own.
 */
#ifndef PYMTOP_OFFSETS_H
#define PYMTOP_OFFSETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum instr_kind {
    INSTR_LASTI_BYTES,      /* int, in bytes (3.9) */
    INSTR_LASTI_UNITS,      /* int, in code units of 2 bytes (3.10) */
    INSTR_POINTER           /* pointer into the code object (3.11 on) */
};

/* What a frame has that can carry a mark (mark.h). */
enum mark_kind {
    MARK_GENERATOR,         /* f_gen (3.9, 3.10) */
    MARK_STACKTOP,          /* int, index of the value stack's top (3.11 on) */
    MARK_STACKPOINTER       /* the same as a pointer (3.14 on) */
};

struct offsets {
    int minor;                      /* 3.minor */
    int free_threaded;              /* 1: a build with --disable-gil */
    enum instr_kind instr_kind;
    int tstate_interp;
    int tstate_tracing;             /* int, trace functions that run */
    int tstate_frame;               /* frame, cframe or current_frame */
    int cframe_frame;               /* 3.11, 3.12: the frame in the cframe */
    int tstate_base;                /* 3.15: the outermost frame, of no code */
    int frame_code, frame_back, frame_instr;
    int frame_owner;                /* char */
    int owner_generator, owner_shim;/* owner >= owner_shim: not Python code */
    enum mark_kind mark_kind;
    int frame_mark;                 /* f_gen, stacktop or stackpointer */
    int frame_slots;                /* locals and value stack */
    int frame_entry;                /* 3.11: bool, called from C */
    int frame_function;             /* 3.14 on: tagged, what was called */
    int frame_data;                 /* a frame object's size without slots */
    int code_size;                  /* sizeof a code object, bytes left out */
    int code_filename, code_name, code_qualname, code_firstlineno;
    int code_linetable, code_flags, code_bytes, code_firsttraceable;
    int code_executors;             /* 3.14 on: its machine code (JIT) */
    int str_length, str_state, str_ascii, str_compact, str_data;
    int bytes_size, bytes_data;
    int type_flags, type_dealloc;
    uint64_t preheader_flags;       /* type flags that add 16 bytes in front */
    /* Free lists in the interpreter state, where they can be kept empty. */
    int tuple_lists, tuple_counts, tuple_kinds, tuple_max;
    int float_list, float_count, float_max;
    int list_lists, list_count;
    int dict_lists, dict_count;
};

/* In each object (Include/object.h): its type, and its number of items.  A
 * free-threaded build has 16 bytes more in front of them. */
#define OFFSETS_MORE(o) ((o)->free_threaded ? 16 : 0)
#define OFFSETS_TYPE(o) (8 + OFFSETS_MORE(o))
#define OFFSETS_SIZE(o) (16 + OFFSETS_MORE(o))

/* The row of 3.minor, or NULL: unknown version, to be refused. */
const struct offsets *offsets_of(int minor, bool free_threaded);

/* Compare a row with _Py_DebugOffsets (3.13 on; runtime = &_PyRuntime).
 * Returns NULL if it agrees, else the name of the first field that does not.
 * Facts: Include/internal/pycore_debug_offsets.h, 3.13 to 3.15. */
const char *offsets_check_runtime(const struct offsets *row,
                                  const void *runtime);

#endif
