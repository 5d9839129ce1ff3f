/* SPDX-License-Identifier: MIT
 *
 * View 6 on the screen and in files.
 */
#include <stdio.h>
#include <string.h>

#include "base/size_text.h"
#include "report/json_writer.h"
#include "report/report.h"
#include "ui/graph.h"
#include "ui/text_cells.h"
#include "ui/ui.h"
#include "ui/view_snapshots_state.h"

/* First cells and widths; width 0: not shown. */
struct moment_layout {
    int mark, when, traced, traced_cells, delta, delta_cells;
    int blocks, blocks_cells, taken, name;
};

static struct moment_layout
lay_out(const struct column_style *style)
{
    struct moment_layout layout = {.mark = 1, .when = 8};
    bool compact = style->screen_width < 80;
    int x = 16;

    if (style->screen_width < 32) {
        layout.when = 0;
        x = 7;
    }
    layout.traced_cells = style->exact ? 15 : compact ? 8 : 10;
    layout.traced = x + 1;
    x = layout.traced + layout.traced_cells;
    if (style->screen_width >= 50) {
        layout.delta_cells = style->exact ? 16 : compact ? 9 : 11;
        layout.delta = x + 1;
        x = layout.delta + layout.delta_cells;
    }
    if (style->screen_width >= 60) {
        layout.blocks_cells = style->exact ? 14 : 10;
        layout.blocks = x + 1;
        x = layout.blocks + layout.blocks_cells;
    }
    layout.taken = x + 1;
    layout.name = layout.taken + (compact ? 7 : 11);
    return layout;
}

static void
draw_heads(struct ui *ui, const struct moment_layout *layout,
           struct rect rect)
{
    const struct style bold = STYLE(ROLE_TEXT, LOOK_BOLD);
    struct screen *screen = ui->screen;

    screen_put(screen, rect.row, rect.col + layout->mark, 6, "MARK", bold);
    if (layout->when > 0) {
        screen_put(screen, rect.row, rect.col + layout->when, 8, "WHEN",
                   bold);
    }
    screen_put_right(screen, rect.row, rect.col + layout->traced,
                     layout->traced_cells, "TRACED", bold);
    if (layout->delta_cells > 0) {
        screen_put_right(screen, rect.row, rect.col + layout->delta,
                         layout->delta_cells, "Δ BEFORE", bold);
    }
    if (layout->blocks_cells > 0) {
        screen_put_right(screen, rect.row, rect.col + layout->blocks,
                         layout->blocks_cells, "BLOCKS", bold);
    }
    screen_put(screen, rect.row, rect.col + layout->taken,
               layout->name - layout->taken - 1, "TAKEN BY", bold);
    screen_put(screen, rect.row, rect.col + layout->name,
               rect.cols - layout->name, "NAME", bold);
}

static void
draw_sizes(struct ui *ui, const struct moment_row *row,
           const struct moment_layout *layout, struct rect rect)
{
    struct column_style style = ui_style(ui);
    char text[NUMBER_TEXT_SIZE];

    screen_put_right(ui->screen, rect.row, rect.col + layout->traced,
                     layout->traced_cells,
                     column_size_words(text, row->bytes, &style), STYLE_TEXT);
    if (layout->delta_cells > 0 && row->has_before) {
        enum role role = row->delta > 0 ? ROLE_GREW
                         : row->delta < 0 ? ROLE_SHRANK : ROLE_TEXT;

        screen_put_right(ui->screen, rect.row, rect.col + layout->delta,
                         layout->delta_cells,
                         column_delta_words(text, row->delta, &style),
                         STYLE(role, 0));
    }
    if (layout->blocks_cells > 0) {
        screen_put_right(ui->screen, rect.row, rect.col + layout->blocks,
                         layout->blocks_cells,
                         style.exact ? count_text_exact(text, row->blocks)
                                     : count_text(text, row->blocks),
                         STYLE_TEXT);
    }
}

/* Name, then the note in dim. */
static void
draw_name(struct ui *ui, const struct snapshot *snapshot, int col,
          struct rect rect)
{
    char cut[512];
    int room = rect.cols - col;

    if (snapshot->name != NULL && room > 0) {
        text_cut_right(cut, sizeof(cut), snapshot->name, room);
        col += screen_put(ui->screen, rect.row, rect.col + col, room, cut,
                          STYLE_TEXT) + 2;
        room = rect.cols - col;
    }
    if (snapshot->note != NULL && room > 0) {
        text_cut_right(cut, sizeof(cut), snapshot->note, room);
        screen_put(ui->screen, rect.row, rect.col + col, room, cut,
                   STYLE(ROLE_LIBRARY, 0));
    }
}

static void
draw_row(struct view *view, struct ui *ui, const struct moment_row *row,
         const struct moment_layout *layout, struct rect rect)
{
    const struct snapshots_state *state = view->state;
    struct style style = row->kind == MOMENT_ROW_GROUP
                         ? STYLE(ROLE_LIBRARY, 0) : STYLE_TEXT;
    char text[128];
    int col = layout->mark;

    if (row->kind == MOMENT_ROW_GROUP) {
        screen_put(ui->screen, rect.row, rect.col + col, 1,
                   state->unfolded ? "▾" : "▸", style);
        col += 2;
    }
    else if (row->snapshot != NULL && row->snapshot == ui->switches.past) {
        screen_put(ui->screen, rect.row, rect.col, 1, "┃",
                   STYLE(ROLE_KEY, 0));
    }
    snapshots_mark(ui, row, text, sizeof(text));
    screen_put(ui->screen, rect.row, rect.col + col, 7 - col, text, style);
    if (layout->when > 0) {
        clock_text(text, snapshots_since_start(ui, row->when_ns));
        screen_put(ui->screen, rect.row, rect.col + layout->when, 8, text,
                   style);
    }
    if (row->kind != MOMENT_ROW_GROUP) {
        draw_sizes(ui, row, layout, rect);
    }
    snapshots_taken_by(ui, row, text, sizeof(text));
    col = layout->taken;
    screen_put(ui->screen, rect.row, rect.col + col,
               row->kind == MOMENT_ROW_GROUP ? rect.cols - col
                                             : layout->name - col - 1,
               text, style);
    if (row->kind == MOMENT_ROW_KEPT) {
        draw_name(ui, row->snapshot, layout->name, rect);
    }
}

void
snapshots_draw(struct view *view, struct ui *ui, struct rect rect)
{
    const struct snapshots_state *state = view->state;
    struct column_style style = ui_style(ui);
    struct moment_layout layout = lay_out(&style);
    struct rect line = {rect.row, rect.col, 1, rect.cols};
    int end = rect.row + rect.rows;

    /* The axis is the header graph's; without one it stands here. */
    if (rect.rows >= 6 && ui->graph.rows < 2) {
        graph_draw_axis(ui, line.row, rect.col, rect.cols);
        line.row++;
    }
    if (rect.rows >= 3) {
        draw_heads(ui, &layout, line);
        line.row++;
    }
    list_show(&view->list, line.row, end - line.row);
    for (int i = view->list.top;
         i < view->list.count && line.row < end; i++, line.row++) {
        draw_row(view, ui, &state->rows[i], &layout, line);
        if (i == view->list.cursor) {
            screen_highlight(ui->screen, line.row, rect.col, rect.cols,
                             LOOK_REVERSE);
        }
    }
    if (line.row < end
        && snapshot_list_newest_manual(&ui->snapshots) == NULL) {
        screen_put(ui->screen, line.row, rect.col + 1, rect.cols - 1,
                   "press s to take a snapshot, d compares with it",
                   STYLE(ROLE_TEXT, LOOK_DIM));
    }
}

/* --- files ----------------------------------------------------------------*/

static const char *
name_of(const struct moment_row *row)
{
    return row->snapshot != NULL ? row->snapshot->name : NULL;
}

static const char *
note_of(const struct moment_row *row)
{
    return row->snapshot != NULL ? row->snapshot->note : NULL;
}

static void
write_text(struct ui *ui, const struct snapshots_state *state, FILE *file)
{
    struct column_style style = {.screen_width = 100,
                                 .exact = ui->switches.exact};

    fprintf(file, "%-6s %-8s %15s %16s %14s %-8s %s\n", "MARK", "WHEN",
            "TRACED", "DELTA BEFORE", "BLOCKS", "TAKEN BY", "NAME");
    for (size_t i = 0; i < state->count; i++) {
        const struct moment_row *row = &state->rows[i];
        char mark[64], taken[64], text[4][NUMBER_TEXT_SIZE];

        if (row->kind == MOMENT_ROW_GROUP) {
            continue;
        }
        snapshots_mark(ui, row, mark, sizeof(mark));
        snapshots_taken_by(ui, row, taken, sizeof(taken));
        clock_text(text[0], snapshots_since_start(ui, row->when_ns));
        column_size_words(text[1], row->bytes, &style);
        text[2][0] = '\0';
        if (row->has_before) {
            column_delta_words(text[2], row->delta, &style);
        }
        count_text_exact(text[3], row->blocks);
        fprintf(file, "%-6s %-8s %15s %16s %14s %-8s %s%s%s\n", mark,
                text[0], text[1], text[2], text[3], taken,
                name_of(row) != NULL ? name_of(row) : "",
                note_of(row) != NULL ? "  " : "",
                note_of(row) != NULL ? note_of(row) : "");
    }
}

static void
write_json(struct ui *ui, const struct snapshots_state *state, FILE *file)
{
    struct json_writer json;

    json_init(&json, file, false);
    json_object(&json);
    json_key(&json, "snapshots");
    json_array(&json);
    for (size_t i = 0; i < state->count; i++) {
        const struct moment_row *row = &state->rows[i];
        char text[64];

        if (row->kind == MOMENT_ROW_GROUP) {
            continue;
        }
        json_flat(&json);
        json_object(&json);
        snapshots_mark(ui, row, text, sizeof(text));
        json_key(&json, "mark");
        json_text(&json, text);
        json_key(&json, "seconds");
        json_seconds(&json, snapshots_since_start(ui, row->when_ns));
        json_key(&json, "bytes");
        json_int(&json, row->bytes);
        json_key(&json, "blocks");
        json_int(&json, row->blocks);
        snapshots_taken_by(ui, row, text, sizeof(text));
        json_key(&json, "taken_by");
        json_text(&json, text);
        json_key(&json, "name");
        json_text(&json, name_of(row));
        json_key(&json, "note");
        json_text(&json, note_of(row));
        json_object_end(&json);
    }
    json_array_end(&json);
    json_object_end(&json);
    json_finish(&json);
}

static void
put_quoted(FILE *file, const char *text)
{
    putc('"', file);
    for (; text != NULL && *text != '\0'; text++) {
        if (*text == '"') {
            putc('"', file);
        }
        putc(*text, file);
    }
    putc('"', file);
}

static void
write_csv(struct ui *ui, const struct snapshots_state *state, FILE *file)
{
    fputs("mark,seconds,bytes,blocks,taken_by,name,note\r\n", file);
    for (size_t i = 0; i < state->count; i++) {
        const struct moment_row *row = &state->rows[i];
        char mark[64], taken[64];

        if (row->kind == MOMENT_ROW_GROUP) {
            continue;
        }
        snapshots_mark(ui, row, mark, sizeof(mark));
        snapshots_taken_by(ui, row, taken, sizeof(taken));
        fprintf(file, "%s,%.3f,%lld,%lld,%s,", mark,
                (double)snapshots_since_start(ui, row->when_ns) / 1e9,
                (long long)row->bytes, (long long)row->blocks, taken);
        put_quoted(file, name_of(row));
        putc(',', file);
        put_quoted(file, note_of(row));
        fputs("\r\n", file);
    }
}

/* All moments, whether they are folded or not. */
int
snapshots_write(struct view *view, struct ui *ui, FILE *file,
                const char *ending)
{
    struct snapshots_state *state = view->state;
    bool unfolded = state->unfolded;

    state->unfolded = true;
    view->ops->refresh(view, ui);
    switch (report_format_of_file(ending)) {
    case REPORT_JSON:
        write_json(ui, state, file);
        break;
    case REPORT_CSV:
        write_csv(ui, state, file);
        break;
    default:
        write_text(ui, state, file);
        break;
    }
    state->unfolded = unfolded;
    view->ops->refresh(view, ui);
    return fflush(file) == 0 && !ferror(file) ? 0 : -1;
}
