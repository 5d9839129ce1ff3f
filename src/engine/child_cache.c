/* SPDX-License-Identifier: MIT */
#include "child_cache.h"

struct child child_cache[1u << CHILD_CACHE_BITS]
    __attribute__((aligned(64)));
