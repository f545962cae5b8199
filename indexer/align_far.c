/*
 * align_far: paragraphs that have moved.  Contract: align_impl.h.
 */
#include "align_impl.h"

#include <stdlib.h>

#define ALIKE	0.6	/* least similarity */
#define WORDS	6	/* least length of those that are only alike */
#define PLACES	16	/* a word in more paragraphs finds none */

static void
pair_far(struct kb_aligner *x, uint32_t i, uint32_t j)
{
	kb_align_pair(x, i, j);
	x->far[i] = true;
}

/* Equal ones, the first with the first. */
static void
match_far_equal(struct kb_aligner *x)
{
	uint32_t *first = kb_arena_array(&x->scratch,
	    (size_t)x->bags.texts.n + 1, sizeof(*first));
	uint32_t *next = kb_arena_array(&x->scratch, x->b.n + 1,
	    sizeof(*next));

	if (x->scratch.failed)
		return;
	memset(first, 0xff, (size_t)x->bags.texts.n * sizeof(*first));
	for (uint32_t j = (uint32_t)x->b.n; j-- > 0;) {
		if (x->b.match[j] != KB_ALIGN_NONE)
			continue;
		next[j] = first[x->b.ids[j]];
		first[x->b.ids[j]] = j;
	}
	for (uint32_t i = 0; i < x->a.n; i++) {
		uint32_t j = first[x->a.ids[i]];

		if (x->a.match[i] != KB_ALIGN_NONE || j == KB_ALIGN_NONE)
			continue;
		first[x->a.ids[i]] = next[j];
		pair_far(x, i, j);
	}
}

struct far_pair {
	uint64_t	weight;
	uint32_t	a, b;
};

/* b's unmatched paragraphs by their words, and what was found with them. */
struct far {
	uint32_t	*begin;		/* of a word's places, by word */
	uint32_t	*places;
	uint32_t	*seen;		/* by paragraph of b: last asked by */
	struct far_pair	*v;
	size_t		 n, size;
};

static bool
is_far(const struct kb_align_side *s, uint32_t i)
{
	return s->match[i] == KB_ALIGN_NONE && s->bags[i].n >= WORDS;
}

/* Count, then fill: begin[w] is where the places of word w begin. */
static bool
index_far(struct kb_aligner *x, struct far *f)
{
	const struct kb_align_side *b = &x->b;
	size_t nwords = (size_t)x->bags.words.n, total = 0, at = 0;

	for (uint32_t j = 0; j < b->n; j++)
		total += is_far(b, j) ? b->bags[j].n : 0;
	f->begin = kb_arena_array(&x->scratch, nwords + 2,
	    sizeof(*f->begin));
	f->places = kb_arena_array(&x->scratch, total + 1,
	    sizeof(*f->places));
	f->seen = kb_arena_array(&x->scratch, b->n + 1, sizeof(*f->seen));
	if (x->scratch.failed)
		return false;
	for (uint32_t j = 0; j < b->n; j++)
		for (uint32_t k = 0; is_far(b, j) && k < b->bags[j].n; k++)
			f->begin[b->bags[j].sorted[k] + 2]++;
	for (size_t w = 0; w < nwords; w++) {
		at += f->begin[w + 2];
		f->begin[w + 2] = (uint32_t)at;
	}
	for (uint32_t j = 0; j < b->n; j++)
		for (uint32_t k = 0; is_far(b, j) && k < b->bags[j].n; k++)
			f->places[f->begin[b->bags[j].sorted[k] + 1]++] = j;
	memset(f->seen, 0xff, b->n * sizeof(*f->seen));
	return true;
}

static void
add_far(struct kb_aligner *x, struct far *f, struct far_pair p)
{
	size_t size = f->size == 0 ? 64 : f->size * 2;
	struct far_pair *v;

	if (f->n == f->size) {
		v = realloc(f->v, size * sizeof(*v));
		if (v == NULL) {
			x->bags.words.failed = true;
			return;
		}
		f->v = v;
		f->size = size;
	}
	f->v[f->n++] = p;
}

static void
look_far(struct kb_aligner *x, struct far *f, uint32_t i)
{
	const struct kb_bag *bag = &x->a.bags[i];
	uint32_t shared;

	for (uint32_t k = 0; k < bag->n; k++) {
		uint32_t from = f->begin[bag->sorted[k]],
		    to = f->begin[bag->sorted[k] + 1];

		if (to - from > PLACES)
			continue;
		for (; from < to; from++) {
			uint32_t j = f->places[from];

			if (f->seen[j] == i)
				continue;
			f->seen[j] = i;
			shared = kb_align_alike(x, i, j, ALIKE);
			if (shared > 0)
				add_far(x, f, (struct far_pair){
				    kb_align_weight(shared, bag->n,
				    x->b.bags[j].n), i, j });
		}
	}
}

static int
best_first(const void *p, const void *q)
{
	const struct far_pair *x = p, *y = q;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	return x->b < y->b ? -1 : x->b > y->b;
}

static void
match_far_alike(struct kb_aligner *x)
{
	struct far f = { .v = NULL };

	if (!index_far(x, &f))
		return;
	x->bags.steps = 0;
	for (uint32_t i = 0; i < x->a.n; i++) {
		if (!is_far(&x->a, i))
			continue;
		if (x->bags.steps > KB_ALIGN_STEPS) {
			x->coarse = true;
			break;
		}
		look_far(x, &f, i);
	}
	if (f.n > 0)
		qsort(f.v, f.n, sizeof(*f.v), best_first);
	for (size_t k = 0; k < f.n; k++)
		if (x->a.match[f.v[k].a] == KB_ALIGN_NONE &&
		    x->b.match[f.v[k].b] == KB_ALIGN_NONE)
			pair_far(x, f.v[k].a, f.v[k].b);
	free(f.v);
}

/* A pair that was found far away, but stands in order, has not moved. */
static void
settle(struct kb_aligner *x)
{
	uint32_t *limit = kb_arena_array(&x->scratch, x->a.n + 1,
	    sizeof(*limit)), last = 0;

	if (limit == NULL)
		return;
	limit[x->a.n] = (uint32_t)x->b.n;
	for (size_t i = x->a.n; i-- > 0;)
		limit[i] = x->a.match[i] != KB_ALIGN_NONE && !x->far[i] ?
		    x->a.match[i] : limit[i + 1];
	for (size_t i = 0; i < x->a.n; i++) {
		uint32_t j = x->a.match[i];

		if (j == KB_ALIGN_NONE)
			continue;
		if (x->far[i] && j >= last && j < limit[i + 1])
			x->far[i] = false;
		if (!x->far[i])
			last = j + 1;
	}
}

void
kb_align_far(struct kb_aligner *x)
{
	match_far_equal(x);
	match_far_alike(x);
	settle(x);
}
