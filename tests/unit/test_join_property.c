/*
 * The join beside a plain comparison on the words, to the letter: pairs,
 * figures with and without common shingles, stars; over collections of many
 * shapes.
 */
#include "test.h"

#include "join_sets.h"

#define MAX_WORDS	90

static const struct kb_ratio nears[] = {
	{ 1, 2 }, { 7, 10 }, { 4, 5 }, { 9, 10 }, { 2, 3 }, { 1, 1 }
};
static const struct kb_ratio insides[] = {
	{ 7, 10 }, { 4, 5 }, { 1, 1 }, { 9, 10 }, { 0, 0 }
};

enum shape {
	UNIFORM,
	SKEWED,
	COPIES,			/* most are copies of a few */
	EDITED,			/* most are a few with some words changed */
	PARTS,			/* most are a piece of another, or hold one */
	TEMPLATES,		/* one frame with little in it */
	CHAINS,			/* each like the one before */
	TINY,			/* about as many words as a shingle has */
	NSHAPES
};

static uint64_t
word(enum shape shape, size_t vocabulary)
{
	size_t i = below(vocabulary);

	if (shape == SKEWED)
		i = i * below(vocabulary) / vocabulary;
	return i;
}

struct draft {
	uint64_t	v[MAX_WORDS];
	size_t		n;
};

static void
edit(struct draft *d, enum shape shape, size_t vocabulary, size_t times)
{
	while (times-- > 0 && d->n > 0) {
		size_t at = below(d->n);

		switch (below(3)) {
		case 0:
			d->v[at] = word(shape, vocabulary);
			break;
		case 1:
			memmove(d->v + at, d->v + at + 1,
			    (--d->n - at) * sizeof(*d->v));
			break;
		default:
			if (d->n < MAX_WORDS)
				d->v[d->n++] = word(shape, vocabulary);
		}
	}
}

static void
cut_piece(struct draft *d)
{
	size_t from = d->n > 0 ? below(d->n) / 3 : 0;

	d->n -= from;
	memmove(d->v, d->v + from, d->n * sizeof(*d->v));
	d->n -= below(d->n / 2 + 1);
}

/* The i-th of a collection, after those before it. */
static void
draw(struct draft *d, const struct draft *before, size_t i, enum shape shape,
    size_t max, size_t vocabulary)
{
	size_t k;

	d->n = below(max + 1);
	for (k = 0; k < d->n; k++)
		d->v[k] = word(shape, vocabulary);
	if (i == 0 || shape <= SKEWED || shape == TINY || below(6) == 0)
		return;
	*d = before[shape == CHAINS ? i - 1 : shape == TEMPLATES ? 0 :
	    below(i)];
	if (shape == EDITED || shape == CHAINS)
		edit(d, shape, vocabulary, below(4));
	else if (shape == TEMPLATES)
		edit(d, shape, vocabulary, 1 + below(8));
	else if (shape == PARTS)
		cut_piece(d);
	if (shape == PARTS && below(2) == 0)
		for (k = below(30); k > 0 && d->n < MAX_WORDS; k--)
			d->v[d->n++] = word(shape, vocabulary);
}

/* Short words and long ones, which differ in their last letters alone. */
static uint64_t
draw_stem(void)
{
	static const uint64_t stems[] = { 0, 0, 0x1000, 0xabcd00000,
	    UINT64_C(0xfedcba9876540000) };

	return stems[below(LEN(stems))];
}

static void
draw_all(struct lists *l, enum shape shape, unsigned width)
{
	size_t n = 1 + below(36), i;
	size_t max = shape == TINY ? width * 2 : 5 + below(MAX_WORDS - 5);
	size_t vocabulary = 2 + below(4) * below(60), k;
	uint64_t stem = draw_stem();
	struct draft *all = calloc(n, sizeof(*all));

	lists_init(l, n, width);
	for (i = 0; i < n; i++)
		draw(&all[i], all, i, shape, max, vocabulary);
	for (i = 0; i < n; i++) {
		for (k = 0; k < all[i].n; k++)
			all[i].v[k] += stem;
		lists_put(l, i, all[i].v, all[i].n);
	}
	free(all);
}

static struct kb_join_opts
draw_opts(unsigned width)
{
	struct kb_join_opts o;

	kb_join_defaults(&o);
	o.shingling.width = width;
	o.near = nears[below(LEN(nears))];
	o.inside = insides[below(LEN(insides))];
	o.inside_least = (uint32_t)(1 + below(30));
	o.common = (struct kb_ratio){ (uint32_t)below(4), 10 };
	o.common_least = (uint32_t)below(5);
	o.common_most = (uint32_t)below(2) * 6;
	o.max_pairs = 0;
	o.threads = 1 + (unsigned)below(3);
	if (below(4) == 0)
		o.common.of = 0;
	return o;
}

/* ---- pairs ---- */

static void
check_rounds(size_t rounds, uint64_t mask, size_t least)
{
	static const unsigned widths[] = { 5, 1, 2, 3 };
	size_t round, npairs = 0, n;

	for (round = 0; round < rounds && test_failures == 0; round++) {
		unsigned width = widths[below(LEN(widths))];
		struct kb_join_opts o = draw_opts(width);
		struct pairs all = { 0 };
		struct lists l;

		o.shingling.mask = mask;
		draw_all(&l, (enum shape)(round % NSHAPES), width);
		plain_join(&all, &l, plain_cut(&l, &o));
		n = compare(&l, &all, &o);
		CHECK(n != (size_t)-1);
		if (n == (size_t)-1)
			printf("# round %zu\n", round);
		npairs += n;
		lists_release(&l);
		free(all.v);
	}
	CHECK(npairs > least);
}

static void
test_join__small_collections_equal_plain_comparison(void)
{
	rng_state = 1;
	check_rounds(6000, 0, 100000);
}

static void
test_join__hashes_that_collide_change_nothing(void)
{
	rng_state = 2;
	check_rounds(400, 0xff, 5000);
	check_rounds(400, UINT64_C(0x1800000000000000), 5000);
	check_rounds(400, 0xffff, 5000);
	/* All are one. */
	check_rounds(200, UINT64_C(1) << 63, 2000);
}

/* ---- stars ---- */

static void
shuffle(uint32_t *rank, size_t n)
{
	size_t i, k;

	for (i = 0; i < n; i++)
		rank[i] = (uint32_t)i;
	for (i = n; i > 1; i--) {
		uint32_t t = rank[i - 1];

		k = below(i);
		rank[i - 1] = rank[k];
		rank[k] = t;
	}
}

static bool
may_star(const struct kb_pair *p, const struct kb_join_opts *o)
{
	uint64_t own = (uint64_t)p->own_a + p->own_b - p->own_shared;

	if (p->shared == p->size_a && p->shared == p->size_b)
		return true;
	return is_near(p, o) && (o->own.of == 0 || o->own.count == 0 ||
	    (own > 0 && p->own_shared * (uint64_t)o->own.of >=
	    own * o->own.count));
}

static void
plain_stars(const struct pairs *all, const struct kb_join_opts *o,
    const uint32_t *rank, uint32_t *canonical, size_t n)
{
	size_t r, c, i;

	memset(canonical, 0xff, n * sizeof(*canonical));
	for (r = 0; r < n; r++) {
		for (c = 0; rank[c] != r; c++)
			;
		if (canonical[c] != UINT32_MAX)
			continue;
		for (i = 0; i < all->n; i++) {
			const struct kb_pair *p = &all->v[i];
			uint32_t other = p->a == c ? p->b : p->a;

			if ((p->a != c && p->b != c) || !may_star(p, o) ||
			    canonical[other] != UINT32_MAX)
				continue;
			canonical[other] = (uint32_t)c;
			canonical[c] = (uint32_t)c;
		}
	}
}

/* What a cut listing has to hold. */
static void
check_cut(const struct pairs *whole, const struct pairs *got,
    const struct kb_joined *joined, uint64_t most)
{
	size_t i, k = 0, members = 0, listed = 0;

	for (i = 0; i < whole->n; i++) {
		const struct kb_pair *p = &whole->v[i];

		members += joined->canonical[p->a] == p->b ||
		    joined->canonical[p->b] == p->a;
	}
	for (i = 0; i < got->n; i++) {
		const struct kb_pair *p = &got->v[i];

		while (k < whole->n && !same_pair(&whole->v[k], p))
			k++;
		CHECK(k < whole->n);
		listed += joined->canonical[p->a] == p->b ||
		    joined->canonical[p->b] == p->a;
	}
	CHECK(joined->cut);
	CHECK_INT(got->n, most);
	CHECK_INT(joined->listed, most);
	CHECK(joined->found > most && joined->found <= whole->n);
	CHECK_INT(listed, members < most ? members : most);
}

static void
check_stars(const struct lists *l, const struct pairs *all,
    struct kb_join_opts *o, size_t *nmembers)
{
	uint32_t *rank = calloc(l->n + 1, sizeof(*rank));
	uint32_t *want = calloc(l->n + 1, sizeof(*want));
	struct pairs whole = { 0 }, got = { 0 };
	struct kb_joined joined = { 0 };
	size_t i;

	shuffle(rank, l->n);
	plain_stars(all, o, rank, want, l->n);
	for (i = 0; i < l->n; i++)
		*nmembers += want[i] != UINT32_MAX && want[i] != i;
	CHECK_INT(join_lists(&whole, &joined, l, o, rank), KB_OK);
	CHECK(joined.canonical != NULL && memcmp(joined.canonical, want,
	    l->n * sizeof(*want)) == 0);
	CHECK(!joined.cut);
	CHECK_INT(joined.found, whole.n);
	kb_joined_release(&joined);
	if (whole.n > 1) {
		o->max_pairs = 1 + below(whole.n - 1);
		CHECK_INT(join_lists(&got, &joined, l, o, rank), KB_OK);
		CHECK(joined.canonical != NULL && memcmp(joined.canonical,
		    want, l->n * sizeof(*want)) == 0);
		check_cut(&whole, &got, &joined, o->max_pairs);
		kb_joined_release(&joined);
	}
	free(rank);
	free(want);
	free(whole.v);
	free(got.v);
}

static void
test_join__stars_are_complete_even_where_the_listing_is_cut(void)
{
	size_t round, nmembers = 0;

	rng_state = 3;
	for (round = 0; round < 3000 && test_failures == 0; round++) {
		unsigned width = 1 + (unsigned)below(5);
		struct kb_join_opts o = draw_opts(width);
		struct pairs all = { 0 };
		struct lists l;

		if (below(2) == 0)
			o.own = (struct kb_ratio){ (uint32_t)below(5), 4 };
		draw_all(&l, (enum shape)(round % NSHAPES), width);
		plain_join(&all, &l, plain_cut(&l, &o));
		check_stars(&l, &all, &o, &nmembers);
		if (test_failures > 0)
			printf("# round %zu\n", round);
		lists_release(&l);
		free(all.v);
	}
	CHECK(nmembers > 5000);
}

int
main(void)
{
	RUN(test_join__small_collections_equal_plain_comparison);
	RUN(test_join__hashes_that_collide_change_nothing);
	RUN(test_join__stars_are_complete_even_where_the_listing_is_cut);
	return test_done();
}
