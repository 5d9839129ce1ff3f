/* SPDX-License-Identifier: MIT
 *
 * Reading str and bytes objects without calling Python.
 */
#ifndef PYMTOP_PYTHON_TEXT_H
#define PYMTOP_PYTHON_TEXT_H

#include <stdint.h>

/* The object's characters as UTF-8 into out, at most size bytes, cut at a
 * character; a surrogate that stands for a byte (surrogateescape) becomes
 * that byte, another lone one '?'.  Returns the length; 0 for what is
 * not a str. */
uint32_t python_text_utf8(const char *object, char *out, uint32_t size);

/* A bytes object's data and length; length 0 for what is not bytes. */
uint32_t python_text_bytes(const char *object, const char **data);

#endif
