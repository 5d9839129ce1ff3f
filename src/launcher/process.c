/* SPDX-License-Identifier: MIT */
#include "launcher/process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* A small file of /proc/PID as text; its length, 0 if it cannot be read. */
static size_t
read_file(pid_t pid, const char *name, void *buffer, size_t size)
{
    char path[64];

    snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return 0;
    }
    ssize_t got = read(fd, buffer, size - 1);
    close(fd);
    if (got <= 0) {
        return 0;
    }
    ((char *)buffer)[got] = '\0';
    return (size_t)got;
}

int64_t
process_address_limit(pid_t pid)
{
    struct rlimit limit;

    return prlimit(pid, RLIMIT_AS, NULL, &limit) == 0
        && limit.rlim_cur < INT64_MAX ? (int64_t)limit.rlim_cur : -1;
}

int64_t
process_cpu_ns(pid_t pid)
{
    struct timespec time;
    clockid_t clock;

    if (clock_getcpuclockid(pid, &clock) != 0
        || clock_gettime(clock, &time) < 0) {
        return -1;
    }
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

char
process_state(pid_t pid)
{
    char text[512];

    if (!read_file(pid, "stat", text, sizeof(text))) {
        return 0;
    }
    /* The name before it may hold anything, parentheses too. */
    char *end = strrchr(text, ')');
    return end && end[1] == ' ' ? end[2] : '\0';
}

/* The descriptor that a system call waits to read from, as the kernel shows
 * number and arguments; -1: it does something else.  readline (the prompt,
 * pdb) does not read until poll or select says that there is something; a
 * select over descriptors below 1 can only be one on standard input. */
static long
descriptor_waited_for(pid_t pid, long number, const unsigned long *arguments)
{
    struct pollfd wanted;
    struct iovec here = {.iov_base = &wanted, .iov_len = sizeof(wanted)};
    struct iovec there = {
        .iov_base = (void *)arguments[0], .iov_len = sizeof(wanted)
    };
    bool polls = number == SYS_ppoll, selects = number == SYS_pselect6;

#ifdef SYS_poll
    polls = polls || number == SYS_poll;
#endif
#ifdef SYS_select
    selects = selects || number == SYS_select;
#endif
    if (number == SYS_read) {
        return (long)arguments[0];
    }
    if (selects) {
        return arguments[0] == 1 ? 0 : -1;
    }
    if (!polls || arguments[1] != 1
        || process_vm_readv(pid, &here, 1, &there, 1, 0)
           != sizeof(wanted)) {
        return -1;
    }
    return wanted.events & POLLIN ? wanted.fd : -1;
}

bool
process_reads_terminal(pid_t pid, dev_t terminal)
{
    char text[512], path[64];
    long number;
    unsigned long arguments[2];
    struct stat st;

    if (!read_file(pid, "syscall", text, sizeof(text))) {
        return read_file(pid, "wchan", text, sizeof(text))
            && strstr(text, "tty_read");
    }
    if (sscanf(text, "%ld %lx %lx", &number, &arguments[0],
               &arguments[1]) != 3) {
        return false;
    }
    snprintf(path, sizeof(path), "/proc/%d/fd/%ld", (int)pid,
             descriptor_waited_for(pid, number, arguments));
    return stat(path, &st) == 0 && S_ISCHR(st.st_mode)
        && st.st_rdev == terminal;
}

bool
process_has_pending(pid_t pid, int signal)
{
    char text[4096], *line;

    if (!read_file(pid, "status", text, sizeof(text))
        || !(line = strstr(text, "\nShdPnd:"))) {
        return false;
    }
    unsigned long long mask = strtoull(line + strlen("\nShdPnd:"), NULL, 16);
    return mask >> (signal - 1) & 1;
}

bool
process_executes(pid_t pid, const uint64_t auxv[REGION_AUXV_WORDS])
{
    uint64_t now[REGION_AUXV_WORDS] = {0};

    return auxv[0] == 0 || read_file(pid, "auxv", now, sizeof(now)) == 0
        || memcmp(now, auxv, sizeof(now)) == 0;
}

enum process_life
process_look(pid_t pid, struct process_look *look)
{
    char text[1024], state;
    unsigned long long start;
    long threads, rss;

    size_t len = read_file(pid, "stat", text, sizeof(text));
    /* Fields 3, 20, 22 and 24, behind a name that may hold anything. */
    const char *end = len == 0 ? NULL : strrchr(text, ')');
    if (end == NULL
        || sscanf(end + 1, " %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
                  "%*s %*s %*s %*s %*s %ld %*s %llu %*s %ld", &state,
                  &threads, &start, &rss) != 4) {
        return kill(pid, 0) < 0 && errno == ESRCH ? LIFE_ENDED
                                                  : LIFE_UNKNOWN;
    }
    look->start_ticks = start;
    look->rss_bytes = (int64_t)rss * sysconf(_SC_PAGESIZE);
    /* The first thread may end before the others. */
    return (state == 'Z' && threads <= 1) || state == 'X' ? LIFE_ENDED
                                                          : LIFE_RUNS;
}

bool
process_executable(pid_t pid, char *text, size_t size)
{
    char path[64];

    snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
    ssize_t len = readlink(path, text, size - 1);
    if (len < 0) {
        return false;
    }
    text[len] = '\0';
    return true;
}

void
process_keep_only(int a, int b)
{
    unsigned low = (unsigned)(a < b ? a : b);
    unsigned high = (unsigned)(a < b ? b : a);

    if (low > 0) {
        close_range(0, low - 1, 0);
    }
    if (high > low + 1) {
        close_range(low + 1, high - 1, 0);
    }
    close_range(high + 1, UINT_MAX, 0);
}

int64_t
process_machine_bytes(void)
{
    return (int64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE);
}
