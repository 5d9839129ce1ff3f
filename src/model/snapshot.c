/* SPDX-License-Identifier: MIT */
#include "model/snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/size_text.h"
#include "base/strbuf.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "model/cost.h"

static void
drop_words(struct snapshot *snapshot)
{
    free(snapshot->name);
    free(snapshot->note);
    snapshot->name = snapshot->note = NULL;
}

static void
make_room(struct snapshot *snapshot, uint32_t count)
{
    if (count > snapshot->cost_room || snapshot->contexts == NULL) {
        snapshot->cost_room = count + count / 8;
        snapshot->contexts = xreallocarray(snapshot->contexts,
                                           snapshot->cost_room,
                                           sizeof(*snapshot->contexts));
        snapshot->costs = xreallocarray(snapshot->costs, snapshot->cost_room,
                                        sizeof(*snapshot->costs));
    }
}

/* All but the costs. */
static void
describe(struct snapshot *snapshot, const struct region_copy *copy)
{
    drop_words(snapshot);
    snapshot->kind = SNAPSHOT_LIVE;
    snapshot->number = 0;
    snapshot->when_ns = copy->when_ns;
    snapshot->totals = copy->totals;
    snapshot->context_count = copy->contexts;
}

/* Costs by context become entries, those that are nothing left out. */
static void
take_costs(struct snapshot *snapshot, const struct region_cost *costs,
           uint32_t contexts)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < contexts; i++) {
        count += !cost_is_zero(&costs[i]);
    }
    make_room(snapshot, count);
    snapshot->cost_count = count;
    for (uint32_t i = 0, at = 0; i < contexts; i++) {
        if (!cost_is_zero(&costs[i])) {
            snapshot->contexts[at] = i;
            snapshot->costs[at] = costs[i];
            at++;
        }
    }
}

void
snapshot_look(struct snapshot *snapshot, const struct region_copy *copy)
{
    describe(snapshot, copy);
    snapshot->cost_count = copy->contexts;
    snapshot->costs = copy->costs;
}

/* Entries of its own, as from has them. */
static void
copy_costs(struct snapshot *snapshot, const struct snapshot *from)
{
    snapshot->cost_room = 0;
    snapshot->contexts = NULL;
    snapshot->costs = NULL;
    if (from->contexts == NULL) {
        take_costs(snapshot, from->costs, from->cost_count);
        return;
    }
    make_room(snapshot, from->cost_count);
    if (from->cost_count != 0) {
        memcpy(snapshot->contexts, from->contexts,
               from->cost_count * sizeof(*from->contexts));
        memcpy(snapshot->costs, from->costs,
               from->cost_count * sizeof(*from->costs));
    }
}

void
snapshot_copy(struct snapshot *snapshot, const struct snapshot *from)
{
    *snapshot = *from;
    copy_costs(snapshot, from);
    snapshot->name = from->name != NULL ? xstrdup(from->name) : NULL;
    snapshot->note = from->note != NULL ? xstrdup(from->note) : NULL;
}

void
snapshot_take_peak(struct snapshot *snapshot, const struct snapshot *from)
{
    snapshot_copy(snapshot, from);
    drop_words(snapshot);
    snapshot->kind = SNAPSHOT_PEAK;
    snapshot->number = 0;
    snapshot->when_ns = from->totals.peak_ns;
    snapshot->totals.bytes = from->totals.peak_bytes;
    snapshot->totals.blocks = from->totals.peak_blocks;
    for (uint32_t i = 0; i < snapshot->cost_count; i++) {
        struct region_cost *cost = &snapshot->costs[i];
        cost->bytes = cost->bytes_at_peak;
        cost->blocks = cost->blocks_at_peak;
    }
}

void
snapshot_release(struct snapshot *snapshot)
{
    drop_words(snapshot);
    if (snapshot->contexts != NULL) {
        free(snapshot->contexts);
        free(snapshot->costs);
    }
    *snapshot = (struct snapshot){0};
}

static void
set_words(char **words, const char *text)
{
    free(*words);
    *words = NULL;
    if (text != NULL && text[0] != '\0') {
        struct strbuf buf;
        strbuf_init(&buf);
        utf8_add_safe(&buf, text, strlen(text));
        *words = strbuf_detach(&buf);
    }
}

void
snapshot_set_name(struct snapshot *snapshot, const char *name)
{
    set_words(&snapshot->name, name);
}

void
snapshot_set_note(struct snapshot *snapshot, const char *note)
{
    set_words(&snapshot->note, note);
}

char *
snapshot_mark(char *buf, const struct snapshot *snapshot, uint64_t start_ns)
{
    switch (snapshot->kind) {
    case SNAPSHOT_LIVE:
        return strcpy(buf, "now");
    case SNAPSHOT_START:
        return strcpy(buf, "start");
    case SNAPSHOT_MANUAL:
        snprintf(buf, NUMBER_TEXT_SIZE, "#%u", snapshot->number);
        return buf;
    case SNAPSHOT_PEAK:
        return strcpy(buf, "peak");
    case SNAPSHOT_BEFORE_RESET:
        return strcpy(buf, "peak before reset");
    case SNAPSHOT_AUTOMATIC:
        break;
    }
    return clock_text(buf, snapshot->when_ns > start_ns
                      ? snapshot->when_ns - start_ns : 0);
}
