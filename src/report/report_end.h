/* SPDX-License-Identifier: MIT
 *
 * How a script ended, in words.
 */
#ifndef PYMTOP_REPORT_END_H
#define PYMTOP_REPORT_END_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"

struct report_end {
    bool ended;                 /* else it runs */
    int status;                 /* without a signal: 0 to 255 */
    int signal;                 /* that killed it; 0: none */
    bool out_of_memory;         /* killed for it: its control group says so */
    bool by_key;                /* killed from the screen: no guessing why */
    const char *replaced_by;    /* path of the program that it became by exec,
                                   as it is; NULL: none */
    uint64_t end_ns, replaced_ns;       /* CLOCK_MONOTONIC; 0: not yet */
};

/* "exited 3 after 00:00:12", "killed by SIGKILL (out of memory) after ...",
 * "replaced by /bin/sh after 00:00:01, exited 0"; empty while it runs as it
 * was.  detail ("exception") may be NULL; start_ns is that of the run. */
void report_end_words(struct strbuf *words, const struct report_end *end,
                      uint64_t start_ns, const char *detail);

#endif
