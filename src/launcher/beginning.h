/* SPDX-License-Identifier: MIT
 *
 * Has the script begun?  Python runs much code before it (site, .pth files,
 * the search for a module), and a syntax error or a missing module ends it
 * before a frame of the script was ever there.  From 3.13 on it is Python code
 * that prints the exception that ended a script, and that takes long, too.
 */
#ifndef PYMTOP_LAUNCHER_BEGINNING_H
#define PYMTOP_LAUNCHER_BEGINNING_H

#include <stdint.h>

#include "model/catalog.h"

struct region;

enum stage {
    STAGE_BEFORE,
    STAGE_SCRIPT,               /* from the first allocation in its frame on */
    STAGE_EXCEPTION             /* one that nobody has caught is printed */
};

struct beginning {
    struct catalog catalog;
    uint32_t looked_at;         /* contexts */
    enum stage stage;
};

void beginning_init(struct beginning *beginning);
void beginning_release(struct beginning *beginning);

/* How far it is.  Costs time for what is new only. */
enum stage beginning_look(struct beginning *beginning,
                          struct region *region);

#endif
