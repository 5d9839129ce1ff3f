/* SPDX-License-Identifier: MIT */
#include "follow.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "program.h"
#include "pymtop/region_layout.h"

#define REGION "PYMTOP_REGION="
#define FOLLOW "PYMTOP_FOLLOW="
#define PRELOAD "LD_PRELOAD="
#define TYPED "PYMTOP_LD_PRELOAD="      /* ends in PRELOAD */
#define PARENT_DIGITS 10
#define WORDS_MAX 4096

static struct {
    char word[FOLLOW_TEXT];         /* PYMTOP_FOLLOW=...; empty: follow not */
    char *parent;                   /* in word, PARENT_DIGITS */
    const char *library;            /* in word, to its end; "": exec'd ones
                                       cannot be followed */
    char region[40];                /* /proc/PID/fd/FD */
    uint64_t id;
} follow;

static bool
begins_with(const char *word, const char *prefix)
{
    return strncmp(word, prefix, strlen(prefix)) == 0;
}

/* Read what we were started with. */
static void
remember(const char *word)
{
    int pid, fd, at = 0;
    unsigned long long id;

    if (strlen(word) >= sizeof follow.word
            || sscanf(word, FOLLOW "%d:%d:%llx:%n", &pid, &fd, &id, &at) != 3
            || at == 0 || strlen(word + at) < PARENT_DIGITS + 1
            || word[at + PARENT_DIGITS] != ':') {
        return;
    }
    strcpy(follow.word, word);
    follow.parent = follow.word + at;
    follow.library = follow.parent + PARENT_DIGITS + 1;
    follow.id = id;
    snprintf(follow.region, sizeof follow.region, "/proc/%d/fd/%d", pid, fd);
}

int
follow_begin(char **words, bool preloaded)
{
    char *typed = NULL;
    char **to = words;
    int region = -1;
    for (char **from = words; *from != NULL; from++) {
        if (begins_with(*from, REGION)) {
            region = atoi(*from + strlen(REGION));
        }
        else if (begins_with(*from, FOLLOW)) {
            remember(*from);
        }
        else if (begins_with(*from, TYPED)) {
            typed = *from + strlen(TYPED) - strlen(PRELOAD);
        }
        else if (!begins_with(*from, "PYMTOP_LIBPYTHON=")) {
            *to++ = *from;
        }
    }
    *to = NULL;
    to = words;
    for (char **from = words; *from != NULL; from++) {
        bool ours = preloaded && begins_with(*from, PRELOAD);
        if (!ours || typed != NULL) {
            *to++ = ours ? typed : *from;
        }
        preloaded = preloaded && !ours;
    }
    *to = NULL;
    return region;
}

bool
follow_on(void)
{
    return follow.word[0] != '\0';
}

int32_t
follow_parent(void)
{
    return follow_on() ? atoi(follow.parent) : 0;
}

void
follow_set_parent(int32_t pid)
{
    if (follow_on()) {
        char digits[PARENT_DIGITS + 1];
        snprintf(digits, sizeof digits, "%010d", pid);
        memcpy(follow.parent, digits, PARENT_DIGITS);
    }
}

bool
follow_is_ours(int fd)
{
    uint64_t id = 0;
    return pread(fd, &id, sizeof id, offsetof(struct region_header, id))
           == sizeof id && id == follow.id;
}

int
follow_open(void)
{
    int fd = follow_on() ? open(follow.region, O_RDWR | O_CLOEXEC | O_NOCTTY
                                           | O_NONBLOCK) : -1;
    if (fd >= 0 && !follow_is_ours(fd)) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* --- in a vfork child -----------------------------------------------------*/

static bool
can_access(const char *path, int mode)
{
    return syscall(SYS_faccessat, AT_FDCWD, path, mode) == 0;
}

/* The place of the first word of that kind, or NULL. */
static char *const *
find_word(char *const *words, const char *prefix)
{
    for (; words != NULL && *words != NULL; words++) {
        if (begins_with(*words, prefix)) {
            return words;
        }
    }
    return NULL;
}

/* follow_count() where words are passed on at all; loses errno. */
static size_t
count_to_pass(char *const *words, int dirfd, const char *path)
{
    size_t count = 0;
    /* A pointer to nowhere is the kernel's to refuse. */
    if (words != NULL && !can_access((const char *)words, F_OK)
            && errno == EFAULT) {
        return 0;
    }
    while (words != NULL && words[count] != NULL) {
        count++;
    }
    char *const *typed = find_word(words, PRELOAD);
    /* Words of that kind: another pymtop starts its own script. */
    bool pass = count <= WORDS_MAX && find_word(words, FOLLOW) == NULL
        && find_word(words, REGION) == NULL
        && (typed == NULL
            || (strlen(*typed) + strlen(follow.library) + 16 < FOLLOW_TEXT
                && find_word(typed + 1, PRELOAD) == NULL))
        && can_access(follow.region, R_OK | W_OK)
        && can_access(follow.library, R_OK)
        && program_can_preload(dirfd, path);
    return pass ? count + 1 : 0;
}

size_t
follow_count(char *const *words, int dirfd, const char *path)
{
    int error = errno;
    size_t count = follow_on() && follow.library[0] != '\0'
        ? count_to_pass(words, dirfd, path) : 0;
    errno = error;
    return count;
}

void
follow_fill(char **words, char *const *typed, struct follow_text *text)
{
    const char *user = NULL;
    char *end = stpcpy(stpcpy(text->preload, PRELOAD), follow.library);
    for (; typed != NULL && *typed != NULL; typed++) {
        if (user == NULL && begins_with(*typed, PRELOAD)) {
            user = *typed + strlen(PRELOAD);
            *words++ = text->preload;
        }
        else {
            *words++ = *typed;
        }
    }
    if (user == NULL) {
        *words++ = text->preload;
    }
    else {
        stpcpy(stpcpy(end, user[0] != '\0' ? ":" : ""), user);
        stpcpy(stpcpy(text->typed, TYPED), user);
        *words++ = text->typed;
    }
    *words++ = follow.word;
    *words = NULL;
}
