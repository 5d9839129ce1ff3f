/* SPDX-License-Identifier: MIT
 *
 * The script's terminal: what it prints is kept by a terminal emulator with
 * a scrollback, shown by the output view (0), and keys go to it as bytes.
 */
#ifndef PYMTOP_UI_OUTPUT_H
#define PYMTOP_UI_OUTPUT_H

#include <stddef.h>
#include <stdio.h>

#include "ui/screen.h"
#include "ui/view.h"

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
/* Print the last lines (at most `lines`, trailing blank ones not) as plain
 * text, after the screen is closed. */
void output_print_tail(struct output *output, FILE *file, int lines);

extern const struct view_ops output_view;

#endif
