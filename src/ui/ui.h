/* SPDX-License-Identifier: MIT
 *
 * The live screen: shared state of its parts, and what they may ask of it.
 *
 * One frame is one consistent copy of the counters (ui->live).  Views show
 * ui->shown, which is the live copy, a frozen one or a kept snapshot; the
 * model needs a table_request, and ui_request() makes it from the switches.
 */
#ifndef PYMTOP_UI_UI_H
#define PYMTOP_UI_UI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "launcher/session.h"
#include "model/catalog.h"
#include "model/column.h"
#include "model/filter.h"
#include "model/history.h"
#include "model/snapshot_list.h"
#include "model/table.h"
#include "model/trend.h"
#include "region/region.h"
#include "ui/prompt.h"
#include "ui/screen.h"
#include "ui/view.h"

struct options;
struct output;
struct source_cache;
struct watch;

#define UI_VIEWS_MAX 10
#define UI_NS 1000000000ull         /* a second */

/* The switches; each off its default is a badge. */
enum badge {
    BADGE_NONE, BADGE_MOMENT, BADGE_FROZEN, BADGE_DIFF, BADGE_CHARGE,
    BADGE_LIBRARY, BADGE_FILTER, BADGE_PROCESS, BADGE_COUNT
};

struct switches {
    enum moment moment;             /* now, at peak, ever */
    const struct snapshot *past;    /* a kept one is shown; NULL: now */
    bool diff;
    const struct snapshot *base;    /* of the diff, a kept one; NULL: peak */
    bool cumulative;                /* c */
    bool mine;                      /* l */
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

    /* The process that is shown; see watch.h. */
    uint32_t watched;               /* its id */
    struct watch *aside;            /* what is kept of others; owned */
    bool still;                     /* it has ended: nothing moves any more */

    /* This frame. */
    uint64_t now_ns;                /* CLOCK_MONOTONIC */
    struct region_copy copy;
    struct snapshot live;           /* a look at it */
    struct snapshot frozen;         /* shown while switches.frozen */
    const struct snapshot *shown;   /* live, frozen or kept; never NULL */
    /* Counts up whenever rows must be made anew: a new copy that differs, a
     * switch.  A view may remember it to skip work. */
    uint64_t data;
    uint64_t switched;              /* the same, but not for a new copy */
    uint64_t copies;                /* counts the copies that differ from the
                                       one before */
    uint64_t data_ns;               /* when it counted up last */
    uint64_t sort_all;              /* data at which all must sort at once */

    struct catalog catalog;         /* contexts → file, function, line */
    struct snapshot_list snapshots;
    struct history history;
    struct trend *trend;
    struct filter filter;
    struct switches switches;

    struct view views[UI_VIEWS_MAX];
    int view_count;
    int current;                    /* index in views */
    struct view page;               /* ops == NULL: no page is open */
    struct rect body;               /* where the view was drawn at last */

    struct prompt prompt;           /* .kind == PROMPT_NONE: none */
    char *needle;                   /* the last search; owned */

    /* The script and the machine, for the header; see frame.c. */
    double allocs_per_second, frees_per_second;
    uint64_t rates_ns;              /* when they were worked out */
    uint64_t tracer_bytes;
    uint32_t trouble;               /* TROUBLE_ bits */
    uint32_t reattribution;         /* enum reattribution */
    int64_t rss_bytes;              /* last known; 0: not yet */
    struct session_limits limits;
    uint64_t outside_ns;            /* when they were read */
    bool waits_for_input, tracing_paused, ending;
    bool leaving;                   /* see ending_look() */
    uint32_t contexts_looked_at;    /* by it */
    bool killed_here;               /* by us: K k, or q and k */
    char exception[256];            /* last line of its traceback, or "" */
    bool exception_known;

    char message[256];              /* shown instead of a hint */
    uint64_t message_until_ns;
    uint64_t key_ns;                /* when a key was pressed last */
    uint64_t used;                  /* actions used so far, a bit each */
    int hint;                       /* which one of hints.c is shown */
    uint64_t hint_ns;               /* since when */
    struct source_cache *sources;   /* owned */
    struct output *output;          /* the script's terminal; owned */
    bool talking;                   /* keys go to the script */
    uint64_t talked_ns;             /* when that ended */
    bool help;
    int help_top;
    bool dirty;                     /* something to draw */
    bool quit;                      /* leave the loop */
    bool detach;                    /* quit, but let the script run on */
    bool ended;                     /* the script has ended */
    int died;                       /* a signal that ends pymtop, 0: none */

    /* Where things were drawn, for the mouse; rows < 0: nowhere. */
    int tabs_row, footer_row, hint_row;
    struct rect graph;
    uint64_t click_ns;              /* the last click, for double ones */
    struct key click;
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
/* What the switches ask of the model, for a table or tree by `by`. */
struct table_request ui_request(struct ui *ui, enum table_by by);
/* How numbers are written: the screen's width, e, ASCII. */
struct column_style ui_style(const struct ui *ui);
/* The words of a total row: `= traced: 1,391 rows, now, own`, with a filter
 * `= 271.8 of 412.6 MiB traced: 31 rows`, in a diff `= 376.8 MiB → 412.6 MiB`.
 * total, traced_bytes and filtered as in struct table or struct tree; charge:
 * say own or cumulative too; cells: the room there is (shorter words then). */
void ui_total_words(struct ui *ui, char *out, size_t out_size,
                    const struct table_row *total, int64_t traced_bytes,
                    bool filtered, const char *noun, int64_t count,
                    bool charge, int cells);
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
/* Show a kept snapshot (NULL: now) in all views. */
void ui_show_past(struct ui *ui, const struct snapshot *past);
/* Start or end the diff against a kept snapshot (NULL: the peak). */
void ui_diff(struct ui *ui, bool on, const struct snapshot *base);
/* A kept snapshot is about to be deleted: nobody shows it any more. */
void ui_forget(struct ui *ui, const struct snapshot *snapshot);
/* Words of a moment: `now`, `peak`, `#2`, `start`, `00:00:40`. */
void ui_moment_words(const struct ui *ui, const struct snapshot *snapshot,
                     char *out, size_t out_size);

#endif
