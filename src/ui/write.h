/* SPDX-License-Identifier: MIT
 *
 * `w`: write what the view shows to a file; asks for its name, and again
 * before an existing one is overwritten.
 */
#ifndef PYMTOP_UI_WRITE_H
#define PYMTOP_UI_WRITE_H

struct ui;

void write_ask(struct ui *ui);

#endif
