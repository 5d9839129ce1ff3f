/* SPDX-License-Identifier: MIT
 *
 * Passing the engine on.  A program that one of ours starts gets, in its
 * environment only, LD_PRELOAD with the library to preload and one variable
 * that says which region it belongs to; there both are taken out again before
 * main, so that no program sees them, and passed on from there.
 *
 *     PYMTOP_FOLLOW=MONITOR_PID:MONITOR_FD:REGION_ID:PARENT_PID:LIBRARY
 *
 * Programs are started in vfork children, which run in their parent's memory:
 * follow_*() below follow_begin() take no lock, no heap and no file that stays
 * open, and write only to the caller's stack.
 */
#ifndef PYMTOP_FOLLOW_H
#define PYMTOP_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FOLLOW_TEXT 1024
#define FOLLOW_EXTRA 4      /* words more than there were, with the NULL */

/* Texts of words that follow_fill() puts in. */
struct follow_text {
    char preload[FOLLOW_TEXT];      /* LD_PRELOAD=LIBRARY:AS_TYPED */
    char typed[FOLLOW_TEXT];        /* PYMTOP_LD_PRELOAD=AS_TYPED */
};

/* Take what is ours out of the environment, in place, and remember it.
 * preloaded: LD_PRELOAD is ours too.  Returns the descriptor of the region
 * that the monitor left to the main script, -1: this is none. */
int follow_begin(char **words, bool preloaded);

/* May children be followed? */
bool follow_on(void);

/* A child's region, opened through the monitor; -1: it is gone, or another
 * one.  To be closed.  follow_is_ours: the descriptor leads to our region. */
int follow_open(void);
bool follow_is_ours(int fd);

/* The traced process that led here, as the monitor knows it. */
int32_t follow_parent(void);

/* We are a traced process of this pid: what starts from here is our child. */
void follow_set_parent(int32_t pid);

/* The number of words of an environment (may be NULL) to pass the engine on
 * in, + 1; 0: start the program as it is.  path is looked at from dirfd; see
 * program.h. */
size_t follow_count(char *const *words, int dirfd, const char *path);

/* The environment to start it with: words[follow_count() + FOLLOW_EXTRA]. */
void follow_fill(char **words, char *const *typed, struct follow_text *text);

#endif
