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
    if (count > snapshot->cost_room) {
        snapshot->cost_room = count + count / 8;
        snapshot->contexts = xreallocarray(snapshot->contexts,
                                           snapshot->cost_room,
                                           sizeof(*snapshot->contexts));
        snapshot->costs = xreallocarray(snapshot->costs, snapshot->cost_room,
                                        sizeof(*snapshot->costs));
    }
}

void
snapshot_take(struct snapshot *snapshot, const struct region_copy *copy)
{
    uint32_t count = 0;

    drop_words(snapshot);
    for (uint32_t i = 0; i < copy->contexts; i++) {
        count += !cost_is_zero(&copy->costs[i]);
    }
    make_room(snapshot, count);
    snapshot->kind = SNAPSHOT_LIVE;
    snapshot->number = 0;
    snapshot->when_ns = copy->when_ns;
    snapshot->totals = copy->totals;
    snapshot->context_count = copy->contexts;
    snapshot->cost_count = count;
    for (uint32_t i = 0, at = 0; i < copy->contexts; i++) {
        if (!cost_is_zero(&copy->costs[i])) {
            snapshot->contexts[at] = i;
            snapshot->costs[at] = copy->costs[i];
            at++;
        }
    }
}

void
snapshot_copy(struct snapshot *snapshot, const struct snapshot *from)
{
    uint32_t count = from->cost_count;

    *snapshot = *from;
    snapshot->cost_room = count;
    snapshot->contexts = xreallocarray(NULL, count, sizeof(*from->contexts));
    snapshot->costs = xreallocarray(NULL, count, sizeof(*from->costs));
    if (count != 0) {
        memcpy(snapshot->contexts, from->contexts,
               count * sizeof(*from->contexts));
        memcpy(snapshot->costs, from->costs, count * sizeof(*from->costs));
    }
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
    free(snapshot->contexts);
    free(snapshot->costs);
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
