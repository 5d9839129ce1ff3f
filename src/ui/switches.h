/* SPDX-License-Identifier: MIT
 *
 * The switches of the screen: what is shown, at which moment, against what.
 */
#ifndef PYMTOP_UI_SWITCHES_H
#define PYMTOP_UI_SWITCHES_H

#include "ui/ui.h"

/* Do what the key of a switch asks for; false: no such action. */
bool switches_act(struct ui *ui, enum action action);
/* ui->shown for this frame. */
void switches_settle(struct ui *ui);

#endif
