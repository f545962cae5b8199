/*
 * chance: numbers that look random and are the same in every run
 * (xorshift64*, Vigna 2014), for tests of properties.
 */
#ifndef KB_CHANCE_H
#define KB_CHANCE_H

#include <stddef.h>
#include <stdint.h>

static uint64_t chance_state = UINT64_C(88172645463325252);

static inline uint64_t
chance(void)
{
	chance_state ^= chance_state >> 12;
	chance_state ^= chance_state << 25;
	chance_state ^= chance_state >> 27;
	return chance_state * UINT64_C(2685821657736338717);
}

/* 0 to n - 1. */
static inline size_t
chance_below(size_t n)
{
	return (size_t)((chance() >> 16) % n);
}

#endif /* KB_CHANCE_H */
