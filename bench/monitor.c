/* SPDX-License-Identifier: MIT
 *
 * pymtop-bench-monitor READY ROUNDS PYTHON embed|preload ARGS...: run a script
 * with the real engine and, from when the file READY is there, measure what
 * watching it takes.  Prints one JSON object: CPU milliseconds of pymtop's own
 * process, of each step the least and the median; sizes.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/die.h"
#include "launcher/interpreter.h"
#include "launcher/target.h"
#include "model/sort.h"
#include "model/tree.h"
#include "ui/frame.h"
#include "ui/layout.h"
#include "ui/output.h"
#include "ui/switches.h"
#include "ui/ui.h"
#include "ui/views.h"

#define ROUNDS_MAX 1000
#define PAUSE_NS (UI_NS / 10)   /* between rounds: frames at 10 Hz */

/* The times of one step. */
struct step {
    const char *name;
    double ms[ROUNDS_MAX];
    int count;
};

static struct step steps[32];
static int step_count;
static bool comma;

static double
cpu_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* CPU time since `since` goes to the step of that name. */
static void
took(const char *name, double since)
{
    double ms = cpu_ms() - since;
    int i = 0;

    while (i < step_count && strcmp(steps[i].name, name) != 0) {
        i++;
    }
    if (i == step_count) {
        steps[step_count++].name = name;
    }
    if (steps[i].count < ROUNDS_MAX) {
        steps[i].ms[steps[i].count++] = ms;
    }
}

static int
compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void
print_number(FILE *out, const char *name, double value)
{
    fprintf(out, "%s\"%s\": %.4f", comma ? ", " : "", name, value);
    comma = true;
}

static void
print_steps(FILE *out)
{
    char name[64];

    for (int i = 0; i < step_count; i++) {
        struct step *step = &steps[i];
        qsort(step->ms, (size_t)step->count, sizeof(double), compare);
        snprintf(name, sizeof(name), "%s_ms", step->name);
        print_number(out, name, step->ms[0]);
        snprintf(name, sizeof(name), "%s_median_ms", step->name);
        print_number(out, name, step->ms[step->count / 2]);
    }
}

/* Let the script run for a while, the clock too. */
static void
go_on(struct session *session, uint64_t ns)
{
    uint64_t until = region_now_ns() + ns;

    while (region_now_ns() < until) {
        struct pollfd fds[SESSION_FDS];
        session_fds(session, fds);
        poll(fds, SESSION_FDS, 5);
        session_poll(session);
    }
}

/* --- the model ------------------------------------------------------------*/

static void
measure_table(struct ui *ui, const char *name, enum table_by by,
              const struct snapshot *base)
{
    struct table table;
    struct table_request request = {
        .catalog = &ui->catalog, .snapshot = &ui->live, .by = by,
        .base = base,
    };

    table_init(&table);
    double since = cpu_ms();
    table_build(&table, &request);
    table_sort(&table, sort_default(base != NULL));
    took(name, since);
    table_release(&table);
}

static void
measure_tree(struct ui *ui, const char *name, bool bottom_up)
{
    struct tree tree;
    struct tree_folds folds;
    struct table_request request = {
        .catalog = &ui->catalog, .snapshot = &ui->live, .by = BY_TRACEBACK,
    };

    tree_init(&tree);
    tree_folds_init(&folds);
    double since = cpu_ms();
    tree_build(&tree, &request, bottom_up, false, &folds);
    took(name, since);
    tree_release(&tree);
    tree_folds_release(&folds);
}

/* As `s` and `d` do it. */
static void
measure_snapshots(struct ui *ui)
{
    struct snapshot one = {0}, other = {0};
    struct region_copy copy = {0};

    double since = cpu_ms();
    region_copy_take(ui->region, 0, &copy);
    took("copy_all", since);
    region_copy_release(&copy);

    since = cpu_ms();
    frame_take(ui);
    snapshot_copy(&one, &ui->live);
    took("snapshot", since);
    go_on(ui->session, PAUSE_NS);
    frame_take(ui);
    snapshot_copy(&other, &ui->live);
    measure_table(ui, "diff", BY_LINE, &one);
    measure_table(ui, "lines", BY_LINE, NULL);
    measure_table(ui, "files", BY_FILE, NULL);
    measure_table(ui, "functions", BY_FUNCTION, NULL);
    measure_table(ui, "tracebacks", BY_TRACEBACK, NULL);
    measure_tree(ui, "tree_down", false);
    measure_tree(ui, "tree_up", true);
    snapshot_release(&one);
    snapshot_release(&other);
}

/* --- frames ---------------------------------------------------------------*/

static void
draw(struct ui *ui)
{
    switches_settle(ui);
    layout_draw(ui);
    screen_flush(ui->screen);
}

/* One frame as the loop makes it: copy, table, screen. */
static void
measure_frame(struct ui *ui)
{
    go_on(ui->session, PAUSE_NS);
    ui->now_ns = region_now_ns();
    double since = cpu_ms();
    frame_take(ui);
    took("frame_take", since);
    double drawing = cpu_ms();
    draw(ui);
    took("frame_draw", drawing);
    took("frame", since);
}

static void
open_ui(struct ui *ui, struct session *session,
        const struct options *options)
{
    struct screen_setup setup = {.colour = COLOUR_ALWAYS, .no_mouse = true};
    char why[256];

    *ui = (struct ui){
        .session = session, .options = options, .region = &session->region,
        .switches = {.graph = true}, .data = 1, .hint = -1
    };
    ui->now_ns = region_now_ns();
    setenv("TERM", "xterm-256color", 1);
    ui->screen = screen_open(&setup, STDIN_FILENO, why, sizeof(why));
    if (ui->screen == NULL) {
        die(DIE_CANNOT_TRACE, "%s", why);
    }
    ui->output = output_new(20, 80);
    frame_init(ui);
    views_open(ui);
}

static void
start(struct session *session, struct options *options,
      struct interpreter *interpreter, struct target *target)
{
    char why[512];

    interpreter_find(interpreter, options);
    target_find(target, options->python_argc, options->python_argv);
    struct session_plan plan = {
        .interpreter = interpreter, .target = target, .title = "bench",
        .argc = options->python_argc, .argv = options->python_argv,
    };
    if (session_start(session, &plan, why, sizeof(why)) < 0) {
        die(DIE_CANNOT_TRACE, "%s", why);
    }
}

static void
print_all(FILE *out, struct ui *ui)
{
    const struct region_totals *totals = &ui->live.totals;

    fputc('{', out);
    comma = false;
    print_number(out, "contexts", totals->contexts);
    print_number(out, "cells", totals->cells);
    print_number(out, "blocks", (double)totals->blocks);
    print_number(out, "allocs", (double)totals->allocs);
    print_number(out, "changes", ui->copy.change_count);
    print_number(out, "lines_known", ui->catalog.line_count);
    print_number(out, "tracer_bytes",
                 (double)region_tracer_bytes(ui->region, 0));
    print_steps(out);
    fputs("}\n", out);
    fflush(out);
}

int
main(int argc, char **argv)
{
    static struct ui ui;
    struct interpreter interpreter;
    struct target target;
    struct session session;

    if (argc < 6) {
        die(2, "pymtop-bench-monitor READY ROUNDS PYTHON embed|preload "
            "ARGS...");
    }
    int rounds = atoi(argv[2]);
    struct options options = {
        .python = argv[3], .refresh = 10,
        .start = strcmp(argv[4], "embed") == 0 ? START_EMBED : START_PRELOAD,
        .python_argc = argc - 5, .python_argv = argv + 5,
    };
    FILE *out = fdopen(dup(STDOUT_FILENO), "w");
    int nowhere = open("/dev/null", O_RDWR);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDIN_FILENO);
    start(&session, &options, &interpreter, &target);
    while (access(argv[1], F_OK) < 0 && !session_ended(&session)) {
        go_on(&session, PAUSE_NS);
    }
    open_ui(&ui, &session, &options);
    double since = cpu_ms();
    frame_take(&ui);
    took("first_copy", since);
    since = cpu_ms();
    draw(&ui);
    took("first_draw", since);
    for (int i = 0; i < rounds && !session_ended(&session); i++) {
        measure_frame(&ui);
    }
    for (int i = 0; i < (rounds + 3) / 4 && !session_ended(&session); i++) {
        measure_snapshots(&ui);
    }
    session_signal(&session, SIGKILL);
    screen_close(ui.screen);
    print_all(out, &ui);
    return 0;
}
