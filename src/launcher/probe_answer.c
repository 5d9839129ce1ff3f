/* SPDX-License-Identifier: MIT */
#include "launcher/probe_answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

#define FIELDS 11

static char *
text_or_null(const char *text)
{
    return *text ? xstrdup(text) : NULL;
}

bool
probe_answer_parse(struct probe *probe, const char *answer, size_t len)
{
    static const char magic[] = "pymtop-probe";
    const char *at = memmem(answer, len, magic, sizeof(magic));
    const char *field[FIELDS];

    for (int i = 0; i < FIELDS; i++) {
        const char *end =
            at ? memchr(at, 0, len - (size_t)(at - answer)) : NULL;
        if (!end) {
            return false;
        }
        field[i] = at;
        at = end + 1;
    }
    if (sscanf(field[2], "%d.%d.%d", &probe->major, &probe->minor,
               &probe->micro) != 3) {
        return false;
    }
    probe->implementation = xstrdup(field[1]);
    probe->free_threaded = *field[3];
    probe->debug = *field[4];
    probe->wide = strcmp(field[5], "64") == 0;
    probe->executable = xstrdup(field[6]);
    probe->stdlib = xstrdup(field[7]);
    probe->libpython_mapped = text_or_null(field[8]);
    probe->libpython_installed = text_or_null(field[9]);
    probe->libc = text_or_null(field[10]);
    return true;
}

void
probe_release(struct probe *probe)
{
    free(probe->implementation);
    free(probe->executable);
    free(probe->stdlib);
    free(probe->libpython_mapped);
    free(probe->libpython_installed);
    free(probe->libc);
    memset(probe, 0, sizeof(*probe));
}
