/* SPDX-License-Identifier: MIT
 *
 * From a key to what it does.  The order: the script (while keys go to it), a
 * prompt, help, the mouse, the view, then what every view has.
 */
#ifndef PYMTOP_UI_COMMANDS_H
#define PYMTOP_UI_COMMANDS_H

struct key;
struct ui;

void command_key(struct ui *ui, const struct key *key);
/* ^Z: stop the script and us; returns when continued. */
void command_suspend(struct ui *ui);

#endif
