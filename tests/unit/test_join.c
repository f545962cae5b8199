#include "test.h"

#include <signal.h>
#include <sys/resource.h>
#include <time.h>

#include "join_sets.h"

static const struct kb_ratio ratios[] = {
	{ 1, 2 }, { 2, 3 }, { 7, 10 }, { 4, 5 }, { 9, 10 }, { 1, 1 },
	{ 80, 100 }
};

/* ---- larger collections ---- */

/* A word model: most words are rare, some are everywhere. */
static void
medium_lists(struct lists *l, size_t n, size_t size, unsigned width)
{
	uint64_t **v = calloc(n, sizeof(*v));
	size_t *len = calloc(n, sizeof(*len)), i, k;

	lists_init(l, n, width);
	for (i = 0; i < n; i++) {
		v[i] = calloc(size * 2, sizeof(**v));
		len[i] = size / 2 + below(size);
		for (k = 0; k < len[i]; k++)
			v[i][k] = below(3) == 0 ? below(300) : 300 +
			    below(40000);
		if (i > 0 && below(4) == 0) {
			size_t from = below(i), edits = below(size / 4);

			len[i] = len[from];
			memcpy(v[i], v[from], len[i] * sizeof(**v));
			for (k = 0; k < edits; k++)
				v[i][below(len[i])] = rng();
		}
		lists_put(l, i, v[i], len[i]);
	}
	for (i = 0; i < n; i++)
		free(v[i]);
	free(v);
	free(len);
}

static void
test_join__medium_collections_equal_plain_comparison(void)
{
	struct kb_join_opts o = near_only(4, 5);
	struct pairs all = { 0 };
	struct lists l;
	size_t i, n;

	rng_state = 2;
	medium_lists(&l, 1200, 200, 1);
	o.common = (struct kb_ratio){ 1, 50 };
	o.common_most = 0;
	o.inside = (struct kb_ratio){ 7, 10 };
	plain_join(&all, &l, plain_cut(&l, &o));
	for (i = 0; i < LEN(ratios); i++) {
		o.near = ratios[i];
		o.threads = 1 + i % 3;
		n = compare(&l, &all, &o);
		CHECK(n != (size_t)-1);
		CHECK(n > 0);
	}
	lists_release(&l);
	free(all.v);
}

/* More than the write buffer and the read window hold. */
static void
test_join__sets_larger_than_the_buffers_are_joined(void)
{
	struct kb_join_opts o = near_only(8, 9);
	size_t n = 100000, i, k;
	uint64_t *v = calloc(n, sizeof(*v));
	struct lists l;

	rng_state = 3;
	lists_init(&l, 4, 1);
	for (i = 0; i < n; i++)
		v[i] = rng();
	lists_put(&l, 0, v, n);
	lists_put(&l, 1, v, 10);
	for (k = 0; k < n / 20; k++)
		v[k] = rng();
	lists_put(&l, 2, v, n);
	lists_put(&l, 3, v, n - n / 100);
	CHECK_INT(compare_once(&l, &o), 3);
	o.near = (struct kb_ratio){ 99, 100 };
	CHECK_INT(compare_once(&l, &o), 1);
	lists_release(&l);
	free(v);
}

/* ---- boundaries ---- */

/* Two sets, "shared" elements in both and "x", "y" in one only. */
static size_t
npairs_with(size_t shared, size_t x, size_t y, const struct kb_join_opts *o)
{
	uint64_t *v = calloc(shared + x + y + 1, sizeof(*v));
	struct pairs got = { 0 };
	struct lists l;
	size_t i;

	lists_init(&l, 2, 1);
	for (i = 0; i < shared + x + y; i++)
		v[i] = i;
	lists_put(&l, 0, v, shared + x);
	memmove(v + shared, v + shared + x, y * sizeof(*v));
	lists_put(&l, 1, v, shared + y);
	CHECK_INT(join_lists(&got, NULL, &l, o, NULL), KB_OK);
	if (got.n == 1) {
		CHECK_INT(got.v[0].shared, shared);
		CHECK_INT(got.v[0].size_a, shared + x);
		CHECK_INT(got.v[0].size_b, shared + y);
	}
	lists_release(&l);
	free(v);
	free(got.v);
	return got.n;
}

static size_t
npairs_of(size_t shared, size_t x, size_t y, uint32_t count, uint32_t of)
{
	struct kb_join_opts o = near_only(count, of);

	return npairs_with(shared, x, y, &o);
}

/* Places behind the fourth megabyte of an article's words. */
static void
test_join__very_long_lists_are_joined(void)
{
	CHECK_INT(npairs_of(799000, 1000, 2000, 9, 10), 1);
}

static void
test_join__a_resemblance_of_exactly_the_threshold_is_a_pair(void)
{
	size_t k;

	for (k = 1; k < 60; k++) {
		CHECK_INT(npairs_of(4 * k, k, 0, 4, 5), 1);
		CHECK_INT(npairs_of(4 * k, k / 2, k - k / 2, 4, 5), 1);
		CHECK_INT(npairs_of(4 * k, 0, k, 4, 5), 1);
	}
	CHECK_INT(npairs_of(7000, 1000, 2000, 7, 10), 1);
	CHECK_INT(npairs_of(1, 1, 0, 1, 2), 1);
}

static void
test_join__a_resemblance_just_below_the_threshold_is_no_pair(void)
{
	size_t k;

	for (k = 1; k < 60; k++) {
		CHECK_INT(npairs_of(4 * k, k + 1, 0, 4, 5), 0);
		CHECK_INT(npairs_of(4 * k - 1, k / 2, k - k / 2, 4, 5), 0);
		CHECK_INT(npairs_of(4 * k, 0, k + 1, 4, 5), 0);
	}
	CHECK_INT(npairs_of(7000, 1000, 2001, 7, 10), 0);
	CHECK_INT(npairs_of(500, 0, 1, 1, 1), 0);
}

static void
test_join__a_containment_of_exactly_the_threshold_is_a_pair(void)
{
	struct kb_join_opts o = near_only(4, 5);

	o.inside = (struct kb_ratio){ 7, 10 };
	o.inside_least = 30;
	CHECK_INT(npairs_with(21, 9, 300, &o), 1);
	CHECK_INT(npairs_with(21, 300, 9, &o), 1);
	CHECK_INT(npairs_with(20, 10, 300, &o), 0);
	CHECK_INT(npairs_with(700, 300, 301, &o), 1);
	CHECK_INT(npairs_with(699, 301, 5000, &o), 0);
	/* 29 elements are too few, and 30 are not. */
	CHECK_INT(npairs_with(29, 0, 300, &o), 0);
	CHECK_INT(npairs_with(30, 0, 300, &o), 1);
	o.inside.of = 0;
	CHECK_INT(npairs_with(30, 0, 300, &o), 0);
}

static void
test_join__a_ratio_need_not_be_in_lowest_terms(void)
{
	CHECK_INT(npairs_of(400, 50, 50, 3200000000u, 4000000000u), 1);
	CHECK_INT(npairs_of(399, 50, 50, 3200000000u, 4000000000u), 0);
	CHECK_INT(npairs_of(5000, 0, 0, UINT32_MAX - 1, UINT32_MAX), 1);
	CHECK_INT(npairs_of(5000, 0, 1, UINT32_MAX - 1, UINT32_MAX), 0);
}

static void
test_join__empty_sets_are_never_paired(void)
{
	struct kb_join_opts o = near_only(1, 2);
	struct pairs got = { 0 };
	uint64_t v = 9;
	struct lists l;

	lists_init(&l, 5, 1);
	lists_put(&l, 1, &v, 1);
	lists_put(&l, 3, &v, 1);
	CHECK_INT(join_lists(&got, NULL, &l, &o, NULL), KB_OK);
	CHECK_INT(got.n, 1);
	CHECK(got.n == 1 && got.v[0].a == 1 && got.v[0].b == 3);
	lists_release(&l);
	free(got.v);
}

static void
test_join__no_sets_give_no_pairs(void)
{
	struct kb_join_opts o = near_only(4, 5);
	struct kb_joined joined = { 0 };
	struct pairs got = { 0 };
	uint32_t rank = 0;
	struct lists l;

	o.threads = 3;
	o.common = (struct kb_ratio){ 1, 20 };
	o.inside = (struct kb_ratio){ 7, 10 };
	lists_init(&l, 0, 1);
	CHECK_INT(join_lists(&got, &joined, &l, &o, &rank), KB_OK);
	CHECK_INT(got.n, 0);
	CHECK_INT(joined.groups, 0);
	kb_joined_release(&joined);
	lists_release(&l);
}

/* The same words in another order make the same set of single words. */
static void
test_join__equal_sets_tell_whether_their_words_stand_in_one_order(void)
{
	static const uint64_t x[] = { 1, 2, 3, 2 }, y[] = { 3, 2, 1, 1 };
	struct kb_join_opts o = near_only(1, 1);
	struct pairs got = { 0 };
	struct lists l;
	size_t i;

	lists_init(&l, 4, 1);
	lists_put(&l, 0, x, 4);
	lists_put(&l, 1, y, 4);
	lists_put(&l, 2, y, 4);
	lists_put(&l, 3, x, 4);
	CHECK_INT(join_lists(&got, NULL, &l, &o, NULL), KB_OK);
	CHECK_INT(got.n, 6);
	for (i = 0; i < got.n; i++)
		CHECK_INT(got.v[i].same_words, got.v[i].a + got.v[i].b == 3);
	lists_release(&l);
	free(got.v);
}

/* ---- common shingles ---- */

static void
test_join__what_copies_share_is_common_only_by_their_groups(void)
{
	struct kb_join_opts o = near_only(1, 2);
	struct pairs got = { 0 };
	uint64_t v[20];
	struct lists l;
	size_t i, k;

	/* Ten copies of one list, and four that share half a frame. */
	lists_init(&l, 14, 1);
	for (i = 0; i < 14; i++) {
		for (k = 0; k < LEN(v); k++)
			v[k] = i < 10 ? k : k < 14 ? 100 + k : 1000 * i + k;
		lists_put(&l, i, v, LEN(v));
	}
	o.common = (struct kb_ratio){ 1, 20 };
	o.common_least = 3;
	CHECK_INT(join_lists(&got, NULL, &l, &o, NULL), KB_OK);
	CHECK_INT(got.n, 45 + 6);
	for (i = 0; i < got.n; i++) {
		const struct kb_pair *p = &got.v[i];

		CHECK_INT(p->own_a, p->a < 10 ? 20 : 6);
		CHECK_INT(p->own_shared, p->a < 10 ? 20 : 0);
		CHECK_INT(p->shared, p->a < 10 ? 20 : 14);
	}
	lists_release(&l);
	free(got.v);
}

/* Whatever small counters are full at, and whoever counts. */
static void
test_join__a_shingle_is_common_in_one_group_more_than_the_cut(void)
{
	struct kb_join_opts o = near_only(1, 2);
	struct kb_joined joined = { 0 };
	struct pairs got = { 0 };
	uint64_t v[20], frame;
	struct lists l;
	size_t i, k;

	/* 20 groups with a frame, 21 with another, and strangers. */
	lists_init(&l, 500, 1);
	for (i = 0; i < 500; i++) {
		frame = i < 20 ? 100 : i < 41 ? 200 : 1000 * i;
		for (k = 0; k < LEN(v); k++)
			v[k] = k < 14 ? frame + k : 1000 * i + k;
		lists_put(&l, i, v, LEN(v));
	}
	o.common = (struct kb_ratio){ 1, 20 };
	o.common_least = 5;
	o.common_most = 20;
	for (o.threads = 1; o.threads <= 3; o.threads += 2) {
		got.n = 0;
		CHECK_INT(join_lists(&got, &joined, &l, &o, NULL), KB_OK);
		CHECK_INT(joined.common_df, 20);
		CHECK_INT(got.n, 190 + 210);
		for (i = 0; i < got.n; i++) {
			const struct kb_pair *p = &got.v[i];

			CHECK_INT(p->own_shared, p->a < 20 ? 14 : 0);
			CHECK_INT(p->own_a, p->a < 20 ? 20 : 6);
			CHECK_INT(p->own_b, p->own_a);
		}
		kb_joined_release(&joined);
	}
	lists_release(&l);
	free(got.v);
}

/* ---- many ---- */

static uint32_t *
ranks_as_they_come(size_t n)
{
	uint32_t *rank = calloc(n + 1, sizeof(*rank));
	size_t i;

	for (i = 0; i < n; i++)
		rank[i] = (uint32_t)i;
	return rank;
}

/* Quadratic in them, this would take hours. */
/* More than are checked at once. */
static void
test_join__very_many_common_shingles_equal_plain_comparison(void)
{
	enum { SHARED = 16000, OWN = 300, LISTS = 40 };
	struct kb_join_opts o = near_only(4, 5);
	uint64_t *v = calloc(SHARED + OWN, sizeof(*v));
	struct lists l;
	size_t i, k;

	rng_state = 19;
	o.common = (struct kb_ratio){ 1, 20 };
	o.common_least = 5;
	o.common_most = 20;
	lists_init(&l, LISTS, 1);
	for (k = 0; k < SHARED; k++)
		v[k] = rng();
	for (i = 0; i < LISTS; i++) {
		for (k = 0; k < OWN; k++)
			v[SHARED + k] = i < LISTS / 2 ? k : rng();
		lists_put(&l, i, v, SHARED + below(OWN));
	}
	CHECK_INT(compare_once(&l, &o), LISTS * (LISTS - 1) / 2);
	lists_release(&l);
	free(v);
}

static void
test_join__very_many_copies_take_no_time(void)
{
	struct kb_join_opts o = near_only(4, 5);
	struct kb_joined joined = { 0 };
	struct pairs got = { 0 };
	size_t n = 100000, i, k, members = 0;
	uint32_t *rank = ranks_as_they_come(n);
	uint64_t v[24];
	struct lists l;

	lists_init(&l, n, 1);
	for (i = 0; i < n; i++) {
		for (k = 0; k < LEN(v); k++)
			v[k] = k;
		/* Half are equal, half are near all others. */
		v[0] = i % 2 == 0 ? 0 : 1000 + i;
		lists_put(&l, i, v, LEN(v));
	}
	o.max_pairs = 150000;
	o.threads = 2;
	CHECK_INT(join_lists(&got, &joined, &l, &o, rank), KB_OK);
	CHECK(joined.cut);
	CHECK_INT(got.n, 150000);
	for (i = 0; i < n; i++)
		members += joined.canonical[i] == 0;
	CHECK_INT(members, n);
	for (i = members = 0; i < got.n; i++)
		members += got.v[i].a == 0;
	CHECK_INT(members, n - 1);
	kb_joined_release(&joined);
	lists_release(&l);
	free(rank);
	free(got.v);
}

/* One text of 200 words, in each list four of them others. */
static void
template_lists(struct lists *l, size_t n)
{
	uint64_t v[200], frame[200];
	size_t i, k;

	for (k = 0; k < LEN(frame); k++)
		frame[k] = below(5000);
	lists_init(l, n, 5);
	for (i = 0; i < n; i++) {
		memcpy(v, frame, sizeof(v));
		for (k = 0; k < 4; k++)
			v[below(LEN(v))] = below(5000);
		lists_put(l, i, v, LEN(v));
	}
}

static void
test_join__lists_of_one_template_equal_plain_comparison(void)
{
	struct kb_join_opts o = near_only(4, 5);
	struct lists l;
	size_t i, n;

	rng_state = 20;
	o.shingling.width = 5;
	for (i = 0; i < 4; i++) {
		o.near = ratios[i];
		o.threads = 1 + i % 2;
		template_lists(&l, 400);
		n = compare_once(&l, &o);
		CHECK(n != (size_t)-1);
		CHECK(n > 0);
		lists_release(&l);
	}
}

/* Merged one by one, these would take 15 s. */
static void
test_join__lists_of_one_template_are_soon_told_to_be_no_pairs(void)
{
	struct kb_join_opts o = near_only(4, 5);
	struct pairs got = { 0 };
	struct lists l;
	clock_t start;

	rng_state = 21;
	o.shingling.width = 5;
	template_lists(&l, 16000);
	start = clock();
	CHECK_INT(join_lists(&got, NULL, &l, &o, NULL), KB_OK);
	CHECK((clock() - start) / CLOCKS_PER_SEC < 8);
	CHECK(got.n > 1000);
	free(got.v);
	lists_release(&l);
}

/* ---- nothing else matters ---- */

/* An x for which x * by is y: by Newton, each round twice the bits. */
static uint64_t
divide(uint64_t y, uint64_t by)
{
	uint64_t x = by;
	unsigned i;

	for (i = 0; i < 6; i++)
		x *= 2 - by * x;
	return x * y;
}

/*
 * Hashes whose first bits are the same when they are spread, as a text can be
 * made to have them: 13 s when slots are found by these bits.
 */
static void
test_join__hashes_made_to_stand_in_a_heap_take_no_time(void)
{
	enum { SETS = 260, SIZE = 1000 };
	struct kb_join_opts o = near_only(4, 5);
	uint64_t *v = calloc(SIZE, sizeof(*v));
	struct kb_joined joined;
	struct kb_join *join;
	struct kb_buf words = { 0 };
	size_t i, k;
	clock_t start = clock();

	rng_state = 23;
	CHECK_INT(kb_join_new(&join, ".", &o, NULL), KB_OK);
	for (k = 0; k < SIZE; k++)
		kb_buf_printf(&words, "%s%zu", k > 0 ? " " : "", k);
	for (i = 0; i < SETS; i++) {
		struct kb_shingles s = { .v = v, .n = SIZE,
		    .distinct = SIZE, .words = SIZE, .print = rng() };

		for (k = 0; k < SIZE; k++)
			v[k] = divide(rng() >> 13,
			    UINT64_C(0x9E3779B97F4A7C15));
		CHECK_INT(kb_join_add(join, &s, kb_buf_str(&words), NULL),
		    KB_OK);
	}
	CHECK_INT(kb_join_run(&joined, join, NULL, keep_pair, NULL, NULL),
	    KB_OK);
	CHECK_INT(joined.listed, 0);
	CHECK((clock() - start) / CLOCKS_PER_SEC < 4);
	kb_joined_release(&joined);
	kb_join_free(join);
	kb_buf_release(&words);
	free(v);
}

static void
test_join__threads_change_nothing(void)
{
	struct kb_join_opts o = near_only(1, 2);
	struct kb_joined x = { 0 }, y = { 0 };
	struct pairs one = { 0 }, many = { 0 };
	size_t n = 1500, i;
	uint32_t *rank = ranks_as_they_come(n);
	struct lists l;

	rng_state = 5;
	medium_lists(&l, n, 60, 2);
	o.shingling.width = 2;
	o.inside = (struct kb_ratio){ 7, 10 };
	o.common = (struct kb_ratio){ 1, 200 };
	for (i = 0; i < 2; i++) {
		o.max_pairs = i == 0 ? 0 : 200;
		o.threads = 1;
		CHECK_INT(join_lists(&one, &x, &l, &o, rank), KB_OK);
		o.threads = 5;
		CHECK_INT(join_lists(&many, &y, &l, &o, rank), KB_OK);
		CHECK(one.n > 100);
		CHECK(same_pairs(&one, &many));
		CHECK_INT(x.found, y.found);
		CHECK_INT(x.cut, i == 1);
		CHECK(memcmp(x.canonical, y.canonical,
		    n * sizeof(*x.canonical)) == 0);
		kb_joined_release(&x);
		kb_joined_release(&y);
		one.n = many.n = 0;
	}
	lists_release(&l);
	free(rank);
	free(one.v);
	free(many.v);
}

static void
test_join__pairs_do_not_depend_on_the_order_of_adding(void)
{
	struct kb_join_opts o = near_only(4, 5);
	struct pairs x = { 0 }, y = { 0 };
	struct lists l;
	size_t i, n = 300;

	rng_state = 6;
	medium_lists(&l, n, 60, 1);
	CHECK_INT(join_lists(&x, NULL, &l, &o, NULL), KB_OK);
	for (i = 0; i < n / 2; i++) {
		struct kb_buf t = l.v[i];

		l.v[i] = l.v[n - 1 - i];
		l.v[n - 1 - i] = t;
	}
	CHECK_INT(join_lists(&y, NULL, &l, &o, NULL), KB_OK);
	CHECK(x.n > 0);
	CHECK_INT(x.n, y.n);
	for (i = 0; i < x.n && i < y.n; i++) {
		size_t k;

		for (k = 0; k < y.n; k++) {
			if (y.v[k].a == n - 1 - x.v[i].b &&
			    y.v[k].b == n - 1 - x.v[i].a)
				break;
		}
		CHECK(k < y.n && y.v[k].shared == x.v[i].shared);
	}
	lists_release(&l);
	free(x.v);
	free(y.v);
}

/* ---- the judge ---- */

struct court {
	const struct lists	*l;
	int			 strange;
};

static unsigned char
judge(void *arg, const struct kb_pair *p, struct kb_str a, struct kb_str b)
{
	struct court *court = arg;

	if (p->a >= p->b || !kb_str_eq(a, kb_buf_str(&court->l->v[p->a])) ||
	    !kb_str_eq(b, kb_buf_str(&court->l->v[p->b])))
		court->strange++;
	return (unsigned char)(1 + p->size_a % 7 +
	    (p->own_shared % 2 == 0 ? KB_PAIR_STAR : 0));
}

static void
test_join__the_judge_decides_what_may_be_in_a_star(void)
{
	struct kb_join_opts o = near_only(1, 2);
	struct kb_joined joined = { 0 };
	struct pairs got = { 0 };
	size_t n = 400, i, starred = 0, refused = 0;
	uint32_t *rank = ranks_as_they_come(n);
	struct lists l;
	struct court court = { &l, 0 };

	rng_state = 8;
	medium_lists(&l, n, 60, 1);
	o.judge = judge;
	o.judge_arg = &court;
	CHECK_INT(join_lists(&got, &joined, &l, &o, rank), KB_OK);
	CHECK_INT(court.strange, 0);
	for (i = 0; i < got.n; i++) {
		const struct kb_pair *p = &got.v[i];
		bool equal = p->shared == p->size_a && p->shared == p->size_b;
		bool star = joined.canonical[p->a] == p->b ||
		    joined.canonical[p->b] == p->a;

		if (equal)
			continue;
		CHECK_INT(p->relation, judge(&court, p, kb_buf_str(
		    &l.v[p->a]), kb_buf_str(&l.v[p->b])));
		CHECK(!star || (p->relation & KB_PAIR_STAR) != 0);
		starred += star;
		refused += (p->relation & KB_PAIR_STAR) == 0;
	}
	CHECK(starred > 10);
	CHECK(refused > 10);
	kb_joined_release(&joined);
	lists_release(&l);
	free(rank);
	free(got.v);
}

/* ---- what is left of the sets ---- */

struct seen_sets {
	uint32_t	sets[8];
	size_t		sizes[8], n;
	bool		ascending;
};

static enum kb_status
see_set(void *arg, uint32_t set, const uint64_t *v, size_t n,
    struct kb_err *err)
{
	struct seen_sets *s = arg;
	size_t i;

	s->sets[s->n] = set;
	s->sizes[s->n++] = n;
	for (i = 1; i < n; i++)
		s->ascending &= v[i] > v[i - 1];
	return KB_OK;
}

static void
test_join__each_group_is_told_once_with_its_first_set(void)
{
	static const uint64_t x[] = { 1, 2, 3, 2, 1 }, y[] = { 7, 8 };
	struct kb_join_opts o = near_only(4, 5);
	struct seen_sets seen = { .ascending = true };
	struct kb_joined joined = { 0 };
	struct pairs got = { 0 };
	struct kb_join *join;
	struct lists l;

	lists_init(&l, 5, 1);
	lists_put(&l, 1, x, 5);
	lists_put(&l, 2, y, 2);
	lists_put(&l, 3, x, 5);
	lists_put(&l, 4, x, 3);
	CHECK_INT(kb_join_new(&join, ".", &o, NULL), KB_OK);
	CHECK_INT(add_lists(join, &l, &o.shingling), KB_OK);
	CHECK_INT(kb_join_run(&joined, join, NULL, keep_pair, &got, NULL),
	    KB_OK);
	CHECK_INT(kb_join_each(join, see_set, &seen, NULL), KB_OK);
	CHECK_INT(seen.n, 2);
	CHECK(seen.ascending);
	CHECK_INT(seen.sets[0], 1);
	CHECK_INT(seen.sizes[0], 3);
	CHECK_INT(seen.sets[1], 2);
	CHECK_INT(kb_join_leader(join, 4), 1);
	CHECK_INT(kb_join_next(join, 1), 3);
	CHECK_INT(kb_join_next(join, 4), KB_JOIN_NONE);
	CHECK(joined.canonical == NULL);
	kb_joined_release(&joined);
	kb_join_free(join);
	lists_release(&l);
	free(got.v);
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
	struct kb_join_opts o;
	size_t i;

	for (i = 0; i < LEN(bad); i++) {
		o = near_only(bad[i].count, bad[i].of);
		err.status = KB_OK;
		CHECK_INT(kb_join_new(&join, ".", &o, &err), KB_USAGE);
		CHECK_INT(err.status, KB_USAGE);
		CHECK(join == NULL);
	}
	o = near_only(4, 5);
	o.inside = (struct kb_ratio){ 69, 100 };
	CHECK_INT(kb_join_new(&join, ".", &o, NULL), KB_USAGE);
	o = near_only(4, 5);
	o.shingling.width = KB_SHINGLE_MAX_WIDTH + 1;
	CHECK_INT(kb_join_new(&join, ".", &o, NULL), KB_USAGE);
	CHECK(join == NULL);
}

static void
test_join__ranks_that_are_no_permutation_are_refused(void)
{
	static const uint32_t rank[] = { 0, 0 };
	struct kb_join_opts o = near_only(4, 5);
	struct pairs got = { 0 };
	struct kb_joined joined;
	struct lists l;

	lists_init(&l, 2, 1);
	CHECK_INT(join_lists(&got, &joined, &l, &o, rank), KB_USAGE);
	lists_release(&l);
}

static void
test_join__a_missing_folder_is_an_io_error(void)
{
	struct kb_join_opts o = near_only(4, 5);
	struct kb_join *join = NULL;
	struct kb_err err = { 0 };

	CHECK_INT(kb_join_new(&join, "./no/such/folder", &o, &err), KB_IO);
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
test_join__what_fn_returns_ends_the_run_and_it_runs_once(void)
{
	struct kb_join_opts o = near_only(4, 5);
	static const uint64_t v[] = { 1, 2 };
	struct kb_shingles s = { 0 };
	struct kb_err err = { 0 };
	struct kb_joined joined;
	struct kb_join *join;
	struct lists l;
	int calls = 0;
	size_t i;

	lists_init(&l, 10, 1);
	for (i = 0; i < 10; i++)
		lists_put(&l, i, v, 2);
	CHECK_INT(kb_join_new(&join, ".", &o, NULL), KB_OK);
	CHECK_INT(add_lists(join, &l, &o.shingling), KB_OK);
	CHECK_INT(kb_join_run(&joined, join, NULL, refuse_third, &calls,
	    &err), KB_LIMIT);
	CHECK_INT(calls, 3);
	CHECK_STR(kb_str_c(err.msg), "no more");
	CHECK_INT(kb_join_run(&joined, join, NULL, refuse_third, &calls,
	    NULL), KB_USAGE);
	CHECK_INT(kb_join_add(join, &s, kb_str("", 0), NULL), KB_USAGE);
	kb_join_free(join);
	kb_join_free(NULL);
	lists_release(&l);
}

static void
test_join__a_set_over_the_cap_is_refused_and_left_out(void)
{
	struct kb_join_opts o = near_only(4, 5);
	struct kb_shingles s = { .n = ((uint32_t)1 << 28) + 1 };
	struct kb_join *join;

	CHECK_INT(kb_join_new(&join, ".", &o, NULL), KB_OK);
	CHECK_INT(kb_join_add(join, &s, kb_str("x", 1), NULL), KB_LIMIT);
	kb_join_free(join);
}

/* Files may not grow over a limit: as when the disk is full. */
static void
test_join__a_spool_that_cannot_be_written_is_an_io_error(void)
{
	struct rlimit old, small;
	struct kb_join_opts o = near_only(4, 5);
	enum kb_status status = KB_OK;
	struct kb_err err = { 0 };
	struct kb_joined joined;
	struct kb_join *join;
	struct kb_shingles s;
	struct lists l;
	uint64_t v[64];
	size_t i;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	small = old;
	small.rlim_cur = 100000;
	CHECK_INT(kb_join_new(&join, ".", &o, NULL), KB_OK);
	lists_init(&l, 1, 1);
	for (i = 0; i < LEN(v); i++)
		v[i] = i;
	lists_put(&l, 0, v, LEN(v));
	CHECK_INT(kb_shingles_make(&s, &o.shingling, kb_buf_str(&l.v[0]),
	    NULL), KB_OK);
	setrlimit(RLIMIT_FSIZE, &small);
	for (i = 0; i < 20000 && status == KB_OK; i++)
		status = kb_join_add(join, &s, kb_buf_str(&l.v[0]), &err);
	setrlimit(RLIMIT_FSIZE, &old);
	CHECK_INT(status, KB_IO);
	CHECK(strstr(err.msg, "'.'") != NULL);
	CHECK_INT(kb_join_add(join, &s, kb_buf_str(&l.v[0]), NULL), KB_IO);
	CHECK_INT(kb_join_run(&joined, join, NULL, keep_pair, NULL, NULL),
	    KB_IO);
	kb_join_free(join);
	kb_shingles_release(&s);
	lists_release(&l);
}

int
main(void)
{
	RUN(test_join__medium_collections_equal_plain_comparison);
	RUN(test_join__sets_larger_than_the_buffers_are_joined);
	RUN(test_join__very_long_lists_are_joined);
	RUN(test_join__a_resemblance_of_exactly_the_threshold_is_a_pair);
	RUN(test_join__a_resemblance_just_below_the_threshold_is_no_pair);
	RUN(test_join__a_containment_of_exactly_the_threshold_is_a_pair);
	RUN(test_join__a_ratio_need_not_be_in_lowest_terms);
	RUN(test_join__empty_sets_are_never_paired);
	RUN(test_join__no_sets_give_no_pairs);
	RUN(test_join__equal_sets_tell_whether_their_words_stand_in_one_order);
	RUN(test_join__what_copies_share_is_common_only_by_their_groups);
	RUN(test_join__a_shingle_is_common_in_one_group_more_than_the_cut);
	RUN(test_join__very_many_common_shingles_equal_plain_comparison);
	RUN(test_join__very_many_copies_take_no_time);
	RUN(test_join__lists_of_one_template_equal_plain_comparison);
	RUN(test_join__lists_of_one_template_are_soon_told_to_be_no_pairs);
	RUN(test_join__hashes_made_to_stand_in_a_heap_take_no_time);
	RUN(test_join__threads_change_nothing);
	RUN(test_join__pairs_do_not_depend_on_the_order_of_adding);
	RUN(test_join__the_judge_decides_what_may_be_in_a_star);
	RUN(test_join__each_group_is_told_once_with_its_first_set);
	RUN(test_join__ratios_that_are_no_threshold_are_refused);
	RUN(test_join__ranks_that_are_no_permutation_are_refused);
	RUN(test_join__a_missing_folder_is_an_io_error);
	RUN(test_join__what_fn_returns_ends_the_run_and_it_runs_once);
	RUN(test_join__a_set_over_the_cap_is_refused_and_left_out);
	RUN(test_join__a_spool_that_cannot_be_written_is_an_io_error);
	return test_done();
}
