/* SPDX-License-Identifier: MIT
 *
 * A hostile region, and everything that is made of one: copies, catalog,
 * tables, trees, trends, reports.
 */
#include "region_input.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    region_input_run(region_input_reset(), data, size);
    return 0;
}
