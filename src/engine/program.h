/* SPDX-License-Identifier: MIT
 *
 * What a file is that is about to be executed.  Works in a vfork child: no
 * heap, no lock, nothing stays open.
 */
#ifndef PYMTOP_PROGRAM_H
#define PYMTOP_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

/* Will the dynamic linker of glibc, of our own architecture, load the program
 * (for a script: its interpreter) and preload a library without a word?  Not
 * when it is static, 32-bit, of another C library, or runs with other rights
 * than ours. */
bool program_can_preload(int dirfd, const char *path);

/* The file that execvp() would run, into path; false: none. */
bool program_find(const char *file, char *path, size_t size);

#endif
