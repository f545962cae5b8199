#include "test.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "join.h"
#include "join_sets.h"

static const struct kb_ratio ratios[] = {
	{ 1, 2 }, { 2, 3 }, { 7, 10 }, { 4, 5 }, { 9, 10 }, { 1, 1 },
	{ 80, 100 }
};

/* ---- random collections ---- */

enum shape {
	UNIFORM,
	SKEWED,
	COPIES,			/* most sets are copies of a few */
	EDITED,			/* most are a few with some elements changed */
	CLOSE_HASHES,		/* elements differ in their low bits only */
	NSHAPES
};

static uint64_t
element(enum shape shape, size_t universe)
{
	size_t i = below(universe);

	if (shape == SKEWED) {
		i = i * below(universe) / universe;
		i = i * below(universe) / universe;
	}
	if (shape == CLOSE_HASHES)
		return UINT64_C(0xABCDEF0000000000) + i;
	return (i + 1) * UINT64_C(0x9FB21C651E98DF25);
}

static void
random_sets(struct sets *s, enum shape shape)
{
	size_t len = 1 + below(40), max = 1 + below(41), i, k, n, from;
	size_t universe = 1 + below(3) * 20 + below(60);
	uint64_t v[64];

	sets_init(s, len);
	for (i = 0; i < len; i++) {
		n = below(max);
		for (k = 0; k < n; k++)
			v[k] = element(shape, universe);
		if (i > 0 && (shape == COPIES || shape == EDITED) &&
		    below(5) > 0) {
			from = below(i);
			n = s->n[from];
			for (k = 0; k < n; k++)
				v[k] = s->v[from][n - 1 - k];
			for (k = 0; shape == EDITED && k < below(4); k++)
				v[below(41)] = element(shape, universe);
			if (shape == EDITED && n < 41)
				v[n] = element(shape, universe);
			if (shape == EDITED && n > 1)
				n = n - 1 + below(3);
			if (n > 41)
				n = 41;
		}
		sets_put(s, i, v, n);
	}
}

static void
test_join__small_collections_equal_plain_comparison(void)
{
	size_t round, npairs = 0, n, i;
	struct pairs all;
	struct sets s;

	rng_state = 1;
	for (round = 0; round < 3000; round++) {
		random_sets(&s, (enum shape)(round % NSHAPES));
		memset(&all, 0, sizeof(all));
		plain_join(&all, &s);
		for (i = 0; i < LEN(ratios); i++) {
			n = compare(&s, &all, ratios[i]);
			CHECK(n != (size_t)-1);
			npairs += n;
		}
		sets_release(&s);
		free(all.v);
		if (test_failures > 0)
			break;
	}
	CHECK(npairs > 100000);
}

/* A word model: most words are rare, some are everywhere. */
static void
medium_sets(struct sets *s, size_t len, size_t size)
{
	uint64_t *v = calloc(size * 2, sizeof(*v));
	size_t i, k, n;

	sets_init(s, len);
	for (i = 0; i < len; i++) {
		n = size / 2 + below(size);
		if (i > 0 && below(4) == 0) {
			size_t from = below(i), edits = below(size / 4);

			n = s->n[from];
			memcpy(v, s->v[from], n * sizeof(*v));
			for (k = 0; k < edits; k++)
				v[below(n)] = rng();
		} else {
			for (k = 0; k < n; k++)
				v[k] = below(3) == 0 ? below(300) + 1 :
				    below(40000) *
				    UINT64_C(0x9FB21C651E98DF25);
		}
		sets_put(s, i, v, n);
	}
	free(v);
}

static void
test_join__medium_collections_equal_plain_comparison(void)
{
	struct pairs all = { 0 };
	struct sets s;
	size_t i, n;

	rng_state = 2;
	medium_sets(&s, 2000, 200);
	plain_join(&all, &s);
	for (i = 0; i < LEN(ratios); i++) {
		n = compare(&s, &all, ratios[i]);
		CHECK(n != (size_t)-1);
		CHECK(n > 0);
	}
	sets_release(&s);
	free(all.v);
}

/* More than the write buffer and the read window hold. */
static void
test_join__sets_larger_than_the_buffers_are_joined(void)
{
	size_t n = 200000, i, k;
	uint64_t *v = calloc(n, sizeof(*v));
	struct sets s;

	rng_state = 3;
	sets_init(&s, 4);
	for (i = 0; i < n; i++)
		v[i] = rng();
	sets_put(&s, 0, v, n);
	sets_put(&s, 1, v, 10);
	for (k = 0; k < n / 20; k++)
		v[k] = rng();
	sets_put(&s, 2, v, n);
	sets_put(&s, 3, v, n - n / 100);
	CHECK_INT(compare_once(&s, (struct kb_ratio){ 8, 9 }), 3);
	CHECK_INT(compare_once(&s, (struct kb_ratio){ 99, 100 }), 1);
	sets_release(&s);
	free(v);
}

/* ---- boundaries ---- */

/* Two sets, "shared" elements in both and "x", "y" in one only. */
static size_t
npairs_of(size_t shared, size_t x, size_t y, struct kb_ratio t)
{
	uint64_t *v = calloc(shared + x + y + 1, sizeof(*v));
	struct pairs got = { 0 };
	struct sets s;
	size_t i;

	sets_init(&s, 2);
	for (i = 0; i < shared + x + y; i++)
		v[i] = i * UINT64_C(0x9FB21C651E98DF25) + 7;
	sets_put(&s, 0, v, shared + x);
	memmove(v + shared, v + shared + x, y * sizeof(*v));
	sets_put(&s, 1, v, shared + y);
	CHECK_INT(join_sets(&got, &s, t), KB_OK);
	if (got.n == 1) {
		CHECK_INT(got.v[0].shared, shared);
		CHECK_INT(got.v[0].size_a, shared + x);
		CHECK_INT(got.v[0].size_b, shared + y);
	}
	sets_release(&s);
	free(v);
	free(got.v);
	return got.n;
}

static void
test_join__a_resemblance_of_exactly_the_threshold_is_a_pair(void)
{
	struct kb_ratio t = { 4, 5 };
	size_t k;

	for (k = 1; k < 300; k++) {
		CHECK_INT(npairs_of(4 * k, k, 0, t), 1);
		CHECK_INT(npairs_of(4 * k, k / 2, k - k / 2, t), 1);
		CHECK_INT(npairs_of(4 * k, 0, k, t), 1);
	}
	CHECK_INT(npairs_of(7000, 1000, 2000, (struct kb_ratio){ 7, 10 }), 1);
	CHECK_INT(npairs_of(1, 1, 0, (struct kb_ratio){ 1, 2 }), 1);
}

static void
test_join__a_resemblance_just_below_the_threshold_is_no_pair(void)
{
	struct kb_ratio t = { 4, 5 };
	size_t k;

	for (k = 1; k < 300; k++) {
		CHECK_INT(npairs_of(4 * k, k + 1, 0, t), 0);
		CHECK_INT(npairs_of(4 * k - 1, k / 2, k - k / 2, t), 0);
		CHECK_INT(npairs_of(4 * k, 0, k + 1, t), 0);
	}
	CHECK_INT(npairs_of(7000, 1000, 2001, (struct kb_ratio){ 7, 10 }), 0);
	CHECK_INT(npairs_of(500, 0, 1, (struct kb_ratio){ 1, 1 }), 0);
}

static void
test_join__a_ratio_need_not_be_in_lowest_terms(void)
{
	struct kb_ratio t = { 3200000000u, 4000000000u };

	CHECK_INT(npairs_of(400, 50, 50, t), 1);
	CHECK_INT(npairs_of(399, 50, 50, t), 0);
	t = (struct kb_ratio){ UINT32_MAX - 1, UINT32_MAX };
	CHECK_INT(npairs_of(5000, 0, 0, t), 1);
	CHECK_INT(npairs_of(5000, 0, 1, t), 0);
}

static void
test_join__empty_sets_are_never_paired(void)
{
	struct pairs got = { 0 };
	uint64_t v = 9;
	struct sets s;

	sets_init(&s, 5);
	sets_put(&s, 1, &v, 1);
	sets_put(&s, 3, &v, 1);
	CHECK_INT(join_sets(&got, &s, (struct kb_ratio){ 1, 2 }), KB_OK);
	CHECK_INT(got.n, 1);
	CHECK(got.n == 1 && got.v[0].a == 1 && got.v[0].b == 3);
	sets_release(&s);
	free(got.v);
}

static void
test_join__no_sets_give_no_pairs(void)
{
	struct pairs got = { 0 };
	struct sets s;

	sets_init(&s, 0);
	CHECK_INT(join_sets(&got, &s, (struct kb_ratio){ 4, 5 }), KB_OK);
	CHECK_INT(got.n, 0);
	sets_release(&s);
}

static void
test_join__sets_of_one_element_pair_when_equal(void)
{
	struct sets s;
	uint64_t v;
	size_t i;

	sets_init(&s, 300);
	for (i = 0; i < 300; i++) {
		v = i % 7 == 0 ? 0 : i % 5 == 0 ? UINT64_MAX : i;
		sets_put(&s, i, &v, 1);
	}
	/* 43 zeros and 51 others that are UINT64_MAX */
	for (i = 0; i < LEN(ratios); i++)
		CHECK_INT(compare_once(&s, ratios[i]),
		    43 * 42 / 2 + 51 * 50 / 2);
	sets_release(&s);
}

static void
test_join__repeated_elements_count_once(void)
{
	uint64_t x[] = { 5, 5, 5, 1, 2, 1 }, y[] = { 2, 1, 5 };
	struct pairs got = { 0 };
	struct sets s;

	sets_init(&s, 2);
	sets_put(&s, 0, x, LEN(x));
	sets_put(&s, 1, y, LEN(y));
	CHECK_INT(join_sets(&got, &s, (struct kb_ratio){ 1, 1 }), KB_OK);
	CHECK_INT(got.n, 1);
	CHECK(got.n == 1 && got.v[0].size_a == 3 && got.v[0].shared == 3);
	sets_release(&s);
	free(got.v);
}

static void
test_join__many_equal_sets_are_all_paired(void)
{
	uint64_t v[50];
	struct sets s;
	size_t i, k;

	rng_state = 4;
	sets_init(&s, 600);
	for (i = 0; i < 600; i++) {
		for (k = 0; k < LEN(v); k++)
			v[k] = k * 977 + 3;
		v[0] = i % 3;	/* three kinds, 49 of 51 in common */
		sets_put(&s, i, v, LEN(v));
	}
	CHECK_INT(compare_once(&s, (struct kb_ratio){ 9, 10 }),
	    600 * 599 / 2);
	CHECK_INT(compare_once(&s, (struct kb_ratio){ 1, 1 }),
	    3 * 200 * 199 / 2);
	sets_release(&s);
}

static uint64_t
inverse(uint64_t odd)
{
	uint64_t x = odd;
	int i;

	for (i = 0; i < 6; i++)
		x *= 2 - odd * x;
	return x;
}

/* The element that adds "term" to the sum that join.c has for fingerprint. */
static uint64_t
element_of_term(uint64_t term)
{
	uint64_t x = term * inverse(UINT64_C(0x9E3779B97F4A7C15));

	return (x ^ x >> 32) * inverse(UINT64_C(0xD6E8FEB86659FD93));
}

static void
test_join__sets_of_one_fingerprint_are_equal_only_if_they_are(void)
{
	struct kb_ratio t = { 4, 5 };
	struct sets s;
	uint64_t v[2];
	size_t i;

	sets_init(&s, 30);
	for (i = 0; i < s.len; i++) {
		v[0] = element_of_term(1 + i % 3);
		v[1] = element_of_term(100 - 1 - i % 3);
		sets_put(&s, i, v, 2);
	}
	CHECK_INT(compare_once(&s, t), 3 * 10 * 9 / 2);
	sets_release(&s);
}

static void
test_join__pairs_do_not_depend_on_the_order_of_adding(void)
{
	struct pairs x = { 0 }, y = { 0 };
	struct sets s, r;
	size_t i;

	rng_state = 5;
	medium_sets(&s, 300, 60);
	sets_init(&r, s.len);
	for (i = 0; i < s.len; i++)
		sets_put(&r, s.len - 1 - i, s.v[i], s.n[i]);
	CHECK_INT(join_sets(&x, &s, (struct kb_ratio){ 4, 5 }), KB_OK);
	CHECK_INT(join_sets(&y, &r, (struct kb_ratio){ 4, 5 }), KB_OK);
	CHECK(x.n > 0);
	CHECK_INT(x.n, y.n);
	sets_release(&s);
	sets_release(&r);
	free(x.v);
	free(y.v);
}

static void
test_join__the_same_sets_give_the_same_pairs_again(void)
{
	struct pairs x = { 0 }, y = { 0 };
	struct sets s;

	rng_state = 6;
	medium_sets(&s, 500, 80);
	CHECK_INT(join_sets(&x, &s, (struct kb_ratio){ 2, 3 }), KB_OK);
	CHECK_INT(join_sets(&y, &s, (struct kb_ratio){ 2, 3 }), KB_OK);
	CHECK(x.n > 0);
	CHECK(same_pairs(&x, &y));
	sets_release(&s);
	free(x.v);
	free(y.v);
}

/* ---- refusals and failures ---- */

static void
test_join__ratios_that_are_no_threshold_are_refused(void)
{
	static const struct kb_ratio bad[] = {
		{ 0, 0 }, { 1, 0 }, { 0, 1 }, { 1, 3 }, { 49, 100 },
		{ 5, 4 }, { UINT32_MAX, UINT32_MAX - 1 },
		{ UINT32_MAX / 2, UINT32_MAX }, { 2, 0 }
	};
	struct kb_join *join = NULL;
	struct kb_err err = { 0 };
	size_t i;

	for (i = 0; i < LEN(bad); i++) {
		err.status = KB_OK;
		CHECK_INT(kb_join_new(&join, ".", bad[i], &err), KB_USAGE);
		CHECK_INT(err.status, KB_USAGE);
		CHECK(join == NULL);
	}
}

static void
test_join__a_missing_folder_is_an_io_error(void)
{
	struct kb_join *join = NULL;
	struct kb_err err = { 0 };

	CHECK_INT(kb_join_new(&join, "./no/such/folder",
	    (struct kb_ratio){ 4, 5 }, &err), KB_IO);
	CHECK(join == NULL);
	CHECK(strstr(err.msg, "./no/such/folder") != NULL);
}

static enum kb_status
refuse_third(void *arg, const struct kb_pair *pair, struct kb_err *err)
{
	int *calls = arg;

	if (++*calls == 3)
		return kb_err_set(err, KB_LIMIT, "no more");
	return KB_OK;
}

static void
test_join__a_failing_callback_ends_the_run_with_its_status(void)
{
	struct kb_join *join;
	struct kb_err err = { 0 };
	uint64_t v[] = { 1, 2 };
	int i, calls = 0;

	CHECK_INT(kb_join_new(&join, ".", (struct kb_ratio){ 4, 5 }, NULL),
	    KB_OK);
	for (i = 0; i < 9; i++)
		CHECK_INT(kb_join_add(join, v, 2, NULL), KB_OK);
	CHECK_INT(kb_join_run(join, refuse_third, &calls, &err), KB_LIMIT);
	CHECK_INT(calls, 3);
	CHECK_STR(kb_str_c(err.msg), "no more");
	kb_join_free(join);
}

static void
test_join__a_join_runs_once_and_then_takes_no_sets(void)
{
	struct pairs got = { 0 };
	struct kb_join *join;
	uint64_t v = 1;

	CHECK_INT(kb_join_new(&join, ".", (struct kb_ratio){ 4, 5 }, NULL),
	    KB_OK);
	CHECK_INT(kb_join_run(join, keep_pair, &got, NULL), KB_OK);
	CHECK_INT(kb_join_run(join, keep_pair, &got, NULL), KB_USAGE);
	CHECK_INT(kb_join_add(join, &v, 1, NULL), KB_USAGE);
	kb_join_free(join);
	kb_join_free(NULL);
}

static void
test_join__a_set_above_the_cap_is_refused_and_not_counted(void)
{
	struct pairs got = { 0 };
	struct kb_join *join;
	uint64_t v[] = { 4, 8 };

	CHECK_INT(kb_join_new(&join, ".", (struct kb_ratio){ 4, 5 }, NULL),
	    KB_OK);
	CHECK_INT(kb_join_add(join, v, 2, NULL), KB_OK);
	CHECK_INT(kb_join_add(join, v, ((size_t)1 << 28) + 1, NULL),
	    KB_LIMIT);
	CHECK_INT(kb_join_add(join, v, 2, NULL), KB_OK);
	CHECK_INT(kb_join_run(join, keep_pair, &got, NULL), KB_OK);
	CHECK(got.n == 1 && got.v[0].a == 0 && got.v[0].b == 1);
	kb_join_free(join);
	free(got.v);
}

/* A full disk, as a limit on the size of files. */
static void
test_join__a_spool_that_cannot_be_written_is_an_io_error(void)
{
	struct rlimit old, low;
	struct kb_join *join;
	struct kb_err err = { 0 };
	enum kb_status status = KB_OK;
	struct pairs got = { 0 };
	uint64_t v[1000];
	size_t i, k;

	CHECK_INT(kb_join_new(&join, ".", (struct kb_ratio){ 4, 5 }, NULL),
	    KB_OK);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	low = old;
	low.rlim_cur = 4096;
	setrlimit(RLIMIT_FSIZE, &low);
	for (i = 0; i < 200 && status == KB_OK; i++) {
		for (k = 0; k < LEN(v); k++)
			v[k] = rng();
		status = kb_join_add(join, v, LEN(v), &err);
	}
	setrlimit(RLIMIT_FSIZE, &old);
	signal(SIGXFSZ, SIG_DFL);
	CHECK_INT(status, KB_IO);
	CHECK(strstr(err.msg, strerror(EFBIG)) != NULL);
	CHECK_INT(kb_join_add(join, v, 1, NULL), KB_IO);
	CHECK_INT(kb_join_run(join, keep_pair, &got, NULL), KB_IO);
	CHECK_INT(got.n, 0);
	kb_join_free(join);
}

int
main(void)
{
	RUN(test_join__small_collections_equal_plain_comparison);
	RUN(test_join__medium_collections_equal_plain_comparison);
	RUN(test_join__sets_larger_than_the_buffers_are_joined);
	RUN(test_join__a_resemblance_of_exactly_the_threshold_is_a_pair);
	RUN(test_join__a_resemblance_just_below_the_threshold_is_no_pair);
	RUN(test_join__a_ratio_need_not_be_in_lowest_terms);
	RUN(test_join__empty_sets_are_never_paired);
	RUN(test_join__no_sets_give_no_pairs);
	RUN(test_join__sets_of_one_element_pair_when_equal);
	RUN(test_join__repeated_elements_count_once);
	RUN(test_join__many_equal_sets_are_all_paired);
	RUN(test_join__sets_of_one_fingerprint_are_equal_only_if_they_are);
	RUN(test_join__pairs_do_not_depend_on_the_order_of_adding);
	RUN(test_join__the_same_sets_give_the_same_pairs_again);
	RUN(test_join__ratios_that_are_no_threshold_are_refused);
	RUN(test_join__a_missing_folder_is_an_io_error);
	RUN(test_join__a_failing_callback_ends_the_run_with_its_status);
	RUN(test_join__a_join_runs_once_and_then_takes_no_sets);
	RUN(test_join__a_set_above_the_cap_is_refused_and_not_counted);
	RUN(test_join__a_spool_that_cannot_be_written_is_an_io_error);
	return test_done();
}
