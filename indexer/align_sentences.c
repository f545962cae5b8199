/*
 * align_sentences: which sentence of one text is which of another.
 * Contract: align.h.
 */
#include "align_impl.h"

#include <stdlib.h>

#define STEPS	((uint64_t)4000000)	/* of comparing */

struct sentence {
	size_t		from, to;
	struct kb_bag	bag;
	uint32_t	partner;
};

struct sentences {
	struct sentence	*v;
	size_t		 n;
};

/* Two that are alike. */
struct candidate {
	uint64_t	weight;
	uint32_t	a, b, shared;
};

struct candidates {
	struct candidate	*v;
	size_t			 n, size;
	bool			 failed;
};

static struct sentences
cut(struct kb_bags *bags, struct kb_str text)
{
	struct sentences s = { NULL, 0 };
	size_t at = 0, from, to, n = 0;

	while (kb_align_sentence(text, &at, &from, &to))
		n++;
	s.v = kb_arena_array(bags->arena, n > 0 ? n : 1, sizeof(*s.v));
	for (at = 0; s.v != NULL && s.n < n && kb_align_sentence(text, &at,
	    &from, &to); s.n++) {
		s.v[s.n].from = from;
		s.v[s.n].to = to;
		s.v[s.n].partner = KB_ALIGN_NONE;
		kb_bag_make(&s.v[s.n].bag, bags, kb_str(text.p + from,
		    to - from));
	}
	return s;
}

static enum kb_status
match_equal(struct kb_bags *bags, struct sentences *a, struct sentences *b,
    struct kb_err *err)
{
	uint32_t *x = kb_arena_array(bags->arena, a->n + 1, sizeof(*x));
	uint32_t *y = kb_arena_array(bags->arena, b->n + 1, sizeof(*y));
	uint32_t *match = kb_arena_array(bags->arena, a->n + 1,
	    sizeof(*match));
	struct kb_sequence seq = { x, y, a->n, b->n, bags->texts.n };
	enum kb_status status;
	bool coarse = false;

	if (kb_bags_failed(bags))
		return kb_err_nomem(err);
	for (size_t i = 0; i < a->n; i++)
		x[i] = a->v[i].bag.text;
	for (size_t i = 0; i < b->n; i++)
		y[i] = b->v[i].bag.text;
	status = kb_sequence_match(match, &seq, true, &coarse, err);
	for (size_t i = 0; i < a->n && status == KB_OK; i++) {
		if (match[i] == KB_ALIGN_NONE)
			continue;
		a->v[i].partner = match[i];
		b->v[match[i]].partner = (uint32_t)i;
	}
	return status;
}

static void
add_candidate(struct candidates *c, struct candidate x)
{
	size_t size = c->size == 0 ? 64 : c->size * 2;
	struct candidate *v;

	if (c->n == c->size) {
		v = realloc(c->v, size * sizeof(*v));
		if (v == NULL) {
			c->failed = true;
			return;
		}
		c->v = v;
		c->size = size;
	}
	c->v[c->n++] = x;
}

static void
compare(struct candidates *c, struct kb_bags *bags,
    const struct sentences *a, const struct sentences *b, uint32_t i,
    uint32_t j, double least)
{
	const struct kb_bag *x = &a->v[i].bag, *y = &b->v[j].bag;
	uint32_t shared;

	bags->steps++;
	/* Equal ones that stand in another order are alike as well. */
	if (x->text == y->text) {
		add_candidate(c, (struct candidate){ UINT64_MAX, i, j,
		    x->n });
		return;
	}
	if (x->n == 0 || y->n == 0 || kb_bag_unlike(x, y, least))
		return;
	shared = kb_bag_shared(bags, x, y);
	if (2.0 * shared >= least * ((double)x->n + y->n))
		add_candidate(c, (struct candidate){ kb_align_weight(shared,
		    x->n, y->n), i, j, shared });
}

static int
best_first(const void *p, const void *q)
{
	const struct candidate *x = p, *y = q;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	return x->b < y->b ? -1 : x->b > y->b;
}

static enum kb_status
match_alike(struct kb_bags *bags, struct sentences *a, struct sentences *b,
    double least, struct kb_err *err)
{
	struct candidates c = { NULL, 0, 0, false };

	for (uint32_t i = 0; i < a->n; i++) {
		if (a->v[i].partner != KB_ALIGN_NONE)
			continue;
		for (uint32_t j = 0; j < b->n && bags->steps < STEPS; j++)
			if (b->v[j].partner == KB_ALIGN_NONE)
				compare(&c, bags, a, b, i, j, least);
	}
	if (c.n > 0)
		qsort(c.v, c.n, sizeof(*c.v), best_first);
	for (size_t i = 0; i < c.n; i++) {
		struct sentence *x = &a->v[c.v[i].a], *y = &b->v[c.v[i].b];

		if (x->partner != KB_ALIGN_NONE || y->partner !=
		    KB_ALIGN_NONE)
			continue;
		x->partner = c.v[i].b;
		y->partner = c.v[i].a;
	}
	free(c.v);
	return c.failed ? kb_err_nomem(err) : KB_OK;
}

static void
fill(struct kb_sentence_pair *out, struct kb_bags *bags,
    const struct sentence *x, const struct sentence *y, struct kb_str a,
    struct kb_str b)
{
	out->a_from = x->from;
	out->a_to = x->to;
	out->b_from = y->from;
	out->b_to = y->to;
	out->size_a = x->bag.n;
	out->size_b = y->bag.n;
	out->shared = kb_bag_shared(bags, &x->bag, &y->bag);
	out->exact = kb_align_exact(kb_str(a.p + x->from, x->to - x->from),
	    kb_str(b.p + y->from, y->to - y->from));
}

enum kb_status
kb_align_sentences(const struct kb_sentence_pair **out, size_t *n,
    struct kb_str a, struct kb_str b, double least, struct kb_arena *arena,
    struct kb_err *err)
{
	struct kb_arena scratch = { 0 };
	struct kb_sentence_pair *v = NULL;
	struct sentences x, y;
	struct kb_bags bags;
	enum kb_status status;
	size_t k = 0;

	kb_bags_init(&bags, &scratch);
	x = cut(&bags, a);
	y = cut(&bags, b);
	status = match_equal(&bags, &x, &y, err);
	if (status == KB_OK)
		status = match_alike(&bags, &x, &y, least, err);
	if (status == KB_OK) {
		v = kb_arena_array(arena, x.n > 0 ? x.n : 1, sizeof(*v));
		for (size_t i = 0; i < x.n && v != NULL; i++)
			if (x.v[i].partner != KB_ALIGN_NONE)
				fill(&v[k++], &bags, &x.v[i],
				    &y.v[x.v[i].partner], a, b);
		if (v == NULL)
			status = kb_err_nomem(err);
	}
	if (status == KB_OK) {
		*out = v;
		*n = k;
	}
	kb_bags_release(&bags);
	kb_arena_release(&scratch);
	return status;
}
