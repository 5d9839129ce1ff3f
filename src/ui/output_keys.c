/* SPDX-License-Identifier: MIT
 *
 * Keys as the bytes that a terminal sends for them, in the mode the script
 * has put its terminal in (application cursor keys, newline mode).
 */
#include <vterm.h>

#include "ui/output.h"
#include "ui/output_private.h"

struct key_translation {
    uint32_t code;
    VTermKey key;
    VTermModifier modifier;
};

static const struct key_translation translations[] = {
    {KEYCODE_TAB, VTERM_KEY_TAB, VTERM_MOD_NONE},
    {KEYCODE_BACK_TAB, VTERM_KEY_TAB, VTERM_MOD_SHIFT},
    {KEYCODE_ENTER, VTERM_KEY_ENTER, VTERM_MOD_NONE},
    {KEYCODE_ESC, VTERM_KEY_ESCAPE, VTERM_MOD_NONE},
    {KEYCODE_BACKSPACE, VTERM_KEY_BACKSPACE, VTERM_MOD_NONE},
    {KEYCODE_UP, VTERM_KEY_UP, VTERM_MOD_NONE},
    {KEYCODE_DOWN, VTERM_KEY_DOWN, VTERM_MOD_NONE},
    {KEYCODE_LEFT, VTERM_KEY_LEFT, VTERM_MOD_NONE},
    {KEYCODE_RIGHT, VTERM_KEY_RIGHT, VTERM_MOD_NONE},
    {KEYCODE_HOME, VTERM_KEY_HOME, VTERM_MOD_NONE},
    {KEYCODE_END, VTERM_KEY_END, VTERM_MOD_NONE},
    {KEYCODE_PAGE_UP, VTERM_KEY_PAGEUP, VTERM_MOD_NONE},
    {KEYCODE_PAGE_DOWN, VTERM_KEY_PAGEDOWN, VTERM_MOD_NONE},
    {KEYCODE_INSERT, VTERM_KEY_INS, VTERM_MOD_NONE},
    {KEYCODE_DELETE, VTERM_KEY_DEL, VTERM_MOD_NONE},
};

void
output_key(struct output *output, const struct key *key)
{
    size_t n = sizeof(translations) / sizeof(translations[0]);

    for (size_t i = 0; i < n; i++) {
        if (translations[i].code == key->code) {
            vterm_keyboard_key(output->vterm, translations[i].key,
                               translations[i].modifier);
            return;
        }
    }
    if (key->code >= KEYCODE_F1 && key->code <= KEYCODE_F12) {
        int n_key = (int)(key->code - KEYCODE_F1) + 1;

        vterm_keyboard_key(output->vterm, VTERM_KEY_FUNCTION(n_key),
                           VTERM_MOD_NONE);
        return;
    }
    /* Control characters are their own bytes: ^C is 3. */
    if (key->code < KEYCODE_UP) {
        vterm_keyboard_unichar(output->vterm, key->code, VTERM_MOD_NONE);
    }
}
