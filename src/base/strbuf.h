/* SPDX-License-Identifier: MIT
 *
 * A string that grows.  `text` is always NUL-terminated once something was
 * added and after strbuf_init(); len does not count the NUL.
 */
#ifndef PYMTOP_STRBUF_H
#define PYMTOP_STRBUF_H

#include <stddef.h>

struct strbuf {
    char *text;
    size_t len, room;
};

void strbuf_init(struct strbuf *buf);
void strbuf_release(struct strbuf *buf);    /* frees; may be used again */
void strbuf_clear(struct strbuf *buf);      /* empties, keeps the memory */
void strbuf_cut(struct strbuf *buf, size_t len);    /* no longer than len */

void strbuf_add(struct strbuf *buf, const char *bytes, size_t len);
void strbuf_add_text(struct strbuf *buf, const char *text);
void strbuf_add_char(struct strbuf *buf, char character);
void strbuf_add_repeat(struct strbuf *buf, char character, size_t count);
void strbuf_addf(struct strbuf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3), nonnull(2)));

/* The string itself, to be freed by the caller; buf is empty again. */
char *strbuf_detach(struct strbuf *buf);

#endif
