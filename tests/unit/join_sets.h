/*
 * join_sets: collections of lists of words, and what a plain comparison of
 * all of them with each other finds, on the words themselves.  Used by the
 * tests of join and of star.
 */
#ifndef KB_TEST_JOIN_SETS_H
#define KB_TEST_JOIN_SETS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "join.h"

#define LEN(a)	(sizeof(a) / sizeof((a)[0]))

/* Lists of words, and the sets that they are, as ascending numbers of runs. */
struct lists {
	struct kb_buf	*v;
	size_t		 n;
	unsigned	 width;
	uint32_t	**sets;
	uint32_t	*sizes;
	uint32_t	*df;		/* by run, over groups */
	uint32_t	 nruns;
	uint32_t	 ngroups;
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

/* ---- lists ---- */

static inline void
lists_init(struct lists *l, size_t n, unsigned width)
{
	memset(l, 0, sizeof(*l));
	l->v = calloc(n + 1, sizeof(*l->v));
	l->n = n;
	l->width = width;
}

static inline void
lists_release(struct lists *l)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		kb_buf_release(&l->v[i]);
		if (l->sets != NULL)
			free(l->sets[i]);
	}
	free(l->v);
	free(l->sets);
	free(l->sizes);
	free(l->df);
}

/* Words are numbers, so that a list is easily made. */
static inline void
lists_put(struct lists *l, size_t i, const uint64_t *v, size_t n)
{
	size_t k;

	kb_buf_clear(&l->v[i]);
	for (k = 0; k < n; k++)
		kb_buf_printf(&l->v[i], "%s%llx", k > 0 ? " " : "",
		    (unsigned long long)v[k]);
}

/* ---- plain comparison ---- */

struct text_run {
	struct kb_str	s;
	uint32_t	list;
};

static inline int
run_cmp(const void *a, const void *b)
{
	const struct text_run *x = a, *y = b;
	int k = kb_str_cmp(x->s, y->s);

	return k != 0 ? k : x->list < y->list ? -1 : x->list > y->list;
}

/* Where each word begins, and one place more. */
static inline size_t *
list_starts(struct kb_str s, size_t *nwords)
{
	size_t *starts = calloc(s.n / 2 + 3, sizeof(*starts)), i;

	*nwords = 0;
	for (i = 0; i < s.n; i++) {
		if (i == 0 || s.p[i - 1] == ' ')
			starts[(*nwords)++] = i;
	}
	starts[*nwords] = s.n + 1;
	return starts;
}

static inline size_t
list_runs(struct text_run *out, struct kb_str s, unsigned width, uint32_t list)
{
	size_t nwords, n = 0, i, *starts = list_starts(s, &nwords);

	if (nwords > 0 && nwords < width)
		out[n++] = (struct text_run){ s, list };
	for (i = 0; i + width <= nwords; i++)
		out[n++] = (struct text_run){ kb_str(s.p + starts[i],
		    starts[i + width] - 1 - starts[i]), list };
	free(starts);
	return n;
}

static inline bool
same_sets(const struct lists *l, size_t a, size_t b)
{
	return l->sizes[a] == l->sizes[b] && (l->sizes[a] == 0 || memcmp(
	    l->sets[a], l->sets[b], l->sizes[a] * sizeof(**l->sets)) == 0);
}

static inline void
lists_count(struct lists *l)
{
	size_t a, b;
	uint32_t k;

	l->df = calloc((size_t)l->nruns + 1, sizeof(*l->df));
	for (a = 0; a < l->n; a++) {
		for (b = 0; b < a && !same_sets(l, a, b); b++)
			;
		if (b < a || l->sizes[a] == 0)
			continue;
		l->ngroups++;
		for (k = 0; k < l->sizes[a]; k++)
			l->df[l->sets[a][k]]++;
	}
}

/* Number all runs by their words. */
static inline void
lists_number(struct lists *l)
{
	size_t total = 0, i, n = 0;
	struct text_run *runs;

	for (i = 0; i < l->n; i++)
		total += l->v[i].n + 1;
	runs = calloc(total + 1, sizeof(*runs));
	l->sets = calloc(l->n + 1, sizeof(*l->sets));
	l->sizes = calloc(l->n + 1, sizeof(*l->sizes));
	for (i = 0; i < l->n; i++) {
		l->sets[i] = calloc(l->v[i].n + 1, sizeof(**l->sets));
		n += list_runs(runs + n, kb_buf_str(&l->v[i]), l->width,
		    (uint32_t)i);
	}
	if (n > 0)
		qsort(runs, n, sizeof(*runs), run_cmp);
	for (i = 0; i < n; i++) {
		uint32_t list = runs[i].list, *size = &l->sizes[list];

		if (i > 0 && !kb_str_eq(runs[i].s, runs[i - 1].s))
			l->nruns++;
		if (*size == 0 || l->sets[list][*size - 1] != l->nruns)
			l->sets[list][(*size)++] = l->nruns;
	}
	l->nruns++;
	free(runs);
	lists_count(l);
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

/* Elements in both, of those in at most "cut" groups. */
static inline uint32_t
overlap(const struct lists *l, size_t a, size_t b, uint32_t cut)
{
	size_t i = 0, j = 0;
	uint32_t n = 0;

	while (i < l->sizes[a] && j < l->sizes[b]) {
		uint32_t x = l->sets[a][i], y = l->sets[b][j];

		n += x == y && l->df[x] <= cut;
		i += x <= y;
		j += y <= x;
	}
	return n;
}

/* Every pair that shares at least a third of its union or of the smaller. */
static inline void
plain_join(struct pairs *out, struct lists *l, uint32_t cut)
{
	size_t a, b;

	if (l->sets == NULL)
		lists_number(l);
	for (a = 0; a < l->n; a++) {
		for (b = a + 1; b < l->n; b++) {
			struct kb_pair p;
			uint32_t least;

			memset(&p, 0, sizeof(p));
			p.a = (uint32_t)a;
			p.b = (uint32_t)b;
			p.size_a = l->sizes[a];
			p.size_b = l->sizes[b];
			p.shared = overlap(l, a, b, UINT32_MAX);
			least = p.size_a < p.size_b ? p.size_a : p.size_b;
			if (p.shared == 0 || p.shared * 3 < least)
				continue;
			p.own_shared = overlap(l, a, b, cut);
			p.own_a = overlap(l, a, a, cut);
			p.own_b = overlap(l, b, b, cut);
			p.same_words = same_sets(l, a, b) && kb_str_eq(
			    kb_buf_str(&l->v[a]), kb_buf_str(&l->v[b]));
			pairs_add(out, &p);
		}
	}
}

static inline uint32_t
plain_cut(struct lists *l, const struct kb_join_opts *o)
{
	uint64_t cut;

	if (l->sets == NULL)
		lists_number(l);
	if (o->common.of == 0)
		return UINT32_MAX;
	cut = (uint64_t)o->common.count * l->ngroups / o->common.of;
	if (cut < o->common_least)
		cut = o->common_least;
	if (o->common_most > 0 && cut > o->common_most)
		cut = o->common_most;
	return cut > 0 ? (uint32_t)cut : 1;
}

static inline bool
is_near(const struct kb_pair *p, const struct kb_join_opts *o)
{
	uint64_t both = (uint64_t)p->size_a + p->size_b - p->shared;

	return p->shared * (uint64_t)o->near.of >= both * o->near.count;
}

static inline bool
is_inside(const struct kb_pair *p, const struct kb_join_opts *o)
{
	uint64_t least = p->size_a < p->size_b ? p->size_a : p->size_b;

	return o->inside.of > 0 && least >= o->inside_least &&
	    p->shared * (uint64_t)o->inside.of >= least * o->inside.count;
}

static inline void
at_least(struct pairs *out, const struct pairs *all,
    const struct kb_join_opts *o)
{
	size_t i;

	for (i = 0; i < all->n; i++) {
		if (is_near(&all->v[i], o) || is_inside(&all->v[i], o))
			pairs_add(out, &all->v[i]);
	}
}

/* ---- the join ---- */

static inline enum kb_status
add_lists(struct kb_join *join, const struct lists *l,
    const struct kb_shingling *how)
{
	enum kb_status status = KB_OK;
	struct kb_shingles s;
	size_t i;

	for (i = 0; i < l->n && status == KB_OK; i++) {
		status = kb_shingles_make(&s, how, kb_buf_str(&l->v[i]),
		    NULL);
		if (status != KB_OK)
			break;
		status = kb_join_add(join, &s, kb_buf_str(&l->v[i]), NULL);
		kb_shingles_release(&s);
	}
	return status;
}

static inline enum kb_status
join_lists(struct pairs *out, struct kb_joined *joined, const struct lists *l,
    const struct kb_join_opts *o, const uint32_t *rank)
{
	struct kb_joined none = { 0 };
	struct kb_join *join;
	enum kb_status status;

	status = kb_join_new(&join, ".", o, NULL);
	if (status != KB_OK)
		return status;
	status = add_lists(join, l, &o->shingling);
	if (status == KB_OK)
		status = kb_join_run(joined != NULL ? joined : &none, join,
		    rank, keep_pair, out, NULL);
	kb_joined_release(&none);
	kb_join_free(join);
	return status;
}

static inline bool
same_pair(const struct kb_pair *x, const struct kb_pair *y)
{
	return x->a == y->a && x->b == y->b && x->shared == y->shared &&
	    x->size_a == y->size_a && x->size_b == y->size_b &&
	    x->own_shared == y->own_shared && x->own_a == y->own_a &&
	    x->own_b == y->own_b && x->same_words == y->same_words;
}

static inline bool
same_pairs(const struct pairs *x, const struct pairs *y)
{
	size_t i;

	for (i = 0; i < x->n && i < y->n; i++) {
		if (!same_pair(&x->v[i], &y->v[i]))
			return false;
	}
	return x->n == y->n;
}

/* Returns how many pairs there are, or (size_t)-1 where they differ. */
static inline size_t
compare(const struct lists *l, const struct pairs *all,
    const struct kb_join_opts *o)
{
	struct pairs want = { 0 }, got = { 0 };
	size_t n = (size_t)-1;

	at_least(&want, all, o);
	if (join_lists(&got, NULL, l, o, NULL) == KB_OK &&
	    same_pairs(&want, &got))
		n = want.n;
	free(want.v);
	free(got.v);
	return n;
}

static inline size_t
compare_once(struct lists *l, const struct kb_join_opts *o)
{
	struct pairs all = { 0 };
	size_t n;

	plain_join(&all, l, plain_cut(l, o));
	n = compare(l, &all, o);
	free(all.v);
	return n;
}

/* Near alone: no containment, nothing common, lists of single words. */
static inline struct kb_join_opts
near_only(uint32_t count, uint32_t of)
{
	struct kb_join_opts o;

	kb_join_defaults(&o);
	o.shingling.width = 1;
	o.near = (struct kb_ratio){ count, of };
	o.inside.of = 0;
	o.common.of = 0;
	o.max_pairs = 0;
	return o;
}

#endif /* KB_TEST_JOIN_SETS_H */
