/* SPDX-License-Identifier: MIT */
#include "ui/theme.h"

struct look {
    int16_t with_256, with_8;
    uint8_t look;           /* always */
    uint8_t look_mono;      /* without colours */
};

/* Growth is yellow with ▲ and +, shrinking cyan with ▼ and -: never red
 * against green, and never colour alone. */
static const struct look looks[ROLE_COUNT] = {
    [ROLE_TEXT] = {COLOUR_DEFAULT, COLOUR_DEFAULT, 0, 0},
    [ROLE_TRACED] = {75, 4, 0, 0},
    [ROLE_RSS] = {COLOUR_DEFAULT, COLOUR_DEFAULT, LOOK_DIM, 0},
    [ROLE_GREW] = {214, 3, 0, 0},
    [ROLE_SHRANK] = {39, 6, 0, 0},
    [ROLE_TROUBLE] = {203, 1, LOOK_BOLD, 0},
    [ROLE_LIBRARY] = {COLOUR_DEFAULT, COLOUR_DEFAULT, LOOK_DIM, 0},
    [ROLE_KEY] = {COLOUR_DEFAULT, COLOUR_DEFAULT, LOOK_BOLD, 0},
    [ROLE_HEAT1] = {67, 4, 0, 0},
    [ROLE_HEAT2] = {179, 3, 0, 0},
    [ROLE_HEAT3] = {208, 3, LOOK_BOLD, 0},
};

struct style
theme_style(enum role role, int colours)
{
    const struct look *look = &looks[role < ROLE_COUNT ? role : ROLE_TEXT];
    struct style style = {ROLE_TEXT, LOOK_PALETTE | look->look,
                          COLOUR_DEFAULT, COLOUR_DEFAULT};

    if (colours >= 256) {
        style.fore = look->with_256;
    }
    else if (colours >= 8) {
        style.fore = look->with_8;
    }
    else {
        style.look |= look->look_mono;
    }
    return style;
}
