/* SPDX-License-Identifier: MIT */
#include "ui/source_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xalloc.h"

#define TAB 8

/* `<frozen importlib._bootstrap>` is importlib/_bootstrap.py of the standard
 * library, or a package's __init__.py; NULL: there is no such file. */
static char *
frozen_path(const char *filename, const char *stdlib)
{
    static const char mark[] = "<frozen ";
    static const char *const endings[] = {".py", "/__init__.py"};
    size_t len = strlen(filename);

    if (stdlib == NULL || strncmp(filename, mark, sizeof(mark) - 1) != 0
        || filename[len - 1] != '>') {
        return NULL;
    }
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        char *path = xasprintf("%s/%.*s%s", stdlib, (int)(len - sizeof(mark)),
                               filename + sizeof(mark) - 1, endings[i]);

        for (char *c = path + strlen(stdlib);
             c < path + strlen(path) - strlen(endings[i]); c++) {
            *c = *c == '.' ? '/' : *c;
        }
        if (access(path, R_OK) == 0) {
            return path;
        }
        free(path);
    }
    return NULL;
}

/* Where the file should be; NULL: <string> and the like mean none. */
static char *
full_path(const char *filename, const struct origin_paths *paths)
{
    if (filename[0] == '<') {
        return frozen_path(filename, paths->stdlib);
    }
    if (filename[0] == '/' || filename[0] == '\0' || paths->cwd == NULL) {
        return xstrdup(filename);
    }
    return xasprintf("%s/%s", paths->cwd, filename);
}

/* Read up to size bytes; the number read, or -1 with errno. */
static ssize_t
read_all(int fd, char *bytes, size_t size)
{
    size_t used = 0;

    while (used < size) {
        ssize_t n = read(fd, bytes + used, size - used);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return -1;
        }
        if (n == 0) {
            break;
        }
        used += (size_t)n;
    }
    return (ssize_t)used;
}

/* Open a regular file and read it; 0, or errno.  Never waits: a name that is
 * a pipe or a device is no source. */
static int
read_file(struct source_text *source, size_t *size)
{
    struct stat status;
    int fd = open(source->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    int error = 0;
    ssize_t n;

    if (fd < 0) {
        return errno;
    }
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        close(fd);
        return S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
    }
    *size = status.st_size < SOURCE_BYTES_MAX ? (size_t)status.st_size
                                              : SOURCE_BYTES_MAX;
    source->changed_ns = (int64_t)status.st_mtim.tv_sec * 1000000000
                         + status.st_mtim.tv_nsec;
    source->bytes = xmalloc(*size + 1);
    n = read_all(fd, source->bytes, *size);
    if (n < 0) {
        error = errno;
        n = 0;
    }
    *size = (size_t)n;
    source->bytes[n] = '\0';
    close(fd);
    return error;
}

/* Where the line that begins at `at` ends, and the next one begins. */
static size_t
line_end(const char *bytes, size_t size, size_t at, size_t *next)
{
    while (at < size && bytes[at] != '\n' && bytes[at] != '\r') {
        at++;
    }
    *next = at + 1;
    if (at + 1 < size && bytes[at] == '\r' && bytes[at + 1] == '\n') {
        *next = at + 2;
    }
    return at;
}

/* Ends of line as Python reads them: \n, \r\n or \r.  A NUL byte becomes a
 * space, so that each line is a string. */
static void
split_lines(struct source_text *source, size_t size)
{
    char *bytes = source->bytes;
    size_t at = 0, room = 0;

    if (size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        at = 3;
    }
    for (size_t i = at; i < size; i++) {
        if (bytes[i] == '\0') {
            bytes[i] = ' ';
        }
    }
    while (at < size) {
        size_t next;
        size_t end = line_end(bytes, size, at, &next);

        source->starts = xgrow(source->starts, &room,
                               (size_t)source->count + 1,
                               sizeof(source->starts[0]));
        source->starts[source->count++] = (uint32_t)at;
        bytes[end] = '\0';
        at = next;
    }
}

void
source_text_load(struct source_text *source, const char *filename,
                 const struct origin_paths *paths)
{
    size_t size = 0;

    memset(source, 0, sizeof(*source));
    source->path = full_path(filename, paths);
    if (source->path == NULL) {
        source->error = ENOENT;
        return;
    }
    source->error = read_file(source, &size);
    if (source->error == 0) {
        split_lines(source, size);
    }
}

void
source_text_release(struct source_text *source)
{
    free(source->path);
    free(source->bytes);
    free(source->starts);
    memset(source, 0, sizeof(*source));
}

const char *
source_text_line(const struct source_text *source, int line)
{
    static char expanded[SOURCE_CELLS_MAX * 4 + TAB + 1];
    size_t used = 0;
    int cell = 0;

    if (line < 1 || line > source->count) {
        return NULL;
    }
    for (const char *c = source->bytes + source->starts[line - 1];
         *c != '\0' && used < sizeof(expanded) - TAB - 1; c++) {
        if (*c == '\t') {
            do {
                expanded[used++] = ' ';
            } while (++cell % TAB != 0);
            continue;
        }
        /* A form feed starts Python's count of columns anew; nobody sees it. */
        if (*c == '\f') {
            continue;
        }
        expanded[used++] = *c;
        if ((*c & 0xc0) != 0x80) {
            cell++;
        }
    }
    expanded[used] = '\0';
    return expanded;
}
