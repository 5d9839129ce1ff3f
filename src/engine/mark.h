/* SPDX-License-Identifier: MIT
 *
 * Marks: how a walk knows that it need not go on.  A mark is put into a frame
 * that waits for a call to return, at a place that no script can see, and
 * which a new activation at the same address cannot still have.  A frame that
 * carries one is therefore the same activation as when it was marked; so are
 * all its callers, which have waited ever since, each at the same instruction.
 *
 * - 3.11 on: the slot of the value stack that will take the return value.  It
 *   lies above the stack's top, where nothing is read before it is written
 *   (collector, frame objects and tracers stop at the top).  It is written by
 *   the call when it returns, and by every call before it starts: the
 *   callable (or the object with the property, or the container) lies there.
 *   What does not write it is a generator that is resumed and raises, and a
 *   call from C; so a frame is marked, and a mark is believed, only when the
 *   frame that it called runs inline in the same interpreter loop.  The mark
 *   holds the caller's instruction, so one that is left over in another
 *   place's slot means nothing.  (Python/bytecodes.c: CALL, RETURN_VALUE,
 *   FOR_ITER_GEN, SEND_GEN; _PyFrame_StackPush in pycore_frame.h.)
 * - 3.9, 3.10: f_gen, which is NULL in a frame that belongs to no generator,
 *   is set to NULL when a frame is made, and is read by nothing but
 *   frame.clear(), which gets an object there that looks like a generator
 *   that has ended (_PyGen_Finalize).
 *
 * - 3.11 to 3.13, of a frame that runs or has called C: stacktop itself.  It is
 *   -1 while the interpreter keeps the stack's top in a register, and is only
 *   ever asked whether it is 0, or how many slots lie below it: any negative
 *   number is as good.  It is written when a frame is made, when it calls
 *   inline, returns, yields or is traced, and as -1 when it goes on.  So a mark
 *   there says that the frame is the same activation, though not at which
 *   instruction: that is compared as well, as before 3.11.
 *   (_PyFrame_GetStackPointer, _PyFrame_SetStackPointer, _PyFrame_Initialize
 *   in pycore_frame.h; all that reads stacktop is in Python/frame.c and
 *   Objects/frameobject.c.)
 *
 * A mark names the level of the frame in the remembered stack.
 */
#ifndef PYMTOP_MARK_H
#define PYMTOP_MARK_H

#include <stdbool.h>
#include <stdint.h>

#include "frame.h"
#include "pymtop/region_layout.h"

#define MARK_NONE UINT32_MAX            /* no level */

#define MARK_STACKTOP_FREE (-1)         /* stacktop of a frame that runs */

/* Not an address: bits 63 to 47 of one are all the same. */
#define MARK_BITS 0x5a3c000000000000ull
#define MARK_LEVELS (1u << 16)
_Static_assert(REGION_FRAMES_MAX <= MARK_LEVELS, "a mark names a level");

/* PyGenObjects that have ended, zero all over, one every 16 bytes. */
#define MARK_GENERATOR_STEP 16
extern char mark_generators[REGION_FRAMES_MAX * MARK_GENERATOR_STEP + 256];

/* The row's place of marks has been tested on this Python (self_test.h). */
extern bool mark_place_known;

/* Was `callee` called inline, so that its return value goes to its caller's
 * value stack? */
FRAME_INLINE bool
mark_called_inline(const struct offsets *o, const char *callee)
{
    return callee[o->frame_owner] == 0
           && (o->frame_entry < 0 || callee[o->frame_entry] == 0);
}

/* MARK_STACKTOP: index of the value stack's top; negative: the frame runs, or
 * has called C. */
FRAME_INLINE int *
mark_stacktop(const struct offsets *o, const char *frame)
{
    return (int *)(uintptr_t)(frame + o->frame_mark);
}

/* The slot that will take the return value; NULL: the frame is not in a call
 * that runs inline. */
FRAME_INLINE uint64_t *
mark_slot(const struct offsets *o, const char *frame)
{
    if (o->mark_kind == MARK_STACKPOINTER) {
        return (uint64_t *)(uintptr_t)frame_load(frame, o->frame_mark);
    }
    int top = *mark_stacktop(o, frame);
    if (top < 0) {
        return NULL;
    }
    return (uint64_t *)(uintptr_t)(frame + o->frame_slots) + top;
}

FRAME_INLINE uint64_t
mark_of(const struct offsets *o, const char *frame, uint32_t level)
{
    return (uint64_t)frame_load(frame, o->frame_instr) ^ (MARK_BITS | level);
}

/* The level that is written in the frame itself: it is the same activation,
 * but may have gone on to another instruction since. */
FRAME_INLINE uint32_t
mark_read_own(const struct offsets *o, const char *frame)
{
    if (o->mark_kind == MARK_STACKTOP) {
        int top = *mark_stacktop(o, frame);
        return top >= 0 ? MARK_NONE : (uint32_t)(MARK_STACKTOP_FREE - 1 - top);
    }
    if (o->mark_kind == MARK_GENERATOR) {
        const char *generator = frame_load(frame, o->frame_mark);
        uint64_t at = (uint64_t)generator - (uint64_t)mark_generators;
        return at < sizeof mark_generators
               ? (uint32_t)at / MARK_GENERATOR_STEP : MARK_NONE;
    }
    return MARK_NONE;
}

/* The level that is written for the frame that it called, which is `callee`. */
FRAME_INLINE uint32_t
mark_read_call(const struct offsets *o, const char *frame, const char *callee)
{
    if (o->mark_kind == MARK_GENERATOR) {
        return mark_read_own(o, frame);
    }
    if (!mark_called_inline(o, callee)) {
        return MARK_NONE;
    }
    const uint64_t *place = mark_slot(o, frame);
    if (place == NULL) {
        return MARK_NONE;
    }
    uint64_t level = *place ^ mark_of(o, frame, 0);
    return level < MARK_LEVELS ? (uint32_t)level : MARK_NONE;
}

/* Is that level written for it? */
FRAME_INLINE bool
mark_has_call(const struct offsets *o, const char *frame, const char *callee,
              uint32_t level)
{
    if (o->mark_kind == MARK_GENERATOR) {
        return mark_read_own(o, frame) == level;
    }
    const uint64_t *place = mark_called_inline(o, callee)
                            ? mark_slot(o, frame) : NULL;
    return place != NULL && *place == mark_of(o, frame, level);
}

/* The level that is written in the frame, one way or the other. */
FRAME_INLINE uint32_t
mark_read(const struct offsets *o, const char *frame, const char *callee)
{
    uint32_t own = mark_read_own(o, frame);
    return own != MARK_NONE ? own : mark_read_call(o, frame, callee);
}

/* Of a frame that has a mark: is it its own, so that the instruction is to be
 * compared as well? */
FRAME_INLINE bool
mark_is_own(const struct offsets *o, const char *frame)
{
    return o->mark_kind == MARK_GENERATOR
           || (o->mark_kind == MARK_STACKTOP && *mark_stacktop(o, frame) < 0);
}

/* 3.14 leaves a stack pointer in place when the call that it was saved for has
 * returned, and greenlet links frames past the calls from C between them; so
 * there the slot must hold what `callee` runs, as it does in a call that runs
 * inline, or a mark for this very instruction. */
FRAME_INLINE bool
mark_may_replace(const struct offsets *o, const char *frame,
                 const char *callee, uint64_t old)
{
    const uint64_t tag = 7;
    return o->frame_function < 0
           || (old & ~tag) == ((uint64_t)frame_load(callee, o->frame_function)
                               & ~tag)
           || (old ^ mark_of(o, frame, 0)) < MARK_LEVELS;
}

/* Mark a frame that runs, or has called C, with its own mark, if it can be. */
FRAME_INLINE void
mark_plant_own(const struct offsets *o, const char *frame, uint32_t level)
{
    if (o->mark_kind == MARK_STACKTOP && *mark_stacktop(o, frame) < 0
            && __builtin_expect(mark_place_known, 1)) {
        *mark_stacktop(o, frame) = MARK_STACKTOP_FREE - 1 - (int)level;
    }
}

/* Mark a frame that is Python code (frame_skipped()), if it can be. */
FRAME_INLINE void
mark_plant(const struct offsets *o, const char *frame, const char *callee,
           uint32_t level)
{
    if (__builtin_expect(!mark_place_known, 0)) {
        return;
    }
    if (o->mark_kind == MARK_GENERATOR) {
        char **generator = (char **)(uintptr_t)(frame + o->frame_mark);
        if (*generator == NULL
                || mark_read_own(o, frame) != MARK_NONE) {
            *generator = mark_generators + level * MARK_GENERATOR_STEP;
        }
        return;
    }
    if (!mark_called_inline(o, callee)) {
        mark_plant_own(o, frame, level);
        return;
    }
    uint64_t *place = mark_slot(o, frame);
    if (place != NULL && mark_may_replace(o, frame, callee, *place)) {
        *place = mark_of(o, frame, level);
    }
}

#endif
