/* SPDX-License-Identifier: MIT
 *
 * View 7: the script and its children that are Python.
 */
#ifndef PYMTOP_UI_VIEW_PROCESSES_H
#define PYMTOP_UI_VIEW_PROCESSES_H

#include "model/process_table.h"
#include "ui/view.h"

extern const struct view_ops processes_view;

/* The inside, for view_processes.c and processes_draw.c only. */
struct process_line {
    uint32_t id;
    unsigned depth;             /* as in struct process_row */
    uint64_t last;
};

struct processes_state {
    struct process_line *lines; /* owned */
    size_t count, room;
    bool list;                  /* t: biggest first, no tree */
};

/* What a process holds, in the same frame as the header. */
int64_t processes_bytes(const struct ui *ui, const struct process *process);
int64_t processes_peak(const struct ui *ui, const struct process *process);
void processes_draw(struct view *view, struct ui *ui, struct rect rect);

#endif
