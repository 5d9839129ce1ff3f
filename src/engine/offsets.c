/* SPDX-License-Identifier: MIT */
#include "offsets.h"

#include <string.h>

#include "offsets_rows.h"

static const struct offsets rows[] = {
    OFFSETS_3_9, OFFSETS_3_10, OFFSETS_3_11,
    OFFSETS_3_12, OFFSETS_3_13, OFFSETS_3_14,
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

/* Word numbers inside _Py_DebugOffsets.  3.14 has three words more in the
 * interpreter group and two more in the frame group. */
struct debug_words {
    int tstate, frame, code;
};

const char *
offsets_check_runtime(const struct offsets *row, const void *runtime)
{
    if (row->minor < 13) {
        return NULL;
    }
    struct debug_words at = { .tstate = 19, .frame = 28, .code = 34 };
    if (row->minor >= 14) {
        at = (struct debug_words){ .tstate = 22, .frame = 31, .code = 39 };
    }
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
        if (words[checks[i].word] != (uint64_t)checks[i].expected) {
            return checks[i].name;
        }
    }
    return NULL;
}
