/* SPDX-License-Identifier: MIT
 *
 * pymtop-soak SECONDS PYTHON auto|embed|preload SCRIPT ARGS...: watch a script
 * that churns (churn.py) as pymtop does, with a snapshot, tables and a
 * difference every second.  At the end the script is told to be still (SIGTERM),
 * and all live blocks of all its processes are counted anew (recount.h).
 * Prints one JSON object, and a line a minute on standard error.  Status 1: a
 * sum was wrong, the recount says otherwise, or the tracer's memory grew.
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/die.h"
#include "base/xalloc.h"
#include "launcher/interpreter.h"
#include "launcher/session.h"
#include "launcher/target.h"
#include "model/sort.h"
#include "model/tree.h"
#include "model/trend.h"
#include "recount.h"

#define KEPT 30                 /* snapshots; the oldest is the base */
#define STILL_S 30              /* for it to be still */
#define FLAT_PERCENT 5

struct soak {
    struct session session;
    int seconds;
    struct catalog catalog;
    struct region_copy copy;
    struct snapshot kept[KEPT];
    struct table table;
    struct tree tree;
    struct tree_folds folds;
    struct trend *trend;
    unsigned snapshots, wrong_sums;
    /* Tracer's and own memory, a second each. */
    uint64_t *tracer, *own;
    int samples;
};

static uint64_t
own_memory(void)
{
    unsigned long size, resident = 0;
    FILE *file = fopen("/proc/self/statm", "re");

    if (file != NULL) {
        if (fscanf(file, "%lu %lu", &size, &resident) != 2) {
            resident = 0;
        }
        fclose(file);
    }
    return resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

static bool
adds_up(const struct soak *soak)
{
    const struct region_totals *totals = &soak->copy.totals;
    struct region_cost sum = {0};

    for (uint32_t i = 0; i < soak->copy.contexts; i++) {
        region_cost_add(&sum, &soak->copy.costs[i]);
    }
    return sum.bytes == totals->bytes && sum.blocks == totals->blocks
        && sum.bytes_ever == totals->alloc_bytes
        && sum.blocks_ever == totals->allocs
        && sum.bytes_at_peak == totals->peak_bytes
        && sum.blocks_at_peak == totals->peak_blocks;
}

static bool
tables_add_up(struct soak *soak, const struct snapshot *now,
              const struct snapshot *base)
{
    struct table_request request = {
        .catalog = &soak->catalog, .snapshot = now,
        .by = soak->snapshots % BY_COUNT, .trend = soak->trend,
    };

    table_build(&soak->table, &request);
    bool right = soak->table.total.own.bytes == now->totals.bytes
        && soak->table.total.own.blocks == now->totals.blocks;
    request.base = base;
    table_build(&soak->table, &request);
    table_sort(&soak->table, sort_default(true));
    right = right && soak->table.total.delta_bytes
        == now->totals.bytes - base->totals.bytes;
    tree_build(&soak->tree, &request, soak->snapshots % 2 != 0, false,
               &soak->folds);
    return right && soak->tree.total.bytes == now->totals.bytes;
}

static void
look(struct soak *soak)
{
    struct region *region = &soak->session.region;
    struct snapshot *now = &soak->kept[soak->snapshots % KEPT];
    struct snapshot live = {0};

    if (region_copy_take(region, 0, &soak->copy) < 0) {
        return;
    }
    catalog_update(&soak->catalog, region, 0, soak->copy.contexts);
    snapshot_look(&live, &soak->copy);
    snapshot_release(now);
    snapshot_copy(now, &live);
    trend_tick(soak->trend, &soak->catalog, now);
    const struct snapshot *base = &soak->kept[(soak->snapshots + 1) % KEPT];
    soak->wrong_sums += !adds_up(soak);
    soak->wrong_sums += !tables_add_up(soak, now,
                                       base->totals.allocs != 0 ? base : now);
    soak->snapshots++;
    soak->tracer[soak->samples] = region_tracer_bytes(region, 0);
    soak->own[soak->samples++] = own_memory();
    if (soak->samples % 60 == 0) {
        fprintf(stderr, "soak: %d min: %" PRIu64 " allocations, tracer %"
                PRIu64 " KiB, monitor %" PRIu64 " KiB, %u wrong\n",
                soak->samples / 60, soak->copy.totals.allocs,
                soak->tracer[soak->samples - 1] >> 10,
                soak->own[soak->samples - 1] >> 10, soak->wrong_sums);
    }
}

static void
wait_ms(struct soak *soak, int milliseconds)
{
    uint64_t until = region_now_ns() + (uint64_t)milliseconds * 1000000;

    for (uint64_t now; (now = region_now_ns()) < until;) {
        struct pollfd fds[SESSION_FDS];
        session_fds(&soak->session, fds);
        session_wait(&soak->session, fds, SESSION_FDS,
                     (int)((until - now) / 1000000) + 1);
        session_poll(&soak->session);
        if (session_ended(&soak->session)) {
            die(1, "the script has ended: status %d, signal %d",
                soak->session.status, soak->session.signal);
        }
    }
}

static uint64_t
operations_of_all(struct region *region)
{
    uint64_t sum = 0;

    for (unsigned slot = 0; slot < region_slots(region); slot++) {
        const struct slot_head *head = region_slot(region, slot);
        sum += head != NULL ? head->operations : 0;
    }
    return sum;
}

/* Tell the script, and wait until nothing is booked any more. */
static void
make_still(struct soak *soak)
{
    struct region *region = &soak->session.region;

    kill(soak->session.pid, SIGTERM);
    for (int i = 0; i < STILL_S; i++) {
        uint64_t before = operations_of_all(region);
        wait_ms(soak, 2000);
        if (operations_of_all(region) == before) {
            return;
        }
    }
    die(1, "the script does not come to rest");
}

/* The script, or a child of its: numbers of processes are used again. */
static bool
is_ours(const struct soak *soak, int32_t pid)
{
    char path[64];
    int parent = 0;

    if (pid == soak->session.pid || pid == 0) {
        return pid != 0;
    }
    snprintf(path, sizeof(path), "/proc/%d/stat", pid);
    FILE *file = fopen(path, "re");
    if (file != NULL) {
        if (fscanf(file, "%*d (%*[^)]) %*c %d", &parent) != 1) {
            parent = 0;
        }
        fclose(file);
    }
    return parent == soak->session.pid;
}

/* All processes that live; the number recounted. */
static unsigned
recount_all(struct soak *soak, struct recount *sum)
{
    struct region *region = &soak->session.region;
    unsigned processes = 0;

    for (unsigned slot = 0; slot < region_slots(region); slot++) {
        struct recount one;
        int32_t pid = region_slot_owner(region, slot);
        if (!is_ours(soak, pid) || kill(pid, SIGSTOP) != 0) {
            continue;
        }
        if (recount(region, slot, &one) < 0) {
            die(1, "process %d cannot be recounted: %s", pid,
                strerror(errno));
        }
        kill(pid, SIGCONT);
        sum->blocks += one.blocks;
        sum->bytes += one.bytes;
        sum->wrong += one.wrong;
        processes++;
    }
    return processes;
}

/* A counter that is wrong by one block would be noticed. */
static bool
would_notice(struct soak *soak)
{
    struct region *region = &soak->session.region;
    struct region_cell *cells = (struct region_cell *)
        (region->windows[0].base + region->sizes.cells_offset);
    struct recount one;

    fprintf(stderr, "soak: and now with one block too many in cell 1:\n");
    kill(soak->session.pid, SIGSTOP);
    cells[1].cost.blocks++;
    bool noticed = recount(region, 0, &one) == 0 && one.wrong == 1;
    cells[1].cost.blocks--;
    kill(soak->session.pid, SIGCONT);
    return noticed;
}

/* How much the last quarter is over what there was after a minute (or a
 * quarter of a short run), in percent. */
static double
growth(const uint64_t *samples, int count)
{
    int part = count / 4, from = count > 240 ? 60 : part;
    double first = 0, last = 0;

    for (int i = 0; i < part; i++) {
        first += (double)samples[from + i];
        last += (double)samples[count - part + i];
    }
    return first > 0 ? 100 * (last / first - 1) : 0;
}

static int
report(struct soak *soak)
{
    struct recount sum = {0};
    unsigned processes = recount_all(soak, &sum);
    const struct slot_head *head = region_slot(&soak->session.region, 0);
    double tracer = growth(soak->tracer, soak->samples);
    double own = growth(soak->own, soak->samples);

    printf("{\"seconds\": %d, \"snapshots\": %u, \"wrong_sums\": %u, "
           "\"allocations\": %" PRIu64 ", \"contexts\": %u, \"codes\": %u, "
           "\"lost\": %" PRIu64 ", \"trouble\": %u, \"slots\": %u, "
           "\"processes_recounted\": %u, \"blocks_recounted\": %" PRIu64 ", "
           "\"bytes_recounted\": %" PRId64 ", \"wrong_counters\": %u, "
           "\"tracer_bytes\": %" PRIu64 ", \"tracer_growth_percent\": %.2f, "
           "\"monitor_bytes\": %" PRIu64 ", "
           "\"monitor_growth_percent\": %.2f}\n",
           soak->seconds, soak->snapshots, soak->wrong_sums,
           soak->copy.totals.allocs, head->contexts, head->codes,
           soak->copy.totals.lost_blocks, head->trouble,
           region_claims(&soak->session.region), processes, sum.blocks,
           sum.bytes, sum.wrong, soak->tracer[soak->samples - 1], tracer,
           soak->own[soak->samples - 1], own);
    bool flat = soak->seconds < 240 || tracer <= FLAT_PERCENT;
    return soak->wrong_sums != 0 || sum.wrong != 0 || !flat
        || processes < 2 || soak->copy.totals.lost_blocks != 0
        || !would_notice(soak);
}

static void
begin(struct soak *soak, struct interpreter *interpreter,
      struct target *target, const struct options *options)
{
    struct session_plan plan = {
        .interpreter = interpreter, .target = target, .title = "soak",
        .argc = options->python_argc, .argv = options->python_argv,
        .follow = true,
    };
    struct origin_paths paths;
    char why[512];

    if (session_start(&soak->session, &plan, why, sizeof(why)) < 0) {
        die(DIE_CANNOT_TRACE, "%s", why);
    }
    session_paths(&soak->session, &paths);
    catalog_init(&soak->catalog, &paths);
    table_init(&soak->table);
    tree_init(&soak->tree);
    tree_folds_init(&soak->folds);
    soak->trend = trend_new();
    soak->tracer = xcalloc((size_t)soak->seconds + 1, sizeof(uint64_t));
    soak->own = xcalloc((size_t)soak->seconds + 1, sizeof(uint64_t));
}

/* Children first: then none is anybody else's. */
static void
kill_all(struct soak *soak)
{
    struct region *region = &soak->session.region;

    for (unsigned slot = region_slots(region); slot-- > 0;) {
        int32_t pid = region_slot_owner(region, slot);
        if (is_ours(soak, pid)) {
            kill(pid, SIGKILL);
        }
    }
}

int
main(int argc, char **argv)
{
    static struct soak soak;
    struct interpreter interpreter;
    struct target target;

    if (argc < 5 || (soak.seconds = atoi(argv[1])) < 1) {
        die(2, "pymtop-soak SECONDS PYTHON auto|embed|preload SCRIPT ARGS...");
    }
    struct options options = {
        .python = argv[2],
        .start = strcmp(argv[3], "embed") == 0 ? START_EMBED
            : strcmp(argv[3], "preload") == 0 ? START_PRELOAD : START_AUTO,
        .python_argc = argc - 4, .python_argv = argv + 4,
    };
    interpreter_find(&interpreter, &options);
    target_find(&target, options.python_argc, options.python_argv);
    begin(&soak, &interpreter, &target, &options);
    for (int second = 0; second < soak.seconds; second++) {
        wait_ms(&soak, 1000);
        look(&soak);
    }
    make_still(&soak);
    int status = report(&soak);
    fflush(stdout);
    kill_all(&soak);
    interpreter_release(&interpreter);
    return status;
}
