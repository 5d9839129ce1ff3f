/* SPDX-License-Identifier: MIT
 *
 * The processes of a run, as values: the script and its children that are
 * Python, those that run and those that have ended.  Whoever watches them
 * fills it in (launcher/children.c); the screen and the reports read it.
 *
 * Peaks of several processes were not at one moment, so they are never added.
 */
#ifndef PYMTOP_MODEL_PROCESS_TABLE_H
#define PYMTOP_MODEL_PROCESS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"

#define PROCESS_SCRIPT 0            /* its id */
#define PROCESS_NONE UINT32_MAX

enum process_state {
    PROCESS_RUNNING,
    PROCESS_ENDED,          /* nobody told us how */
    PROCESS_EXITED,         /* with .status */
    PROCESS_KILLED,         /* by signal .status */
    PROCESS_REPLACED        /* another program runs there, by exec */
};

struct process {
    uint32_t id;            /* counts up from PROCESS_SCRIPT, never used again */
    uint32_t parent;        /* its id; PROCESS_NONE: not in the table */
    int32_t pid, parent_pid;
    int slot;               /* of the region; -1: its tables are not kept */
    bool forked;            /* else it was started by exec */
    bool traced;            /* else refusal says why not */
    enum process_state state;
    int status;
    char *command;          /* owned; not made safe for a terminal */
    char *refusal;          /* owned; NULL: none */
    uint64_t start_ns, end_ns;      /* end_ns 0: it runs */
    int64_t bytes, blocks;          /* traced, now or in its last state */
    int64_t peak_bytes, peak_blocks;
    uint64_t peak_ns;
    uint64_t ever_bytes, ever_blocks;
    int64_t rss_bytes;              /* 0: not known, or gone */
    /* By what the watcher knows it again. */
    uint64_t start_ticks;
};

struct process_table {
    struct process *items;  /* owned; by id */
    size_t count, room;
    uint32_t next_id;
    uint64_t dropped;       /* ended ones that have no row any more */
    uint64_t refused;       /* Pythons for which there was no room */
};

void process_table_release(struct process_table *table);

/* A new process, all zero but for its id.  Pointers to others move. */
struct process *process_table_add(struct process_table *table);
/* By id, or NULL. */
struct process *process_table_find(const struct process_table *table,
                                   uint32_t id);
/* The newest one with this pid, NULL: none. */
struct process *process_table_by_pid(const struct process_table *table,
                                     int32_t pid);
/* Forget the oldest ended ones without tables while there are more than
 * `most` rows; counted in dropped. */
void process_table_trim(struct process_table *table, size_t most);

/* It holds memory now. */
bool process_runs(const struct process *process);

struct process_sum {
    unsigned running;
    int64_t bytes, blocks, rss_bytes;
};
/* Over all that run. */
struct process_sum process_table_sum(const struct process_table *table);

/* `running`, `exited 0`, `ended`, ... */
void process_state_words(const struct process *process, char *out,
                         size_t out_size);
/* `fork of 41207`, `python worker.py`, `exec: python x.py`; and, if it is not
 * traced, why. */
void process_words(const struct process *process, struct strbuf *out);

/* The rows in the order to show them: biggest first, or as a tree, children
 * below their parents, siblings biggest first. */
struct process_row {
    uint32_t at;            /* in items */
    unsigned depth;         /* 0: in the list, and roots of the tree */
    uint64_t last;          /* bit d: its ancestor at depth d (or itself) is
                               the last of its siblings; up to 63 */
};
/* rows: room for table->count. */
void process_table_order(const struct process_table *table, bool tree,
                         struct process_row *rows);

#endif
