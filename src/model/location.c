/* SPDX-License-Identifier: MIT */
#include "model/location.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

#define FUNCTION_CELLS_MIN 3    /* narrower, a function's name says nothing */

/* `:88`, `:?` without a line, nothing for what is no file. */
static void
line_suffix(char *buf, size_t size, uint32_t file, int32_t line)
{
    buf[0] = '\0';
    if (file >= CATALOG_FIRST) {
        if (line > 0) {
            snprintf(buf, size, ":%d", (int)line);
        }
        else {
            snprintf(buf, size, ":?");
        }
    }
}

/* path, cut from the left to `cells`; the file name stays whole as long as
 * it can. */
static void
add_path(struct strbuf *buf, const char *path, int cells, bool ascii)
{
    if (cells <= 0 || utf8_width(path) <= cells) {
        strbuf_add_text(buf, path);
        return;
    }
    const char *name = strrchr(path, '/');
    if (name != NULL && utf8_width(name) + 1 > cells) {
        /* Not even `…/name` fits: the name, cut on its right. */
        utf8_add_cut_right(buf, name + 1, cells, ascii);
        return;
    }
    if (name == NULL) {
        utf8_add_cut_right(buf, path, cells, ascii);
        return;
    }
    utf8_add_cut_left(buf, path, cells, ascii);
}

void
location_add_file(struct strbuf *buf, const struct catalog *catalog,
                  uint32_t file, int cells, bool ascii)
{
    add_path(buf, catalog_file(catalog, file)->shown, cells, ascii);
}

/* ` name`, cut to what is left, or nothing. */
static void
add_name(struct strbuf *buf, const char *name, int left, bool ascii)
{
    int width = utf8_width(name);

    if (left > width || left > FUNCTION_CELLS_MIN) {
        strbuf_add_char(buf, ' ');
        utf8_add_cut_right(buf, name, left - 1, ascii);
    }
}

/* `:12`, or `:12~` where it may be an older line of its function. */
static void
place_suffix(char *buf, size_t size, const struct catalog *catalog,
             const struct catalog_line *place)
{
    line_suffix(buf, size, place->file, place->line);
    if (catalog_function(catalog, place->function)->machine_code) {
        strncat(buf, "~", size - strlen(buf) - 1);
    }
}

void
location_add_line(struct strbuf *buf, const struct catalog *catalog,
                  uint32_t line, int cells, bool ascii)
{
    const struct catalog_line *place = catalog_line(catalog, line);
    const char *path = catalog_file(catalog, place->file)->shown;
    char suffix[16];

    place_suffix(suffix, sizeof(suffix), catalog, place);
    int width = utf8_width(path) + (int)strlen(suffix);
    if (place->file < CATALOG_FIRST) {          /* words, not a path */
        if (cells > 0) {
            utf8_add_cut_right(buf, path, cells, ascii);
        }
        else {
            strbuf_add_text(buf, path);
        }
        return;
    }
    add_path(buf, path, cells > 0 ? cells - (int)strlen(suffix) : 0, ascii);
    strbuf_add_text(buf, suffix);
    const char *name = catalog_function(catalog, place->function)->short_name;
    if (cells == 0) {
        strbuf_addf(buf, " %s", name);
    }
    else if (width < cells) {
        add_name(buf, name, cells - width, ascii);
    }
}

void
location_add_function(struct strbuf *buf, const struct catalog *catalog,
                      uint32_t function, int name_cells, int cells,
                      bool ascii)
{
    const struct catalog_function *place
        = catalog_function(catalog, function);
    size_t from = buf->len;
    char suffix[16];

    if (place->file < CATALOG_FIRST) {
        location_add_line(buf, catalog, place->file, cells, ascii);
        return;
    }
    if (name_cells > 0) {
        utf8_add_cut_right(buf, place->name, name_cells, ascii);
        utf8_pad(buf, from, name_cells);
    }
    else if (cells > 0) {
        utf8_add_cut_right(buf, place->name, cells, ascii);
    }
    else {
        strbuf_add_text(buf, place->name);
    }
    line_suffix(suffix, sizeof(suffix), place->file, place->firstlineno);
    const char *path = catalog_file(catalog, place->file)->shown;
    int left = cells - utf8_width(buf->text + from) - 1;
    int path_cells = left - (int)strlen(suffix);
    if (cells > 0 && path_cells < FUNCTION_CELLS_MIN) {
        return;
    }
    strbuf_add_char(buf, ' ');
    add_path(buf, path, cells > 0 ? path_cells : 0, ascii);
    strbuf_add_text(buf, suffix);
}

void
location_add_link(struct strbuf *buf, const struct catalog *catalog,
                  uint32_t line, uint32_t before)
{
    const struct catalog_line *place = catalog_line(catalog, line);
    char suffix[16];

    if (before == CATALOG_NONE || place->file < CATALOG_FIRST
        || catalog_line(catalog, before)->file != place->file) {
        location_add_line(buf, catalog, line, 0, false);
        return;
    }
    place_suffix(suffix, sizeof(suffix), catalog, place);
    strbuf_addf(buf, "%s %s", suffix,
                catalog_function(catalog, place->function)->short_name);
}
