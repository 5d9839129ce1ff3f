/* SPDX-License-Identifier: MIT
 *
 * A script that runs on when its screen is closed: our terminal and its
 * terminal are tied together, so it looks as if it had been started there.
 */
#ifndef PYMTOP_LAUNCHER_RELAY_H
#define PYMTOP_LAUNCHER_RELAY_H

struct session;

/* Pass keys and output on until the script has ended (at once when it has).
 * The screen must be closed.  ^Z stops both, as in the screen. */
void relay_run(struct session *session);

#endif
