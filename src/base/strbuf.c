/* SPDX-License-Identifier: MIT */
#include "base/strbuf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

static void
make_room(struct strbuf *buf, size_t more)
{
    buf->text = xgrow(buf->text, &buf->room, buf->len + more + 1, 1);
}

void
strbuf_init(struct strbuf *buf)
{
    *buf = (struct strbuf){0};
    make_room(buf, 0);
    buf->text[0] = '\0';
}

void
strbuf_release(struct strbuf *buf)
{
    free(buf->text);
    *buf = (struct strbuf){0};
}

void
strbuf_clear(struct strbuf *buf)
{
    make_room(buf, 0);
    buf->len = 0;
    buf->text[0] = '\0';
}

void
strbuf_cut(struct strbuf *buf, size_t len)
{
    if (len < buf->len) {
        buf->len = len;
        buf->text[len] = '\0';
    }
}

void
strbuf_add(struct strbuf *buf, const char *bytes, size_t len)
{
    make_room(buf, len);
    memcpy(buf->text + buf->len, bytes, len);
    buf->len += len;
    buf->text[buf->len] = '\0';
}

void
strbuf_add_text(struct strbuf *buf, const char *text)
{
    strbuf_add(buf, text, strlen(text));
}

void
strbuf_add_char(struct strbuf *buf, char character)
{
    strbuf_add(buf, &character, 1);
}

void
strbuf_add_repeat(struct strbuf *buf, char character, size_t count)
{
    make_room(buf, count);
    memset(buf->text + buf->len, character, count);
    buf->len += count;
    buf->text[buf->len] = '\0';
}

void
strbuf_addf(struct strbuf *buf, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int len = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (len <= 0) {
        return;
    }
    make_room(buf, (size_t)len);
    va_start(arguments, format);
    vsnprintf(buf->text + buf->len, (size_t)len + 1, format, arguments);
    va_end(arguments);
    buf->len += (size_t)len;
}

char *
strbuf_detach(struct strbuf *buf)
{
    make_room(buf, 0);
    buf->text[buf->len] = '\0';
    char *text = buf->text;
    *buf = (struct strbuf){0};
    return text;
}
