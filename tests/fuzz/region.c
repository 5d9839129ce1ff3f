/* SPDX-License-Identifier: MIT
 *
 * A hostile region, and everything that is made of one: copies, catalog,
 * tables, trees, trends, reports.
 */
#include <time.h>

#include "region_input.h"

/* Nobody writes meanwhile, so there is nothing to wait for. */
int
nanosleep(const struct timespec *wanted, struct timespec *left)
{
    (void)wanted;
    (void)left;
    return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    region_input_run(region_input_reset(), data, size);
    return 0;
}
