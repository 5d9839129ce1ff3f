/* SPDX-License-Identifier: MIT
 *
 * How a script ended, read from the end of its output: the exception that
 * nobody caught.
 */
#ifndef PYMTOP_UI_ENDING_H
#define PYMTOP_UI_ENDING_H

struct ui;

/* `ValueError: bad row 17 (shop/load.py:31 read)`, or "" if there was none.
 * Worked out once, when the script has ended and its output is read. */
const char *ending_exception(struct ui *ui);

#endif
