/* SPDX-License-Identifier: MIT
 *
 * One interpreter frame, read through a row of offsets.  With a constant row
 * each function folds to a load or two.
 */
#ifndef PYMTOP_FRAME_H
#define PYMTOP_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "offsets.h"

#define FRAME_INLINE static inline __attribute__((always_inline))

FRAME_INLINE const char *
frame_load(const char *object, int offset)
{
    return *(char *const *)(const void *)(object + offset);
}

/* The innermost frame of a thread state, or NULL.  From 3.15 on every thread
 * state has a frame of no code below all others (base_frame): alone it means
 * none. */
FRAME_INLINE const char *
frame_top(const struct offsets *o, const char *tstate)
{
    const char *top = frame_load(tstate, o->tstate_frame);
    if (o->cframe_frame >= 0 && top != NULL) {
        top = frame_load(top, o->cframe_frame);
    }
    if (o->tstate_base >= 0 && top == frame_load(tstate, o->tstate_base)) {
        return NULL;
    }
    return top;
}

/* Does a trace or profile function run?  It may send a frame that waits for it
 * to another line (f_lineno). */
FRAME_INLINE bool
frame_in_tracer(const struct offsets *o, const char *tstate)
{
    return *(const int *)(const void *)(tstate + o->tstate_tracing) != 0;
}

FRAME_INLINE const char *
frame_back(const struct offsets *o, const char *frame)
{
    return frame_load(frame, o->frame_back);
}

/* Where in which code a frame is.  0 means: equal to nothing.  A generator's
 * first instruction is skipped (below) while it is made, but not later, so the
 * owner is part of the key. */
FRAME_INLINE uint64_t
frame_key(const struct offsets *o, const char *frame)
{
    if (o->instr_kind == INSTR_POINTER) {
        return (uint64_t)frame_load(frame, o->frame_instr)
               | (uint64_t)(unsigned char)frame[o->frame_owner] << 56;
    }
    /* Code objects are 16-byte aligned below 2^47: 43 bits, and 21 are left
     * for the instruction. */
    uint64_t code = (uint64_t)frame_load(frame, o->frame_code);
    uint32_t lasti = *(const uint32_t *)(const void *)
                     (frame + o->frame_instr) + 1;
    return lasti >> 21 ? 0 : code >> 4 << 21 | lasti;
}

FRAME_INLINE bool
frame_has_key(const struct offsets *o, const char *frame, uint64_t key)
{
    return frame_key(o, frame) == key
           && (o->instr_kind == INSTR_POINTER || key != 0);
}

/* The code object; from 3.14 on the reference is tagged in its low bits. */
FRAME_INLINE const char *
frame_code(const struct offsets *o, const char *frame)
{
    return (const char *)((uintptr_t)frame_load(frame, o->frame_code)
                          & ~(uintptr_t)7);
}

/* Byte offset of the instruction in the code. */
FRAME_INLINE uint32_t
frame_instr(const struct offsets *o, const char *frame, const char *code)
{
    if (o->instr_kind == INSTR_POINTER) {
        int64_t instr = frame_load(frame, o->frame_instr)
                        - (code + o->code_bytes);
        return instr < 0 ? 0 : (uint32_t)instr;
    }
    int32_t lasti = *(const int32_t *)(const void *)(frame + o->frame_instr);
    return lasti < 0 ? 0
           : (uint32_t)lasti * (o->instr_kind == INSTR_LASTI_UNITS ? 2 : 1);
}

/* An entry shim of the C stack, from 3.12 on. */
FRAME_INLINE bool
frame_is_shim(const struct offsets *o, const char *frame)
{
    return o->frame_owner >= 0 && frame[o->frame_owner] >= o->owner_shim;
}

/* Not (yet) a frame of Python code: an entry shim of the C stack (3.12 on),
 * or a call that is still being set up (_PyFrame_IsIncomplete in
 * Include/internal/pycore_frame.h), which tracemalloc leaves out as well. */
FRAME_INLINE bool
frame_skipped(const struct offsets *o, const char *frame)
{
    if (o->frame_owner < 0) {
        return false;
    }
    if (frame_is_shim(o, frame)) {
        return true;
    }
    if (frame[o->frame_owner] == o->owner_generator) {
        return false;
    }
    const char *code = frame_code(o, frame);
    int32_t first = *(const int32_t *)(const void *)
                    (code + o->code_firsttraceable);
    return frame_load(frame, o->frame_instr)
           < code + o->code_bytes + 2 * (int64_t)first;
}

#endif
