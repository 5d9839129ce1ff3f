/* SPDX-License-Identifier: MIT
 *
 * All views of the screen, made from the table in views.c.
 */
#ifndef PYMTOP_UI_VIEWS_H
#define PYMTOP_UI_VIEWS_H

struct ui;

void views_open(struct ui *ui);
void views_close(struct ui *ui);
/* Another process is shown: what they know of the one before is void. */
void views_renew(struct ui *ui);

#endif
