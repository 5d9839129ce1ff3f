/* SPDX-License-Identifier: MIT */
#include "launcher/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "launcher/probe_answer.h"
#include "launcher/probe_cache.h"

#define ANSWER_MAX 65536
#define TIME_LIMIT_MS 20000

/* Runs on Python 2.7 too, so that an old one can be named.  The current
 * directory leaves sys.path before anything is imported.  The library is
 * named as the dynamic linker does (`bin/../lib/...`), since sys.prefix comes
 * from that name.  sysconfig (15 ms) is asked only where no libpython is
 * mapped. */
static const char code[] =
    "import sys\n"
    "sys.path[:] = [p for p in sys.path if p]\n"
    "import os, posix\n"
    "i = getattr(sys, 'implementation', None)\n"
    "lib = libc = installed = ''\n"
    "with open('/proc/self/maps', 'rb') as f:\n"
    "    for line in f:\n"
    "        name = line.split(None, 5)[5:]\n"
    "        base = name[0].strip().split(b'/')[-1] if name else b''\n"
    "        if base.startswith(b'libpython') and b'.so' in base:\n"
    "            lib = name[0].strip()\n"
    "        elif base.startswith((b'libc.so', b'libc-', b'libc.musl',\n"
    "                              b'ld-musl')):\n"
    "            libc = name[0].strip()\n"
    "if lib:\n"
    "    exe = os.path.realpath(b'/proc/self/exe')\n"
    "    with open(exe, 'rb') as f:\n"
    "        data = f.read()\n"
    "    at = data.find(b'$ORIGIN')\n"
    "    for d in data[at:data.find(b'\\0', at)].split(b':') if at > 0 else []:\n"
    "        name = d.replace(b'$ORIGIN', os.path.dirname(exe)).rstrip(b'/')\n"
    "        name += b'/' + os.path.basename(lib)\n"
    "        if os.path.exists(name):\n"
    "            lib = name\n"
    "            break\n"
    "if not lib and sys.version_info >= (3, 9):\n"
    "    try:\n"
    "        import sysconfig\n"
    "        get = sysconfig.get_config_var\n"
    "        for d in get('LIBDIR'), '%s/%s' % (get('LIBDIR'),\n"
    "                                           get('MULTIARCH')):\n"
    "            name = '%s/%s' % (d, get('INSTSONAME'))\n"
    "            try:\n"
    "                posix.stat(name)\n"
    "                installed = name if '.so' in name else ''\n"
    "            except OSError:\n"
    "                pass\n"
    "    except Exception:\n"
    "        pass\n"
    "def b(x):\n"
    "    if isinstance(x, bytes):\n"
    "        return x\n"
    "    return x.encode(sys.getfilesystemencoding(), 'surrogateescape')\n"
    "out = b'\\0'.join(map(b, [\n"
    "    'pymtop-probe', i.name if i else 'python 2',\n"
    "    '%d.%d.%d' % sys.version_info[:3],\n"
    "    't' if 't' in getattr(sys, 'abiflags', '') else '',\n"
    "    'd' if hasattr(sys, 'gettotalrefcount') else '',\n"
    "    '64' if sys.maxsize > 2**32 else '32',\n"
    "    sys.executable or '', os.path.dirname(os.__file__),\n"
    "    lib, installed, libc])) + b'\\0'\n"
    "posix.write(1, out)\n";

/* To be read from.  Not -c: from 3.13 on that imports linecache before the
 * first line runs, from the current directory if it is there. */
static int
open_code(void)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) < 0) {
        return -1;
    }
    ssize_t put = write(ends[1], code, sizeof(code) - 1);   /* it has room */
    close(ends[1]);
    if (put != (ssize_t)sizeof(code) - 1) {
        close(ends[0]);
        return -1;
    }
    return ends[0];
}

/* 0 or an errno. */
static int
spawn(pid_t *pid, const char *path, int input, int output)
{
    const char *argv[] = {path, "-E", "-s", "-S", "-", NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;

    sigemptyset(&none);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, 0);
    posix_spawn_file_actions_adddup2(&actions, output, 1);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    int error = posix_spawn(pid, path, &actions, &attributes,
                            (char *const *)argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return error;
}

/* Start it on the question; *answer is to be read from. */
static enum probe_result
start(pid_t *pid, const char *path, int *answer)
{
    int question = open_code(), ends[2];

    if (question < 0) {
        return PROBE_CANNOT_ASK;
    }
    if (pipe2(ends, O_CLOEXEC) < 0) {
        close(question);
        return PROBE_CANNOT_ASK;
    }
    int error = spawn(pid, path, question, ends[1]);
    close(question);
    close(ends[1]);
    *answer = ends[0];
    if (error != 0) {
        close(ends[0]);
        errno = error;
        return error == EAGAIN || error == ENOMEM ? PROBE_CANNOT_ASK
            : PROBE_CANNOT_RUN;
    }
    return PROBE_OK;
}

static long
now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Read until the end, too much, or the time limit.  Returns the length, or -1
 * and errno, ETIMEDOUT when time ran out. */
static ssize_t
read_answer(int input, char *answer)
{
    long deadline = now_ms() + TIME_LIMIT_MS;
    size_t len = 0;

    while (len < ANSWER_MAX) {
        struct pollfd ready = {.fd = input, .events = POLLIN};
        long left = deadline - now_ms();
        if (left <= 0) {
            errno = ETIMEDOUT;
            return -1;
        }
        int there = poll(&ready, 1, (int)left);
        if (there == 0) {
            continue;
        }
        ssize_t got = there < 0 ? -1
            : read(input, answer + len, ANSWER_MAX - len);
        if (got == 0) {
            break;
        }
        if (got > 0) {
            len += (size_t)got;
        }
        else if (errno != EINTR) {
            return -1;
        }
    }
    return (ssize_t)len;
}

/* Has it been asked before? */
static bool
remembered(struct probe *probe, const char *path)
{
    size_t len;
    char *answer = probe_cache_get(path, &len);
    bool known = answer && probe_answer_parse(probe, answer, len);

    free(answer);
    return known;
}

static void
remember(const struct probe *probe, const char *path, const char *answer,
         size_t len)
{
    probe_cache_put(path, probe->executable, probe->stdlib,
                    probe->libpython_mapped ? probe->libpython_mapped
                                            : probe->libpython_installed,
                    answer, len);
}

enum probe_result
probe_run(struct probe *probe, const char *path)
{
    pid_t pid;
    int output;

    memset(probe, 0, sizeof(*probe));
    if (remembered(probe, path)) {
        return PROBE_OK;
    }
    enum probe_result result = start(&pid, path, &output);
    if (result != PROBE_OK) {
        return result;
    }
    char *answer = xmalloc(ANSWER_MAX);
    ssize_t len = read_answer(output, answer);
    int error = errno;
    close(output);
    bool stopped = len < 0 || len == ANSWER_MAX;
    if (stopped) {
        kill(pid, SIGKILL);
    }
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    probe->wait_status = stopped ? 0 : status;
    if (len < 0) {
        result = error == ETIMEDOUT ? PROBE_TIMED_OUT : PROBE_CANNOT_ASK;
    }
    else if (probe_answer_parse(probe, answer, (size_t)len)) {
        remember(probe, path, answer, (size_t)len);
    }
    else {
        result = PROBE_NOT_PYTHON;
    }
    free(answer);
    errno = error;
    return result;
}
