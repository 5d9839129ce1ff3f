/* SPDX-License-Identifier: MIT
 *
 * Whose code a file is, and its path as it is shown: relative to the root it
 * is imported from.  Told from the file's name alone; no file is looked at.
 */
#ifndef PYMTOP_ORIGIN_H
#define PYMTOP_ORIGIN_H

#include <stdbool.h>

enum origin {
    ORIGIN_YOURS,           /* mark ' ' */
    ORIGIN_STDLIB,          /* 's' */
    ORIGIN_SITE,            /* 'p': site-packages, dist-packages */
    ORIGIN_IMPORT,          /* 'i': importlib's bootstrap, zipimport */
    ORIGIN_GENERATED,       /* ' ': <string> and the like, made by exec */
    ORIGIN_NONE             /* ' ': no Python frame */
};

/* The mark drawn before a location: ' ', 's', 'p' or 'i'. */
char origin_mark(enum origin origin);
/* Library code, drawn dim: stdlib, site-packages, import system. */
bool origin_is_library(enum origin origin);

/* Where things are; absolute paths, any of them may be NULL or "" (then it is
 * guessed from the look of the file names alone). */
struct origin_paths {
    const char *stdlib;         /* directory of os.py */
    const char *script_dir;     /* sys.path[0] of the script */
    const char *cwd;            /* where the script was started */
    bool string_is_yours;       /* -c: <string> is the script itself */
};

struct origin_roots;

/* An own copy of paths (NULL: nothing is known). */
struct origin_roots *origin_roots_new(const struct origin_paths *paths);
void origin_roots_free(struct origin_roots *roots);

/* The origin of a file by its co_filename; *shown becomes the part of path
 * to show (a pointer into path). */
enum origin origin_of(const struct origin_roots *roots, const char *path,
                      const char **shown);

#endif
