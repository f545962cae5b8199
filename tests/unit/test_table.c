#include "test.h"

#include <stdlib.h>
#include <time.h>

#include "chance.h"
#include "hash.h"
#include "table.h"

#define N	5000

static void
test_table__an_empty_one_has_nothing(void)
{
	struct kb_table t = { 0 };

	CHECK(kb_table_get(&t, KB_STR("a")) == NULL);
	CHECK(kb_table_get(&t, kb_str(NULL, 0)) == NULL);
	kb_table_release(&t);
}

static void
test_table__a_key_is_added_once_and_begins_at_zero(void)
{
	struct kb_table t = { 0 };
	bool added = false;
	uint32_t *v = kb_table_put(&t, KB_STR("key"), &added);

	CHECK(added);
	CHECK_INT(*v, 0);
	*v = 7;
	v = kb_table_put(&t, KB_STR("key"), &added);
	CHECK(!added);
	CHECK_INT(*v, 7);
	CHECK_INT(t.n, 1);
	/* The empty key is a key, and a NUL does not end one. */
	CHECK(kb_table_get(&t, KB_STR("")) == NULL);
	*kb_table_put(&t, kb_str(NULL, 0), NULL) = 8;
	*kb_table_put(&t, KB_STR("key\0a"), NULL) = 9;
	CHECK_INT(*kb_table_get(&t, KB_STR("")), 8);
	CHECK_INT(*kb_table_get(&t, KB_STR("key")), 7);
	CHECK_INT(*kb_table_get(&t, KB_STR("key\0a")), 9);
	CHECK(kb_table_get(&t, KB_STR("key\0b")) == NULL);
	kb_table_release(&t);
	CHECK(t.slots == NULL && t.n == 0 && t.size == 0);
}

static void
test_table__growing_loses_nothing(void)
{
	static char keys[N][12];
	struct kb_table t = { 0 };
	size_t wrong = 0;

	for (uint32_t i = 0; i < N; i++) {
		snprintf(keys[i], sizeof(keys[i]), "key%u", (unsigned)i);
		*kb_table_put(&t, kb_str_c(keys[i]), NULL) = i + 1;
		CHECK(t.n * 2 <= t.size);
	}
	CHECK_INT(t.n, N);
	for (uint32_t i = 0; i < N; i++) {
		const uint32_t *v = kb_table_get(&t, kb_str_c(keys[i]));

		wrong += v == NULL || *v != i + 1;
	}
	CHECK_INT(wrong, 0);
	CHECK(kb_table_get(&t, KB_STR("key5000")) == NULL);
	kb_table_release(&t);
}

/* Against a plain list, with keys that come again and again. */
static void
test_table__does_what_a_list_would(void)
{
	static char keys[300][12];
	uint32_t list[300] = { 0 };
	bool there[300] = { false };
	struct kb_table t = { 0 };

	for (int i = 0; i < 300; i++)
		snprintf(keys[i], sizeof(keys[i]), "%d", i);
	for (int i = 0; i < 20000; i++) {
		size_t k = chance_below(300);
		bool added;
		uint32_t *v;

		if (i % 3 == 0) {
			v = kb_table_get(&t, kb_str_c(keys[k]));
			CHECK((v != NULL) == there[k]);
			CHECK(v == NULL || *v == list[k]);
			continue;
		}
		v = kb_table_put(&t, kb_str_c(keys[k]), &added);
		CHECK(added == !there[k] && *v == list[k]);
		there[k] = true;
		*v = ++list[k];
	}
	kb_table_release(&t);
}

/* ---- keys that share one kb_hash64, whatever the seed ---- */

#define M	UINT64_C(0xc6a4a7935bd1e995)
#define PAIRS	16

static uint64_t
mix(uint64_t k, uint64_t by)
{
	k *= by;
	return (k ^ k >> 47) * by;
}

/* The word whose mixed form has its top bit flipped. */
static uint64_t
other(uint64_t word)
{
	uint64_t inverse = M;

	for (int i = 0; i < 6; i++)
		inverse *= 2 - M * inverse;
	return mix(mix(word, M) ^ UINT64_C(1) << 63, inverse);
}

/* Of two words each is taken, or both are the other: 2^PAIRS keys. */
static void
collide(char *key, uint32_t which)
{
	for (int i = 0; i < PAIRS; i++)
		for (uint64_t k = 0; k < 2; k++) {
			uint64_t w = UINT64_C(0x0123456789abcdef) * (k + 1);

			if (which >> i & 1)
				w = other(w);
			for (int b = 0; b < 8; b++)
				*key++ = (char)(w >> (8 * b));
		}
}

/* Foreign ids and links are keys: they may have been made to collide. */
static void
test_table__keys_made_to_collide_do_not_slow_it_down(void)
{
	char (*keys)[PAIRS * 16] = malloc(sizeof(*keys) << PAIRS);
	struct kb_table t = { 0 };
	clock_t begun = clock();
	size_t bad = 0;
	bool added;

	if (keys == NULL)
		return;
	for (uint32_t i = 0; i < 1u << PAIRS; i++) {
		collide(keys[i], i);
		kb_table_put(&t, kb_str(keys[i], sizeof(*keys)), &added);
		bad += !added;
	}
	CHECK(kb_hash64(kb_str(keys[0], sizeof(*keys)), 5) ==
	    kb_hash64(kb_str(keys[99], sizeof(*keys)), 5));
	CHECK_INT(bad, 0);
	CHECK((clock() - begun) / CLOCKS_PER_SEC < 5);
	kb_table_release(&t);
	free(keys);
}

static uint64_t
only_hash(const struct kb_table *t)
{
	for (size_t i = 0; i < t->size; i++)
		if (t->slots[i].used)
			return t->slots[i].hash;
	return 0;
}

/* What collides in one must be unknown, and different in the next. */
static void
test_table__each_has_a_secret_of_its_own(void)
{
	struct kb_table a = { 0 }, b = { 0 };

	kb_table_put(&a, KB_STR("key"), NULL);
	kb_table_put(&b, KB_STR("key"), NULL);
	CHECK(only_hash(&a) != only_hash(&b));
	kb_table_release(&a);
	kb_table_release(&b);
}

int
main(void)
{
	RUN(test_table__an_empty_one_has_nothing);
	RUN(test_table__a_key_is_added_once_and_begins_at_zero);
	RUN(test_table__growing_loses_nothing);
	RUN(test_table__does_what_a_list_would);
	RUN(test_table__each_has_a_secret_of_its_own);
	RUN(test_table__keys_made_to_collide_do_not_slow_it_down);
	return test_done();
}
