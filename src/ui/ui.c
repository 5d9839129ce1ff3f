/* SPDX-License-Identifier: MIT
 *
 * The loop of the screen: wait, read, take a frame when it is time, run keys,
 * draw what changed.
 */
#include "ui/ui.h"

#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/die.h"
#include "base/size_text.h"
#include "launcher/options.h"
#include "launcher/relay.h"
#include "launcher/signals.h"
#include "ui/commands.h"
#include "ui/frame.h"
#include "ui/layout.h"
#include "ui/menu.h"
#include "ui/output.h"
#include "ui/switches.h"
#include "ui/views.h"
#include "ui/watch.h"

#define OUTPUT_LINES 20         /* of the script's, printed on leaving */
#define READS_A_TURN 64         /* then keys and frames have their turn */
#define OUTPUT_DRAW_NS (UI_NS / 20)
#define SLOWEST_NS (2 * UI_NS)  /* but so often they come anyhow */
#define KEEP_BYTES (256 << 20)  /* of freed memory, for the next frame */
#define COST_SHARE 50           /* frames take 2 % of a core at most */

struct loop {
    uint64_t frame_ns;          /* between frames */
    uint64_t next_frame_ns;
    uint64_t drawn_ns;
    uint64_t began_ns;          /* the last frame */
    int64_t credit_ns;          /* CPU time that frames may take still */
    bool frame;                 /* one was taken that is not drawn yet */
};

static uint64_t
cpu_ns(void)
{
    struct timespec used;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (uint64_t)used.tv_sec * UI_NS + (uint64_t)used.tv_nsec;
}

/* --- what comes in --------------------------------------------------------*/

static void
read_output(struct ui *ui)
{
    char bytes[65536];
    ssize_t got = 0;
    bool any = false;

    for (int i = 0; i < READS_A_TURN; i++) {
        got = session_read(ui->session, bytes, sizeof(bytes));
        if (got <= 0) {
            break;
        }
        output_feed(ui->output, bytes, (size_t)got);
        any = true;
    }
    if (any && ui_view(ui)->ops->bare) {
        ui->dirty = true;
    }
}

/* Keys, and the answers of its terminal, to the script. */
static void
send_keys(struct ui *ui)
{
    char bytes[4096];
    size_t n;

    while ((n = output_take(ui->output, bytes, sizeof(bytes))) > 0) {
        if (ui->session->pty >= 0) {
            session_write(ui->session, bytes, n);
        }
    }
}

static void
fit_script_terminal(struct ui *ui)
{
    int rows, cols;

    layout_output_size(ui, &rows, &cols);
    output_resize(ui->output, rows, cols);
    session_resize(ui->session, rows, cols);
    ui_changed(ui);
}

static void
handle_signal(struct ui *ui, int number)
{
    switch (number) {
    case SIGWINCH:
        screen_resize(ui->screen);
        fit_script_terminal(ui);
        break;
    case SIGTSTP:
        command_suspend(ui);
        fit_script_terminal(ui);
        break;
    case SIGINT:
        session_signal_foreground(ui->session, SIGINT);
        break;
    case SIGTERM:
    case SIGHUP:
    case SIGQUIT:
        ui->died = number;
        ui->quit = true;
        break;
    default:
        break;
    }
}

static void
read_keys(struct ui *ui)
{
    struct key key;

    while (!ui->quit && screen_key(ui->screen, &key)) {
        ui->now_ns = region_now_ns();
        command_key(ui, &key);
        send_keys(ui);
    }
}

/* --- frames ---------------------------------------------------------------*/

/* The last moment: what is left of the output, the final counters. */
static void
notice_end(struct ui *ui)
{
    if (ui->ended || !session_ended(ui->session)) {
        return;
    }
    frame_take(ui);
    ui->ended = true;
    frame_note_end(ui);
    ui->talking = false;
    ui->waits_for_input = false;
    ui->sort_all = ui->data + 1;
    menu_note_end(ui);
    ui_changed(ui);
}

static void
take_frame(struct ui *ui, struct loop *loop)
{
    if (ui->now_ns < loop->next_frame_ns) {
        return;
    }
    loop->frame = true;
    if (!ui->still) {
        bool runs = watch_runs(ui);
        frame_take(ui);
        if (!runs) {                /* and all of it has been taken */
            frame_note_end(ui);
        }
    }
    else {
        frame_look_outside(ui);
    }
    watch_forget_gone(ui);
    switches_settle(ui);
    if (ui->message[0] != '\0' && ui->now_ns >= ui->message_until_ns) {
        ui->message[0] = '\0';
    }
    ui->dirty = true;
}

/* Output alone is drawn at most twenty times a second. */
static void
draw(struct ui *ui, struct loop *loop)
{
    if (!ui->dirty) {
        return;
    }
    if (!loop->frame && ui->now_ns - ui->key_ns > OUTPUT_DRAW_NS
        && ui->now_ns - loop->drawn_ns < OUTPUT_DRAW_NS) {
        return;
    }
    switches_settle(ui);
    layout_draw(ui);
    screen_flush(ui->screen);
    ui->dirty = false;
    loop->drawn_ns = ui->now_ns;
}

/* The next frame comes when it is due, or later: all of them together take at
 * most one part in COST_SHARE of a core, whatever there is to show.  What is
 * not used is saved for a costly one, and what that takes too much is waited
 * for, both of SLOWEST_NS at most. */
static void
plan_frame(struct loop *loop, uint64_t began_ns, uint64_t cost_ns)
{
    const int64_t most = SLOWEST_NS / COST_SHARE;
    uint64_t since_ns = began_ns - loop->began_ns;

    since_ns = since_ns < SLOWEST_NS ? since_ns : SLOWEST_NS;
    loop->credit_ns += (int64_t)(since_ns / COST_SHARE);
    loop->credit_ns = loop->credit_ns < most ? loop->credit_ns : most;
    loop->credit_ns -= (int64_t)cost_ns;
    loop->credit_ns = loop->credit_ns > -most ? loop->credit_ns : -most;
    loop->began_ns = began_ns;
    uint64_t wait_ns = loop->credit_ns < 0
        ? (uint64_t)-loop->credit_ns * COST_SHARE : 0;
    loop->next_frame_ns = began_ns
        + (wait_ns > loop->frame_ns ? wait_ns : loop->frame_ns);
    loop->frame = false;
}

static void
take_and_draw(struct ui *ui, struct loop *loop)
{
    uint64_t before = cpu_ns();

    take_frame(ui, loop);
    draw(ui, loop);
    if (loop->frame) {
        plan_frame(loop, ui->now_ns,
                   cpu_ns() - before);
    }
}

static int
time_to_wait(const struct ui *ui, const struct loop *loop)
{
    uint64_t now = region_now_ns(), next = loop->next_frame_ns;

    if (ui->dirty && loop->drawn_ns + OUTPUT_DRAW_NS < next) {
        next = loop->drawn_ns + OUTPUT_DRAW_NS;
    }
    return next <= now ? 0 : (int)((next - now) / 1000000) + 1;
}

static void
wait_for_something(struct ui *ui, const struct loop *loop)
{
    struct pollfd fds[SESSION_FDS + 1];

    session_fds(ui->session, fds);
    fds[SESSION_FDS] = (struct pollfd){
        .fd = ui->session->keys, .events = POLLIN
    };
    session_wait(ui->session, fds, SESSION_FDS + 1, time_to_wait(ui, loop));
    if (fds[SESSION_FDS].revents & (POLLHUP | POLLERR | POLLNVAL)) {
        ui->died = SIGHUP;              /* our terminal is gone */
        ui->quit = true;
    }
}

static void
run_loop(struct ui *ui)
{
    struct loop loop = {
        .frame_ns = (uint64_t)((double)UI_NS / (ui->options->refresh > 0
                                                ? ui->options->refresh : 4))
    };
    int number;

    while (!ui->quit) {
        ui->now_ns = region_now_ns();
        if (session_poll(ui->session)) {
            ui->dirty = true;
            loop.next_frame_ns = 0;
        }
        read_output(ui);
        send_keys(ui);
        while ((number = signals_next()) != 0) {
            handle_signal(ui, number);
        }
        read_keys(ui);
        notice_end(ui);
        take_and_draw(ui, &loop);
        if (!ui->quit) {
            wait_for_something(ui, &loop);
        }
    }
}

/* --- coming and going -----------------------------------------------------*/

static int
start(struct ui *ui, struct session *session, const struct options *options)
{
    struct screen_setup setup = {
        .colour = options->color == COLOR_ALWAYS ? COLOUR_ALWAYS
            : options->color == COLOR_NEVER ? COLOUR_NEVER : COLOUR_AUTO,
        .ascii = options->ascii,
        .no_mouse = options->no_mouse
    };
    char why[256];
    int rows, cols;

    *ui = (struct ui){
        .session = session, .options = options, .region = &session->region,
        .switches = {.graph = true}, .data = 1, .hint = -1
    };
    /* Arrays as long as the table come and go with every frame. */
    mallopt(M_MMAP_THRESHOLD, KEEP_BYTES);
    mallopt(M_TRIM_THRESHOLD, KEEP_BYTES);
    ui->now_ns = region_now_ns();
    ui->screen = screen_open(&setup, session->keys, why, sizeof(why));
    if (ui->screen == NULL) {
        warn("%s: the script runs without one", why);
        return -1;
    }
    die_set_restore(screen_restore);
    signals_at_crash(screen_restore);
    layout_output_size(ui, &rows, &cols);
    ui->output = output_new(rows, cols);
    session_resize(session, rows, cols);
    frame_init(ui);
    views_open(ui);
    return 0;
}

static void
leave_screen(struct ui *ui)
{
    screen_close(ui->screen);
    ui->screen = NULL;
    die_set_restore(NULL);
    signals_at_crash(NULL);
}

/* `k` was the answer: it is over when the kernel says so. */
static void
wait_for_end(struct ui *ui)
{
    struct pollfd fds[SESSION_FDS];

    while (!session_ended(ui->session)) {
        session_fds(ui->session, fds);
        poll(fds, SESSION_FDS, 100);
        session_poll(ui->session);
        read_output(ui);
    }
    read_output(ui);
}

/* What stays on the terminal: the end of the output, one line of numbers. */
static void
say_goodbye(struct ui *ui)
{
    const struct region_totals *totals;
    char peak[NUMBER_TEXT_SIZE], when[NUMBER_TEXT_SIZE];
    char end[NUMBER_TEXT_SIZE];
    uint64_t start_ns = ui->session->start_ns;

    ui->now_ns = region_now_ns();
    watch_show(ui, 0);
    frame_take(ui);
    totals = &ui->live.totals;
    if (totals->peak_bytes <= 0 || session_refusal(ui->session) != NULL) {
        return;
    }
    clock_text(when, totals->peak_ns > start_ns
               ? totals->peak_ns - start_ns : 0);
    fflush(stdout);
    fprintf(stderr, "pymtop: peak %s at %s, %s at the end\n",
            size_text(peak, totals->peak_bytes), when,
            size_text(end, totals->bytes));
}

static void
finish(struct ui *ui)
{
    views_close(ui);
    leave_screen(ui);
    if (ui->died != 0) {
        session_release(ui->session);   /* the script gets SIGHUP */
        signals_die(ui->died);
    }
    if (ui->killed_here) {
        wait_for_end(ui);
    }
    output_print_tail(ui->output, stdout, OUTPUT_LINES);
    fflush(stdout);
    if (ui->detach) {
        relay_run(ui->session);
    }
    say_goodbye(ui);
    output_free(ui->output);
    free(ui->needle);
    frame_release(ui);
}

int
ui_run(struct session *session, const struct options *options)
{
    static struct ui ui;        /* the history makes it big */

    if (start(&ui, session, options) != 0) {
        relay_run(session);
        return -1;
    }
    run_loop(&ui);
    finish(&ui);
    return 0;
}
