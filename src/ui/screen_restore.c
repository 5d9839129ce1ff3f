/* SPDX-License-Identifier: MIT */
#include "ui/screen_restore.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include "ui/screen.h"

#define ROOM_MS 100         /* a terminal stopped by ^S takes nothing */

struct restore {
    volatile sig_atomic_t active;
    struct termios saved;
    bool saved_valid;
    tcflag_t our_lflag;
    int fd;
    char bytes[256];
    size_t len;
};

static struct restore alone, *restore = &alone;

void
screen_share(void)
{
    void *page = mmap(NULL, sizeof(*restore), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (page != MAP_FAILED) {
        restore = page;
    }
}

void
restore_begin(int fd)
{
    restore->fd = fd;
    restore->saved_valid = tcgetattr(fd, &restore->saved) == 0;
    restore->len = 0;
}

void
restore_note_ours(void)
{
    struct termios now;

    if (tcgetattr(restore->fd, &now) == 0) {
        restore->our_lflag = now.c_lflag;
    }
}

void
restore_add(const char *string)
{
    while (*string != '\0' && restore->len < sizeof(restore->bytes)) {
        if (string[0] == '$' && string[1] == '<'
            && strchr(string, '>') != NULL) {
            string = strchr(string, '>') + 1;
            continue;
        }
        restore->bytes[restore->len++] = *string++;
    }
}

void
restore_set_active(bool active)
{
    restore->active = active;
}

bool
restore_is_active(void)
{
    return restore->active;
}

void
screen_restore(void)
{
    if (!restore->active) {
        return;
    }
    restore->active = 0;
    int saved_errno = errno;
    ssize_t written = write(restore->fd, restore->bytes, restore->len);
    (void)written;
    if (restore->saved_valid) {
        tcsetattr(restore->fd, TCSANOW, &restore->saved);
    }
    errno = saved_errno;
}

void
screen_restore_for_dead(void)
{
    struct pollfd room = {.fd = restore->fd, .events = POLLOUT};
    struct termios now;

    if (!restore->active) {
        return;
    }
    if (poll(&room, 1, ROOM_MS) != 1) {
        restore->len = 0;
    }
    /* A shell that was faster has set modes of its own. */
    if (tcgetattr(restore->fd, &now) < 0
        || now.c_lflag != restore->our_lflag) {
        restore->saved_valid = false;
    }
    screen_restore();
}
