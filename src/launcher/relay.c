/* SPDX-License-Identifier: MIT */
#include "launcher/relay.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/terminal_size.h"
#include "launcher/session.h"
#include "launcher/signals.h"

struct relay {
    struct session *session;
    bool raw;               /* our terminal passes keys as they are */
    struct termios modes;   /* to be restored */
};

static void
give_back(struct relay *relay)
{
    if (relay->raw) {
        tcsetattr(relay->session->keys, TCSADRAIN, &relay->modes);
        relay->raw = false;
    }
}

/* Our terminal does nothing by itself: the script's does it. */
static void
take_over(struct relay *relay)
{
    struct termios raw;
    struct winsize size;

    if (!relay->raw && relay->session->keys >= 0
        && tcgetattr(relay->session->keys, &relay->modes) == 0) {
        raw = relay->modes;
        cfmakeraw(&raw);
        relay->raw = tcsetattr(relay->session->keys, TCSADRAIN, &raw) == 0;
    }
    if (terminal_size(STDOUT_FILENO, &size)) {
        session_resize(relay->session, size.ws_row, size.ws_col);
    }
}

static void
stop_both(struct relay *relay)
{
    session_signal_foreground(relay->session, SIGTSTP);
    give_back(relay);
    signals_stop();
    take_over(relay);
    session_signal_foreground(relay->session, SIGCONT);
}

static void
handle_signal(struct relay *relay, int signal)
{
    switch (signal) {
    case SIGWINCH:
        take_over(relay);
        break;
    case SIGTSTP:
        stop_both(relay);
        break;
    case SIGINT:
    case SIGQUIT:
        session_signal_foreground(relay->session, signal);
        break;
    case SIGTERM:
    case SIGHUP:
        give_back(relay);
        signals_die(signal);
    default:
        break;
    }
}

static void
pass_keys(struct relay *relay)
{
    char keys[4096];
    ssize_t got = read(relay->session->keys, keys, sizeof(keys));

    if (got <= 0) {
        /* Our terminal is gone. */
        give_back(relay);
        signals_die(SIGHUP);
    }
    char suspend = (char)relay->modes.c_cc[VSUSP];
    if (memchr(keys, suspend, (size_t)got)) {
        stop_both(relay);
        return;
    }
    session_write(relay->session, keys, (size_t)got);
}

static void
pass_output(struct relay *relay)
{
    char output[65536];
    ssize_t got;

    while ((got = session_read(relay->session, output,
                               sizeof(output))) > 0) {
        for (ssize_t sent = 0; sent < got;) {
            ssize_t some = write(STDOUT_FILENO, output + sent,
                                 (size_t)(got - sent));
            if (some <= 0) {
                return;
            }
            sent += some;
        }
    }
}

void
relay_run(struct session *session)
{
    struct relay relay = {.session = session};
    struct pollfd fds[SESSION_FDS + 1];
    int signal;

    if (session_ended(session)) {
        return;
    }
    take_over(&relay);
    while (!session_ended(session)) {
        session_fds(session, fds);
        fds[SESSION_FDS] = (struct pollfd){
            .fd = session->keys, .events = POLLIN
        };
        poll(fds, SESSION_FDS + 1, -1);
        session_poll(session);
        while ((signal = signals_next())) {
            handle_signal(&relay, signal);
        }
        if (fds[SESSION_FDS].revents) {
            pass_keys(&relay);
        }
        pass_output(&relay);
    }
    pass_output(&relay);
    give_back(&relay);
}
