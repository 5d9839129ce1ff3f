/* SPDX-License-Identifier: MIT */
#include "launcher/interpreter.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/die.h"
#include "base/xalloc.h"
#include "launcher/probe.h"
#include "launcher/signals.h"

static bool
is_executable(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode)
        && access(path, X_OK) == 0;
}

/* A program as a shell finds it; NULL: nowhere.  An empty part of PATH is
 * the current directory. */
static char *
search_path(const char *name)
{
    const char *path = getenv("PATH");

    if (!path) {
        path = "/usr/bin:/bin";
    }
    for (;;) {
        int len = (int)strcspn(path, ":");
        char *found = xasprintf("%.*s/%s", len ? len : 1, len ? path : ".",
                                name);
        if (is_executable(found)) {
            return found;
        }
        free(found);
        if (!path[len]) {
            return NULL;
        }
        path += len + 1;
    }
}

/* Check that path can be run at all.  hint says where it came from. */
static void
check_file(const char *path, const char *hint)
{
    struct stat st;

    if (stat(path, &st) < 0) {
        die(errno == EACCES ? DIE_INTERPRETER : DIE_NOT_FOUND, "%s: %s%s",
            path, strerror(errno), hint);
    }
    if (S_ISDIR(st.st_mode)) {
        die(DIE_INTERPRETER, "%s: is a directory, not a Python%s", path,
            hint);
    }
    if (!is_executable(path)) {
        die(DIE_INTERPRETER, "%s: not executable%s", path, hint);
    }
}

static char *
locate(const char *option)
{
    const char *environment = getenv("VIRTUAL_ENV");
    char *path;

    if (option && strchr(option, '/')) {
        check_file(option, "");
        return xstrdup(option);
    }
    if (!option && environment && *environment) {
        if (*environment != '/') {
            die(DIE_NOT_FOUND, "VIRTUAL_ENV: %s: not an absolute path; give "
                "--python PATH", environment);
        }
        path = xasprintf("%s/bin/python", environment);
        check_file(path, " (of $VIRTUAL_ENV); give --python PATH");
        return path;
    }
    path = search_path(option ? option : "python3");
    if (!path) {
        die(DIE_NOT_FOUND, "%s: not found in PATH%s",
            option ? option : "python3",
            option ? "" : "; give --python PATH");
    }
    return path;
}

static void
ask(struct probe *probe, const char *path)
{
    switch (probe_run(probe, path)) {
    case PROBE_OK:
        return;
    case PROBE_CANNOT_ASK:
        die(DIE_CANNOT_TRACE, "%s: cannot ask what it is: %s", path,
            strerror(errno));
    case PROBE_CANNOT_RUN:
        die(DIE_INTERPRETER, "%s: cannot run it: %s", path, strerror(errno));
    case PROBE_TIMED_OUT:
        die(DIE_INTERPRETER, "%s: gave no answer in time: not a Python?",
            path);
    case PROBE_NOT_PYTHON:
        break;
    }
    if (WIFSIGNALED(probe->wait_status)) {
        die(DIE_INTERPRETER, "%s: not a Python: asked what it is, it was "
            "killed by %s", path,
            signals_name(WTERMSIG(probe->wait_status)));
    }
    if (WEXITSTATUS(probe->wait_status)) {
        die(DIE_INTERPRETER, "%s: not a Python: asked what it is, it exited "
            "%d", path, WEXITSTATUS(probe->wait_status));
    }
    die(DIE_INTERPRETER, "%s: not a Python: it does not run python's code",
        path);
}

static void
judge(const struct probe *probe, const char *path)
{
    bool two = strncmp(probe->implementation, "python", 6) == 0;

    if (!two && strcmp(probe->implementation, "cpython") != 0) {
        die(DIE_INTERPRETER, "%s: %s %d.%d.%d is not CPython: only CPython "
            "can be traced", path, probe->implementation, probe->major,
            probe->minor, probe->micro);
    }
    if (probe->major != 3 || probe->minor < PYTHON_MINOR_FIRST
        || probe->minor > PYTHON_MINOR_LAST) {
        bool old = probe->major < 3
            || (probe->major == 3 && probe->minor < PYTHON_MINOR_FIRST);
        die(DIE_INTERPRETER, "%s: Python %d.%d.%d is too %s: pymtop traces "
            "CPython 3.%d to 3.%d", path, probe->major, probe->minor,
            probe->micro, old ? "old" : "new", PYTHON_MINOR_FIRST,
            PYTHON_MINOR_LAST);
    }
    if (probe->free_threaded && probe->minor != PYTHON_MINOR_FREE_THREADED) {
        die(DIE_INTERPRETER, "%s: Python %d.%d.%d is a free-threaded build: "
            "only those of 3.%d, and builds with the GIL, can be traced", path,
            probe->major, probe->minor, probe->micro,
            PYTHON_MINOR_FREE_THREADED);
    }
    if (probe->debug) {
        die(DIE_INTERPRETER, "%s: Python %d.%d.%d is a debug build: its "
            "objects are laid out in another way, and cannot be traced", path,
            probe->major, probe->minor, probe->micro);
    }
    if (!probe->wide) {
        die(DIE_INTERPRETER, "%s: is a 32-bit Python: only 64-bit ones can "
            "be traced", path);
    }
    if (probe->libc && strstr(probe->libc, "musl")) {
        die(DIE_INTERPRETER, "%s: runs on musl (%s): only glibc's Pythons "
            "can be traced", path, probe->libc);
    }
}

/* Both lead to the same file: what was found is the interpreter itself, not
 * a shim or a shell script that starts another one. */
static bool
same_file(const char *a, const char *b)
{
    struct stat sa, sb;

    return stat(a, &sa) == 0 && stat(b, &sb) == 0 && sa.st_dev == sb.st_dev
        && sa.st_ino == sb.st_ino;
}

/* One of pymtop's own parts: beside it in the build tree, or installed. */
static char *
find_tool(const char *name)
{
    char own[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", own, sizeof(own) - 1);

    if (len > 0) {
        own[len] = '\0';
        *strrchr(own, '/') = '\0';
        char *beside = xasprintf("%s/%s", own, name);
        if (access(beside, R_OK) == 0) {
            return beside;
        }
        free(beside);
    }
    else {
        die(DIE_CANNOT_TRACE, "/proc/self/exe: %s: pymtop needs /proc",
            strerror(errno));
    }
    char *installed = xasprintf("%s/%s", PKGLIBEXECDIR, name);
    if (access(installed, R_OK) < 0) {
        die(DIE_CANNOT_TRACE, "%s: %s: pymtop is not installed completely",
            installed, strerror(errno));
    }
    return installed;
}

static void
choose_start(struct interpreter *interpreter, const struct probe *probe,
             enum option_start wanted)
{
    const char *library = probe->libpython_mapped ? probe->libpython_mapped
                                                  : probe->libpython_installed;

    if (wanted == START_AUTO) {
        wanted = probe->libpython_mapped ? START_EMBED : START_PRELOAD;
    }
    if (wanted == START_EMBED && !library) {
        die(DIE_INTERPRETER, "%s: has no shared libpython to embed; leave "
            "out --start embed", interpreter->path);
    }
    interpreter->start = wanted;
    interpreter->engine = find_tool("pymtop-engine.so");
    bool can_preload = strpbrk(interpreter->engine, " :\t\n") == NULL;
    if (wanted == START_EMBED) {
        interpreter->libpython = xstrdup(library);
        interpreter->tool = find_tool("pymtop-runner");
    }
    else {
        interpreter->tool = xstrdup(interpreter->engine);
        if (!can_preload) {
            die(DIE_CANNOT_TRACE, "%s: a path with a space or colon cannot "
                "be preloaded; install pymtop elsewhere", interpreter->tool);
        }
    }
    if (!can_preload) {
        free(interpreter->engine);
        interpreter->engine = NULL;
    }
}

void
interpreter_find(struct interpreter *interpreter,
                 const struct options *options)
{
    struct probe probe;

    memset(interpreter, 0, sizeof(*interpreter));
    interpreter->path = locate(options->python);
    ask(&probe, interpreter->path);
    judge(&probe, interpreter->path);
    if (*probe.executable
        && !same_file(interpreter->path, probe.executable)) {
        free(interpreter->path);
        interpreter->path = xstrdup(probe.executable);
    }
    interpreter->stdlib = xstrdup(probe.stdlib);
    interpreter->major = probe.major;
    interpreter->minor = probe.minor;
    interpreter->micro = probe.micro;
    choose_start(interpreter, &probe, options->start);
    probe_release(&probe);
}

void
interpreter_exec(const struct interpreter *interpreter,
                 const struct options *options)
{
    char **argv = xcalloc((size_t)options->python_argc + 2, sizeof(char *));

    argv[0] = interpreter->path;
    memcpy(argv + 1, options->python_argv,
           (size_t)options->python_argc * sizeof(char *));
    execv(interpreter->path, argv);
    die(DIE_INTERPRETER, "%s: cannot start it: %s", interpreter->path,
        strerror(errno));
}

void
interpreter_release(struct interpreter *interpreter)
{
    free(interpreter->path);
    free(interpreter->libpython);
    free(interpreter->tool);
    free(interpreter->engine);
    free(interpreter->stdlib);
    memset(interpreter, 0, sizeof(*interpreter));
}
