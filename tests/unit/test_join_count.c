/*
 * The counters of the join beside a plain count, whatever the ranges, the
 * threads and the pieces are.
 */
#include "test.h"

#include "join_impl.h"
#include "join_sets.h"

#define NSETS	600

static struct kb_join *
make_join(unsigned threads, uint64_t *nelements)
{
	struct kb_join_opts o;
	struct kb_join *join = NULL;
	uint64_t v[1500];
	size_t i, k;

	kb_join_defaults(&o);
	o.threads = threads;
	CHECK_INT(kb_join_new(&join, ".", &o, NULL), KB_OK);
	*nelements = 0;
	for (i = 0; i < NSETS; i++) {
		struct kb_shingles s = { .v = v };

		s.n = (uint32_t)below(i % 50 == 0 ? LEN(v) : 80);
		for (k = 0; k < s.n; k++) {
			/* Some are everywhere, some places are empty. */
			v[k] = below(4) == 0 ? below(3) : rng();
			s.distinct += v[k] != 0;
		}
		CHECK_INT(kb_join_add(join, &s, kb_str("", 0), NULL), KB_OK);
		*nelements += s.n;
	}
	CHECK_INT(kb_spool_flush(&join->shingles, NULL), KB_OK);
	for (i = 0; i < NSETS; i++)
		join->sets[i].state = i % 3 == 0 ? KB_SET_NEAR : KB_SET_PART;
	return join;
}

static unsigned char *
plain_count(const struct kb_join *join, const struct kb_counts *counts,
    bool leaders)
{
	unsigned char *v = calloc((size_t)1 << (64 - counts->shift), 1);
	struct kb_view view = { 0 };
	const uint64_t *e = NULL;
	size_t i, k;

	for (i = 0; i < join->nsets; i++) {
		if (leaders ? join->sets[i].size == 0 : i % 3 != 0)
			continue;
		CHECK_INT(kb_join_fetch(join, &view, &join->sets[i], &e,
		    NULL), KB_OK);
		for (k = 0; e != NULL && k < join->sets[i].n; k++) {
			uint64_t slot = kb_counts_slot(counts, e[k]);

			if (e[k] != 0 && v[slot] < KB_COUNT_FULL)
				v[slot]++;
		}
	}
	kb_view_release(&view);
	return v;
}

static void
check_counts(unsigned threads, bool leaders, uint64_t room, uint64_t at_once)
{
	struct kb_counts counts = { 0 };
	uint64_t nelements, i, wrong = 0, full = 0;
	struct kb_join *join = make_join(threads, &nelements);
	unsigned char *want;

	if (room > nelements)
		nelements = room;
	CHECK_INT(kb_counts_make(&counts, join, leaders, nelements, at_once,
	    NULL), KB_OK);
	want = plain_count(join, &counts, leaders);
	for (i = 0; i < UINT64_C(1) << (64 - counts.shift); i++) {
		unsigned got = counts.v[i >> 1] >> ((i & 1) * 4) & 15;

		wrong += got != want[i];
		full += got == KB_COUNT_FULL;
	}
	CHECK_INT(wrong, 0);
	CHECK(full >= 2);
	free(want);
	free(counts.v);
	kb_join_free(join);
}

static void
test_join_count__counters_equal_a_plain_count(void)
{
	rng_state = 5;
	check_counts(1, true, 0, KB_COUNT_AT_ONCE);
	check_counts(1, false, 0, KB_COUNT_AT_ONCE);
}

static void
test_join_count__pieces_that_are_full_at_once_are_taken_up_again(void)
{
	rng_state = 6;
	check_counts(1, true, 0, 0);
	check_counts(1, true, 0, 5000);
	check_counts(3, true, 0, 0);
}

static void
test_join_count__threads_change_nothing(void)
{
	unsigned threads;

	for (threads = 2; threads < 6; threads++) {
		rng_state = 7;
		check_counts(threads, threads % 2 == 0, 0, KB_COUNT_AT_ONCE);
	}
}

static void
test_join_count__many_ranges_are_counted_as_few_are(void)
{
	rng_state = 8;
	check_counts(2, true, UINT64_C(1) << 24, 1 << 16);
}

int
main(void)
{
	RUN(test_join_count__counters_equal_a_plain_count);
	RUN(test_join_count__pieces_that_are_full_at_once_are_taken_up_again);
	RUN(test_join_count__threads_change_nothing);
	RUN(test_join_count__many_ranges_are_counted_as_few_are);
	return test_done();
}
