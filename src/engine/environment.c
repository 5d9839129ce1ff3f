/* SPDX-License-Identifier: MIT */
#include "environment.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PRELOAD "LD_PRELOAD="

static const char *const own_variables[] = {
    "PYMTOP_REGION=", "PYMTOP_LIBPYTHON=", "PYMTOP_LD_PRELOAD=",
};

static bool
begins_with(const char *word, const char *prefix)
{
    return strncmp(word, prefix, strlen(prefix)) == 0;
}

static bool
is_ours(const char *word)
{
    for (size_t i = 0; i < sizeof own_variables / sizeof own_variables[0];
            i++) {
        if (begins_with(word, own_variables[i])) {
            return true;
        }
    }
    return false;
}

/* One behind the other, as exec lays them out; nobody has set any since. */
static bool
is_laid_out(void)
{
    for (char **word = environ; word[0] != NULL && word[1] != NULL; word++) {
        if (word[1] != word[0] + strlen(word[0]) + 1) {
            return false;
        }
    }
    return true;
}

/* ENGINE:BEFORE becomes BEFORE, its last before_len bytes. */
static void
restore_preload(char *word, size_t before_len)
{
    char *value = word + strlen(PRELOAD);
    memmove(value, value + strlen(value) - before_len, before_len + 1);
}

/* The words that stay close up where they lie, so that the others are not in
 * /proc/self/environ either: the rest of it is zeros.  Ours are the last, so
 * that words only move behind an LD_PRELOAD that got shorter. */
static void
close_up(bool preloaded, const char *before)
{
    bool laid_out = is_laid_out();
    size_t before_len = before != NULL ? strlen(before) : 0;
    char *to = environ[0], *end = to;
    size_t n = 0;
    for (char **from = environ; *from != NULL; from++) {
        char *word = *from;
        bool is_preload = preloaded && begins_with(word, PRELOAD);
        end = word + strlen(word) + 1;
        if (is_ours(word) || (is_preload && before == NULL)) {
            continue;
        }
        if (is_preload) {
            restore_preload(word, before_len);
        }
        size_t size = strlen(word) + 1;
        environ[n++] = laid_out ? memmove(to, word, size) : word;
        to += size;
    }
    environ[n] = NULL;
    if (laid_out) {
        memset(to, 0, (size_t)(end - to));
    }
}

int
environment_clean(void)
{
    const char *region = getenv("PYMTOP_REGION");
    if (region == NULL) {
        return -1;
    }
    int fd = atoi(region);
    close_up(getenv("PYMTOP_LIBPYTHON") == NULL,
             getenv("PYMTOP_LD_PRELOAD"));
    return fd;
}
