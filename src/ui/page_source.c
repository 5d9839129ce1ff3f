/* SPDX-License-Identifier: MIT
 *
 * The source page.  ↑ and ↓ go through the lines that hold bytes; below the
 * source stand the tracebacks of the line.  The list's rows are the lines of
 * the file, for search only.
 */
#include "ui/page_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "launcher/session.h"
#include "model/sort.h"
#include "ui/editor.h"
#include "ui/page_source_state.h"
#include "ui/ui.h"
#include "ui/view_tree.h"
#include "ui/watch.h"
#include "ui/write.h"

#define SIDEWAYS 8

static void
source_init(struct view *view, struct ui *ui)
{
    struct source_state *state = xcalloc(1, sizeof(*state));

    (void)ui;
    table_init(&state->table);
    table_init(&state->tracebacks);
    view->state = state;
}

static void
source_release(struct view *view)
{
    struct source_state *state = view->state;

    table_release(&state->table);
    table_release(&state->tracebacks);
    source_text_release(&state->text);
    free(state->held);
    free(state);
    view->state = NULL;
}

static void
load_text(struct source_state *state, struct ui *ui)
{
    const struct catalog_file *file = catalog_file(&ui->catalog, state->file);
    struct origin_paths paths;
    char cwd[WATCH_CWD_SIZE];

    watch_paths(ui, &paths, cwd);
    source_text_release(&state->text);
    source_text_load(&state->text, file->path, &paths);
    state->changed = state->text.error == 0
                     && state->text.changed_ns > ui->session->start_wall_ns;
}

void
source_open(struct ui *ui, const struct place *place)
{
    struct source_state *state;
    int32_t line = place->line != CATALOG_NONE
                   ? catalog_line(&ui->catalog, place->line)->line
                   : catalog_function(&ui->catalog,
                                      place->function)->firstlineno;
    uint32_t file = place->file;

    if (place->line != CATALOG_NONE) {
        file = catalog_line(&ui->catalog, place->line)->file;
    }
    if (place->line == CATALOG_IMPORT) {
        ui_say(ui, "the import system has many lines: view 1 unfolds them");
        return;
    }
    if (catalog_file(&ui->catalog, file)->origin == ORIGIN_NONE) {
        ui_say(ui, "no source: %s", catalog_file(&ui->catalog, file)->shown);
        return;
    }
    ui_page_open(ui, &source_page);
    state = ui->page.state;
    state->file = file;
    state->line = line > 0 ? line : 1;
    load_text(state, ui);
}

/* --- what the page shows --------------------------------------------------*/

static int
compare_held(const void *a, const void *b)
{
    const struct source_held *x = a, *y = b;

    return x->line < y->line ? -1 : x->line > y->line;
}

static void
collect_held(struct source_state *state, struct ui *ui)
{
    state->held_count = 0;
    for (uint32_t i = 0; i < state->table.count; i++) {
        const struct table_row *row = &state->table.rows[i];
        uint32_t line = table_row_line(&state->table, row);

        if (line == CATALOG_NONE) {
            continue;
        }
        state->held = xgrow(state->held, &state->held_room,
                            state->held_count + 1, sizeof(state->held[0]));
        state->held[state->held_count++] = (struct source_held){
            catalog_line(&ui->catalog, line)->line, i};
    }
    if (state->held_count > 0) {
        qsort(state->held, state->held_count, sizeof(state->held[0]),
              compare_held);
    }
}

const struct table_row *
source_row(const struct source_state *state, int32_t line)
{
    size_t low = 0, high = state->held_count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (state->held[middle].line < line) {
            low = middle + 1;
        }
        else {
            high = middle;
        }
    }
    if (low == state->held_count || state->held[low].line != line) {
        return NULL;
    }
    return &state->table.rows[state->held[low].row];
}

uint32_t
source_catalog_line(const struct source_state *state, int32_t line)
{
    const struct table_row *row = source_row(state, line);

    return row == NULL ? CATALOG_NONE : table_row_line(&state->table, row);
}

static struct table_request
lines_request(struct ui *ui, uint32_t file)
{
    struct table_request request = ui_request(ui, BY_LINE);

    request.filter = NULL;
    request.unfold_import = true;
    request.only_file = file;
    return request;
}

static void
make_tracebacks(struct source_state *state, struct ui *ui)
{
    struct table_request request = ui_request(ui, BY_TRACEBACK);

    request.filter = NULL;
    request.cumulative = false;
    request.unfold_import = true;
    request.only_line = source_catalog_line(state, state->line);
    state->traced_line = state->line;
    if (request.only_line == CATALOG_NONE) {
        state->tracebacks.count = 0;
        return;
    }
    table_build(&state->tracebacks, &request);
    table_sort(&state->tracebacks, sort_default(request.base != NULL));
}

static void
source_refresh(struct view *view, struct ui *ui)
{
    struct source_state *state = view->state;

    if (view->list.cursor != state->cursor && view->list.count > 0) {
        state->line = view->list.cursor + 1;        /* a search was here */
    }
    if (state->data != ui->data) {
        struct table_request request = lines_request(ui, state->file);

        table_build(&state->table, &request);
        collect_held(state, ui);
    }
    if (state->data != ui->data || state->traced_line != state->line) {
        make_tracebacks(state, ui);
    }
    state->data = ui->data;
    view->list.parked = false;
    view->list.count = state->text.count;
    view->list.cursor = state->line <= state->text.count ? state->line - 1
                                                         : 0;
    state->cursor = view->list.cursor;
}

/* --- keys -----------------------------------------------------------------*/

static bool
holds(const struct source_state *state, size_t i)
{
    const struct table_row *row = &state->table.rows[state->held[i].row];

    return row->bytes != 0 || row->blocks != 0 || row->delta_bytes != 0;
}

/* Go to the next line below (or above) that holds bytes; the last one with
 * `far`. */
static void
go_to_held(struct source_state *state, bool down, bool far)
{
    for (size_t i = 0; i < state->held_count; i++) {
        size_t at = down ? i : state->held_count - 1 - i;
        int32_t line = state->held[at].line;

        if (line > 0 && holds(state, at)
            && (down ? line > state->line : line < state->line)) {
            state->line = line;
            state->first_traceback = 0;
            if (!far) {
                return;
            }
        }
    }
}

static void
scroll_tracebacks(struct source_state *state, int rows)
{
    int last = state->traceback_lines - state->traceback_rows;

    state->first_traceback += rows;
    if (state->first_traceback > last) {
        state->first_traceback = last;
    }
    if (state->first_traceback < 0) {
        state->first_traceback = 0;
    }
}

static void
source_edit(struct source_state *state, struct ui *ui)
{
    char why[200];

    if (state->text.path == NULL || state->text.error != 0) {
        ui_say(ui, "no source: %s",
               catalog_file(&ui->catalog, state->file)->shown);
        return;
    }
    if (editor_run(ui, state->text.path, state->line, why, sizeof(why)) < 0) {
        ui_say(ui, "%s", why);
    }
    load_text(state, ui);
}

/* View 4 from this line. */
static void
source_to_tree(struct source_state *state, struct ui *ui)
{
    struct place place = {state->file, source_catalog_line(state, state->line),
                          CATALOG_NONE};

    if (place.line == CATALOG_NONE) {
        ui_say(ui, "line %d holds nothing: no tracebacks", (int)state->line);
        return;
    }
    ui_page_close(ui);
    tree_show(ui, &place);
}

static bool
source_move(struct source_state *state, enum action action)
{
    int page = state->traceback_rows > 1 ? state->traceback_rows - 1 : 1;

    switch (action) {
    case ACTION_UP:
    case ACTION_DOWN:
        go_to_held(state, action == ACTION_DOWN, false);
        return true;
    case ACTION_FIRST:
    case ACTION_LAST:
        go_to_held(state, action == ACTION_LAST, true);
        return true;
    case ACTION_PAGE_UP:
    case ACTION_PAGE_DOWN:
        scroll_tracebacks(state, action == ACTION_PAGE_UP ? -page : page);
        return true;
    case ACTION_WHEEL_UP:
    case ACTION_WHEEL_DOWN:
        scroll_tracebacks(state, action == ACTION_WHEEL_UP ? -3 : 3);
        return true;
    case ACTION_RIGHT:
        state->left += state->left + SIDEWAYS < SOURCE_CELLS_MAX ? SIDEWAYS
                                                                 : 0;
        return true;
    case ACTION_LEFT:
        state->left -= state->left >= SIDEWAYS ? SIDEWAYS : 0;
        return true;
    default:
        return false;
    }
}

static bool
source_act(struct view *view, struct ui *ui, enum action action,
           const struct key *key)
{
    struct source_state *state = view->state;

    (void)key;
    switch (action) {
    case ACTION_OPEN:
        source_to_tree(state, ui);
        return true;
    case ACTION_EDIT:
        source_edit(state, ui);
        return true;
    default:
        return source_move(state, action);
    }
}

static bool
source_click(struct view *view, struct ui *ui, int row, int col)
{
    struct source_state *state = view->state;
    int at = row - state->source_row;

    (void)ui;
    (void)col;
    if (at < 0 || at >= state->source_rows
        || state->top + at > state->text.count) {
        return false;
    }
    state->line = state->top + at;
    state->first_traceback = 0;
    return true;
}

/* --- the other operations -------------------------------------------------*/

static bool
source_place(struct view *view, struct ui *ui, int row, struct place *place)
{
    struct source_state *state = view->state;
    uint32_t line = source_catalog_line(state, state->line);

    (void)row;
    *place = (struct place){state->file, line, CATALOG_NONE};
    if (line != CATALOG_NONE) {
        place->function = catalog_line(&ui->catalog, line)->function;
    }
    return true;
}

static void
source_row_text(struct view *view, struct ui *ui, int row, char *out,
                size_t out_size)
{
    struct source_state *state = view->state;
    const char *line = source_text_line(&state->text, row + 1);

    (void)ui;
    snprintf(out, out_size, "%s", line != NULL ? line : "");
}

static void
source_hint(struct view *view, struct ui *ui, char *out, size_t out_size)
{
    (void)view;
    snprintf(out, out_size, "%s", screen_cols(ui->screen) >= 80
             ? "↑↓ lines that hold bytes, Enter tracebacks, v edits, Esc back"
             : screen_cols(ui->screen) >= 50
             ? "↑↓ lines, Enter tracebacks, v edits, Esc back"
             : "↑↓ lines, Enter, v, Esc back");
}

static size_t
source_columns(struct view *view, struct ui *ui,
               const struct view_column **columns)
{
    static const struct view_column all[] = {
        {"SIZE", "bytes of the line at the shown moment"},
        {"BLOCKS", "blocks of the line at the shown moment"},
        {"▶", "the line whose tracebacks stand below"},
    };

    (void)view;
    (void)ui;
    *columns = all;
    return sizeof(all) / sizeof(all[0]);
}

static int
source_write(struct view *view, struct ui *ui, FILE *file,
             const char *ending)
{
    struct source_state *state = view->state;
    struct table_request request = lines_request(ui, state->file);

    return write_table(ui, &request, sort_default(request.base != NULL), file,
                       ending);
}

const struct view_ops source_page = {
    .name = "source",
    .noun = "lines",
    .scope = SCOPE_SOURCE | SCOPE_SEARCH,
    .init = source_init,
    .release = source_release,
    .refresh = source_refresh,
    .draw = source_draw,
    .act = source_act,
    .click = source_click,
    .place = source_place,
    .row_text = source_row_text,
    .hint = source_hint,
    .columns = source_columns,
    .write = source_write,
};
