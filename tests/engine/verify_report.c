/* SPDX-License-Identifier: MIT */
#include "verify.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/ledger_book.h"
#include "engine/slot.h"
#include "engine/thread.h"
#include "engine/verify.h"

#define TOLD_MAX 10

struct verify_counts verify_counts;
uint64_t verify_perturb_context, verify_perturb_block;

static char path[4096];
static long perturb_row = -1;

bool
verify_differs(void)
{
    return verify_counts.differences++ < TOLD_MAX;
}

/* The script may close any file, so none is kept open.  Whole lines go out
 * in one write: parent and children share the file. */
void
verify_say(const char *format, ...)
{
    static char text[1024];
    int error = errno;          /* is the script's */
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (len >= (int)sizeof text) {
        len = sizeof text - 1;
    }
    int fd = path[0] == '\0' ? 2
             : open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (fd < 0 || write(fd, text, (size_t)len) != len) {
        abort();
    }
    if (path[0] != '\0') {
        close(fd);
    }
    errno = error;
}

static void
finish(void)
{
    const struct verify_counts *c = &verify_counts;
    verify_recount();
    verify_say("statistics pid=%d forked=%u checked=%" PRIu64 " walks=%"
               PRIu64 " frames=%" PRIu64 " operations=%" PRIu64 " recounts=%"
               PRIu64 " blocks=%" PRIu64 " contexts=%u lost=%" PRIu64
               " trouble=%u differences=%" PRIu64 "\n",
               (int)getpid(), slot.head->forked, c->checked, c->walks,
               c->frames, c->operations, c->recounts, c->blocks,
               slot.head->contexts, slot.head->totals.lost_blocks,
               slot.head->trouble, c->differences);
}

void
verify_end(void)
{
    finish();
}

static bool shared_by_one;

void
verify_begin_shared(void)
{
    while (__atomic_test_and_set(&shared_by_one, __ATOMIC_ACQUIRE)) {
        sched_yield();
    }
}

void
verify_end_shared(void)
{
    __atomic_clear(&shared_by_one, __ATOMIC_RELEASE);
}

int
pymtop_verify(void)
{
    if (slot.head == NULL || thread.busy || ledger.off) {
        return -1;
    }
    int result = -1;
    thread.busy = true;
    struct booking booking = ledger_enter();
    if (booking.head != NULL) {
        finish();
        result = (int)verify_counts.differences;
        ledger_leave(booking);
    }
    thread.busy = false;
    return result;
}

/* A child counts what is its own. */
static void
start_in_child(void)
{
    verify_counts = (struct verify_counts){ 0 };
}

static uint64_t
perturbation(const char *text, const char *what)
{
    size_t len = strlen(what);
    return text != NULL && strncmp(text, what, len) == 0
           ? strtoull(text + len, NULL, 10) : 0;
}

const struct offsets *
verify_row(const struct offsets *row)
{
    static struct offsets wrong;
    if (row == NULL || perturb_row < 0) {
        return row;
    }
    wrong = *row;
    *(int *)(void *)((char *)&wrong + perturb_row) += 8;
    return &wrong;
}

/* Before the engine reads the environment. */
static __attribute__((constructor)) void
start(void)
{
    const char *file = getenv("PYMTOP_VERIFY_FILE");
    const char *perturb = getenv("PYMTOP_VERIFY_PERTURB");
    if (file != NULL) {
        snprintf(path, sizeof path, "%s", file);
    }
    verify_perturb_context = perturbation(perturb, "context:");
    verify_perturb_block = perturbation(perturb, "block:");
    perturb_row = (long)perturbation(perturb, "row:") - 1;
    pthread_atfork(NULL, NULL, start_in_child);
}

/* A process whose interpreter did not finalise. */
static __attribute__((destructor)) void
stop(void)
{
    pymtop_verify();
}
