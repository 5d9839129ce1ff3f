/* SPDX-License-Identifier: MIT */
#include "ui/ending.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/catalog.h"
#include "ui/output.h"
#include "ui/ui.h"

#define LINES_LOOKED_AT 2000        /* a traceback is seldom longer */

/* Does a traceback end with this line: `ValueError: ...`, `mod.Error`? */
static bool
is_exception_line(const char *line)
{
    const char *at = line;

    if (!isalpha((unsigned char)*at) && *at != '_'
        && (unsigned char)*at < 0x80) {
        return false;
    }
    while (isalnum((unsigned char)*at) || *at == '_' || *at == '.'
           || (unsigned char)*at >= 0x80) {
        at++;
    }
    return *at == '\0' || strncmp(at, ": ", 2) == 0;
}

/* What stands after a traceback that CPython could not print to its end, as
 * where memory is out: _PyObject_Dump() of the exception. */
static const char dumped[] = "object type name: ";

/* `  File "/a/b.py", line 31, in read` as `b.py:31 read`, by the name that
 * the tables have for the file. */
static void
read_frame(struct ui *ui, const char *line, char *out, size_t out_size)
{
    char path[1024], function[256];
    int number;

    if (sscanf(line, " File \"%1023[^\"]\", line %d, in %255[^\n]", path,
               &number, function) != 3) {
        return;
    }
    uint32_t file = catalog_find_file(&ui->catalog, path);
    const char *shown = file != CATALOG_NONE
        ? catalog_file(&ui->catalog, file)->shown : path;
    snprintf(out, out_size, "%s:%d %s", shown, number, function);
}

/* Look back from the last line for `Traceback`; on the way remember the
 * innermost frame and the line of the exception. */
static void
search(struct ui *ui)
{
    char line[1024], last[1024] = "", where[1500] = "";
    int64_t end = output_end(ui->output), first = output_first(ui->output);

    if (end - first > LINES_LOOKED_AT) {
        first = end - LINES_LOOKED_AT;
    }
    for (int64_t i = end - 1; i >= first; i--) {
        output_line_text(ui->output, i, line, sizeof(line));
        if (strncmp(line, "Traceback (most recent call last):", 34) == 0) {
            break;
        }
        if (line[0] == ' ') {
            if (where[0] == '\0') {
                read_frame(ui, line, where, sizeof(where));
            }
        }
        else if (where[0] == '\0' && is_exception_line(line)) {
            snprintf(last, sizeof(last), "%s", line);
        }
        else if (strncmp(line, dumped, strlen(dumped)) == 0) {
            snprintf(last, sizeof(last), "%s", line + strlen(dumped));
        }
        if (i == first) {
            return;
        }
    }
    if (last[0] != '\0' && where[0] != '\0') {
        snprintf(ui->exception, sizeof(ui->exception), "%.120s (%.120s)",
                 last, where);
    }
}

const char *
ending_exception(struct ui *ui)
{
    if (!ui->exception_known && session_ended(ui->session)) {
        ui->exception_known = ui->session->pty < 0;
        ui->exception[0] = '\0';
        if (ui->session->state == SESSION_EXITED && ui->session->status == 1) {
            search(ui);
        }
    }
    return ui->exception;
}

/* The frame that nobody calls at the end of main: threading._shutdown(). */
static bool
is_shutdown(const struct catalog *catalog,
            const struct catalog_context *context)
{
    const char *path = catalog_file(catalog, context->file)->path;
    const char *name = catalog_function(catalog, context->function)->name;
    const char *slash = path != NULL ? strrchr(path, '/') : NULL;

    return context->parent == CATALOG_NONE && context->origin == ORIGIN_STDLIB
        && slash != NULL && strcmp(slash, "/threading.py") == 0
        && name != NULL && strcmp(name, "_shutdown") == 0;
}

static bool
is_main(const struct catalog *catalog, const struct catalog_context *context)
{
    const char *name = catalog_function(catalog, context->function)->name;

    return name != NULL && (strcmp(name, "<module>") == 0
                            || strcmp(name, "_run_module_as_main") == 0);
}

/* The end of a subinterpreter looks the same; but then main goes on. */
void
ending_look(struct ui *ui)
{
    const struct catalog *catalog = &ui->catalog;
    uint32_t last = region_last_context(ui->region, 0);
    bool leaving = ui->leaving;

    for (; ui->contexts_looked_at < catalog->context_count;
         ui->contexts_looked_at++) {
        leaving |= is_shutdown(catalog, catalog_context(
            catalog, ui->contexts_looked_at));
    }
    const struct catalog_context *context = catalog_context(catalog, last);
    while (context->parent != CATALOG_NONE) {
        context = catalog_context(catalog, context->parent);
    }
    if (is_main(catalog, context)) {
        leaving = false;
    }
    if (leaving != ui->leaving) {
        ui->leaving = leaving;
        ui->dirty = true;
    }
}
