#include "test.h"

#include "buf.h"
#include "chance.h"
#include "hash.h"

static void
add_le(struct kb_buf *b, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		kb_buf_addch(b, (char)(v >> (8 * i)));
}

/*
 * SMHasher's own check of an implementation: the hashes of 0, 01, 012, ...
 * with seeds 256, 255, ... hashed again; for MurmurHash64A ("Murmur2B") the
 * first four bytes of that are 0x1F0D3804.
 */
static void
test_hash__is_murmurhash64a(void)
{
	struct kb_buf all = { 0 };
	char key[256];

	for (unsigned i = 0; i < 256; i++) {
		key[i] = (char)i;
		add_le(&all, kb_hash64(kb_str(key, i), 256 - i));
	}
	CHECK_INT(kb_hash64(kb_buf_str(&all), 0) & 0xffffffff, 0x1f0d3804);
	kb_buf_release(&all);
}

/* Query ids and bodies' identities rest on these. */
static void
test_hash__values_do_not_drift(void)
{
	CHECK(kb_hash64(kb_str(NULL, 0), 0) == 0);
	CHECK(kb_hash64(KB_STR("a"), 0) == UINT64_C(0x71717d2d36b6b11));
	CHECK(kb_hash64(KB_STR("a"), 1) == UINT64_C(0xa52be5b3f6674b2a));
	CHECK(kb_hash64(KB_STR("12345678"), 0) == UINT64_C(0x758f67d162b2d202));
	CHECK(kb_hash64(KB_STR("how do I print?"), 42) ==
	    UINT64_C(0x3eb504c9982916fa));
}

static void
test_hash__alignment_does_not_matter(void)
{
	static char room[64];
	struct kb_str s = KB_STR("reset your VPN profile");
	uint64_t want = kb_hash64(s, 3);

	for (size_t i = 0; i < 16; i++) {
		memcpy(room + i, s.p, s.n);
		CHECK(kb_hash64(kb_str(room + i, s.n), 3) == want);
	}
}

/* The vectors of the authors' reference: key 00 01 .. 0f, input 00 01 .. */
static void
test_hash__keyed_is_siphash_2_4(void)
{
	static const uint64_t key[] = {
		UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908)
	};
	static const uint64_t other[] = { 1, 2 };
	char in[15];

	for (size_t i = 0; i < sizeof(in); i++)
		in[i] = (char)i;
	CHECK(kb_hash_keyed(kb_str(NULL, 0), key) ==
	    UINT64_C(0x726fdb47dd0e0e31));
	CHECK(kb_hash_keyed(kb_str(in, 1), key) ==
	    UINT64_C(0x74f839c593dc67fd));
	CHECK(kb_hash_keyed(kb_str(in, 8), key) ==
	    UINT64_C(0x93f5f5799a932462));
	CHECK(kb_hash_keyed(kb_str(in, 15), key) ==
	    UINT64_C(0xa129ca6149be45e5));
	CHECK(kb_hash_keyed(kb_str(in, 15), other) !=
	    UINT64_C(0xa129ca6149be45e5));
}

/* One flipped bit changes about half of the 64. */
static void
test_hash__every_bit_counts(void)
{
	char s[20];
	size_t changed = 0, rounds = 0;

	for (size_t i = 0; i < sizeof(s); i++)
		s[i] = (char)chance();
	for (size_t n = 1; n <= sizeof(s); n++)
		for (size_t bit = 0; bit < n * 8; bit++) {
			uint64_t h = kb_hash64(kb_str(s, n), 0), g;

			s[bit / 8] ^= (char)(1 << bit % 8);
			g = kb_hash64(kb_str(s, n), 0);
			s[bit / 8] ^= (char)(1 << bit % 8);
			CHECK(g != h);
			changed += (size_t)__builtin_popcountll(g ^ h);
			rounds++;
		}
	CHECK(changed > rounds * 30 && changed < rounds * 34);
}

static void
test_hash__the_secret_is_odd_and_stays_what_it_is(void)
{
	uint64_t secret = kb_hash_secret();

	CHECK_INT(secret & 1, 1);
	CHECK(secret >> 32 != 0);
	CHECK(kb_hash_secret() == secret);
}

int
main(void)
{
	RUN(test_hash__is_murmurhash64a);
	RUN(test_hash__values_do_not_drift);
	RUN(test_hash__alignment_does_not_matter);
	RUN(test_hash__keyed_is_siphash_2_4);
	RUN(test_hash__every_bit_counts);
	RUN(test_hash__the_secret_is_odd_and_stays_what_it_is);
	return test_done();
}
