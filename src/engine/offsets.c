/* SPDX-License-Identifier: MIT */
#include "offsets.h"

#include <string.h>

#include "offsets_rows.h"

static const struct offsets rows[] = {
    OFFSETS_3_9, OFFSETS_3_10, OFFSETS_3_11,
    OFFSETS_3_12, OFFSETS_3_13, OFFSETS_3_14, OFFSETS_3_15,
    OFFSETS_3_13T,
};

const struct offsets *
offsets_of(int minor, bool free_threaded)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].minor == minor
                && rows[i].free_threaded == free_threaded) {
            return &rows[i];
        }
    }
    return NULL;
}

/* Word numbers inside _Py_DebugOffsets, where each group begins. */
struct debug_words {
    int minor;                  /* from this version on */
    int tstate, frame, code;
};

static const struct debug_words debug_words[] = {
    { 13, 19, 28, 34 },
    { 14, 22, 31, 39 },
    { 15, 22, 39, 47 },         /* base_frame and last_profiled_frame are new,
                                   behind the thread state's current_frame */
};

static struct debug_words
debug_words_of(int minor)
{
    size_t i = sizeof debug_words / sizeof debug_words[0] - 1;
    while (i > 0 && debug_words[i].minor > minor) {
        i--;
    }
    return debug_words[i];
}

const char *
offsets_check_runtime(const struct offsets *row, const void *runtime)
{
    if (row->minor < 13) {
        return NULL;
    }
    const struct debug_words at = debug_words_of(row->minor);
    const uint64_t *words = runtime;
    if (memcmp(runtime, "xdebugpy", 8) != 0) {
        return "cookie";
    }
    if (words[2] != (uint64_t)row->free_threaded) {
        return "free_threaded";
    }
    const struct {
        const char *name;
        int word;
        int expected;
    } checks[] = {
        { "thread_state.interp", at.tstate + 3, row->tstate_interp },
        { "thread_state.current_frame", at.tstate + 4, row->tstate_frame },
        { "thread_state.base_frame", at.tstate + 5, row->tstate_base },
        { "interpreter_frame.previous", at.frame + 1, row->frame_back },
        { "interpreter_frame.executable", at.frame + 2, row->frame_code },
        { "interpreter_frame.instr_ptr", at.frame + 3, row->frame_instr },
        { "interpreter_frame.localsplus", at.frame + 4, row->frame_slots },
        { "interpreter_frame.owner", at.frame + 5, row->frame_owner },
        { "code_object.filename", at.code + 1, row->code_filename },
        { "code_object.name", at.code + 2, row->code_name },
        { "code_object.qualname", at.code + 3, row->code_qualname },
        { "code_object.linetable", at.code + 4, row->code_linetable },
        { "code_object.firstlineno", at.code + 5, row->code_firstlineno },
        { "code_object.co_code_adaptive", at.code + 9, row->code_bytes },
    };
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        if (checks[i].expected >= 0
                && words[checks[i].word] != (uint64_t)checks[i].expected) {
            return checks[i].name;
        }
    }
    return NULL;
}
