/* SPDX-License-Identifier: MIT
 *
 * The script's terminal: what it prints is kept by a terminal emulator with
 * a scrollback, shown by the output view (0), and keys go to it as bytes.
 *
 * Lines have numbers that stay the same while output comes: output_first() is
 * the oldest one kept, output_end() is one after the last.  A line is what
 * one row of the terminal showed; a longer one goes on in the next (wrapped).
 */
#ifndef PYMTOP_UI_OUTPUT_H
#define PYMTOP_UI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "ui/output_grid.h"
#include "ui/screen.h"
#include "ui/view.h"

#define OUTPUT_COLS_MAX 1000
#define OUTPUT_ROWS_MAX 1000

struct output;

/* rows and cols: the size of the output view; the pty has the same. */
struct output *output_new(int rows, int cols);
void output_free(struct output *output);
/* Bytes the script wrote to its terminal. */
void output_feed(struct output *output, const char *bytes, size_t len);
void output_resize(struct output *output, int rows, int cols);
/* Bytes for the script's terminal that wait to be sent: keys, and answers to
 * its questions (cursor position).  Takes at most size of them; returns how
 * many. */
size_t output_take(struct output *output, char *bytes, size_t size);
/* A key that goes to the script. */
void output_key(struct output *output, const struct key *key);

/* Lines there are: [first, end).  The last of them are the screen, of which
 * rows after the cursor and the last text do not count. */
int64_t output_first(const struct output *output);
int64_t output_end(const struct output *output);
/* Number of the screen's first row: where its full height begins. */
int64_t output_screen_first(const struct output *output);
/* The cells of a line, at most max; returns how many it has.  wrapped (may be
 * NULL): it goes on in the next line. */
int output_line(const struct output *output, int64_t line,
                struct output_cell *cells, int max, bool *wrapped);
/* A line as UTF-8 text, cut to what fits. */
void output_line_text(const struct output *output, int64_t line, char *out,
                      size_t out_size);
/* Where the cursor is; false: the script hides it. */
bool output_cursor(const struct output *output, int64_t *line, int *col);
/* Nothing visible was ever printed. */
bool output_empty(const struct output *output);
/* The script uses the alternate screen, as editors do; it has no scrollback
 * of its own. */
bool output_alternate(const struct output *output);

/* Print the last lines (at most `lines` rows of the terminal, trailing blank
 * ones not), after the screen is closed; with their colours if coloured. */
void output_print_tail(struct output *output, FILE *file, int lines);
void output_print_tail_plain(struct output *output, FILE *file, int lines);

extern const struct view_ops output_view;

#endif
