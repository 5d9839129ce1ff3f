/* SPDX-License-Identifier: MIT */
#include "launcher/batch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "launcher/batch_report.h"
#include "launcher/options.h"
#include "launcher/session.h"
#include "launcher/signals.h"
#include "launcher/witness.h"

#define TURN_MS 5           /* how late a report of --interval may be */
#define LOOK_MS 250         /* and an exec is seen */

/* Options that mean nothing on a screen. */
static const char *
report_option(const struct options *options)
{
    return options->interval > 0 ? "interval"
        : options->top >= 0 ? "top"
        : options->sort != COLUMN_NONE ? "sort"
        : options->by != BY_LINE ? "by"
        : options->format != REPORT_TEXT ? "format"
        : options->output ? "output" : NULL;
}

/* A terminal that keys can come from. */
static bool
has_keys(void)
{
    if (isatty(STDIN_FILENO)) {
        return true;
    }
    int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd >= 0) {
        close(fd);
    }
    return fd >= 0;
}

bool
batch_wanted(const struct options *options, const char *no_screen)
{
    const char *option = report_option(options);

    if (options->batch) {
        return true;
    }
    if (!isatty(STDOUT_FILENO)) {
        warn("no terminal on standard output: --batch instead");
        return true;
    }
    if (no_screen) {
        warn("%s: --batch instead", no_screen);
        return true;
    }
    if (!has_keys()) {
        warn("no terminal for keys: --batch instead");
        return true;
    }
    if (option) {
        die(DIE_USAGE, "--%s: only for a report: add --batch", option);
    }
    return false;
}

FILE *
batch_open(const struct options *options)
{
    FILE *file = options->output ? fopen(options->output, "we") : stderr;

    if (!file) {
        die(DIE_USAGE, "%s: cannot write it: %s", options->output,
            strerror(errno));
    }
    return file;
}

/* Each signal reaches the script once.  What the terminal sends it sends to
 * the whole process group, and the script is in it; but that it is closed it
 * tells only the leader of the session, which we may be. */
static void
pass_signals(struct session *session, struct witness *witness)
{
    int signal;

    while ((signal = signals_next())) {
        bool ours = signal == SIGTERM || signal == SIGHUP
            || signal == SIGINT || signal == SIGQUIT || signal == SIGCONT;
        if (ours && (signals_from_process() || signal == SIGHUP)
            && !witness_saw(witness, signal)) {
            session_signal(session, signal);
        }
    }
}

static int
finish(struct batch_report *report, const struct options *options,
       FILE *file, int result)
{
    if (batch_report_traced(report)
        && (options->output || batch_report_script_ran(report))) {
        result |= batch_report_write(report, file);
    }
    if (file != stderr && fclose(file) != 0) {
        result = -1;
    }
    if (result < 0) {
        warn("%s: cannot write the report: %s",
             options->output ? options->output : "standard error",
             strerror(errno));
    }
    return result;
}

int
batch_run(struct session *session, const struct options *options, FILE *file)
{
    struct batch_report report;
    struct witness witness;
    struct pollfd fds[SESSION_FDS];
    double next = options->interval;
    int result = 0;

    signals_share_with_script();
    if (witness_start(&witness) < 0) {
        warn("a signal to the process group may reach the script twice: %s",
             strerror(errno));
    }
    batch_report_init(&report, session, options);
    while (!session_ended(session)) {
        session_fds(session, fds);
        session_wait(session, fds, SESSION_FDS, next > 0 ? TURN_MS : LOOK_MS);
        session_poll(session);
        pass_signals(session, &witness);
        if (next > 0 && session_seconds(session) >= next
            && !session_ended(session)) {
            result |= batch_report_write(&report, file);
            while (next <= session_seconds(session)) {
                next += options->interval;
            }
        }
    }
    result = finish(&report, options, file, result);
    batch_report_release(&report);
    witness_release(&witness);
    return result;
}
