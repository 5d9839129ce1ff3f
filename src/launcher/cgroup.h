/* SPDX-License-Identifier: MIT
 *
 * The memory control groups of a process, version 1 or 2, read from /sys.
 */
#ifndef PYMTOP_LAUNCHER_CGROUP_H
#define PYMTOP_LAUNCHER_CGROUP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct cgroup {
    char *directory;    /* its own group; NULL: none that we can see */
    char *top;          /* where the hierarchy is mounted */
    bool v2;
};

/* Find the memory group of a process. */
void cgroup_find(struct cgroup *cgroup, pid_t pid);
void cgroup_release(struct cgroup *cgroup);

/* How many processes were killed for memory in it so far; -1: unknown. */
int64_t cgroup_oom_kills(const struct cgroup *cgroup);

/* The lowest memory limit of the group and those above it, and what is left
 * under that one (page cache that can be dropped counts as left).  Bytes;
 * -1: no limit. */
void cgroup_limit(const struct cgroup *cgroup, int64_t *limit,
                  int64_t *headroom);

#endif
