/* SPDX-License-Identifier: MIT
 *
 * Does the row of offsets fit this very Python?  Asked before anything is read
 * through it: a release that was patched, or built in a way that nobody knew,
 * would else crash the script, or be read wrongly.
 *
 * Two tests, since most is known only when Python runs:
 * - types, before Python starts: it publishes where many fields are, for its
 *   own introspection (tp_members), and how large its objects are;
 * - frames, when the first Python frame runs (the import system's, long before
 *   the script): what the row leads to must be what Python's own functions
 *   say.  Memory is read by system call, so a wrong address does no harm.
 *
 * What neither can tell is left to the headers (tools/print_offsets.c).
 */
#ifndef PYMTOP_SELF_TEST_H
#define PYMTOP_SELF_TEST_H

#include <stdbool.h>

#include "offsets.h"

/* NULL: the row agrees with the types; else the name of a field that does
 * not. */
const char *self_test_types(const struct offsets *row);

/* The same for the frames of a thread state. */
const char *self_test_frames(const struct offsets *row, const char *tstate);

/* Has the row been tested, and may frames be walked?  False: no Python frame
 * has run yet, or the row is wrong (engine_refuse_row()).  To be
 * called with a thread state that is current. */
bool self_test_done(const char *tstate);

/* The rest, from 3.11 on: the place of marks, which only a frame that waits for
 * an inline call can show.  Called with each new context, under the ledger
 * lock: the first mark is put into a frame after its callee's context was made. */
void self_test_marks(void);

#endif
