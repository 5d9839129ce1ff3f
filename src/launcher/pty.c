/* SPDX-License-Identifier: MIT */
#include "launcher/pty.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
pty_init(struct pty *pty)
{
    *pty = (struct pty){.master = -1, .slave = -1};
    strbuf_init(&pty->keys);
}

/* Modes and control characters of the terminal we were started on. */
static bool
own_modes(struct termios *modes)
{
    return tcgetattr(STDIN_FILENO, modes) == 0
        || tcgetattr(STDOUT_FILENO, modes) == 0
        || tcgetattr(STDERR_FILENO, modes) == 0;
}

int
pty_open(struct pty *pty, const struct winsize *size)
{
    struct termios modes;
    struct stat st;
    char name[64];

    pty->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (pty->master < 0) {
        return -1;
    }
    if (grantpt(pty->master) < 0 || unlockpt(pty->master) < 0
        || ptsname_r(pty->master, name, sizeof(name)) != 0
        || (pty->slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)) < 0
        || fstat(pty->slave, &st) < 0) {
        int error = errno;
        pty_release(pty);
        errno = error;
        return -1;
    }
    pty->terminal = st.st_rdev;
    if (own_modes(&modes)) {
        tcsetattr(pty->slave, TCSANOW, &modes);
    }
    pty_resize(pty, size);
    return 0;
}

void
pty_close_slave(struct pty *pty)
{
    if (pty->slave >= 0) {
        close(pty->slave);
        pty->slave = -1;
    }
}

static void
close_master(struct pty *pty)
{
    if (pty->master >= 0) {
        close(pty->master);
        pty->master = -1;
    }
}

void
pty_release(struct pty *pty)
{
    close_master(pty);
    pty_close_slave(pty);
    strbuf_release(&pty->keys);
}

ssize_t
pty_read(struct pty *pty, void *buffer, size_t size)
{
    if (pty->master < 0) {
        return -1;
    }
    ssize_t got = read(pty->master, buffer, size);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return 0;
    }
    if (got <= 0) {
        /* EIO: nobody has the slave any more. */
        close_master(pty);
        return -1;
    }
    return got;
}

void
pty_flush(struct pty *pty)
{
    struct strbuf *keys = &pty->keys;

    while (keys->len && pty->master >= 0) {
        ssize_t sent = write(pty->master, keys->text, keys->len);
        if (sent <= 0) {
            return;
        }
        memmove(keys->text, keys->text + sent, keys->len - (size_t)sent);
        strbuf_cut(keys, keys->len - (size_t)sent);
    }
}

size_t
pty_write(struct pty *pty, const void *keys, size_t size)
{
    if (pty->master < 0) {
        return 0;
    }
    if (size > PTY_KEYS_MAX - pty->keys.len) {
        size = PTY_KEYS_MAX - pty->keys.len;
    }
    strbuf_add(&pty->keys, keys, size);
    pty_flush(pty);
    return size;
}

bool
pty_press(struct pty *pty, int control)
{
    struct termios modes;
    char key;

    /* On Linux the master answers for the slave's modes. */
    if (pty->master < 0 || tcgetattr(pty->master, &modes) < 0
        || modes.c_cc[control] == _POSIX_VDISABLE) {
        return false;
    }
    key = (char)modes.c_cc[control];
    strbuf_cut(&pty->keys, 0);
    return write(pty->master, &key, 1) == 1;
}

void
pty_resize(struct pty *pty, const struct winsize *size)
{
    if (pty->master >= 0) {
        ioctl(pty->master, TIOCSWINSZ, size);
    }
}

/* Write all of it; gives up when the descriptor does. */
static void
write_all(int fd, const char *text, size_t len)
{
    while (len) {
        ssize_t sent = write(fd, text, len);
        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent <= 0) {
            return;
        }
        text += sent;
        len -= (size_t)sent;
    }
}

void
pty_print(int fd, const char *text, size_t len)
{
    struct strbuf out;

    strbuf_init(&out);
    for (size_t i = 0; i < len; i++) {
        if (text[i] != '\r' || i + 1 == len || text[i + 1] != '\n') {
            strbuf_add_char(&out, text[i]);
        }
    }
    write_all(fd, out.text, out.len);
    strbuf_release(&out);
}
