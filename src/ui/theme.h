/* SPDX-License-Identifier: MIT
 *
 * How each role looks with 256, 8 and no colours.
 */
#ifndef PYMTOP_UI_THEME_H
#define PYMTOP_UI_THEME_H

#include "ui/screen.h"

/* role as a style with LOOK_PALETTE colours (all COLOUR_DEFAULT with no
 * colours) and the role's own look. */
struct style theme_style(enum role role, int colours);

#endif
