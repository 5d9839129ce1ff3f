/* SPDX-License-Identifier: MIT
 *
 * The live screen: shared state of its parts, and what they may ask of it.
 *
 * One frame is one consistent copy of the counters (ui->live).  Views show
 * ui->shown, which is the live copy, a frozen one or a kept snapshot, against
 * ui->base, which is NULL or a snapshot.  Both stay valid for the frame.
 */
#ifndef PYMTOP_UI_UI_H
#define PYMTOP_UI_UI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "region/region.h"
#include "ui/prompt.h"
#include "ui/screen.h"
#include "ui/view.h"

struct catalog;
struct history;
struct options;
struct output;
struct session;
struct snapshot;
struct snapshot_list;

#define UI_VIEWS_MAX 10
#define UI_NS 1000000000ull         /* a second */

enum moment {
    MOMENT_NOW,
    MOMENT_AT_PEAK,
    MOMENT_EVER,
    MOMENT_PAST                     /* a kept snapshot, ui->past */
};

/* The switches; each off its default is a badge. */
enum badge {
    BADGE_NONE, BADGE_MOMENT, BADGE_FROZEN, BADGE_DIFF, BADGE_CHARGE,
    BADGE_LIBRARY, BADGE_FILTER, BADGE_COUNT
};

struct switches {
    enum moment moment;
    const struct snapshot *past;    /* MOMENT_PAST; owned by the list */
    bool diff;
    const struct snapshot *base;    /* of the diff; owned by the list */
    bool base_peak;                 /* the base is the peak, not a snapshot */
    bool cumulative;                /* c */
    bool mine;                      /* l */
    char *filter;                   /* owned; NULL: none */
    bool frozen;
    bool exact;                     /* e: bytes, not KiB */
    bool graph, last_minute;        /* # and z */
    enum badge order[BADGE_COUNT];  /* badges that are on, oldest first */
};

struct ui {
    struct screen *screen;
    struct session *session;
    const struct options *options;
    struct region *region;          /* the session's */

    /* This frame. */
    uint64_t now_ns;                /* CLOCK_MONOTONIC */
    struct snapshot *live;          /* newest copy; owned */
    const struct snapshot *shown;   /* what tables show; see above */
    const struct snapshot *base;    /* NULL: no diff */
    struct snapshot *frozen;        /* owned; NULL: not frozen */
    /* Counts up whenever rows must be made anew: a new copy, a switch.  A
     * view may remember it to skip work. */
    uint64_t data;

    struct catalog *catalog;        /* contexts → file, function, line */
    struct snapshot_list *snapshots;
    struct history *history;
    struct switches switches;

    struct view views[UI_VIEWS_MAX];
    int view_count;
    int current;                    /* index in views */
    struct view page;               /* ops == NULL: no page is open */
    struct rect body;               /* where the view was drawn at last */

    struct prompt prompt;           /* .kind == PROMPT_NONE: none */
    char *needle;                   /* the last search; owned */

    char message[256];              /* shown instead of a hint */
    uint64_t message_until_ns;
    uint64_t key_ns;                /* when a key was pressed last */
    uint64_t used[2];               /* keys used so far, a bit an action */
    struct output *output;          /* the script's terminal; owned */
    bool talking;                   /* keys go to the script */
    bool help;
    int help_top;
    bool quit;                      /* leave the loop */
    bool ended;                     /* the script has ended */
};

/* Run the screen until the user quits.  Returns pymtop's exit status: the
 * script's.  Nothing is drawn if the script ends unsuccessfully before the
 * first frame: then its output is printed and its status returned. */
int ui_run(struct session *session, const struct options *options);

/* Show a message instead of the hint for 4 seconds. */
void ui_say(struct ui *ui, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Rows must be made anew (a switch changed). */
void ui_changed(struct ui *ui);
/* The view or page that has the keys. */
struct view *ui_view(struct ui *ui);
/* Show the view with this digit; false: there is none.  The cursor goes to
 * the same place there if it can. */
bool ui_show(struct ui *ui, char digit);
/* Open a page over the view (its init is called), or close it. */
void ui_page_open(struct ui *ui, const struct view_ops *ops);
void ui_page_close(struct ui *ui);
/* Open the source page on a place; says so when there is no source. */
void ui_open_place(struct ui *ui, const struct place *place);
/* Set the filter to text ("" ends it) and show the view with this digit. */
void ui_filter(struct ui *ui, const char *text);
/* A switch was put on or off: keeps the badges in order. */
void ui_badge(struct ui *ui, enum badge badge, bool on);

#endif
