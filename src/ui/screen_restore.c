/* SPDX-License-Identifier: MIT */
#include "ui/screen_restore.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "ui/screen.h"

static struct {
    volatile sig_atomic_t active;
    struct termios saved;
    bool saved_valid;
    int fd_in, fd_out;
    char bytes[256];
    size_t len;
} restore;

void
restore_begin(int fd_in, int fd_out)
{
    restore.fd_in = fd_in;
    restore.fd_out = fd_out;
    restore.saved_valid = tcgetattr(fd_in, &restore.saved) == 0;
    restore.len = 0;
}

void
restore_add(const char *string)
{
    while (*string != '\0' && restore.len < sizeof(restore.bytes)) {
        if (string[0] == '$' && string[1] == '<'
            && strchr(string, '>') != NULL) {
            string = strchr(string, '>') + 1;
            continue;
        }
        restore.bytes[restore.len++] = *string++;
    }
}

void
restore_set_active(bool active)
{
    restore.active = active;
}

bool
restore_is_active(void)
{
    return restore.active;
}

void
screen_restore(void)
{
    if (!restore.active) {
        return;
    }
    restore.active = 0;
    int saved_errno = errno;
    ssize_t written = write(restore.fd_out, restore.bytes, restore.len);
    (void)written;
    if (restore.saved_valid) {
        tcsetattr(restore.fd_in, TCSANOW, &restore.saved);
    }
    errno = saved_errno;
}
