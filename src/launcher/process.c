/* SPDX-License-Identifier: MIT */
#include "launcher/process.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
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
process_rss(pid_t pid)
{
    char text[256];
    long size, resident;

    if (!read_file(pid, "statm", text, sizeof(text))
        || sscanf(text, "%ld %ld", &size, &resident) != 2) {
        return -1;
    }
    return (int64_t)resident * sysconf(_SC_PAGESIZE);
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

bool
process_reads_terminal(pid_t pid, dev_t terminal)
{
    char text[512], path[64];
    long number;
    unsigned long descriptor;
    struct stat st;

    if (!read_file(pid, "syscall", text, sizeof(text))) {
        return read_file(pid, "wchan", text, sizeof(text))
            && strstr(text, "tty_read");
    }
    if (sscanf(text, "%ld %lx", &number, &descriptor) != 2
        || number != SYS_read) {
        return false;
    }
    snprintf(path, sizeof(path), "/proc/%d/fd/%lu", (int)pid, descriptor);
    return stat(path, &st) == 0 && S_ISCHR(st.st_mode)
        && st.st_rdev == terminal;
}

size_t
process_image(pid_t pid, void *buffer, size_t size)
{
    return read_file(pid, "auxv", buffer, size);
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

int64_t
process_machine_bytes(void)
{
    return (int64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE);
}
