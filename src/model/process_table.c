/* SPDX-License-Identifier: MIT */
#include "model/process_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

#define DEPTH_MAX 63

static void
release(struct process *process)
{
    free(process->command);
    free(process->refusal);
}

void
process_table_release(struct process_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        release(&table->items[i]);
    }
    free(table->items);
    memset(table, 0, sizeof(*table));
}

struct process *
process_table_add(struct process_table *table)
{
    table->items = xgrow(table->items, &table->room, table->count + 1,
                         sizeof(table->items[0]));
    struct process *process = &table->items[table->count++];
    *process = (struct process){.id = table->next_id++,
                                .parent = PROCESS_NONE};
    return process;
}

struct process *
process_table_find(const struct process_table *table, uint32_t id)
{
    size_t low = 0, high = table->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (table->items[middle].id < id) {
            low = middle + 1;
        }
        else {
            high = middle;
        }
    }
    return low < table->count && table->items[low].id == id
        ? &table->items[low] : NULL;
}

struct process *
process_table_by_pid(const struct process_table *table, int32_t pid)
{
    for (size_t i = table->count; i-- > 0; ) {
        if (table->items[i].pid == pid) {
            return &table->items[i];
        }
    }
    return NULL;
}

void
process_table_trim(struct process_table *table, size_t most)
{
    size_t excess = table->count > most ? table->count - most : 0, kept = 0;

    if (excess == 0) {
        return;
    }
    for (size_t i = 0; i < table->count; i++) {
        struct process *process = &table->items[i];
        if (excess > 0 && process->slot < 0 && !process_runs(process)) {
            release(process);
            excess--;
            table->dropped++;
        }
        else {
            table->items[kept++] = *process;
        }
    }
    table->count = kept;
}

bool
process_runs(const struct process *process)
{
    return process->state == PROCESS_RUNNING;
}

struct process_sum
process_table_sum(const struct process_table *table)
{
    struct process_sum sum = {0};

    for (size_t i = 0; i < table->count; i++) {
        const struct process *process = &table->items[i];
        if (process_runs(process)) {
            sum.running++;
            sum.bytes += process->bytes;
            sum.blocks += process->blocks;
            sum.rss_bytes += process->rss_bytes;
        }
    }
    return sum;
}

/* --- words ----------------------------------------------------------------*/

void
process_state_words(const struct process *process, char *out,
                    size_t out_size)
{
    static const char *const words[] = {
        [PROCESS_RUNNING] = "running", [PROCESS_ENDED] = "ended",
        [PROCESS_EXITED] = "exited", [PROCESS_KILLED] = "killed by",
        [PROCESS_REPLACED] = "replaced",
    };

    if (process->state == PROCESS_EXITED
        || process->state == PROCESS_KILLED) {
        snprintf(out, out_size, "%s %d", words[process->state],
                 process->status);
    }
    else {
        snprintf(out, out_size, "%s", words[process->state]);
    }
}

/* The command without the directory of its program. */
static const char *
short_command(const struct process *process)
{
    const char *command = process->command != NULL ? process->command : "";
    size_t end = strcspn(command, " ");

    while (end > 0 && command[end - 1] != '/') {
        end--;
    }
    return command + end;
}

void
process_words(const struct process *process, struct strbuf *out)
{
    if (process->forked) {
        strbuf_addf(out, "fork of %d", process->parent_pid);
    }
    else {
        strbuf_addf(out, "%s%s",
                    process->id != 0 && process->parent_pid == process->pid
                    ? "exec: " : "", short_command(process));
    }
    if (!process->traced) {
        strbuf_addf(out, ", not traced: %s",
                    process->refusal != NULL ? process->refusal : "?");
    }
}

/* --- order ----------------------------------------------------------------*/

static int
compare(const void *a, const void *b, void *items)
{
    const struct process *x = &((struct process *)items)[*(const uint32_t *)a];
    const struct process *y = &((struct process *)items)[*(const uint32_t *)b];

    if (process_runs(x) != process_runs(y)) {
        return process_runs(x) ? -1 : 1;
    }
    if (x->bytes != y->bytes) {
        return x->bytes > y->bytes ? -1 : 1;
    }
    return x->id < y->id ? -1 : 1;
}

/* Families as lists: of each, its first child and its next sibling, by place
 * in items; one more place is the parent of those that have none. */
struct family {
    uint32_t first, next;
};

static void
add_children(const struct family *families, uint32_t parent,
             struct process_row above, struct process_row **rows)
{
    struct process_row row = above;

    for (uint32_t at = families[parent].first; at != PROCESS_NONE;
         at = families[at].next) {
        bool last = families[at].next == PROCESS_NONE;
        row.at = at;
        row.last = above.last | (uint64_t)last << row.depth;
        *(*rows)++ = row;
        struct process_row below = row;
        below.depth += row.depth < DEPTH_MAX;
        add_children(families, at, below, rows);
    }
}

static void
order_as_tree(const struct process_table *table, const uint32_t *by_size,
              struct process_row *rows)
{
    uint32_t count = (uint32_t)table->count;
    struct family *families = xcalloc(count + 1, sizeof(*families));

    for (uint32_t i = 0; i <= count; i++) {
        families[i] = (struct family){PROCESS_NONE, PROCESS_NONE};
    }
    for (uint32_t i = count; i-- > 0; ) {
        uint32_t at = by_size[i];
        /* A parent is older than its children: no family is a circle. */
        const struct process *parent =
            table->items[at].parent < table->items[at].id
            ? process_table_find(table, table->items[at].parent) : NULL;
        uint32_t home = parent != NULL
            ? (uint32_t)(parent - table->items) : count;
        families[at].next = families[home].first;
        families[home].first = at;
    }
    add_children(families, count, (struct process_row){0}, &rows);
    free(families);
}

void
process_table_order(const struct process_table *table, bool tree,
                    struct process_row *rows)
{
    uint32_t *by_size = xcalloc(table->count + 1, sizeof(*by_size));

    for (uint32_t i = 0; i < table->count; i++) {
        by_size[i] = i;
    }
    qsort_r(by_size, table->count, sizeof(*by_size), compare, table->items);
    if (tree) {
        order_as_tree(table, by_size, rows);
    }
    for (uint32_t i = 0; !tree && i < table->count; i++) {
        rows[i] = (struct process_row){.at = by_size[i]};
    }
    free(by_size);
}
