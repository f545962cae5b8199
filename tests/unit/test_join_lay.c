/*
 * What the join lays down by ranges of hashes is what it reads back, however
 * far apart sets are, however late in its words an element begins, and
 * whatever fills a block.
 */
#include "test.h"

#include "join_impl.h"
#include "join_sets.h"

#define LATE	(((uint32_t)1 << 22) - 2)	/* about where a place takes
						   more room */

struct element {
	uint64_t	hash;		/* with the range's bits */
	uint32_t	set, at;
};

struct elements {
	struct element	*v;
	size_t		 n, size;
};

static void
add_element(struct elements *all, uint64_t hash, uint32_t set, uint32_t at)
{
	if (all->n == all->size) {
		all->size = all->size * 2 + 1000;
		all->v = realloc(all->v, all->size * sizeof(*all->v));
	}
	all->v[all->n++] = (struct element){ hash, set, at };
}

static int
element_cmp(const void *a, const void *b)
{
	const struct element *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	if (x->set != y->set)
		return x->set < y->set ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/* As many bits of the spread hash as a range and an element keep. */
static uint64_t
bits_of(uint64_t v)
{
	return (v * UINT64_C(0x9E3779B97F4A7C15)) >> (32 - KB_LAY_LOG);
}

/* Lay down a set of n elements, some of them empty; *want grows. */
static void
lay_set(struct kb_lay *lay, struct elements *want, uint32_t set, size_t n,
    uint32_t step, uint64_t same)
{
	uint64_t *v = calloc(n + 1, sizeof(*v));
	uint32_t *starts = calloc(n + 1, sizeof(*starts)), at = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		starts[i] = at;
		at += 1 + (uint32_t)below(step);
		v[i] = below(9) == 0 ? 0 : same != 0 ? same : rng() | 1;
		if (v[i] != 0)
			add_element(want, bits_of(v[i]), set, starts[i]);
	}
	CHECK_INT(kb_lay_add(lay, set, v, starts, n, NULL), KB_OK);
	free(v);
	free(starts);
}

/* Whether all ranges together are "want" of the sets that take[] has. */
static bool
reads_back(const struct kb_lay *lay, const struct elements *want,
    const unsigned char *take)
{
	struct elements some = { 0 }, got = { 0 };
	struct kb_range range = { 0 };
	bool ascending = true, same;
	size_t r, i;

	for (i = 0; i < want->n; i++) {
		if (take[want->v[i].set])
			add_element(&some, want->v[i].hash, want->v[i].set,
			    want->v[i].at);
	}
	for (r = 0; r < KB_LAY_RANGES; r++) {
		CHECK_INT(kb_lay_read(lay, &range, r, take, NULL), KB_OK);
		for (i = 0; i < range.n; i++) {
			ascending &= i == 0 ||
			    range.v[i - 1].set <= range.v[i].set;
			add_element(&got, (uint64_t)r << 32 |
			    range.v[i].hash, range.v[i].set, range.v[i].at);
		}
	}
	qsort(some.v, some.n, sizeof(*some.v), element_cmp);
	qsort(got.v, got.n, sizeof(*got.v), element_cmp);
	same = some.n == got.n;
	for (i = 0; same && i < some.n; i++)
		same = element_cmp(&some.v[i], &got.v[i]) == 0;
	CHECK(ascending);
	CHECK(got.n > 0);
	kb_range_release(&range);
	free(some.v);
	free(got.v);
	return same;
}

static void
check_reads_back(const struct kb_lay *lay, const struct elements *want,
    size_t nsets)
{
	unsigned char *take = calloc(nsets + 1, 1);
	size_t i;

	memset(take, 1, nsets);
	CHECK(reads_back(lay, want, take));
	for (i = 0; i < nsets; i++)
		take[i] = i % 3 != 1;
	CHECK(reads_back(lay, want, take));
	free(take);
}

static void
test_join_lay__a_few_elements_stay_in_memory(void)
{
	struct elements want = { 0 };
	struct kb_lay lay = { 0 };
	uint32_t i;

	rng_state = 11;
	CHECK_INT(kb_lay_open(&lay, ".", NULL), KB_OK);
	for (i = 0; i < 9; i++)
		lay_set(&lay, &want, i, 40, 9, 0);
	check_reads_back(&lay, &want, 9);
	CHECK_INT(lay.nblocks, 0);
	kb_lay_close(&lay);
	free(want.v);
}

static void
test_join_lay__many_blocks_of_a_range_follow_each_other(void)
{
	struct elements want = { 0 };
	struct kb_lay lay = { 0 };
	uint32_t i;

	rng_state = 12;
	CHECK_INT(kb_lay_open(&lay, ".", NULL), KB_OK);
	for (i = 0; i < 900; i++)
		lay_set(&lay, &want, i, below(60), 9, i % 2 == 0 ? 77 : 0);
	lay_set(&lay, &want, i, 500000, 5, 0);
	CHECK_INT(kb_spool_flush(&lay.spool, NULL), KB_OK);
	CHECK(lay.nblocks > 20);
	check_reads_back(&lay, &want, 901);
	kb_lay_close(&lay);
	free(want.v);
}

/* What takes two or three words of a block stands over its end, too. */
static void
test_join_lay__far_sets_and_late_places_are_kept(void)
{
	struct elements want = { 0 };
	struct kb_lay lay = { 0 };
	uint32_t set = 0, i;

	rng_state = 13;
	CHECK_INT(kb_lay_open(&lay, ".", NULL), KB_OK);
	for (i = 0; i < 600; i++) {
		lay_set(&lay, &want, set, 1 + below(8), LATE,
		    i % 4 == 0 ? 0 : 5);
		set += i % 2 == 0 ? 1 + (uint32_t)below(5) :
		    1020 + (uint32_t)below(6);
	}
	CHECK_INT(kb_spool_flush(&lay.spool, NULL), KB_OK);
	CHECK(lay.nblocks > 3);
	check_reads_back(&lay, &want, set);
	kb_lay_close(&lay);
	free(want.v);
}

int
main(void)
{
	RUN(test_join_lay__a_few_elements_stay_in_memory);
	RUN(test_join_lay__many_blocks_of_a_range_follow_each_other);
	RUN(test_join_lay__far_sets_and_late_places_are_kept);
	return test_done();
}
