#include "hash.h"

#include <pthread.h>
#include <unistd.h>

#define M	UINT64_C(0xc6a4a7935bd1e995)
#define R	47

/* A load where the machine is little-endian: compilers know this form. */
static uint64_t
whole_word(const unsigned char *p)
{
	return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
	    (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 |
	    (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
	    (uint64_t)p[7] << 56;
}

static uint64_t
word(const unsigned char *p, size_t n)
{
	uint64_t w = 0;

	for (size_t i = 0; i < n; i++)
		w |= (uint64_t)p[i] << (8 * i);
	return w;
}

uint64_t
kb_hash64(struct kb_str s, uint64_t seed)
{
	const unsigned char *p = (const unsigned char *)s.p;
	uint64_t h = seed ^ (s.n * M), k;
	size_t n = s.n;

	for (; n >= 8; n -= 8, p += 8) {
		k = whole_word(p) * M;
		k = (k ^ k >> R) * M;
		h = (h ^ k) * M;
	}
	if (n > 0)
		h = (h ^ word(p, n)) * M;
	h = (h ^ h >> R) * M;
	return h ^ h >> R;
}

uint64_t
kb_hash64_short(uint64_t bytes, size_t n)
{
	uint64_t h = n * M;

	if (n > 0)
		h = (h ^ bytes) * M;
	h = (h ^ h >> R) * M;
	return h ^ h >> R;
}

static uint64_t
rotl(uint64_t x, int n)
{
	return x << n | x >> (64 - n);
}

static void
sip_rounds(uint64_t v[4], int n)
{
	while (n-- > 0) {
		v[0] += v[1];
		v[2] += v[3];
		v[1] = rotl(v[1], 13) ^ v[0];
		v[3] = rotl(v[3], 16) ^ v[2];
		v[0] = rotl(v[0], 32);
		v[2] += v[1];
		v[0] += v[3];
		v[1] = rotl(v[1], 17) ^ v[2];
		v[3] = rotl(v[3], 21) ^ v[0];
		v[2] = rotl(v[2], 32);
	}
}

uint64_t
kb_hash_keyed(struct kb_str s, const uint64_t key[2])
{
	const unsigned char *p = (const unsigned char *)s.p;
	uint64_t v[4] = {
		key[0] ^ UINT64_C(0x736f6d6570736575),
		key[1] ^ UINT64_C(0x646f72616e646f6d),
		key[0] ^ UINT64_C(0x6c7967656e657261),
		key[1] ^ UINT64_C(0x7465646279746573)
	};
	uint64_t w;
	size_t n = s.n;

	for (; n >= 8; n -= 8, p += 8) {
		w = whole_word(p);
		v[3] ^= w;
		sip_rounds(v, 2);
		v[0] ^= w;
	}
	w = (uint64_t)s.n << 56 | word(p, n);
	v[3] ^= w;
	sip_rounds(v, 2);
	v[0] ^= w;
	v[2] ^= 0xff;
	sip_rounds(v, 4);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static uint64_t secret;

/* Where there is no randomness, where the program lies is some. */
static void
draw(void)
{
	if (getentropy(&secret, sizeof(secret)) != 0)
		secret = (uint64_t)(uintptr_t)&secret *
		    UINT64_C(0x9E3779B97F4A7C15);
	secret |= 1;
}

uint64_t
kb_hash_secret(void)
{
	pthread_once(&once, draw);
	return secret;
}
