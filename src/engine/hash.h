/* SPDX-License-Identifier: MIT
 *
 * Mixing functions for the engine's private tables.
 */
#ifndef PYMTOP_HASH_H
#define PYMTOP_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define HASH_ODD 0x9e3779b97f4a7c15ull     /* 2^64 / golden ratio */

/* The finaliser of MurmurHash3 (Austin Appleby, public domain). */
static inline uint64_t
hash_mix(uint64_t h)
{
    h ^= h >> 33;
    h *= 0xff51afd7ed558ccdull;
    h ^= h >> 33;
    h *= 0xc4ceb9fe1a85ec53ull;
    return h ^ h >> 33;
}

static inline uint64_t
hash_pair(uint64_t a, uint64_t b)
{
    return hash_mix(a * HASH_ODD ^ b);
}

static inline uint64_t
hash_bytes(const void *data, size_t len)
{
    const unsigned char *bytes = data;
    uint64_t h = len;
    for (; len >= 8; len -= 8, bytes += 8) {
        uint64_t word;
        memcpy(&word, bytes, 8);
        h = hash_pair(h, word);
    }
    uint64_t word = 0;
    memcpy(&word, bytes, len);
    return hash_pair(h, word);
}

#endif
