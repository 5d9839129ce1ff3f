/* SPDX-License-Identifier: MIT
 *
 * What a Python answers when it is asked what it is (probe.c), or what was kept
 * of that: eleven texts, each with its NUL.  Output before it (a shell wrapper
 * that prints something) is skipped.
 */
#ifndef PYMTOP_LAUNCHER_PROBE_ANSWER_H
#define PYMTOP_LAUNCHER_PROBE_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "launcher/probe.h"

/* True: *probe (zeroed) is what it says, to be given to probe_release().  False:
 * it is no such answer, and nothing is changed. */
bool probe_answer_parse(struct probe *probe, const char *answer, size_t len);

#endif
