/* SPDX-License-Identifier: MIT
 *
 * How a script ends: that its main part is over, and the exception that nobody
 * caught, read from the end of its output.
 */
#ifndef PYMTOP_UI_ENDING_H
#define PYMTOP_UI_ENDING_H

struct ui;

/* `ValueError: bad row 17 (shop/load.py:31 read)`, or "" if there was none.
 * Worked out once, when the script has ended and its output is read. */
const char *ending_exception(struct ui *ui);

/* Sets ui->leaving: the interpreter waits for threads that are no daemons, or
 * runs what was registered with atexit, which may last.  To be called with
 * every copy of the counters. */
void ending_look(struct ui *ui);

#endif
