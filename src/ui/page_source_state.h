/* SPDX-License-Identifier: MIT
 *
 * What the source page knows; for page_source.c and page_source_draw.c only.
 */
#ifndef PYMTOP_UI_PAGE_SOURCE_STATE_H
#define PYMTOP_UI_PAGE_SOURCE_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/column.h"
#include "model/table.h"
#include "ui/source_text.h"
#include "ui/view.h"

/* A line of the file that has a row in the table. */
struct source_held {
    int32_t line;
    uint32_t row;               /* in table.rows */
};

struct ui;

struct source_state {
    uint32_t file;              /* of the catalog */
    int32_t line;               /* where ▶ is; 0: the file has no lines */
    struct source_text text;
    bool changed;               /* the file is newer than the run */

    struct table table;         /* of the file, by line */
    struct source_held *held;   /* owned; by line */
    size_t held_count, held_room;
    struct table tracebacks;    /* of the line, biggest first */
    uint64_t data;              /* ui->data that the tables show */
    int32_t traced_line;        /* line that tracebacks are of */

    int top;                    /* first source line shown, from 1 */
    int left;                   /* cells of the text hidden at the left */
    int first_traceback;        /* line of their list shown first */
    int traceback_lines;        /* lines of their list, as drawn */
    int source_row, source_rows;    /* of the screen, as drawn */
    int traceback_rows;
    int cursor;                 /* what the list's cursor was left at */
};

/* The row of a line of the file; NULL: nothing happened there. */
const struct table_row *source_row(const struct source_state *state,
                                   int32_t line);
/* The catalog's index of the line; CATALOG_NONE: nothing happened there. */
uint32_t source_catalog_line(const struct source_state *state, int32_t line);

void source_draw(struct view *view, struct ui *ui, struct rect rect);
/* Lines that all tracebacks take. */
int source_traceback_lines(const struct source_state *state);
/* The tracebacks of the line, sizes in `cells` cells; needs 2 rows. */
void source_draw_tracebacks(struct ui *ui, struct source_state *state,
                            int cells, struct rect rect);
/* A number of a row, right-aligned in cells. */
void source_put_column(struct ui *ui, const struct table *table,
                       const struct table_row *row, enum column_id id,
                       int screen_row, int col, int cells);

#endif
