/* SPDX-License-Identifier: MIT
 *
 * The same, while another thread writes all over the region: what was checked
 * may be another thing when it is used.
 */
#include <pthread.h>

#include "region_input.h"

struct scribbler {
    struct region_input *input;
    uint64_t state;             /* of the random numbers */
    bool stop;
};

static uint64_t
next(struct scribbler *scribbler)
{
    scribbler->state ^= scribbler->state << 13;
    scribbler->state ^= scribbler->state >> 7;
    scribbler->state ^= scribbler->state << 17;
    return scribbler->state;
}

/* Small numbers mostly, which may be indices. */
static uint32_t
number(struct scribbler *scribbler)
{
    uint64_t random = next(scribbler);

    return (uint32_t)(random >> 40 & 3 ? random & 63 : random);
}

static void *
scribble(void *argument)
{
    struct scribbler *scribbler = argument;
    const struct region_header *sizes = &scribbler->input->region.sizes;
    char *base = (char *)scribbler->input->head;
    const uint64_t places[] = {
        0, sizes->contexts_offset, sizes->cells_offset, sizes->saved_offset,
        sizes->codes_offset, sizes->bytes_offset, sizes->marks_offset,
    };

    while (!__atomic_load_n(&scribbler->stop, __ATOMIC_RELAXED)) {
        uint64_t random = next(scribbler);
        uint32_t *word = (uint32_t *)(base + places[random % 7])
            + (random >> 8) % 512;
        __atomic_store_n(word, number(scribbler), __ATOMIC_RELAXED);
    }
    return NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct scribbler scribbler = {
        .input = region_input_reset(), .state = size * 2654435761u + 1,
    };
    pthread_t thread;

    fuzz_check(pthread_create(&thread, NULL, scribble, &scribbler) == 0);
    region_input_run(scribbler.input, data, size);
    __atomic_store_n(&scribbler.stop, true, __ATOMIC_RELAXED);
    pthread_join(thread, NULL);
    return 0;
}
