/* SPDX-License-Identifier: MIT */
#include "report/report_end.h"

#include <signal.h>
#include <string.h>

#include "base/size_text.h"
#include "base/utf8.h"

static void
add_signal(struct strbuf *words, const struct report_end *end)
{
    const char *name = sigabbrev_np(end->signal);

    if (name != NULL) {
        strbuf_addf(words, "killed by SIG%s", name);
    }
    else {
        strbuf_addf(words, "killed by SIG%d", end->signal);
    }
    if (end->signal == SIGKILL && !end->by_key) {
        strbuf_add_text(words, end->out_of_memory ? " (out of memory)"
                        : " (out of memory?)");
    }
}

static void
add_after(struct strbuf *words, uint64_t when_ns, uint64_t start_ns)
{
    char text[NUMBER_TEXT_SIZE];

    clock_text(text, when_ns > start_ns ? when_ns - start_ns : 0);
    strbuf_addf(words, " after %s", text);
}

void
report_end_words(struct strbuf *words, const struct report_end *end,
                 uint64_t start_ns, const char *detail)
{
    if (end->replaced_by != NULL) {
        strbuf_add_text(words, "replaced by ");
        utf8_add_safe(words, end->replaced_by, strlen(end->replaced_by));
        add_after(words, end->replaced_ns, start_ns);
    }
    if (!end->ended) {
        return;
    }
    strbuf_add_text(words, end->replaced_by != NULL ? ", " : "");
    if (end->signal != 0) {
        add_signal(words, end);
    }
    else {
        strbuf_addf(words, "exited %d%s%s", end->status,
                    detail != NULL ? ": " : "",
                    detail != NULL ? detail : "");
    }
    if (end->replaced_by == NULL) {
        add_after(words, end->end_ns, start_ns);
    }
}
