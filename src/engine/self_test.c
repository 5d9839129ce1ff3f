/* SPDX-License-Identifier: MIT */
#include "self_test.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "engine.h"
#include "frame.h"
#include "free_lists.h"
#include "mark.h"
#include "python_api.h"
#include "python_text.h"
#include "pymtop/region_layout.h"

/* PyTypeObject and PyMemberDef are the same in all versions
 * (Include/cpython/object.h, Include/descrobject.h). */
#define TYPE_BASICSIZE (32 + OFFSETS_MORE(python.offsets))
#define TYPE_WEAKLIST (208 + OFFSETS_MORE(python.offsets))
#define TYPE_MEMBERS (240 + OFFSETS_MORE(python.offsets))
#define MEMBER_SIZE 40
#define MEMBER_OFFSET 16
#define TYPE_KINDS (0xffll << 24)       /* Py_TPFLAGS_..._SUBCLASS */
#define TYPE_IS_LIST (1ll << 25)
#define TYPE_IS_STR (1ll << 28)
#define VALUE_STACK_MAX (1 << 20)

static int64_t
number_at(const void *object, int offset)
{
    int64_t number;
    memcpy(&number, (const char *)object + offset, sizeof number);
    return number;
}

/* --- types ----------------------------------------------------------------*/

/* Where a type says that it has a member; -1: it does not say. */
static int64_t
member(const void *type, const char *name)
{
    const char *at = frame_load(type, TYPE_MEMBERS);
    for (; at != NULL && frame_load(at, 0) != NULL; at += MEMBER_SIZE) {
        if (strcmp(frame_load(at, 0), name) == 0) {
            return number_at(at, MEMBER_OFFSET);
        }
    }
    return -1;
}

struct published {
    const char *name;
    const void *type;
    int offset;
};

static const char *
compare_members(const struct offsets *o)
{
    bool objects = o->minor < 11;       /* a frame is an object */
    const struct published members[] = {
        { "co_filename", python.code_type, o->code_filename },
        { "co_name", python.code_type, o->code_name },
        { "co_qualname", python.code_type, o->code_qualname },
        { "co_firstlineno", python.code_type, o->code_firstlineno },
        { "co_flags", python.code_type, o->code_flags },
        { o->minor < 10 ? "co_lnotab" : "co_linetable", python.code_type,
          o->code_linetable },
        { "f_code", python.frame_type, objects ? o->frame_code : -1 },
        { "f_back", python.frame_type, objects ? o->frame_back : -1 },
        { "f_lasti", python.frame_type,
          o->minor == 9 ? o->frame_instr : -1 },
    };
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        if (member(members[i].type, members[i].name) != members[i].offset) {
            return members[i].name;
        }
    }
    /* Behind co_weakreflist, which the type names. */
    if (o->code_executors >= 0
            && number_at(python.code_type, TYPE_WEAKLIST)
               != o->code_executors - (int)sizeof(void *)) {
        return "co_executors";
    }
    /* f_trace_lines, f_trace_opcodes, then f_gen, then f_lasti. */
    int64_t before = member(python.frame_type, "f_trace_lines") + 2;
    bool right = !objects || (o->frame_mark == ((before + 7) & ~(int64_t)7)
                              && o->frame_instr == o->frame_mark + 8);
    return right ? NULL : "f_gen";
}

static const char *
compare_sizes(const struct offsets *o)
{
    const struct published sizes[] = {
        { "code objects", python.code_type, o->code_size },
        { "frames", python.frame_type,
          o->frame_data + (o->minor >= 11 ? o->frame_slots : 0) },
        { "code bytes", python.code_type,
          o->code_bytes >= 0 ? o->code_bytes : o->code_size },
        { "str", python.str_type, o->str_data + (int)sizeof(void *) },
        { "compact str", python.str_type,
          o->str_compact + (int)sizeof(void *) },
        { "bytes", python.bytes_type, o->bytes_data + 1 },
    };
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        if (number_at(sizes[i].type, TYPE_BASICSIZE) != sizes[i].offset) {
            return sizes[i].name;
        }
    }
    return NULL;
}

const char *
self_test_types(const struct offsets *o)
{
    if ((number_at(python.str_type, o->type_flags) & TYPE_KINDS)
            != TYPE_IS_STR
            || (number_at(python.list_type, o->type_flags) & TYPE_KINDS)
               != TYPE_IS_LIST) {
        return "tp_flags";
    }
    /* A destructor, and no vectorcall after it. */
    if (frame_load(python.list_type, o->type_dealloc) == NULL
            || number_at(python.list_type, o->type_dealloc + 8) != 0
            || number_at(python.list_type, o->type_dealloc - 8) != 0) {
        return "tp_dealloc";
    }
    const char *wrong = compare_members(o);
    return wrong != NULL ? wrong : compare_sizes(o);
}

/* --- frames ---------------------------------------------------------------*/

/* Read memory that may not be there. */
static bool
peek(const void *at, void *to, size_t size)
{
    struct iovec here = { to, size };
    struct iovec there = { (void *)(uintptr_t)at, size };
    ssize_t got = process_vm_readv(getpid(), &here, 1, &there, 1, 0);
    if (got < 0 && errno != EFAULT) {
        memcpy(to, at, size);           /* a sandbox does without this call */
        return true;
    }
    return got == (ssize_t)size;
}

static const char *
peek_pointer(const char *at, int offset)
{
    const char *pointer = NULL;
    return peek(at + offset, &pointer, sizeof pointer) ? pointer : NULL;
}

static bool
has_type(const char *object, const void *type)
{
    return object != NULL && peek_pointer(object, OFFSETS_TYPE(python.offsets)) == type;
}

/* A name, and a line table, read in both ways. */
static const char *
compare_texts(const struct offsets *o, const char *code)
{
    char text[256];
    const char *name = frame_load(code, o->code_name), *bytes = NULL;
    const char *table = frame_load(code, o->code_linetable);
    if (!has_type(name, python.str_type)
            || !has_type(frame_load(code, o->code_filename),
                         python.str_type)) {
        return "co_name";
    }
    int64_t length = python.text_length((void *)(uintptr_t)name);
    if (number_at(name, o->str_length) != length) {
        return "str.length";
    }
    if (length < (int64_t)sizeof text - 4) {
        uint32_t len = python_text_utf8(name, text, sizeof text);
        int64_t size = 0;
        const char *theirs = python.text_utf8((void *)(uintptr_t)name,
                                              &size);
        if (theirs == NULL || size != len || memcmp(theirs, text, len) != 0) {
            return "str.data";
        }
    }
    if (!has_type(table, python.bytes_type)
            || python_text_bytes(table, &bytes)
               != python.bytes_length((void *)(uintptr_t)table)) {
        return "bytes.size";
    }
    return NULL;
}

/* Is the instruction one of the code's? */
static bool
instr_fits(const struct offsets *o, const char *frame, const char *code)
{
    int32_t lasti;
    if (o->instr_kind != INSTR_POINTER) {
        return peek(frame + o->frame_instr, &lasti, sizeof lasti)
               && lasti >= -1 && lasti < VALUE_STACK_MAX;
    }
    int64_t offset = peek_pointer(frame, o->frame_instr)
                     - (code + o->code_bytes);
    return offset >= -2 && offset < 2 * number_at(code, OFFSETS_SIZE(o));
}

/* The top of the value stack, in a frame that waits for one that it called
 * inline. */
static bool
mark_fits(const struct offsets *o, const char *frame)
{
    int32_t top;
    if (o->mark_kind == MARK_STACKTOP) {
        return peek(frame + o->frame_mark, &top, sizeof top) && top >= 0
               && top < VALUE_STACK_MAX;
    }
    const char *pointer = peek_pointer(frame, o->frame_mark);
    return pointer >= frame + o->frame_slots
           && pointer < frame + VALUE_STACK_MAX;
}

/* A frame that runs Python code. */
static const char *
compare_frame(const struct offsets *o, const char *frame)
{
    const char *code = (const char *)((uintptr_t)peek_pointer(
        frame, o->frame_code) & ~(uintptr_t)7);
    if (!has_type(code, python.code_type)) {
        return "frame.code";
    }
    if (o->minor < 11 && !has_type(frame, python.frame_type)) {
        return "frame.back";
    }
    if (!instr_fits(o, frame, code)) {
        return "frame.instruction";
    }
    if (o->frame_function >= 0
            && !has_type((const char *)((uintptr_t)peek_pointer(
                   frame, o->frame_function) & ~(uintptr_t)7),
                   python.function_type)) {
        return "frame.function";
    }
    return compare_texts(o, code);
}

static const char *
compare_owner(const struct offsets *o, const char *frame, bool outermost,
              bool *shim)
{
    int8_t owner = 0, entry = 1;        /* char has no sign everywhere */
    *shim = false;
    if (o->frame_owner >= 0
            && (!peek(frame + o->frame_owner, &owner, 1) || owner < 0
                || owner > o->owner_shim + 1)) {
        return "frame.owner";
    }
    *shim = o->frame_owner >= 0 && owner >= o->owner_shim;
    if (o->minor >= 12 && outermost && !*shim) {
        return "frame.owner";   /* an interpreter loop begins with one */
    }
    if (o->frame_entry >= 0
            && (!peek(frame + o->frame_entry, &entry, 1) || entry < 0
                || entry > 1 || (outermost && entry == 0))) {
        return "frame.is_entry";
    }
    return NULL;
}

/* A count that Python itself raises and lowers, from 3.11 on when asked. */
static bool
tracing_fits(const struct offsets *o, const char *tstate)
{
    int32_t before, within, after;
    const char *field = tstate + o->tstate_tracing;
    if (o->minor < 11) {
        return true;
    }
    if (python.enter_tracing == NULL || python.leave_tracing == NULL
            || !peek(field, &before, sizeof before)) {
        return false;
    }
    python.enter_tracing((void *)(uintptr_t)tstate);
    bool read = peek(field, &within, sizeof within);
    python.leave_tracing((void *)(uintptr_t)tstate);
    return read && peek(field, &after, sizeof after)
           && within == before + 1 && after == before;
}

const char *
self_test_frames(const struct offsets *o, const char *tstate)
{
    if (peek_pointer(tstate, o->tstate_interp)
            != python.interpreter((void *)(uintptr_t)tstate)) {
        return "thread_state.interp";
    }
    if (!tracing_fits(o, tstate)) {
        return "thread_state.tracing";
    }
    const char *frame = peek_pointer(tstate, o->tstate_frame);
    if (o->cframe_frame >= 0) {
        frame = frame == NULL ? NULL : peek_pointer(frame, o->cframe_frame);
    }
    if (frame == NULL) {
        return "thread_state.frame";
    }
    for (int n = 0; frame != NULL; n++) {
        bool shim;
        const char *back = NULL;
        if (n > (int)REGION_FRAMES_MAX
                || !peek(frame + o->frame_back, &back, sizeof back)) {
            return "frame.back";
        }
        const char *wrong = compare_owner(o, frame, back == NULL, &shim);
        if (wrong == NULL && !shim) {
            wrong = compare_frame(o, frame);
        }
        if (wrong != NULL) {
            return wrong;
        }
        frame = back;
    }
    return NULL;
}

bool
self_test_done(const char *tstate)
{
    static bool done;
    if (done) {
        return true;
    }
    if (python.globals() == NULL) {
        return false;
    }
    int error = errno;
    const char *wrong = self_test_frames(python.offsets, tstate);
    errno = error;
    if (wrong != NULL) {
        engine_refuse_row(wrong);
        return false;
    }
    done = true;
    free_lists_begin();
    return true;
}

void
self_test_marks(void)
{
    const struct offsets *o = python.offsets;
    static bool done;
    if (o->mark_kind == MARK_GENERATOR) {
        mark_place_known = done = true;
    }
    const char *tstate = done ? NULL : python.current_tstate();
    const char *frame = tstate == NULL ? NULL : frame_top(o, tstate);
    const char *callee = NULL;
    for (; frame != NULL; callee = frame, frame = frame_back(o, frame)) {
        if (callee == NULL || !mark_called_inline(o, callee)
                || frame_is_shim(o, frame)) {
            continue;
        }
        done = true;
        if (!mark_fits(o, frame)) {
            engine_refuse_row("frame.stack");
            return;
        }
        mark_place_known = true;
    }
}
