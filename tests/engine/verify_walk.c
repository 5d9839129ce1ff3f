/* SPDX-License-Identifier: MIT
 *
 * The naive walk: from the thread state to the bottom, nothing remembered.
 * The rules are written down here a second time, on purpose.
 */
#include "verify.h"

#include <string.h>

#include "engine/ledger.h"
#include "engine/python_text.h"
#include "engine/slot.h"
#include "engine/thread.h"
#include "engine/verify.h"

/* Names of codes take long to compare: always those of so many inner frames,
 * those of all frames in one walk of so many. */
#define NAMED_FRAMES 4
#define NAMED_WALKS 16
#define TOLD_FRAMES 40

static const char *
pointer_at(const char *object, int offset)
{
    const char *result;
    memcpy(&result, object + offset, sizeof result);
    return result;
}

static int32_t
int_at(const char *object, int offset)
{
    int32_t result;
    memcpy(&result, object + offset, sizeof result);
    return result;
}

static const char *
top_of(enum domain domain)
{
    const struct offsets *o = python.offsets;
    const char *tstate = python.current_tstate();
    if (domain == DOMAIN_RAW && (o->minor < 12 || tstate == NULL)) {
        tstate = python.this_tstate();
    }
    if (tstate == NULL) {
        return NULL;
    }
    const char *top = pointer_at(tstate, o->tstate_frame);
    if (o->tstate_base >= 0 && top == pointer_at(tstate, o->tstate_base)) {
        return NULL;
    }
    return top == NULL || o->cframe_frame < 0
           ? top : pointer_at(top, o->cframe_frame);
}

static const char *
back_of(const char *frame)
{
    return pointer_at(frame, python.offsets->frame_back);
}

static const char *
code_of(const char *frame)
{
    const char *code = pointer_at(frame, python.offsets->frame_code);
    return code - ((uintptr_t)code & 7);        /* tagged from 3.14 on */
}

/* Bytes from the start of the code's instructions. */
static int64_t
instr_of(const char *frame)
{
    const struct offsets *o = python.offsets;
    int64_t instr;
    switch (o->instr_kind) {
    case INSTR_POINTER:
        instr = pointer_at(frame, o->frame_instr)
                - (code_of(frame) + o->code_bytes);
        break;
    case INSTR_LASTI_UNITS:
        instr = 2 * (int64_t)int_at(frame, o->frame_instr);
        break;
    default:
        instr = int_at(frame, o->frame_instr);
    }
    return instr;
}

/* A shim, or a call that is being set up. */
static bool
is_no_code(const char *frame)
{
    const struct offsets *o = python.offsets;
    if (o->frame_owner < 0) {
        return false;
    }
    int owner = frame[o->frame_owner];
    if (owner >= o->owner_shim) {
        return true;
    }
    return owner != o->owner_generator
           && instr_of(frame)
              < 2 * (int64_t)int_at(code_of(frame), o->code_firsttraceable);
}

/* How many frames there are, and how many inner ones count. */
static uint32_t
count_frames(const char *frame, uint32_t *kept)
{
    uint32_t n = 0;
    for (; frame != NULL; frame = back_of(frame)) {
        n++;
    }
    *kept = n;
    if (n > REGION_FRAMES_MAX) {
        do {
            *kept -= REGION_FRAMES_MAX / 2;
        } while (*kept >= REGION_FRAMES_MAX);
    }
    return n;
}

static bool
same_text(const char *object, uint32_t offset, uint32_t len)
{
    static char text[4096];
    return python_text_utf8(object, text, sizeof text) == len
           && memcmp(slot.bytes.base + offset, text, len) == 0;
}

/* Is the live code object what number stands for?  Its numbers are compared
 * always, its texts if asked. */
static bool
same_code(const char *code, uint32_t number, bool texts)
{
    const struct offsets *o = python.offsets;
    const struct region_code *known = &slot_codes()[number];
    const char *lines = NULL;
    uint32_t len = python_text_bytes(pointer_at(code, o->code_linetable),
                                     &lines);
    if (number == 0 || number >= slot.head->codes
            || known->firstlineno != int_at(code, o->code_firstlineno)
            || (known->flags & ~REGION_CODE_MACHINE)
               != (uint32_t)int_at(code, o->code_flags)
            || known->linetable_len != len) {
        return false;
    }
    int name = o->code_qualname >= 0 ? o->code_qualname : o->code_name;
    return !texts
           || (same_text(pointer_at(code, o->code_filename), known->filename,
                         known->filename_len)
               && same_text(pointer_at(code, name), known->name,
                            known->name_len)
               && memcmp(slot.bytes.base + known->linetable, lines, len)
                  == 0);
}

static bool
same_frame(const char *frame, const struct region_context *context,
           bool texts)
{
    int64_t instr = instr_of(frame);
    return context->instr == (instr < 0 ? 0 : instr)
           && same_code(code_of(frame), context->code, texts);
}

/* From the innermost frame outwards. */
static bool
same_stack(const char *frame, uint32_t context)
{
    uint32_t kept, seen = 0;
    bool all = verify_counts.walks % NAMED_WALKS == 0;
    uint32_t frames = count_frames(frame, &kept);
    verify_counts.walks++;
    verify_counts.frames += frames;
    for (uint32_t i = 0; i < kept; i++, frame = back_of(frame)) {
        if (is_no_code(frame)) {
            continue;
        }
        if (context < CONTEXT_FIRST || context >= slot.head->contexts
                || !same_frame(frame, &slot_contexts()[context],
                               all || seen < NAMED_FRAMES)) {
            return false;
        }
        context = slot_contexts()[context].parent;
        seen++;
    }
    return context == (kept < frames ? CONTEXT_CUT
                       : seen > 0 ? CONTEXT_NONE : CONTEXT_NO_FRAME);
}

static void
tell_context(uint32_t context)
{
    verify_say("  the engine's, context %u:\n", context);
    for (int i = 0; context >= CONTEXT_FIRST && context < slot.head->contexts
                    && i < TOLD_FRAMES; i++) {
        const struct region_context *c = &slot_contexts()[context];
        const struct region_code *code = &slot_codes()[c->code];
        verify_say("    %u: code %u %.*s:%d %.*s +%u\n", context, c->code,
                   (int)code->filename_len,
                   slot.bytes.base + code->filename, code->firstlineno,
                   (int)code->name_len, slot.bytes.base + code->name,
                   c->instr);
        context = c->parent;
    }
    verify_say("    %s %u\n", context < CONTEXT_FIRST ? "root" : "...",
               context);
}

static void
tell_frames(const char *frame)
{
    const struct offsets *o = python.offsets;
    static char file[200], name[200];
    uint32_t kept, frames = count_frames(frame, &kept);
    verify_say("  the frames, %u of %u count:\n", kept, frames);
    for (int i = 0; frame != NULL && i < TOLD_FRAMES;
            i++, frame = back_of(frame)) {
        if (is_no_code(frame)) {
            verify_say("    %p: no code\n", (const void *)frame);
            continue;
        }
        const char *code = code_of(frame);
        uint32_t file_len = python_text_utf8(
            pointer_at(code, o->code_filename), file, sizeof file);
        uint32_t name_len = python_text_utf8(
            pointer_at(code, o->code_qualname >= 0 ? o->code_qualname
                                                   : o->code_name),
            name, sizeof name);
        verify_say("    %p: %p %.*s:%d %.*s +%d\n", (const void *)frame,
                   (const void *)code, (int)file_len, file,
                   int_at(code, o->code_firstlineno), (int)name_len, name,
                   (int)instr_of(frame));
    }
    verify_say("    %s\n", frame == NULL ? "bottom" : "...");
}

void
verify_context(enum domain domain, uint32_t context)
{
    /* A pause takes effect between a walk and its booking. */
    if (ledger.paused || context == CONTEXT_PAUSED) {
        return;
    }
    verify_counts.checked++;
    if (verify_perturb_context != 0
            && verify_counts.checked % verify_perturb_context == 0) {
        context = context > CONTEXT_FIRST ? context - 1 : context + 1;
    }
    const char *top = thread.ended ? NULL : top_of(domain);
    bool same = top == NULL ? context == CONTEXT_NO_FRAME
                            : same_stack(top, context);
    if (!same && verify_differs()) {
        verify_say("difference in a context, domain %d, allocation %llu:\n",
                   (int)domain, (unsigned long long)verify_counts.checked);
        tell_context(context);
        tell_frames(top);
    }
}
