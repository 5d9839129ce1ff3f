/* SPDX-License-Identifier: MIT */
#include "launcher/probe_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash_index.h"
#include "base/strbuf.h"
#include "base/xalloc.h"

#define ENTRY_MAX 131072

/* An entry: three texts with their NUL, then the answer.  The first is what
 * was asked, the other two name files that the answer depends on, each with
 * its state. */
static const char magic[] = "pymtop-probe 1";

/* What choose an interpreter's libraries, and so its answer. */
static const char *const variables[] = {
    "LD_LIBRARY_PATH", "LD_PRELOAD", "LD_AUDIT", "LD_ASSUME_KERNEL",
    "GLIBC_TUNABLES", "__PYVENV_LAUNCHER__", "PYTHONPLATLIBDIR", NULL
};

/* --- what an answer follows from ------------------------------------------*/

static void
add_file(struct strbuf *key, const char *path)
{
    struct stat st;

    if (stat(path, &st) < 0) {
        strbuf_addf(key, "%s: none\n", path);
        return;
    }
    strbuf_addf(key, "%s: %llx %llx %llx %lld.%09ld %lld.%09ld\n", path,
                (unsigned long long)st.st_dev, (unsigned long long)st.st_ino,
                (unsigned long long)st.st_size, (long long)st.st_mtim.tv_sec,
                (long)st.st_mtim.tv_nsec, (long long)st.st_ctim.tv_sec,
                (long)st.st_ctim.tv_nsec);
}

static bool
is_elf(const char *path)
{
    char begin[4] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        return false;
    }
    bool elf = read(fd, begin, sizeof(begin)) == sizeof(begin)
        && memcmp(begin, "\177ELF", sizeof(begin)) == 0;
    close(fd);
    return elf;
}

/* The question in full; NULL: not one whose answer can be kept.  A relative
 * path is another file elsewhere. */
static char *
question(const char *path)
{
    struct strbuf key;

    if (path[0] != '/' || !is_elf(path)) {
        return NULL;
    }
    strbuf_init(&key);
    strbuf_addf(&key, "%s\n", magic);
    add_file(&key, path);
    char *beside = xasprintf("%.*s/pyvenv.cfg",
                             (int)(strrchr(path, '/') - path), path);
    char *above = xasprintf("%.*s/../pyvenv.cfg",
                            (int)(strrchr(path, '/') - path), path);
    add_file(&key, "/etc/ld.so.cache");
    add_file(&key, beside);
    add_file(&key, above);
    free(beside);
    free(above);
    for (int i = 0; variables[i]; i++) {
        const char *value = getenv(variables[i]);
        if (value) {
            strbuf_addf(&key, "%s=%s\n", variables[i], value);
        }
    }
    return strbuf_detach(&key);
}

/* --- where it is ----------------------------------------------------------*/

/* NULL: there is no place for a cache. */
static char *
directory(void)
{
    const char *cache = getenv("XDG_CACHE_HOME");
    const char *home = getenv("HOME");

    if (getuid() != geteuid()) {
        return NULL;
    }
    if (cache && cache[0] == '/') {
        return xasprintf("%s/pymtop", cache);
    }
    return home && home[0] == '/' ? xasprintf("%s/.cache/pymtop", home)
                                  : NULL;
}

/* Ours alone: nobody else can have written it. */
static bool
is_private(int fd, mode_t kind)
{
    struct stat st;

    return fstat(fd, &st) == 0 && (st.st_mode & S_IFMT) == kind
        && st.st_uid == geteuid() && (st.st_mode & 022) == 0;
}

/* The directory, made if need be, with the one above it where that is the
 * usual one; -1: there is none that only we can write to. */
static int
open_directory(bool make)
{
    char *dir = directory();

    if (!dir) {
        return -1;
    }
    if (make && mkdir(dir, 0700) < 0 && errno == ENOENT) {
        char *above = xstrndup(dir, (size_t)(strrchr(dir, '/') - dir));
        mkdir(above, 0700);
        free(above);
        mkdir(dir, 0700);
    }
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    free(dir);
    if (fd >= 0 && !is_private(fd, S_IFDIR)) {
        close(fd);
        fd = -1;
    }
    return fd;
}

static char *
entry_name(const char *key)
{
    size_t len = strlen(key);

    return xasprintf("python-%08x%08x", hash_bytes(key, len),
                     hash_bytes(key + len / 2, len - len / 2));
}

/* A whole entry; NULL: none. */
static char *
read_entry(int dir, const char *name, size_t *len)
{
    int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW
                    | O_NONBLOCK);
    char *entry = NULL;

    if (fd < 0) {
        return NULL;
    }
    if (is_private(fd, S_IFREG)) {
        entry = xmalloc(ENTRY_MAX + 1);
        ssize_t got = read(fd, entry, ENTRY_MAX);
        *len = got > 0 ? (size_t)got : 0;
        entry[*len] = '\0';
    }
    close(fd);
    return entry;
}

/* --- in and out -----------------------------------------------------------*/

/* The part after a text that must be what is expected; NULL: it is not. */
static const char *
after(const char *at, const char *end, const char *expected)
{
    size_t size = strlen(expected) + 1;

    return at && (size_t)(end - at) >= size
        && memcmp(at, expected, size) == 0 ? at + size : NULL;
}

/* A file's name and state as they stand there: is it as it was? */
static const char *
after_file(const char *at, const char *end)
{
    const char *colon = at ? memmem(at, (size_t)(end - at), ": ", 2) : NULL;
    struct strbuf now;

    if (!colon) {
        return NULL;
    }
    char *path = xstrndup(at, (size_t)(colon - at));
    strbuf_init(&now);
    if (*path) {
        add_file(&now, path);
    }
    else {
        strbuf_add_text(&now, ": no library\n");
    }
    at = after(at, end, now.text);
    strbuf_release(&now);
    free(path);
    return at;
}

/* The answer in an entry for this question, if all is as it was. */
static char *
answer_of(const char *entry, size_t size, const char *key, size_t *len)
{
    const char *end = entry + size;
    const char *at = after(entry, end, key);
    char *answer = NULL;

    at = after_file(at, end);
    at = after_file(at, end);
    if (at) {
        *len = (size_t)(end - at);
        answer = xmalloc(*len + 1);
        memcpy(answer, at, *len);
    }
    return answer;
}

char *
probe_cache_get(const char *path, size_t *len)
{
    int dir = open_directory(false);
    char *key = dir >= 0 ? question(path) : NULL;
    char *answer = NULL;

    if (key) {
        char *name = entry_name(key);
        size_t size = 0;
        char *entry = read_entry(dir, name, &size);
        if (entry) {
            answer = answer_of(entry, size, key, len);
        }
        free(entry);
        free(name);
    }
    free(key);
    if (dir >= 0) {
        close(dir);
    }
    return answer;
}

/* Whole or not at all, whoever else writes it now. */
static void
write_entry(int dir, const char *name, const struct strbuf *entry)
{
    char *temporary = xasprintf("new-%d", (int)getpid());
    int fd = openat(dir, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW
                    | O_CLOEXEC, 0600);

    if (fd >= 0) {
        bool whole = write(fd, entry->text, entry->len)
            == (ssize_t)entry->len;
        whole = close(fd) == 0 && whole;
        if (!whole || renameat(dir, temporary, dir, name) < 0) {
            unlinkat(dir, temporary, 0);
        }
    }
    else if (errno == EEXIST) {         /* left by one that was killed */
        unlinkat(dir, temporary, 0);
    }
    free(temporary);
}

static bool
same_file(const char *a, const char *b)
{
    struct stat sa, sb;

    return stat(a, &sa) == 0 && stat(b, &sb) == 0 && sa.st_dev == sb.st_dev
        && sa.st_ino == sb.st_ino;
}

void
probe_cache_put(const char *path, const char *executable, const char *stdlib,
                const char *library, const char *answer, size_t len)
{
    int dir = open_directory(true);
    char *key = dir >= 0 ? question(path) : NULL;

    if (key && same_file(path, executable)) {
        struct strbuf entry;
        char *name = entry_name(key);
        char *os_py = xasprintf("%s/os.py", stdlib);
        strbuf_init(&entry);
        strbuf_add(&entry, key, strlen(key) + 1);
        add_file(&entry, os_py);
        strbuf_add_char(&entry, '\0');
        if (library) {
            add_file(&entry, library);
        }
        else {
            strbuf_add_text(&entry, ": no library\n");
        }
        strbuf_add_char(&entry, '\0');
        strbuf_add(&entry, answer, len);
        if (entry.len <= ENTRY_MAX) {
            write_entry(dir, name, &entry);
        }
        strbuf_release(&entry);
        free(os_py);
        free(name);
    }
    free(key);
    if (dir >= 0) {
        close(dir);
    }
}
