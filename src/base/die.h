/* SPDX-License-Identifier: MIT
 *
 * Ending with one clear line.  Every message of pymtop has the form
 * `pymtop: what: why`; nothing else is printed on the way out.
 */
#ifndef PYMTOP_DIE_H
#define PYMTOP_DIE_H

/* Exit statuses of pymtop itself; any other status is the script's. */
enum die_status {
    DIE_USAGE = 2,              /* bad command line, like python's */
    DIE_LIMIT = 124,            /* a limit given by the user was passed */
    DIE_CANNOT_TRACE = 125,     /* no region, engine refused, our own fault */
    DIE_INTERPRETER = 126,      /* the interpreter cannot be used */
    DIE_NOT_FOUND = 127         /* no such interpreter */
};

/* Call restore (NULL: nothing) before anything is printed by die().  The
 * screen sets it while it owns the terminal. */
void die_set_restore(void (*restore)(void));

/* Restore the terminal, print `pymtop: ` and the message with a newline on
 * stderr, exit with status.  The format has no newline of its own. */
_Noreturn void die(int status, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Print the same line and go on.  Not while the screen is shown. */
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
