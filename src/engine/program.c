/* SPDX-License-Identifier: MIT */
#include "program.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#define SCRIPTS_MAX 4           /* a script may name a script */
#define HEADERS_MAX 32
#define HEAD_SIZE 256

#ifdef __x86_64__
#define MACHINE EM_X86_64
#else
#define MACHINE EM_AARCH64
#endif

static bool
read_all(int fd, void *buffer, size_t size, uint64_t offset)
{
    return pread(fd, buffer, size, (off_t)offset) == (ssize_t)size;
}

/* The sanitizers' run-time libraries refuse to start after another library. */
static bool
is_sanitizer(int fd, uint64_t offset)
{
    char name[8] = "";
    return read_all(fd, name, sizeof name, offset)
           && (memcmp(name, "libasan.", 8) == 0
               || memcmp(name, "libtsan.", 8) == 0);
}

static uint64_t
offset_of(const ElfW(Phdr) *headers, size_t count, uint64_t address)
{
    for (size_t i = 0; i < count; i++) {
        if (headers[i].p_type == PT_LOAD && address >= headers[i].p_vaddr
                && address - headers[i].p_vaddr < headers[i].p_filesz) {
            return address - headers[i].p_vaddr + headers[i].p_offset;
        }
    }
    return 0;
}

static bool
needs_sanitizer(int fd, const ElfW(Phdr) *headers, size_t count,
                const ElfW(Phdr) *dynamic)
{
    ElfW(Dyn) entry;
    uint64_t names = 0;
    for (uint64_t at = 0; at < dynamic->p_filesz; at += sizeof entry) {
        if (!read_all(fd, &entry, sizeof entry, dynamic->p_offset + at)
                || entry.d_tag == DT_NULL) {
            break;
        }
        if (entry.d_tag == DT_STRTAB) {
            names = offset_of(headers, count, entry.d_un.d_ptr);
        }
    }
    for (uint64_t at = 0; at < dynamic->p_filesz; at += sizeof entry) {
        if (!read_all(fd, &entry, sizeof entry, dynamic->p_offset + at)
                || entry.d_tag != DT_NEEDED) {
            break;              /* those that are needed come first */
        }
        if (is_sanitizer(fd, names + entry.d_un.d_val)) {
            return true;
        }
    }
    return false;
}

/* The dynamic linker that a program asks for is that of glibc. */
static bool
is_glibc(int fd, const ElfW(Phdr) *header)
{
    char path[128] = "";
    if (header->p_filesz >= sizeof path
            || !read_all(fd, path, header->p_filesz, header->p_offset)) {
        return false;
    }
    const char *slash = strrchr(path, '/');
    return slash != NULL && strncmp(slash, "/ld-linux", 9) == 0;
}

static bool
elf_can_preload(int fd, const ElfW(Ehdr) *elf)
{
    ElfW(Phdr) headers[HEADERS_MAX];
    size_t count = elf->e_phnum;
    if (elf->e_ident[EI_CLASS] != ELFCLASS64 || elf->e_machine != MACHINE
            || elf->e_phentsize != sizeof headers[0] || count > HEADERS_MAX
            || !read_all(fd, headers, count * sizeof headers[0],
                         elf->e_phoff)) {
        return false;
    }
    const ElfW(Phdr) *linker = NULL, *dynamic = NULL;
    for (size_t i = 0; i < count; i++) {
        linker = headers[i].p_type == PT_INTERP ? &headers[i] : linker;
        dynamic = headers[i].p_type == PT_DYNAMIC ? &headers[i] : dynamic;
    }
    return linker != NULL && dynamic != NULL && is_glibc(fd, linker)
           && !needs_sanitizer(fd, headers, count, dynamic);
}

/* `#! /bin/sh -e`: cut to the path of the interpreter; NULL: none. */
static char *
script_interpreter(char *head)
{
    char *path = head + 2 + strspn(head + 2, " \t");
    size_t len = strcspn(path, " \t\n");
    if (len == 0 || path[len] == '\0') {
        return NULL;
    }
    path[len] = '\0';
    return path;
}

static bool
has_own_rights(int fd)
{
    struct stat st;
    return fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)
           || (st.st_mode & (S_ISUID | S_ISGID)) != 0
           || fgetxattr(fd, "security.capability", NULL, 0) > 0;
}

bool
program_can_preload(int dirfd, const char *path)
{
    char heads[2][HEAD_SIZE];   /* path may lie in the one before */
    for (int i = 0; i < SCRIPTS_MAX; i++) {
        char *head = heads[i % 2];
        int fd = (int)syscall(SYS_openat, dirfd, path, O_RDONLY | O_CLOEXEC
                              | O_NOCTTY | O_NONBLOCK);
        if (fd < 0) {
            return false;
        }
        ssize_t got = has_own_rights(fd) ? -1
                      : pread(fd, head, HEAD_SIZE - 1, 0);
        head[got < 0 ? 0 : got] = '\0';
        if (got < 2 || memcmp(head, "#!", 2) != 0) {
            ElfW(Ehdr) elf;
            bool can = got >= (ssize_t)sizeof elf
                       && memcmp(head, ELFMAG, SELFMAG) == 0;
            if (can) {
                memcpy(&elf, head, sizeof elf);
                can = elf_can_preload(fd, &elf);
            }
            syscall(SYS_close, fd);
            return can;
        }
        syscall(SYS_close, fd);
        path = script_interpreter(head);
        if (path == NULL) {
            return false;
        }
        dirfd = AT_FDCWD;
    }
    return false;
}

bool
program_find(const char *file, char *path, size_t size)
{
    size_t len = strlen(file);
    if (strchr(file, '/') != NULL) {
        if (len < size) {
            memcpy(path, file, len + 1);
        }
        return len < size;
    }
    const char *folder = getenv("PATH");
    if (folder == NULL) {
        folder = "/bin:/usr/bin";
    }
    for (;;) {
        size_t folder_len = strcspn(folder, ":");
        if (len != 0 && folder_len + len + 3 <= size) {
            char *end = mempcpy(path, folder, folder_len);
            end = folder_len == 0 ? mempcpy(end, ".", 1) : end;
            memcpy(mempcpy(end, "/", 1), file, len + 1);
            struct stat st;
            if (stat(path, &st) == 0 && S_ISREG(st.st_mode)
                    && syscall(SYS_faccessat, AT_FDCWD, path, X_OK) == 0) {
                return true;
            }
        }
        if (folder[folder_len] == '\0') {
            return false;
        }
        folder += folder_len + 1;
    }
}
