/* SPDX-License-Identifier: MIT
 *
 * A library to preload: one system call of pymtop's, or of the engine's in the
 * script's process, fails.
 *
 *     PYMTOP_FAULT=mmap:3:12          the third mmap fails with errno 12
 *     PYMTOP_FAULT=mmap:3+:12         and all that follow
 *     PYMTOP_FAULT=clock:3+:-3600     clocks jump by so many seconds
 *     PYMTOP_FAULT_SIDE=monitor       or engine
 *     PYMTOP_FAULT_FOUND=path         made when the fault was reached
 *
 * Only calls out of our own code are counted: what libraries and the script
 * ask for is theirs.  A forked process counts on by itself.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

/* The function behind ours. */
#define REAL(name) ({ \
    static __typeof__(&name) real; \
    void *found; \
    if (real == NULL) { \
        found = dlsym(RTLD_NEXT, #name); \
        memcpy(&real, &found, sizeof real); \
    } \
    real; })

/* Fails where the fault is due. */
#define FAULT(name, failure) do { \
    if (is_due(name, __builtin_return_address(0))) { \
        return failure; \
    } \
} while (0)

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static char wanted[32];
static long nth, seen;
static bool onwards;
static int error;
static uintptr_t code_begin, code_end;      /* of our own code; 0: not here */

/* --- where a fault is due -------------------------------------------------*/

static bool
ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), end_len = strlen(end);
    return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

static int
note_object(struct dl_phdr_info *info, size_t size, void *wanted_name)
{
    (void)size;
    if (!ends_with(info->dlpi_name, wanted_name)
            || (*(char *)wanted_name == '\0' && code_begin != 0)) {
        return 0;
    }
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        if (part->p_type == PT_LOAD && part->p_flags & PF_X) {
            code_begin = info->dlpi_addr + part->p_vaddr;
            code_end = code_begin + part->p_memsz;
        }
    }
    return 1;
}

static bool
is_monitor(void)
{
    char path[4096];
    ssize_t len = readlink("/proc/self/exe", path, sizeof path - 1);
    path[len < 0 ? 0 : len] = '\0';
    return ends_with(path, "/pymtop");
}

static __attribute__((constructor)) void
read_wish(void)
{
    const char *wish = getenv("PYMTOP_FAULT");
    const char *side = getenv("PYMTOP_FAULT_SIDE");
    char number[32];
    if (wish == NULL || side == NULL
            || sscanf(wish, "%31[^:]:%31[^:]:%d", wanted, number, &error)
               != 3) {
        return;
    }
    nth = strtol(number, NULL, 10);
    onwards = strchr(number, '+') != NULL;
    if (strcmp(side, "monitor") == 0 ? is_monitor()
            : getenv("PYMTOP_REGION") != NULL) {
        /* The first object is the program itself. */
        dl_iterate_phdr(note_object,
                        getenv("PYMTOP_LIBPYTHON") != NULL || is_monitor()
                        ? "" : "pymtop-engine.so");
    }
}

static bool
is_due(const char *name, void *caller)
{
    const char *found = "PYMTOP_FAULT_FOUND=";
    if ((uintptr_t)caller < code_begin || (uintptr_t)caller >= code_end
            || strcmp(name, wanted) != 0) {
        return false;
    }
    long number = __atomic_add_fetch(&seen, 1, __ATOMIC_RELAXED);
    if (onwards ? number < nth : number != nth) {
        return false;
    }
    for (char **word = environ; *word != NULL; word++) {
        if (strncmp(*word, found, strlen(found)) == 0) {
            syscall(SYS_close, (int)syscall(
                SYS_openat, AT_FDCWD, *word + strlen(found),
                O_CREAT | O_WRONLY, 0600));
        }
    }
    errno = error;
    return true;
}

/* --- what can fail --------------------------------------------------------*/

EXPORT void *
mmap(void *address, size_t size, int protection, int flags, int fd,
     off_t offset)
{
    FAULT("mmap", MAP_FAILED);
    return REAL(mmap)(address, size, protection, flags, fd, offset);
}

EXPORT void *
mremap(void *address, size_t size, size_t new_size, int flags, ...)
{
    FAULT("mremap", MAP_FAILED);
    return REAL(mremap)(address, size, new_size, flags);
}

EXPORT int
madvise(void *address, size_t size, int advice)
{
    FAULT("madvise", -1);
    return REAL(madvise)(address, size, advice);
}

EXPORT int
memfd_create(const char *name, unsigned flags)
{
    FAULT("memfd_create", -1);
    return REAL(memfd_create)(name, flags);
}

EXPORT int
ftruncate(int fd, off_t size)
{
    FAULT("ftruncate", -1);
    return REAL(ftruncate)(fd, size);
}

EXPORT pid_t
fork(void)
{
    FAULT("fork", -1);
    return REAL(fork)();
}

EXPORT int
posix_spawn(pid_t *pid, const char *path,
            const posix_spawn_file_actions_t *actions,
            const posix_spawnattr_t *attributes, char *const *argv,
            char *const *words)
{
    FAULT("fork", error);
    return REAL(posix_spawn)(pid, path, actions, attributes, argv, words);
}

EXPORT int
pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
               void *(*run)(void *), void *argument)
{
    FAULT("pthread_create", error);
    return REAL(pthread_create)(thread, attributes, run, argument);
}

EXPORT int
pthread_key_create(pthread_key_t *key, void (*forget)(void *))
{
    FAULT("pthread_create", error);
    return REAL(pthread_key_create)(key, forget);
}

EXPORT ssize_t
write(int fd, const void *bytes, size_t size)
{
    FAULT("write", -1);
    return REAL(write)(fd, bytes, size);
}

EXPORT ssize_t
read(int fd, void *bytes, size_t size)
{
    FAULT("read", -1);
    return REAL(read)(fd, bytes, size);
}

EXPORT int
posix_openpt(int flags)
{
    FAULT("openpty", -1);
    return REAL(posix_openpt)(flags);
}

EXPORT int
grantpt(int fd)
{
    FAULT("openpty", -1);
    return REAL(grantpt)(fd);
}

EXPORT int
unlockpt(int fd)
{
    FAULT("openpty", -1);
    return REAL(unlockpt)(fd);
}

EXPORT int
ptsname_r(int fd, char *name, size_t size)
{
    FAULT("openpty", error);
    return REAL(ptsname_r)(fd, name, size);
}

EXPORT int
socketpair(int domain, int type, int protocol, int ends[2])
{
    FAULT("pipe", -1);
    return REAL(socketpair)(domain, type, protocol, ends);
}

EXPORT int
pipe2(int ends[2], int flags)
{
    FAULT("pipe", -1);
    return REAL(pipe2)(ends, flags);
}

EXPORT int
dup2(int fd, int other)
{
    FAULT("dup", -1);
    return REAL(dup2)(fd, other);
}

EXPORT int
dup(int fd)
{
    FAULT("dup", -1);
    return REAL(dup)(fd);
}

EXPORT int
poll(struct pollfd *fds, nfds_t count, int timeout)
{
    FAULT("poll", -1);
    return REAL(poll)(fds, count, timeout);
}

EXPORT int
timerfd_create(int clock, int flags)
{
    FAULT("poll", -1);
    return REAL(timerfd_create)(clock, flags);
}

EXPORT int
signalfd(int fd, const sigset_t *mask, int flags)
{
    FAULT("poll", -1);
    return REAL(signalfd)(fd, mask, flags);
}

EXPORT int
clock_gettime(clockid_t clock, struct timespec *time)
{
    int result = REAL(clock_gettime)(clock, time);
    if ((clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC)
            && is_due("clock", __builtin_return_address(0))) {
        /* No clock shows less than nothing. */
        time->tv_sec = time->tv_sec + error > 0 ? time->tv_sec + error : 0;
    }
    return result;
}

EXPORT int
open(const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    int mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, int) : 0;
    va_end(more);
    FAULT("open", -1);
    return REAL(open)(path, flags, mode);
}

EXPORT FILE *
fopen(const char *path, const char *mode)
{
    FAULT("open", NULL);
    return REAL(fopen)(path, mode);
}

EXPORT ssize_t
readlink(const char *path, char *text, size_t size)
{
    FAULT("open", -1);
    return REAL(readlink)(path, text, size);
}

EXPORT void *
malloc(size_t size)
{
    FAULT("malloc", NULL);
    return __libc_malloc(size);
}

EXPORT void *
calloc(size_t count, size_t size)
{
    FAULT("malloc", NULL);
    return __libc_calloc(count, size);
}

EXPORT void *
realloc(void *old, size_t size)
{
    FAULT("malloc", NULL);
    return __libc_realloc(old, size);
}

EXPORT void *
reallocarray(void *old, size_t count, size_t size)
{
    FAULT("malloc", NULL);
    return REAL(reallocarray)(old, count, size);
}

/* The keeper clones the script's process. */
EXPORT long
syscall(long number, ...)
{
    long a[6];
    va_list more;
    va_start(more, number);
    for (int i = 0; i < 6; i++) {
        a[i] = va_arg(more, long);
    }
    va_end(more);
    if (number == SYS_clone) {
        FAULT("fork", -1);
    }
    return REAL(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
