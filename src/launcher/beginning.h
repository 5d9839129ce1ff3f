/* SPDX-License-Identifier: MIT
 *
 * Has the script begun?  Python runs much code before it (site, .pth files,
 * the search for a module), and a syntax error or a missing module ends it
 * before a frame of the script was ever there.
 */
#ifndef PYMTOP_LAUNCHER_BEGINNING_H
#define PYMTOP_LAUNCHER_BEGINNING_H

#include <stdbool.h>
#include <stdint.h>

#include "model/catalog.h"

struct region;

struct beginning {
    struct catalog catalog;
    uint32_t looked_at;         /* contexts */
    bool seen;
};

void beginning_init(struct beginning *beginning);
void beginning_release(struct beginning *beginning);

/* True from the first allocation in the script's own frame on.  Costs time
 * for what is new only. */
bool beginning_seen(struct beginning *beginning, struct region *region);

#endif
