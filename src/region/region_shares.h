/* SPDX-License-Identifier: MIT
 *
 * Totals of a slot of which threads have parts of their own.  The slot must
 * be mapped (region_slot()).
 */
#ifndef PYMTOP_REGION_SHARES_H
#define PYMTOP_REGION_SHARES_H

#include <stdbool.h>

#include "region/region.h"

/* Each word whole, while they change. */
void region_load_totals(struct region_totals *to,
                        const struct region_totals *from);

/* Add what threads have counted since the slot's totals were settled.  true:
 * so there is a new peak, which is now. */
bool region_shares_now(const struct region *region, unsigned slot,
                       struct region_totals *totals);

/* Grows with each step of each booking; *midway: one is under way. */
uint64_t region_shares_operations(const struct region *region, unsigned slot,
                                  bool *midway);

#endif
