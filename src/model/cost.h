/* SPDX-License-Identifier: MIT
 *
 * Arithmetic of costs (struct region_cost): they add and subtract, and each
 * moment sees one part of them.
 */
#ifndef PYMTOP_COST_H
#define PYMTOP_COST_H

#include <stdbool.h>
#include <stdint.h>

#include "pymtop/region_layout.h"

enum moment { MOMENT_NOW, MOMENT_PEAK, MOMENT_EVER };

int64_t cost_bytes(const struct region_cost *cost, enum moment moment);
int64_t cost_blocks(const struct region_cost *cost, enum moment moment);

void cost_add(struct region_cost *sum, const struct region_cost *cost);
void cost_subtract(struct region_cost *sum, const struct region_cost *cost);
/* Never a block at any moment. */
bool cost_is_zero(const struct region_cost *cost);

#endif
