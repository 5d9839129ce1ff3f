/* SPDX-License-Identifier: MIT
 *
 * copies PYTHON embed|preload ARGS...: run a script with the real engine and
 * take copies of its counters as fast as they come, until it ends.  Prints one
 * JSON object: how many copies, how many did not add up, what was there at the
 * end.
 */
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/die.h"
#include "launcher/interpreter.h"
#include "launcher/session.h"
#include "launcher/target.h"

struct tally {
    unsigned copies, wrong, changed;
    int64_t last_bytes;
    uint64_t tracer_max;
};

static bool
adds_up(const struct region_copy *copy)
{
    struct region_cost sum = { 0 };
    for (uint32_t i = 0; i < copy->contexts; i++) {
        const struct region_cost *cost = &copy->costs[i];
        sum.bytes += cost->bytes;
        sum.blocks += cost->blocks;
        sum.bytes_ever += cost->bytes_ever;
        sum.blocks_ever += cost->blocks_ever;
        sum.bytes_at_peak += cost->bytes_at_peak;
        sum.blocks_at_peak += cost->blocks_at_peak;
        if (cost->bytes < 0 || cost->blocks < 0 || cost->bytes_at_peak < 0
                || cost->blocks_at_peak < 0) {
            return false;
        }
    }
    const struct region_totals *totals = &copy->totals;
    return sum.bytes == totals->bytes && sum.blocks == totals->blocks
           && sum.bytes_ever == totals->alloc_bytes
           && sum.blocks_ever == totals->allocs
           && sum.bytes_at_peak == totals->peak_bytes
           && sum.blocks_at_peak == totals->peak_blocks
           && totals->bytes <= totals->peak_bytes
           && (uint64_t)totals->blocks <= totals->allocs;
}

static void
take(struct session *session, struct region_copy *copy, struct tally *tally)
{
    if (region_copy_take(&session->region, 0, copy) < 0) {
        return;
    }
    tally->copies++;
    tally->wrong += !adds_up(copy);
    tally->changed += copy->totals.bytes != tally->last_bytes;
    tally->last_bytes = copy->totals.bytes;
    const struct slot_head *head = region_slot(&session->region, 0);
    if (head->tracer_bytes > tally->tracer_max) {
        tally->tracer_max = head->tracer_bytes;
    }
}

static void
print(struct session *session, const struct region_copy *copy,
      const struct tally *tally)
{
    const struct slot_head *head = region_slot(&session->region, 0);
    printf("{\"copies\": %u, \"wrong\": %u, \"changed\": %u, "
           "\"bytes\": %" PRId64 ", \"peak\": %" PRId64 ", "
           "\"allocs\": %" PRIu64 ", \"lost\": %" PRIu64 ", "
           "\"contexts\": %u, \"codes\": %u, \"names\": %u, "
           "\"tracer\": %" PRIu64 ", \"trouble\": %u, \"slots\": %u, "
           "\"status\": %d, \"signal\": %d}\n",
           tally->copies, tally->wrong, tally->changed, copy->totals.bytes,
           copy->totals.peak_bytes, copy->totals.allocs,
           copy->totals.lost_blocks, copy->totals.contexts, head->codes,
           head->bytes_used, tally->tracer_max, head->trouble,
           region_claims(&session->region), session->status, session->signal);
}

int
main(int argc, char **argv)
{
    if (argc < 4) {
        die(2, "copies PYTHON embed|preload ARGS...");
    }
    struct options options = {
        .python = argv[1],
        .start = strcmp(argv[2], "embed") == 0 ? START_EMBED : START_PRELOAD,
        .python_argc = argc - 3, .python_argv = argv + 3,
    };
    struct interpreter interpreter;
    struct target target;
    struct session session;
    char why[512];
    interpreter_find(&interpreter, &options);
    target_find(&target, options.python_argc, options.python_argv);
    struct session_plan plan = {
        .interpreter = &interpreter, .target = &target, .title = "copies",
        .argc = options.python_argc, .argv = options.python_argv,
        .follow = true,
    };
    if (session_start(&session, &plan, why, sizeof why) < 0) {
        die(DIE_CANNOT_TRACE, "%s", why);
    }
    struct region_copy copy = { 0 };
    struct tally tally = { 0 };
    while (!session_ended(&session)) {
        struct pollfd fds[SESSION_FDS];
        session_fds(&session, fds);
        poll(fds, SESSION_FDS, 0);
        session_poll(&session);
        take(&session, &copy, &tally);
    }
    take(&session, &copy, &tally);
    print(&session, &copy, &tally);
    region_copy_release(&copy);
    session_release(&session);
    interpreter_release(&interpreter);
    return 0;
}
