/* SPDX-License-Identifier: MIT */
#ifndef PYMTOP_TERMINAL_SIZE_H
#define PYMTOP_TERMINAL_SIZE_H

#include <stdbool.h>
#include <sys/ioctl.h>

/* The size of the terminal at fd.  False: that is none, or one that does not
 * know its size, as on a serial line. */
bool terminal_size(int fd, struct winsize *size);

#endif
