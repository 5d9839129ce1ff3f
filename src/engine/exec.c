/* SPDX-License-Identifier: MIT
 *
 * The functions that start a program, in front of the C library's: they pass
 * the engine on in the new program's environment (follow.h), and call what is
 * behind them.  In a vfork child nothing here touches anything but the stack.
 *
 * Where the environment does not change, the call goes on as it came.
 */
#include "exec.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "follow.h"
#include "program.h"

#define EXPORT __attribute__((visibility("default")))

struct exec_next exec_next;

static void
find(void *function, const char *name)
{
    void *symbol = dlsym(RTLD_NEXT, name);
    memcpy(function, &symbol, sizeof symbol);
}

__attribute__((constructor)) static void
find_next(void)
{
    find(&exec_next.execve, "execve");
    find(&exec_next.execvpe, "execvpe");
    find(&exec_next.fexecve, "fexecve");
    find(&exec_next.execveat, "execveat");
    find(&exec_next.posix_spawn, "posix_spawn");
    find(&exec_next.posix_spawnp, "posix_spawnp");
    find(&exec_next.system, "system");
}

/* The environment to start `path` with, on this function's stack. */
#define FOLLOWED(words, dirfd, path) \
    char *const *typed_ = words; \
    size_t count_ = follow_count(words, dirfd, path); \
    char *room_[count_ + FOLLOW_EXTRA]; \
    struct follow_text text_; \
    if (count_ != 0) { \
        follow_fill(room_, words, &text_); \
        words = room_; \
    }

/* The same for what execvp() would find. */
#define FOLLOWED_IN_PATH(words, file) \
    char found_[PATH_MAX]; \
    bool is_found_ = follow_on() && program_find(file, found_, \
                                                 sizeof found_); \
    FOLLOWED(words, AT_FDCWD, is_found_ ? found_ : "")

/* Call and return.  Where there is no room for our words, but for those that
 * were typed, the program is started with them, and not traced. */
#define CALL(words, call, is_too_big) \
    do { \
        int result_ = call; \
        if (words == typed_ || !(is_too_big)) { \
            return result_; \
        } \
        words = typed_; \
        return call; \
    } while (0)
#define EXEC(words, call) CALL(words, call, errno == E2BIG)
#define SPAWN(words, call) CALL(words, call, result_ == E2BIG)

EXPORT int
execve(const char *path, char *const *argv, char *const *words)
{
    FOLLOWED(words, AT_FDCWD, path)
    EXEC(words, exec_next.execve(path, argv, words));
}

EXPORT int
execv(const char *path, char *const *argv)
{
    return execve(path, argv, environ);
}

EXPORT int
execvpe(const char *file, char *const *argv, char *const *words)
{
    FOLLOWED_IN_PATH(words, file)
    EXEC(words, exec_next.execvpe(file, argv, words));
}

EXPORT int
execvp(const char *file, char *const *argv)
{
    return execvpe(file, argv, environ);
}

EXPORT int
fexecve(int fd, char *const *argv, char *const *words)
{
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    FOLLOWED(words, AT_FDCWD, path)
    EXEC(words, exec_next.fexecve(fd, argv, words));
}

EXPORT int
execveat(int dirfd, const char *path, char *const *argv, char *const *words,
         int flags)
{
    char of_fd[32];
    bool is_fd = flags & AT_EMPTY_PATH && path[0] == '\0';
    if (is_fd) {
        snprintf(of_fd, sizeof of_fd, "/proc/self/fd/%d", dirfd);
    }
    FOLLOWED(words, is_fd ? AT_FDCWD : dirfd, is_fd ? of_fd : path)
    if (exec_next.execveat == NULL) {       /* glibc before 2.34 */
        EXEC(words, (int)syscall(SYS_execveat, dirfd, path, argv, words,
                                 flags));
    }
    EXEC(words, exec_next.execveat(dirfd, path, argv, words, flags));
}

/* --- arguments one by one -------------------------------------------------*/

static size_t
count_arguments(va_list arguments)
{
    size_t count = 1;
    while (va_arg(arguments, char *) != NULL) {
        count++;
    }
    return count;
}

/* argv[] of `first` and what follows; `arguments` is then behind the NULL. */
#define COLLECTED(first) \
    va_list arguments; \
    va_start(arguments, first); \
    size_t argc = count_arguments(arguments); \
    va_end(arguments); \
    char *argv[argc + 1]; \
    argv[0] = (char *)(uintptr_t)(first); \
    va_start(arguments, first); \
    for (size_t i = 1; i <= argc; i++) { \
        argv[i] = va_arg(arguments, char *); \
    }

EXPORT int
execl(const char *path, const char *first, ...)
{
    COLLECTED(first)
    va_end(arguments);
    return execve(path, argv, environ);
}

EXPORT int
execlp(const char *file, const char *first, ...)
{
    COLLECTED(first)
    va_end(arguments);
    return execvpe(file, argv, environ);
}

EXPORT int
execle(const char *path, const char *first, ...)
{
    COLLECTED(first)
    char **words = va_arg(arguments, char **);
    va_end(arguments);
    return execve(path, argv, words);
}

/* --- posix_spawn ----------------------------------------------------------*/

EXPORT int
posix_spawn(pid_t *pid, const char *path,
            const posix_spawn_file_actions_t *actions,
            const posix_spawnattr_t *attributes, char *const *argv,
            char *const *words)
{
    FOLLOWED(words, AT_FDCWD, path)
    SPAWN(words, exec_next.posix_spawn(pid, path, actions, attributes, argv,
                                       words));
}

EXPORT int
posix_spawnp(pid_t *pid, const char *file,
             const posix_spawn_file_actions_t *actions,
             const posix_spawnattr_t *attributes, char *const *argv,
             char *const *words)
{
    FOLLOWED_IN_PATH(words, file)
    SPAWN(words, exec_next.posix_spawnp(pid, file, actions, attributes, argv,
                                        words));
}
