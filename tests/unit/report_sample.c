/* SPDX-License-Identifier: MIT
 *
 * Writes a report of a region made by hand, with names of every kind, for
 * tests/test_report.py: report_sample FORMAT BY TOP [diff].
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hand_region.h"
#include "model/sort.h"
#include "report/report.h"

static void
fill(struct hand_region *hand, int round)
{
    static const char *const files[] = {
        "/w/a.py", "/w/with \"quotes\", and commas.py", "/w/new\nline.py",
        "/w/caf\xc3\xa9.py", "/w/bad\xff.py",
        "<frozen importlib._bootstrap>"};
    uint32_t context = CONTEXT_NONE;

    if (round == 0) {
        for (uint32_t i = 0; i < 6; i++) {
            uint32_t code = hand_code(hand, files[i], "C.f", 1);
            context = hand_context(hand, context, code, 1 + (int)i);
            hand_context(hand, context, code, 50);
        }
    }
    for (uint32_t i = CONTEXT_FIRST; i < hand->head->contexts; i++) {
        int64_t blocks = (int64_t)(i * 7 + (uint32_t)round * i % 3);
        hand_cost(hand, i, (struct region_cost){
            .blocks = blocks, .bytes = 1000 * blocks + i,
            .blocks_ever = 3 * (uint64_t)blocks,
            .bytes_ever = 4000 * (uint64_t)blocks,
            .blocks_at_peak = blocks * 2, .bytes_at_peak = 2500 * blocks});
    }
    hand_now(hand, CONTEXT_NO_FRAME, 5, 1);
}

static void
write_sample(const struct table *table, enum report_format format,
             uint32_t top)
{
    static const char *const argv[] = {"a b.py", "\xff", NULL};
    struct process processes[] = {
        {.pid = 41207, .traced = true, .command = "python a",
         .parent = PROCESS_NONE, .state = PROCESS_KILLED, .status = SIGKILL,
         .bytes = 100, .peak_bytes = 300, .start_ns = 5000000000,
         .end_ns = 7250000000},
        {.id = 1, .pid = 41230, .parent_pid = 41207, .traced = true,
         .command = "python \"b\", \x1b[31m\xff", .bytes = 5000,
         .blocks = 7, .peak_bytes = 6000, .start_ns = 6000000000},
    };
    struct process_table process_table = {
        .items = processes, .count = 2, .dropped = 3, .refused = 4};
    struct report report = {
        .table = table, .top = top, .executable = "/usr/bin/python3",
        .argv = argv, .start = "embed", .pid = 41207,
        .start_ns = 5000000000,
        .end = {.ended = true, .end_ns = 7250000000, .signal = SIGKILL,
                .out_of_memory = true},
        .reattribution = REATTRIBUTION_EMPTY,
        .trouble = TROUBLE_CONTEXTS_FULL | TROUBLE_SMALL_REGION,
        .processes = &process_table, .tracer_bytes = 77};

    if (report_write(stdout, &report, format) < 0) {
        perror("report_sample");
        exit(1);
    }
}

int
main(int argc, char **argv)
{
    struct hand_region hand;
    struct catalog catalog;
    struct snapshot base = {0}, now = {0};
    struct table table;

    if (argc < 4) {
        fprintf(stderr, "report_sample FORMAT BY TOP [diff]\n");
        return 2;
    }
    hand_init(&hand);
    catalog_init(&catalog, &(struct origin_paths){.cwd = "/w"});
    fill(&hand, 0);
    hand_take(&hand, &catalog, &base);
    fill(&hand, 1);
    hand.head->totals.peak_ns = 6500000000;
    hand.head->totals.lost_blocks = 12;
    hand_take(&hand, &catalog, &now);
    table_init(&table);
    table_build(&table, &(struct table_request){
        .catalog = &catalog, .snapshot = &now,
        .by = table_by_parse(argv[2]), .unfold_import = true,
        .base = argc > 4 ? &base : NULL});
    table_sort(&table, sort_default(argc > 4));
    write_sample(&table, report_format_parse(argv[1]),
                 (uint32_t)atoi(argv[3]));
    table_release(&table);
    snapshot_release(&base);
    snapshot_release(&now);
    catalog_release(&catalog);
    hand_release(&hand);
    return 0;
}
