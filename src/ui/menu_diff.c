/* SPDX-License-Identifier: MIT
 *
 * D: a difference between any two moments, chosen from two menus: first where
 * it begins, then where it ends.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/size_text.h"
#include "base/xalloc.h"
#include "ui/menu.h"
#include "ui/switches.h"

#define END_PEAK (-1)
#define END_NOW (-2)

/* Both menus, until the next D.  The list may change while a menu is open:
 * a moment is found again by its time. */
static struct menu_item *items;
static char (*texts)[160];
static struct moment_id {
    uint64_t when_ns;
    unsigned number;                /* two keys in one frame have one time */
} *moments, first_moment;           /* of kept snapshots; of the base */
static int first_end;               /* END_PEAK, or an item */

static int
add_item(int n, int value, const char *mark, uint64_t when_ns,
         int64_t bytes, const char *name, const struct ui *ui)
{
    char when[NUMBER_TEXT_SIZE], size[NUMBER_TEXT_SIZE];
    uint64_t start = ui->session->start_ns;

    clock_text(when, when_ns > start ? when_ns - start : 0);
    snprintf(texts[n], sizeof(texts[n]), "%-9s %s  %10s  %.60s", mark, when,
             size_text_cell(size, bytes), name != NULL ? name : "");
    items[n] = (struct menu_item){0, texts[n], NULL, value};
    return n + 1;
}

/* All kept moments, the peak and now. */
static int
make_items(struct ui *ui)
{
    size_t count = ui->snapshots.count;
    char mark[NUMBER_TEXT_SIZE];
    int n = 0;

    free(items);
    free(texts);
    free(moments);
    items = xcalloc(count + 3, sizeof(*items));
    texts = xcalloc(count + 3, sizeof(*texts));
    moments = xcalloc(count + 3, sizeof(*moments));
    for (size_t i = 0; i < count; i++) {
        const struct snapshot *kept = ui->snapshots.items[i];
        moments[i] = (struct moment_id){kept->when_ns, kept->number};
        n = add_item(n, (int)i, snapshot_mark(mark, kept,
                                              ui->session->start_ns),
                     kept->when_ns, kept->totals.bytes, kept->name, ui);
    }
    n = add_item(n, END_PEAK, "peak", ui->live.totals.peak_ns,
                 ui->live.totals.peak_bytes, NULL, ui);
    n = add_item(n, END_NOW, ui->still ? "end" : "now", ui->live.when_ns,
                 ui->live.totals.bytes, NULL, ui);
    items[n] = (struct menu_item){0, NULL, NULL, 0};
    return n;
}

static const struct snapshot *
kept_at(const struct ui *ui, struct moment_id id)
{
    for (size_t i = 0; i < ui->snapshots.count; i++) {
        const struct snapshot *kept = ui->snapshots.items[i];
        if (kept->when_ns == id.when_ns && kept->number == id.number) {
            return kept;
        }
    }
    return NULL;
}

static void
end_chosen(struct ui *ui, int value, void *argument)
{
    const struct snapshot *base = first_end < 0 ? NULL
        : kept_at(ui, first_moment);
    const struct snapshot *end = value < 0 ? NULL
        : kept_at(ui, moments[value]);

    (void)argument;
    if ((first_end >= 0 && base == NULL) || (value >= 0 && end == NULL)) {
        ui_say(ui, "that moment is not kept any more");
        return;
    }
    if (value < 0 ? value == first_end : end == base) {
        ui_say(ui, "both ends are the same moment: nothing to compare");
        return;
    }
    ui->switches.moment = value == END_PEAK ? MOMENT_PEAK : MOMENT_NOW;
    ui_show_past(ui, end);
    ui_diff(ui, true, base);
    ui->sort_all = ui->data;
}

static void
base_chosen(struct ui *ui, int value, void *argument)
{
    (void)argument;
    first_end = value;
    first_moment = value >= 0 ? moments[value] : (struct moment_id){0, 0};
    int count = make_items(ui);
    prompt_menu(ui, "difference to", items, count - 1, end_chosen, NULL);
}

void
menu_diff_ends(struct ui *ui)
{
    if (ui->live.when_ns == 0) {
        ui_say(ui, "no blocks yet: nothing to compare");
        return;
    }
    make_items(ui);
    /* "now" may be the end, not the base. */
    int n = (int)ui->snapshots.count + 1;
    items[n] = (struct menu_item){0, NULL, NULL, 0};
    prompt_menu(ui, "difference from", items, 0, base_chosen, NULL);
}
