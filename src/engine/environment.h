/* SPDX-License-Identifier: MIT
 *
 * The memory in which exec laid out the environment.  What the launcher told
 * the engine there must not be read from /proc/self/environ either.
 */
#ifndef PYMTOP_ENVIRONMENT_H
#define PYMTOP_ENVIRONMENT_H

struct environment_place {
    char *begin, *end;          /* NULL: not as exec lays it out */
};

/* Where it lies.  Call it before anything is taken out. */
struct environment_place environment_find(void);

/* Lay out what is in the environment now there, the rest is zeros.  Only
 * words behind the first that is gone move; nobody may keep a pointer to
 * those. */
void environment_close_up(struct environment_place place);

#endif
