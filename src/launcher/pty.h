/* SPDX-License-Identifier: MIT
 *
 * The pseudo-terminal that stands for our terminal: the script has the
 * slave, we hold the master.
 */
#ifndef PYMTOP_LAUNCHER_PTY_H
#define PYMTOP_LAUNCHER_PTY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/types.h>
#include <termios.h>

#include "base/strbuf.h"

#define PTY_KEYS_MAX 65536      /* kept while the script does not read */

struct pty {
    int master;             /* non-blocking; -1: none, or closed */
    int slave;              /* -1: closed */
    dev_t terminal;         /* device number of the slave */
    struct strbuf keys;     /* waiting for the script */
};

/* No terminal. */
void pty_init(struct pty *pty);

/* Make one, set like our own terminal.  Returns -1 with errno. */
int pty_open(struct pty *pty, const struct winsize *size);

/* Once the script has ended.  Before, our hold on the slave keeps the
 * terminal there for a script that closes its standard streams; a closed
 * terminal would be its SIGHUP. */
void pty_close_slave(struct pty *pty);
void pty_release(struct pty *pty);

/* Output: bytes read, 0 none now, -1 the end (the master is closed then). */
ssize_t pty_read(struct pty *pty, void *buffer, size_t size);

/* Keys in; returns how many were taken. */
size_t pty_write(struct pty *pty, const void *keys, size_t size);
/* Send waiting keys as far as the terminal takes them. */
void pty_flush(struct pty *pty);

/* Press the key that this terminal has for ^C or ^\ (VINTR, VQUIT).  Waiting
 * keys are dropped, as a terminal does.  False: it has none, or is full. */
bool pty_press(struct pty *pty, int control);

void pty_resize(struct pty *pty, const struct winsize *size);

/* Write output to a descriptor that has a newline rule of its own: the pty's
 * CR LF becomes LF again. */
void pty_print(int fd, const char *text, size_t len);

#endif
