/* SPDX-License-Identifier: MIT
 *
 * What exec.c stands before: the functions behind ours, found when the library
 * is loaded, since a vfork child must not look for them.
 */
#ifndef PYMTOP_EXEC_H
#define PYMTOP_EXEC_H

#include <spawn.h>
#include <sys/types.h>

typedef int exec_spawn(pid_t *pid, const char *path,
                       const posix_spawn_file_actions_t *actions,
                       const posix_spawnattr_t *attributes,
                       char *const *argv, char *const *words);

struct exec_next {
    int (*execve)(const char *path, char *const *argv, char *const *words);
    int (*execvpe)(const char *file, char *const *argv, char *const *words);
    int (*fexecve)(int fd, char *const *argv, char *const *words);
    int (*execveat)(int dirfd, const char *path, char *const *argv,
                    char *const *words, int flags);
    exec_spawn *posix_spawn, *posix_spawnp;
    int (*system)(const char *command);
};

extern struct exec_next exec_next;

#endif
