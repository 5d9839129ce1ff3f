/* SPDX-License-Identifier: MIT */
#include "engine.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

static void
refuse(const char *why)
{
    if (slot.header != NULL) {
        snprintf(slot.header->refusal, sizeof slot.header->refusal, "%s",
                 why);
    }
    if (slot.head != NULL) {
        ledger_refuse(why);
    }
    _exit(STATUS_CANNOT_TRACE);
}

/* The environment as the user typed it.  Returns the region's fd. */
static int
clean_environment(void)
{
    const char *region = getenv("PYMTOP_REGION");
    int fd = region == NULL ? -1 : atoi(region);
    const char *preload = getenv("PYMTOP_LD_PRELOAD");
    if (preload != NULL) {
        setenv("LD_PRELOAD", preload, 1);
    }
    else if (getenv("PYMTOP_LIBPYTHON") == NULL) {
        unsetenv("LD_PRELOAD");
    }
    unsetenv("PYMTOP_REGION");
    unsetenv("PYMTOP_LD_PRELOAD");
    unsetenv("PYMTOP_LIBPYTHON");
    return fd;
}

static void
attach(int fd)
{
    const char *why = slot_open(fd);
    if (why != NULL) {
        refuse(why);
    }
    if (slot_claim(fd) < 0) {
        refuse("the shared region cannot be mapped: is the address space "
               "limited (ulimit -v)?");
    }
    close(fd);
}

/* Symbols of the interpreter; the real _Py_NewReference is the one behind
 * ours. */
static void
find_python(void *handle)
{
    const char *why = python_api_find(handle);
    if (why != NULL) {
        refuse(why);
    }
    void *next = dlsym(handle == RTLD_DEFAULT ? RTLD_NEXT : handle,
                       "_Py_NewReference");
    memcpy(&python.new_reference, &next, sizeof next);
    slot.head->python_hex = python.hex;
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
engine_start(void *handle, int argc, char **argv)
{
    int fd = clean_environment();
    if (fd < 0) {
        return;
    }
    attach(fd);
    find_python(handle);
    if (ledger_init() < 0) {
        refuse("no memory for the ledger: is the address space limited "
               "(ulimit -v)?");
    }
    thread_init();
    fork_watch();
    slot.head->reattribution = free_lists_start(
        handle == RTLD_DEFAULT ? RTLD_NEXT : handle);
    preinitialize(argc, argv);
    hooks_install();
    python_arenas_watch();
    __atomic_store_n(&slot.head->state, SLOT_RUNNING, __ATOMIC_RELEASE);
}
