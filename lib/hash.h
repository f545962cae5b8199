/*
 * hash: a fixed 64-bit hash of bytes, the same on every machine and in every
 * version of the format: MurmurHash64A's mixing (Austin Appleby, public
 * domain) over little-endian words, keyed by a seed.  For shingles and
 * bodies; not against an adversary, who can make strings that share a hash
 * under every seed.
 */
#ifndef KB_LIB_HASH_H
#define KB_LIB_HASH_H

#include <stdint.h>

#include "kb/str.h"

uint64_t	kb_hash64(struct kb_str s, uint64_t seed);

/*
 * The same with seed 0 of fewer than 8 bytes, which are a little-endian
 * number here.
 */
uint64_t	kb_hash64_short(uint64_t bytes, size_t n);

/*
 * SipHash-2-4 (Aumasson and Bernstein 2012): with a key that nobody knows
 * also for strings that were made to collide.
 */
uint64_t	kb_hash_keyed(struct kb_str s, const uint64_t key[2]);

/*
 * An odd number that nobody outside of this process knows, always the same in
 * it: what finds slots by (hash * secret) >> shift (multiply-shift:
 * Dietzfelbinger and others 1997) cannot be given hashes that stand in one
 * heap.  Nothing that comes out may depend on it.
 */
uint64_t	kb_hash_secret(void);

#endif /* KB_LIB_HASH_H */
