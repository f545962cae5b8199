/*
 * join_sort: a radix sort of 64-bit hashes.  Contract: join_impl.h.
 */
#include "join_impl.h"

/* Below this an insertion sort is faster than 256 buckets. */
#define SMALL	24

/* Every value is at most SMALL places from where it belongs. */
static void
settle(uint64_t *v, size_t n)
{
	size_t i, j;

	for (i = 1; i < n; i++) {
		uint64_t x = v[i];

		for (j = i; j > 0 && v[j - 1] > x; j--)
			v[j] = v[j - 1];
		v[j] = x;
	}
}

/* The shift of the highest byte in which values differ, or -1. */
static int
top_byte(const uint64_t *v, size_t n)
{
	uint64_t diff = 0;
	int shift = -8;
	size_t i;

	for (i = 1; i < n; i++)
		diff |= v[i] ^ v[0];
	for (; diff != 0; diff >>= 8)
		shift += 8;
	return shift;
}

/*
 * American flag sort (McIlroy, Bostic, McIlroy 1993) by one byte: ends[b]
 * becomes the end of bucket b.
 */
static void
part(uint64_t *v, size_t n, int shift, size_t ends[256])
{
	size_t at[256], i, sum = 0;
	unsigned b;

	for (b = 0; b < 256; b++)
		ends[b] = 0;
	for (i = 0; i < n; i++)
		ends[v[i] >> shift & 255]++;
	for (b = 0; b < 256; b++) {
		at[b] = sum;
		sum += ends[b];
		ends[b] = sum;
	}
	for (b = 0; b < 256; b++) {
		while (at[b] < ends[b]) {
			uint64_t x = v[at[b]];
			unsigned to = x >> shift & 255;

			while (to != b) {
				uint64_t y = v[at[to]];

				v[at[to]++] = x;
				x = y;
				to = x >> shift & 255;
			}
			v[at[b]++] = x;
		}
	}
}

/* Recursion ends after the eight bytes of a value. */
static void
rough(uint64_t *v, size_t n)
{
	size_t ends[256], from = 0;
	int shift;
	unsigned b;

	if (n <= SMALL || (shift = top_byte(v, n)) < 0)
		return;
	part(v, n, shift, ends);
	if (shift == 0)
		return;
	for (b = 0; b < 256; b++) {
		if (ends[b] - from > SMALL)
			rough(v + from, ends[b] - from);
		from = ends[b];
	}
}

void
kb_sort_u64(uint64_t *v, size_t n)
{
	rough(v, n);
	settle(v, n);
}
