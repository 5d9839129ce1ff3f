/* SPDX-License-Identifier: MIT
 *
 * Forked children: each gets a slot of its own at its first hooked call, with
 * the counters of its parent at the moment of the fork.  The parent's region
 * goes on changing under a child's eyes, so the cells are copied to private
 * memory before the fork, under the lock, and the child takes them from there.
 */
#ifndef PYMTOP_FORK_H
#define PYMTOP_FORK_H

/* Install the handlers (pthread_atfork). */
void fork_watch(void);

/* In the child, under the ledger lock: claim a slot, or switch the ledger
 * off. */
void fork_claim(void);

/* In a child that was made behind the C library's back (clone(2), _Fork), and
 * so never came by our handlers: it runs untraced, and is counted.  Under the
 * ledger lock, wiped as it is. */
void fork_bypassed(void);

#endif
