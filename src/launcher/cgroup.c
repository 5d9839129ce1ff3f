/* SPDX-License-Identifier: MIT */
#include "launcher/cgroup.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/* Limits from here on mean "none" (version 1 writes a huge number). */
#define UNLIMITED (INT64_MAX / 2)

/* A file read line by line; closed by the line after the last. */
struct lines {
    FILE *file;
    char *line;
    size_t room;
};

static bool
lines_open(struct lines *lines, const char *path)
{
    *lines = (struct lines){.file = fopen(path, "re")};
    return lines->file != NULL;
}

static char *
lines_next(struct lines *lines)
{
    ssize_t len = getline(&lines->line, &lines->room, lines->file);

    if (len < 0) {
        free(lines->line);
        fclose(lines->file);
        return NULL;
    }
    if (len > 0 && lines->line[len - 1] == '\n') {
        lines->line[len - 1] = '\0';
    }
    return lines->line;
}

static bool
has_word(const char *list, const char *word)
{
    size_t len = strlen(word);

    while (list) {
        if (strncmp(list, word, len) == 0
            && (list[len] == ',' || list[len] == '\0')) {
            return true;
        }
        list = strchr(list, ',');
        list = list ? list + 1 : NULL;
    }
    return false;
}

/* The group's path inside the hierarchy: "id:controllers:path". */
static char *
find_path(pid_t pid, bool v2)
{
    char name[64], *found = NULL, *line;
    struct lines lines;

    snprintf(name, sizeof(name), "/proc/%d/cgroup", (int)pid);
    if (!lines_open(&lines, name)) {
        return NULL;
    }
    while ((line = lines_next(&lines))) {
        char *controllers = strchr(line, ':');
        char *path = controllers ? strchr(controllers + 1, ':') : NULL;
        if (!path) {
            continue;
        }
        *controllers++ = '\0';
        *path++ = '\0';
        if (!found && (v2 ? strcmp(line, "0") == 0
                          : has_word(controllers, "memory"))) {
            found = xstrdup(path);
        }
    }
    return found;
}

/* Where the hierarchy is mounted, and which of its groups that shows. */
static char *
find_mount(bool v2, char **root)
{
    char *top = NULL, *line;
    struct lines lines;

    *root = NULL;
    if (!lines_open(&lines, "/proc/self/mountinfo")) {
        return NULL;
    }
    while ((line = lines_next(&lines))) {
        char mounted_root[512], mounted_at[512], type[32], options[512];
        char *after = strstr(line, " - ");
        if (!after || top
            || sscanf(line, "%*s %*s %*s %511s %511s", mounted_root,
                      mounted_at) != 2
            || sscanf(after, " - %31s %*s %511s", type, options) != 2) {
            continue;
        }
        if (v2 ? strcmp(type, "cgroup2") == 0
               : strcmp(type, "cgroup") == 0 && has_word(options, "memory")) {
            top = xstrdup(mounted_at);
            *root = xstrdup(mounted_root);
        }
    }
    return top;
}

static bool
find(struct cgroup *cgroup, pid_t pid, bool v2)
{
    char *root, *top = find_mount(v2, &root);
    char *path = find_path(pid, v2);

    if (top && path) {
        /* Inside a container the mount shows a part of the hierarchy, and
         * the path may lie outside of what can be seen. */
        size_t len = strcmp(root, "/") == 0 ? 0 : strlen(root);
        const char *inside = strncmp(path, root, len) == 0 ? path + len : "";
        cgroup->directory = strstr(inside, "..")
            ? xstrdup(top)
            : xasprintf("%s%s", top, strcmp(inside, "/") ? inside : "");
        cgroup->top = xstrdup(top);
        cgroup->v2 = v2;
    }
    free(root);
    free(top);
    free(path);
    return cgroup->directory != NULL;
}

static bool
read_number(const char *directory, const char *name, int64_t *number)
{
    char *path = xasprintf("%s/%s", directory, name);
    FILE *file = fopen(path, "re");
    bool ok = file && fscanf(file, "%" SCNd64, number) == 1;

    if (file) {
        fclose(file);
    }
    free(path);
    return ok;
}

/* The value of a "key value" line. */
static bool
read_key(const char *directory, const char *name, const char *key,
         int64_t *number)
{
    char *path = xasprintf("%s/%s", directory, name);
    struct lines lines;
    bool found = false;
    char *line;

    if (lines_open(&lines, path)) {
        size_t len = strlen(key);
        while ((line = lines_next(&lines))) {
            if (strncmp(line, key, len) == 0 && line[len] == ' ') {
                *number = strtoll(line + len, NULL, 10);
                found = true;
            }
        }
    }
    free(path);
    return found;
}

void
cgroup_find(struct cgroup *cgroup, pid_t pid)
{
    int64_t number;

    memset(cgroup, 0, sizeof(*cgroup));
    if (find(cgroup, pid, false)
        && read_number(cgroup->directory, "memory.usage_in_bytes", &number)) {
        return;
    }
    cgroup_release(cgroup);
    find(cgroup, pid, true);
}

void
cgroup_release(struct cgroup *cgroup)
{
    free(cgroup->directory);
    free(cgroup->top);
    memset(cgroup, 0, sizeof(*cgroup));
}

int64_t
cgroup_oom_kills(const struct cgroup *cgroup)
{
    int64_t kills = -1;

    if (cgroup->directory) {
        read_key(cgroup->directory,
                 cgroup->v2 ? "memory.events" : "memory.oom_control",
                 "oom_kill", &kills);
    }
    return kills;
}

/* The limit of one group, and what is left of it. */
static void
limit_of(const struct cgroup *cgroup, const char *directory, int64_t *limit,
         int64_t *headroom)
{
    int64_t maximum, usage, cache = 0;

    if (!read_number(directory,
                     cgroup->v2 ? "memory.max" : "memory.limit_in_bytes",
                     &maximum)
        || maximum >= UNLIMITED || (*limit >= 0 && maximum >= *limit)
        || !read_number(directory,
                        cgroup->v2 ? "memory.current"
                                   : "memory.usage_in_bytes", &usage)) {
        return;
    }
    read_key(directory, "memory.stat",
             cgroup->v2 ? "inactive_file" : "total_inactive_file", &cache);
    *limit = maximum;
    *headroom = maximum - usage + cache;
    if (*headroom < 0) {
        *headroom = 0;
    }
}

void
cgroup_limit(const struct cgroup *cgroup, int64_t *limit, int64_t *headroom)
{
    *limit = *headroom = -1;
    if (!cgroup->directory) {
        return;
    }
    char *directory = xstrdup(cgroup->directory);
    size_t top = strlen(cgroup->top);
    for (;;) {
        limit_of(cgroup, directory, limit, headroom);
        char *slash = strrchr(directory, '/');
        if (!slash || strlen(directory) <= top) {
            break;
        }
        *slash = '\0';
    }
    free(directory);
}
