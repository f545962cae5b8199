/*
 * join_sets: collections of sets, and what a plain comparison of all of them
 * with each other finds.  Used by the tests of join and of star.
 */
#ifndef KB_TEST_JOIN_SETS_H
#define KB_TEST_JOIN_SETS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "join.h"

#define LEN(a)	(sizeof(a) / sizeof((a)[0]))

struct sets {
	uint64_t	**v;
	size_t		 *n;
	size_t		  len;
};

struct pairs {
	struct kb_pair	*v;
	size_t		 n, size;
};

static uint64_t rng_state = 1;

static inline uint64_t
rng(void)
{
	uint64_t x;

	/* SplitMix64 (Steele, Lea, Flood 2014) */
	x = rng_state += UINT64_C(0x9E3779B97F4A7C15);
	x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
	return x ^ x >> 31;
}

static inline size_t
below(size_t n)
{
	return (size_t)(rng() % n);
}

static inline void
sets_init(struct sets *s, size_t len)
{
	s->v = calloc(len + 1, sizeof(*s->v));
	s->n = calloc(len + 1, sizeof(*s->n));
	s->len = len;
}

static inline void
sets_release(struct sets *s)
{
	size_t i;

	for (i = 0; i < s->len; i++)
		free(s->v[i]);
	free(s->v);
	free(s->n);
}

static inline void
sets_put(struct sets *s, size_t i, const uint64_t *v, size_t n)
{
	free(s->v[i]);
	s->v[i] = calloc(n + 1, sizeof(*v));
	if (n > 0)
		memcpy(s->v[i], v, n * sizeof(*v));
	s->n[i] = n;
}

static inline void
pairs_add(struct pairs *p, const struct kb_pair *pair)
{
	if (p->n == p->size) {
		p->size = p->size * 2 + 64;
		p->v = realloc(p->v, p->size * sizeof(*p->v));
	}
	p->v[p->n++] = *pair;
}

static inline enum kb_status
keep_pair(void *arg, const struct kb_pair *pair, struct kb_err *err)
{
	pairs_add(arg, pair);
	return KB_OK;
}

static inline int
u64_cmp(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static inline void
sort_unique(uint64_t *v, size_t *n)
{
	size_t i, k = 0;

	if (*n > 0)
		qsort(v, *n, sizeof(*v), u64_cmp);
	for (i = 0; i < *n; i++) {
		if (k == 0 || v[k - 1] != v[i])
			v[k++] = v[i];
	}
	*n = k;
}

static inline uint32_t
overlap(const uint64_t *x, size_t nx, const uint64_t *y, size_t ny)
{
	size_t i = 0, j = 0;
	uint32_t n = 0;

	while (i < nx && j < ny) {
		if (x[i] == y[j]) {
			n++;
			i++;
			j++;
		} else if (x[i] < y[j]) {
			i++;
		} else {
			j++;
		}
	}
	return n;
}

/* Every pair of at least 1/2, which is the least threshold there is. */
static inline void
plain_join(struct pairs *out, const struct sets *s)
{
	struct sets u;
	size_t a, b;

	sets_init(&u, s->len);
	for (a = 0; a < s->len; a++) {
		sets_put(&u, a, s->v[a], s->n[a]);
		sort_unique(u.v[a], &u.n[a]);
	}
	for (a = 0; a < u.len; a++) {
		for (b = a + 1; b < u.len; b++) {
			struct kb_pair p = { (uint32_t)a, (uint32_t)b, 0,
			    (uint32_t)u.n[a], (uint32_t)u.n[b] };

			p.shared = overlap(u.v[a], u.n[a], u.v[b], u.n[b]);
			if (p.shared > 0 &&
			    p.shared * 3 >= p.size_a + p.size_b)
				pairs_add(out, &p);
		}
	}
	sets_release(&u);
}

static inline void
at_least(struct pairs *out, const struct pairs *all, struct kb_ratio t)
{
	size_t i;

	for (i = 0; i < all->n; i++) {
		const struct kb_pair *p = &all->v[i];
		uint64_t both = (uint64_t)p->size_a + p->size_b - p->shared;

		if (p->shared * (uint64_t)t.of >= both * t.count)
			pairs_add(out, p);
	}
}

static inline enum kb_status
join_sets(struct pairs *out, const struct sets *s, struct kb_ratio t)
{
	struct kb_join *join;
	enum kb_status status;
	size_t i;

	status = kb_join_new(&join, ".", t, NULL);
	if (status != KB_OK)
		return status;
	for (i = 0; i < s->len && status == KB_OK; i++)
		status = kb_join_add(join, s->v[i], s->n[i], NULL);
	if (status == KB_OK)
		status = kb_join_run(join, keep_pair, out, NULL);
	kb_join_free(join);
	return status;
}

static inline bool
same_pairs(const struct pairs *x, const struct pairs *y)
{
	return x->n == y->n && (x->n == 0 ||
	    memcmp(x->v, y->v, x->n * sizeof(*x->v)) == 0);
}

/* Returns how many pairs there are, or (size_t)-1 where they differ. */
static inline size_t
compare(const struct sets *s, const struct pairs *all, struct kb_ratio t)
{
	struct pairs want = { 0 }, got = { 0 };
	size_t n = (size_t)-1;

	at_least(&want, all, t);
	if (join_sets(&got, s, t) == KB_OK && same_pairs(&want, &got))
		n = want.n;
	free(want.v);
	free(got.v);
	return n;
}

static inline size_t
compare_once(const struct sets *s, struct kb_ratio t)
{
	struct pairs all = { 0 };
	size_t n;

	plain_join(&all, s);
	n = compare(s, &all, t);
	free(all.v);
	return n;
}

#endif /* KB_TEST_JOIN_SETS_H */
