/* SPDX-License-Identifier: MIT */
#include "launcher/children.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "base/xalloc.h"
#include "launcher/process.h"
#include "region/region_shares.h"

#define LOOK_NS 250000000u
#define NEW_CLAIMS 8                /* so many new ones do not wait */

#define LOAD(field) __atomic_load_n(&(field), __ATOMIC_RELAXED)

void
children_init(struct children *children, struct region *region)
{
    *children = (struct children){.region = region};
}

void
children_release(struct children *children)
{
    process_table_release(&children->table);
}

static struct process *
of_slot(const struct children *children, unsigned slot)
{
    uint32_t id = children->of_slot[slot];

    return id == 0 ? NULL : process_table_find(&children->table, id - 1);
}

/* A text that another process has written. */
static char *
copy_text(const char *text, size_t size)
{
    return xstrndup(text, strnlen(text, size - 1));
}

/* --- one process ----------------------------------------------------------*/

static void
read_numbers(struct children *children, struct process *process)
{
    const struct slot_head *head = process->slot < 0 ? NULL
        : region_slot(children->region, (unsigned)process->slot);

    if (head == NULL) {
        return;
    }
    struct region_totals totals;
    region_load_totals(&totals, &head->totals);
    region_shares_now(children->region, (unsigned)process->slot, &totals);
    process->bytes = totals.bytes;
    process->blocks = totals.blocks;
    process->peak_bytes = totals.peak_bytes;
    process->peak_blocks = totals.peak_blocks;
    process->peak_ns = totals.peak_ns;
    process->ever_bytes = totals.alloc_bytes;
    process->ever_blocks = totals.allocs;
}

static void
note_end(struct children *children, struct process *process,
         enum process_state state, uint64_t now_ns)
{
    read_numbers(children, process);
    process->state = state;
    process->end_ns = now_ns;
    process->rss_bytes = 0;
}

/* Claimed, but not filled in: its process is about to, could not map it, or
 * has died before. */
static void
free_orphan(struct region *region, unsigned slot)
{
    if (kill(region_slot_owner(region, slot), 0) < 0 && errno == ESRCH) {
        region_slot_free(region, slot);
    }
}

/* The engine has filled in a slot: there is a process more. */
static void
add_process(struct children *children, unsigned slot, uint64_t now_ns)
{
    const struct slot_head *head = region_slot(children->region, slot);
    struct process_table *table = &children->table;
    struct process *before = process_table_by_pid(table, head->pid);
    struct process *parent = process_table_by_pid(table, head->parent_pid);
    uint32_t parent_id = slot == 0 || parent == NULL ? PROCESS_NONE
                                                     : parent->id;

    if (before != NULL && process_runs(before)) {
        note_end(children, before, before->start_ticks == head->start_ticks
                 ? PROCESS_REPLACED : PROCESS_ENDED, now_ns);
    }
    struct process *process = process_table_add(table);
    process->parent = parent_id;
    process->pid = head->pid;
    process->parent_pid = head->parent_pid;
    process->slot = (int)slot;
    process->forked = head->forked != 0;
    process->traced = true;
    process->command = copy_text(head->command, sizeof(head->command));
    process->start_ns = head->start_ns;
    process->start_ticks = head->start_ticks;
    read_numbers(children, process);
    children->of_slot[slot] = process->id + 1;
}

/* Does it run still, and the same program?  Of its end the script's own
 * parent knows better. */
static void
check_alive(struct children *children, struct process *process,
            const struct slot_head *head, uint64_t now_ns)
{
    struct process_look look;
    enum process_life life = process_look(process->pid, &look);

    if (life == LIFE_UNKNOWN) {
        return;                 /* no slot is taken from one that may live */
    }
    if (life == LIFE_ENDED || (process->start_ticks != 0
                               && look.start_ticks != process->start_ticks)) {
        if (process->id != PROCESS_SCRIPT) {
            note_end(children, process, PROCESS_ENDED, now_ns);
        }
    }
    else if (!process_executes(process->pid, head->auxv)) {
        note_end(children, process, PROCESS_REPLACED, now_ns);
    }
    else {
        process->rss_bytes = look.rss_bytes;
    }
}

static void
look_at(struct children *children, unsigned slot, uint64_t now_ns)
{
    const struct slot_head *head = region_slot(children->region, slot);
    struct process *process = of_slot(children, slot);

    if (head == NULL || process == NULL || !process_runs(process)) {
        return;
    }
    read_numbers(children, process);
    check_alive(children, process, head, now_ns);
    if (__atomic_load_n(&head->state, __ATOMIC_ACQUIRE) == SLOT_REFUSED
        && process->traced) {
        process->traced = false;
        process->refusal = copy_text(head->refusal, sizeof(head->refusal));
    }
}

/* Those that have a slot and no row yet, in the order in which they came. */
static void
welcome(struct children *children, uint64_t now_ns)
{
    struct region *region = children->region;
    struct newcomer {
        uint32_t claim;
        unsigned slot;
    } fresh[REGION_SLOTS_MAX];
    unsigned count = 0;

    for (unsigned slot = 0; slot < region_slots(region); slot++) {
        const struct slot_head *head = children->of_slot[slot] != 0
            ? NULL : region_slot(region, slot);
        if (head == NULL) {
            continue;
        }
        if (__atomic_load_n(&head->state, __ATOMIC_ACQUIRE) == SLOT_FREE) {
            free_orphan(region, slot);
            continue;
        }
        unsigned at = count++;
        uint32_t claim = LOAD(head->claim);
        for (; at > 0 && fresh[at - 1].claim > claim; at--) {
            fresh[at] = fresh[at - 1];
        }
        fresh[at] = (struct newcomer){claim, slot};
    }
    for (unsigned i = 0; i < count; i++) {
        add_process(children, fresh[i].slot, now_ns);
    }
}

/* --- slots of those that have ended ---------------------------------------*/

static unsigned
most_kept(const struct children *children)
{
    unsigned quarter = region_slots(children->region) / 4;

    return quarter < CHILDREN_KEPT ? quarter : CHILDREN_KEPT;
}

/* The one to give up: of those that are not among the newest half of what is
 * kept, the one with the smallest peak. */
static struct process *
least_wanted(const struct children *children, unsigned ended)
{
    struct process *least = NULL;
    unsigned newest = most_kept(children) / 2;
    unsigned older = ended > newest ? ended - newest : 1;

    for (size_t i = 1; i < children->table.count && older > 0; i++) {
        struct process *process = &children->table.items[i];
        if (process->slot < 0 || process_runs(process)) {
            continue;
        }
        older--;
        if (process->id != children->held
            && (least == NULL || process->peak_bytes < least->peak_bytes)) {
            least = process;
        }
    }
    return least;
}

static void
give_up(struct children *children, struct process *process)
{
    children->of_slot[process->slot] = 0;
    region_slot_free(children->region, (unsigned)process->slot);
    process->slot = -1;
}

static void
keep_some(struct children *children)
{
    struct process *process = NULL;

    do {
        unsigned ended = 0;
        uint64_t bytes = 0;

        for (size_t i = 1; i < children->table.count; i++) {
            process = &children->table.items[i];
            if (process->slot >= 0 && !process_runs(process)) {
                ended++;
                bytes += region_slot_bytes(children->region,
                                           (unsigned)process->slot);
            }
        }
        process = ended > most_kept(children)
            || (ended > 1 && bytes > CHILDREN_KEPT_BYTES)
            ? least_wanted(children, ended) : NULL;
        if (process != NULL) {
            give_up(children, process);
        }
    } while (process != NULL);
    process_table_trim(&children->table, CHILDREN_ROWS);
}

/* --- looking --------------------------------------------------------------*/

void
children_look(struct children *children, uint64_t now_ns)
{
    struct region *region = children->region;

    children->claims = region_claims(region);
    children->looked_ns = now_ns;
    welcome(children, now_ns);
    for (unsigned slot = 0; slot < region_slots(region); slot++) {
        look_at(children, slot, now_ns);
    }
    keep_some(children);
    children->table.refused = region_refused(region);
    children->running = 0;
    for (size_t i = 1; i < children->table.count; i++) {
        children->running += process_runs(&children->table.items[i]);
    }
}

bool
children_beat(struct children *children, uint64_t now_ns)
{
    if (now_ns - children->looked_ns < LOOK_NS
        && region_claims(children->region) - children->claims
           < NEW_CLAIMS) {
        return false;
    }
    children_look(children, now_ns);
    return true;
}

void
children_set_script(struct children *children, enum process_state state,
                    int status, uint64_t end_ns)
{
    struct process *script =
        process_table_find(&children->table, PROCESS_SCRIPT);

    if (script == NULL || !process_runs(script)) {
        return;
    }
    script->status = status;
    if (state != PROCESS_RUNNING) {
        note_end(children, script, state, end_ns);
    }
}
