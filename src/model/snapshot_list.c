/* SPDX-License-Identifier: MIT */
#include "model/snapshot_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

#define AUTOMATIC_BYTES_MAX (64u << 20)

void
snapshot_list_init(struct snapshot_list *list)
{
    *list = (struct snapshot_list){.interval_ns = SNAPSHOT_INTERVAL_NS};
}

void
snapshot_list_release(struct snapshot_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        snapshot_release(list->items[i]);
        free(list->items[i]);
    }
    free(list->items);
    *list = (struct snapshot_list){0};
}

/* Keep item behind all that are not later. */
static void
insert(struct snapshot_list *list, struct snapshot *item)
{
    size_t at = list->count;

    while (at > 0 && list->items[at - 1]->when_ns > item->when_ns) {
        at--;
    }
    list->items = xgrow(list->items, &list->room, list->count + 1,
                        sizeof(*list->items));
    memmove(list->items + at + 1, list->items + at,
            (list->count - at) * sizeof(*list->items));
    list->items[at] = item;
    list->count++;
}

struct snapshot *
snapshot_list_add(struct snapshot_list *list, enum snapshot_kind kind,
                  const struct snapshot *live)
{
    struct snapshot *item = xcalloc(1, sizeof(*item));

    if (kind == SNAPSHOT_BEFORE_RESET || kind == SNAPSHOT_PEAK) {
        snapshot_take_peak(item, live);
    }
    else {
        snapshot_copy(item, live);
        snapshot_set_name(item, NULL);
        snapshot_set_note(item, NULL);
    }
    item->kind = kind;
    item->number = 0;
    if (kind == SNAPSHOT_MANUAL) {
        item->number = ++list->last_number;
    }
    if (kind == SNAPSHOT_BEFORE_RESET) {
        snapshot_set_name(item, "peak before reset");
    }
    insert(list, item);
    return item;
}

static size_t
snapshot_bytes(const struct snapshot *snapshot)
{
    return sizeof(*snapshot) + (size_t)snapshot->cost_count
        * (sizeof(*snapshot->costs) + sizeof(*snapshot->contexts));
}

static bool
is_full(const struct snapshot_list *list)
{
    size_t count = 0, bytes = 0;

    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i]->kind == SNAPSHOT_AUTOMATIC) {
            count++;
            bytes += snapshot_bytes(list->items[i]);
        }
    }
    return count > SNAPSHOT_AUTOMATIC_MAX
        || (count > 1 && bytes > AUTOMATIC_BYTES_MAX);
}

/* Every second automatic one goes, the newest stays. */
static void
thin(struct snapshot_list *list, const struct snapshot *pinned,
     const struct snapshot *also)
{
    bool drop = false;

    for (size_t i = list->count; i-- > 0;) {
        struct snapshot *item = list->items[i];
        if (item->kind != SNAPSHOT_AUTOMATIC) {
            continue;
        }
        if (drop && item != pinned && item != also && item->name == NULL
            && item->note == NULL) {
            snapshot_list_remove(list, item);
        }
        drop = !drop;
    }
    list->interval_ns *= 2;
}

bool
snapshot_list_tick(struct snapshot_list *list, const struct snapshot *live,
                   const struct snapshot *pinned,
                   const struct snapshot *also)
{
    if (!list->started) {
        list->started = true;
        list->next_ns = live->when_ns + list->interval_ns;
        snapshot_list_add(list, SNAPSHOT_START, live);
        return true;
    }
    if (list->interval_ns == 0 || live->when_ns < list->next_ns) {
        return false;
    }
    snapshot_list_add(list, SNAPSHOT_AUTOMATIC, live);
    if (is_full(list)) {
        thin(list, pinned, also);
    }
    list->next_ns = live->when_ns + list->interval_ns;
    return true;
}

static size_t
place_of(const struct snapshot_list *list, const struct snapshot *snapshot)
{
    size_t at = 0;

    while (at < list->count && list->items[at] != snapshot) {
        at++;
    }
    return at;
}

void
snapshot_list_remove(struct snapshot_list *list, struct snapshot *snapshot)
{
    size_t at = place_of(list, snapshot);

    if (at == list->count) {
        return;
    }
    memmove(list->items + at, list->items + at + 1,
            (list->count - at - 1) * sizeof(*list->items));
    list->count--;
    snapshot_release(snapshot);
    free(snapshot);
}

struct snapshot *
snapshot_list_newest_manual(const struct snapshot_list *list)
{
    for (size_t i = list->count; i-- > 0;) {
        if (list->items[i]->kind == SNAPSHOT_MANUAL) {
            return list->items[i];
        }
    }
    return NULL;
}

struct snapshot *
snapshot_list_older(const struct snapshot_list *list,
                    const struct snapshot *from)
{
    size_t at = from != NULL ? place_of(list, from) : list->count;

    return at > 0 ? list->items[at - 1] : NULL;
}

struct snapshot *
snapshot_list_newer(const struct snapshot_list *list,
                    const struct snapshot *from)
{
    size_t at = from != NULL ? place_of(list, from) : list->count;

    return at + 1 < list->count ? list->items[at + 1] : NULL;
}
