/* SPDX-License-Identifier: MIT */
#include "engine.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "code_table.h"
#include "follow.h"
#include "fork.h"
#include "free_lists.h"
#include "hooks.h"
#include "ledger.h"
#include "python_api.h"
#include "python_arenas.h"
#include "slot.h"
#include "thread.h"

#define STATUS_CANNOT_TRACE 125
#define PRECONFIG_SIZE 512          /* sizeof(PyPreConfig) is 40 to 60 */

static bool is_child;               /* not the main script: never ended */

static _Noreturn void
refuse(const char *why)
{
    if (slot.header == NULL) {
        /* The monitor would look there. */
        fprintf(stderr, "pymtop: %s\n", why);
    }
    else {
        snprintf(slot.header->refusal, sizeof slot.header->refusal, "%s",
                 why);
    }
    if (slot.head != NULL) {
        ledger_refuse(why);
    }
    _exit(STATUS_CANNOT_TRACE);
}

static void
preinitialize(int argc, char **argv)
{
    uint64_t preconfig[PRECONFIG_SIZE / 8];
    python.init_preconfig(preconfig);
    /* An error here comes again in Python's own main, which reports it. */
    python.preinitialize(preconfig, argc, argv);
}

void
engine_refuse_row(const char *field)
{
    const char *why = python_api_misfit(field);
    if (is_child) {
        ledger_refuse(why);
    }
    else {
        refuse(why);
    }
}

/* The slot is claimed: begin.  Returns why not, then nothing was changed. */
static const char *
trace(void *handle, int argc, char **argv)
{
    const char *why = python_api_find(handle);
    if (why != NULL) {
        return why;
    }
    slot.head->python_hex = python.hex;
    if (ledger_init() < 0) {
        return "no memory for the ledger: is the address space limited "
               "(ulimit -v)?";
    }
    if (thread_init() < 0) {
        return "no memory for threads: all keys are taken "
               "(PTHREAD_KEYS_MAX)";
    }
    fork_watch();
    slot.head->has_jit = code_table_has_jit();
    slot.head->reattribution = free_lists_start(
        handle == RTLD_DEFAULT ? RTLD_NEXT : handle);
    follow_set_parent(slot.head->pid);
    preinitialize(argc, argv);
    hooks_install();
    python_arenas_watch();
    __atomic_store_n(&slot.head->state, SLOT_RUNNING, __ATOMIC_RELEASE);
    return NULL;
}

void
engine_start(void *handle, int region, int argc, char **argv)
{
    const char *why = slot_open(region);
    if (why == NULL && slot_claim(region, 0, argv) < 0) {
        why = "the shared region cannot be mapped: is the address space "
              "limited (ulimit -v)?";
    }
    close(region);
    if (why == NULL) {
        why = trace(handle, argc, argv);
    }
    if (why != NULL) {
        refuse(why);
    }
}

void
engine_start_child(int argc, char **argv)
{
    int error = errno;
    int fd = follow_open();
    if (fd < 0) {
        return;
    }
    is_child = true;
    bool claimed = slot_open(fd) == NULL
                   && slot_claim(fd, follow_parent(), argv) == 0;
    close(fd);
    const char *why = claimed ? trace(RTLD_DEFAULT, argc, argv) : NULL;
    if (why != NULL) {
        ledger_refuse(why);
    }
    if ((!claimed || why != NULL) && slot.header != NULL) {
        slot_close();
    }
    errno = error;
}
