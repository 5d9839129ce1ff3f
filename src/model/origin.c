/* SPDX-License-Identifier: MIT */
#include "model/origin.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

struct origin_roots {
    char *stdlib, *script_dir, *cwd;    /* "" or without a final slash */
    bool string_is_yours;
};

char
origin_mark(enum origin origin)
{
    switch (origin) {
    case ORIGIN_STDLIB:
        return 's';
    case ORIGIN_SITE:
        return 'p';
    case ORIGIN_IMPORT:
        return 'i';
    default:
        return ' ';
    }
}

bool
origin_is_library(enum origin origin)
{
    return origin == ORIGIN_STDLIB || origin == ORIGIN_SITE
        || origin == ORIGIN_IMPORT;
}

static char *
copy_directory(const char *path)
{
    size_t len = path != NULL ? strlen(path) : 0;

    while (len > 0 && path[len - 1] == '/') {
        len--;
    }
    return xstrndup(len > 0 ? path : "", len);
}

struct origin_roots *
origin_roots_new(const struct origin_paths *paths)
{
    static const struct origin_paths unknown;
    struct origin_roots *roots = xmalloc(sizeof(*roots));

    if (paths == NULL) {
        paths = &unknown;
    }
    roots->stdlib = copy_directory(paths->stdlib);
    roots->script_dir = copy_directory(paths->script_dir);
    roots->cwd = copy_directory(paths->cwd);
    roots->string_is_yours = paths->string_is_yours;
    return roots;
}

void
origin_roots_free(struct origin_roots *roots)
{
    if (roots != NULL) {
        free(roots->stdlib);
        free(roots->script_dir);
        free(roots->cwd);
        free(roots);
    }
}

static bool
begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* What follows `directory/` in path, or NULL. */
static const char *
below(const char *directory, const char *path)
{
    size_t len = strlen(directory);

    if (len == 0 || strncmp(path, directory, len) != 0 || path[len] != '/') {
        return NULL;
    }
    return path + len + 1;
}

/* What follows the last `/name/` in path, or NULL. */
static const char *
after_last(const char *path, const char *name)
{
    const char *found = NULL;

    for (const char *at = path; (at = strstr(at, name)) != NULL; at++) {
        found = at + strlen(name);
    }
    return found;
}

/* What follows `/lib/python3.12/` or `/python312.zip/`, or NULL. */
static const char *
after_stdlib(const char *path)
{
    for (const char *at = path; (at = strstr(at, "/python3")) != NULL; at++) {
        const char *end = at + strlen("/python3");
        bool point = *end == '.';
        end += point;
        const char *digits = end;
        while (isdigit((unsigned char)*end)) {
            end++;
        }
        if (end == digits) {
            continue;
        }
        bool in_lib = at - path >= 4
            && (begins(at - 4, "/lib/") || (at - path >= 6
                                            && begins(at - 6, "/lib64/")));
        if (point && *end == '/' && in_lib) {
            return end + 1;
        }
        if (!point && begins(end, ".zip/")) {
            return end + strlen(".zip/");
        }
    }
    return NULL;
}

/* `<string>`, `<frozen os>`, ...: files that are none. */
static enum origin
origin_of_no_file(const struct origin_roots *roots, const char *path)
{
    if (begins(path, "<frozen importlib._bootstrap")
        || begins(path, "<frozen zipimport>")) {
        return ORIGIN_IMPORT;
    }
    if (begins(path, "<frozen ")) {
        return ORIGIN_STDLIB;
    }
    if (strcmp(path, "<stdin>") == 0 || begins(path, "<console>")
        || begins(path, "<python-input") || begins(path, "<ipython-input")
        || (roots->string_is_yours && strcmp(path, "<string>") == 0)) {
        return ORIGIN_YOURS;
    }
    return ORIGIN_GENERATED;
}

enum origin
origin_of(const struct origin_roots *roots, const char *path,
          const char **shown)
{
    const char *rest;

    *shown = path;
    if (path[0] == '<') {
        return origin_of_no_file(roots, path);
    }
    if ((rest = after_last(path, "/site-packages/")) != NULL
        || (rest = after_last(path, "/dist-packages/")) != NULL) {
        *shown = rest;
        return ORIGIN_SITE;
    }
    if ((rest = below(roots->stdlib, path)) != NULL
        || (rest = after_stdlib(path)) != NULL) {
        *shown = rest;
        return begins(rest, "importlib/_bootstrap")
            || strcmp(rest, "importlib/__init__.py") == 0
            || strcmp(rest, "zipimport.py") == 0
            ? ORIGIN_IMPORT : ORIGIN_STDLIB;
    }
    if ((rest = below(roots->script_dir, path)) != NULL
        || (rest = below(roots->cwd, path)) != NULL) {
        *shown = rest;
    }
    while (begins(*shown, "./")) {
        *shown += 2;
    }
    return ORIGIN_YOURS;
}
