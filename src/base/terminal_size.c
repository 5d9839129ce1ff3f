/* SPDX-License-Identifier: MIT */
#include "base/terminal_size.h"

bool
terminal_size(int fd, struct winsize *size)
{
    return ioctl(fd, TIOCGWINSZ, size) == 0 && size->ws_row > 0
        && size->ws_col > 0;
}
