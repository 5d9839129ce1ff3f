/* SPDX-License-Identifier: MIT
 *
 * Allocations in the RAW domain without the GIL, for a script that calls this
 * through ctypes.CDLL, which releases it.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define KEPT 64

static void *(*raw_malloc)(size_t size);
static void *(*raw_calloc)(size_t count, size_t size);
static void *(*raw_realloc)(void *block, size_t size);
static void (*raw_free)(void *block);

static int
find(void *field, const char *name)
{
    void *symbol = dlsym(RTLD_DEFAULT, name);
    memcpy(field, &symbol, sizeof symbol);
    return symbol != NULL ? 0 : -1;
}

static uint32_t
next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* Allocate, move and free count times in the calling thread.  -1: this
 * process has no Python. */
int raw_churn(uint32_t count, uint32_t seed);

int
raw_churn(uint32_t count, uint32_t seed)
{
    void *kept[KEPT] = { 0 };
    if (find(&raw_malloc, "PyMem_RawMalloc") < 0
            || find(&raw_calloc, "PyMem_RawCalloc") < 0
            || find(&raw_realloc, "PyMem_RawRealloc") < 0
            || find(&raw_free, "PyMem_RawFree") < 0) {
        return -1;
    }
    for (uint32_t i = 0; i < count; i++) {
        void **one = &kept[next(&seed) % KEPT];
        size_t size = next(&seed) % 700;
        if (*one == NULL) {
            *one = (i & 1) != 0 ? raw_malloc(size) : raw_calloc(1, size);
        }
        else if (next(&seed) % 3 == 0) {
            *one = raw_realloc(*one, size);
        }
        else {
            raw_free(*one);
            *one = NULL;
        }
    }
    for (uint32_t i = 0; i < KEPT; i++) {
        raw_free(kept[i]);
    }
    return 0;
}

struct job {
    pthread_t thread;
    uint32_t count, seed;
};

static void *
work(void *argument)
{
    const struct job *job = argument;
    raw_churn(job->count, job->seed);
    return NULL;
}

/* The same in threads that Python knows nothing of; returns when they are
 * done. */
int raw_threads(uint32_t threads, uint32_t count, uint32_t seed);

int
raw_threads(uint32_t threads, uint32_t count, uint32_t seed)
{
    struct job jobs[16];
    uint32_t made = 0;
    for (; made < threads && made < 16; made++) {
        jobs[made] = (struct job){ .count = count, .seed = seed + made };
        if (pthread_create(&jobs[made].thread, NULL, work, &jobs[made])
            != 0) {
            break;
        }
    }
    for (uint32_t i = 0; i < made; i++) {
        pthread_join(jobs[i].thread, NULL);
    }
    return (int)made;
}
