/* SPDX-License-Identifier: MIT */
#include "model/filter.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

enum { ANSWER_UNKNOWN, ANSWER_NO, ANSWER_YES };

void
filter_init(struct filter *filter)
{
    *filter = (struct filter){0};
}

void
filter_release(struct filter *filter)
{
    for (size_t i = 0; i < filter->count; i++) {
        free(filter->words[i]);
    }
    free(filter->text);
    free(filter->words);
    free(filter->negative);
    free(filter->known);
    *filter = (struct filter){0};
}

static void
add_word(struct filter *filter, const char *word, size_t len)
{
    bool negative = word[0] == '!';

    if (len == (size_t)negative) {      /* `!` alone says nothing */
        return;
    }
    size_t count = filter->count + 1;
    filter->words = xreallocarray(filter->words, count,
                                  sizeof(*filter->words));
    filter->negative = xreallocarray(filter->negative, count,
                                     sizeof(*filter->negative));
    filter->words[filter->count] = xstrndup(word + negative, len - negative);
    filter->negative[filter->count] = negative;
    filter->count = count;
}

void
filter_set(struct filter *filter, const char *text)
{
    filter_release(filter);
    if (text == NULL) {
        return;
    }
    for (const char *at = text; *at != '\0';) {
        size_t len = strcspn(at, " \t");
        if (len > 0) {
            add_word(filter, at, len);
        }
        at += len;
        at += strspn(at, " \t");
    }
    if (filter->count > 0) {
        filter->text = xstrdup(text);
    }
}

bool
filter_active(const struct filter *filter)
{
    return filter != NULL && filter->count > 0;
}

static bool
fits(const char *word, const char *text)
{
    return fnmatch(word, text, FNM_NOESCAPE) == 0;
}

/* The path as it is, or with `:line`. */
static bool
fits_path(const char *word, const char *path, int32_t line)
{
    if (fits(word, path)) {
        return true;
    }
    if (strchr(word, ':') == NULL) {
        return false;
    }
    char *place = xasprintf("%s:%d", path, (int)line);
    bool answer = fits(word, place);
    free(place);
    return answer;
}

static bool
word_matches(const char *word, const struct catalog *catalog,
             const struct catalog_line *line)
{
    const struct catalog_file *file = catalog_file(catalog, line->file);
    const struct catalog_function *function
        = catalog_function(catalog, line->function);

    return fits_path(word, file->shown, line->line)
        || fits_path(word, file->path, line->line)
        || fits(word, function->name) || fits(word, function->short_name);
}

static bool
line_matches(const struct filter *filter, const struct catalog *catalog,
             const struct catalog_line *line)
{
    bool any_plain = false, plain_fits = false;

    for (size_t i = 0; i < filter->count; i++) {
        bool matches = (filter->negative[i] || !plain_fits)
            && word_matches(filter->words[i], catalog, line);
        if (filter->negative[i] && matches) {
            return false;
        }
        if (!filter->negative[i]) {
            any_plain = true;
            plain_fits = plain_fits || matches;
        }
    }
    return plain_fits || !any_plain;
}

bool
filter_line(struct filter *filter, const struct catalog *catalog,
            uint32_t line)
{
    if (!filter_active(filter)) {
        return true;
    }
    if (filter->known_edition != catalog->edition) {
        filter->known_edition = catalog->edition;
        filter->known_count = 0;
    }
    if (line >= filter->known_count) {
        filter->known = xgrow(filter->known, &filter->known_room,
                              (size_t)line + 1, 1);
        memset(filter->known + filter->known_count, ANSWER_UNKNOWN,
               filter->known_room - filter->known_count);
        filter->known_count = (uint32_t)filter->known_room;
    }
    if (filter->known[line] == ANSWER_UNKNOWN) {
        bool matches = line_matches(filter, catalog,
                                    catalog_line(catalog, line));
        filter->known[line] = matches ? ANSWER_YES : ANSWER_NO;
    }
    return filter->known[line] == ANSWER_YES;
}
