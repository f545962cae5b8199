/*
 * join_probe: candidates by prefix, verified by merging.  Contract:
 * join_impl.h.
 */
#include "join_impl.h"

#include <stdlib.h>

/* Adjacency numbers both directions of a pair in 32 bits. */
#define MAX_PAIRS	((size_t)INT32_MAX)

struct posting {
	uint32_t	set;
	uint32_t	pos;		/* in the set's ids */
};

/* A set that shares an element of its prefix with the probing one. */
struct cand {
	uint32_t	shared;		/* up to and with the last match */
	uint32_t	x_pos, y_pos;	/* of that match */
};

struct probe {
	const struct kb_dense	*dense;
	struct kb_ratio		 t;
	struct posting		*postings;
	uint32_t		*head;	/* by id: first posting to look at */
	uint32_t		*end;	/* by id: behind its last posting */
	struct cand		*cands;	/* by set */
	uint32_t		*list;	/* who is a candidate now */
	uint32_t		 nlist;
};

/*
 * Elements that no other survivor has are rarer than all others, so they
 * stand at the front of the set, though they are not stored: "prefix"
 * positions of the whole set are so many stored ones.
 */
static uint32_t
stored(const struct kb_dense_set *set, uint32_t prefix)
{
	uint32_t alone = set->size - set->n;

	return prefix > alone ? prefix - alone : 0;
}

static uint32_t
probe_prefix(const struct kb_dense_set *set, struct kb_ratio t)
{
	return stored(set, set->size - kb_join_least(t, set->size) + 1);
}

/* Enough for partners of the same size or larger. */
static uint32_t
index_prefix(const struct kb_dense_set *set, struct kb_ratio t)
{
	return stored(set, set->size -
	    kb_join_overlap(t, set->size, set->size) + 1);
}

static void
probe_release(struct probe *p)
{
	free(p->postings);
	free(p->head);
	free(p->end);
	free(p->cands);
	free(p->list);
}

/* Lay out the postings, all of them empty as yet. */
static enum kb_status
probe_init(struct probe *p, const struct kb_dense *dense, struct kb_ratio t,
    struct kb_err *err)
{
	uint32_t i, k, n, sum = 0;

	p->dense = dense;
	p->t = t;
	p->head = calloc((size_t)dense->ndistinct + 1, sizeof(*p->head));
	p->end = calloc((size_t)dense->ndistinct + 1, sizeof(*p->end));
	p->cands = calloc((size_t)dense->nsets + 1, sizeof(*p->cands));
	p->list = calloc((size_t)dense->nsets + 1, sizeof(*p->list));
	if (p->head == NULL || p->end == NULL || p->cands == NULL ||
	    p->list == NULL)
		return kb_err_nomem(err);
	for (i = 0; i < dense->nsets; i++) {
		n = index_prefix(&dense->sets[i], t);
		for (k = 0; k < n; k++)
			p->head[dense->ids[dense->sets[i].at + k]]++;
	}
	for (i = 0; i < dense->ndistinct; i++) {
		n = p->head[i];
		p->head[i] = p->end[i] = sum;
		sum += n;
	}
	p->postings = malloc(((size_t)sum + 1) * sizeof(*p->postings));
	return p->postings != NULL ? KB_OK : kb_err_nomem(err);
}

static void
add_postings(struct probe *p, uint32_t number)
{
	const struct kb_dense_set *set = &p->dense->sets[number];
	uint32_t k, n = index_prefix(set, p->t);

	for (k = 0; k < n; k++) {
		uint32_t id = p->dense->ids[set->at + k];

		p->postings[p->end[id]++] = (struct posting){ number, k };
	}
}

/* How many may still match behind two positions. */
static uint32_t
rest(const struct kb_dense_set *x, uint32_t x_pos,
    const struct kb_dense_set *y, uint32_t y_pos)
{
	uint32_t nx = x->n - x_pos - 1, ny = y->n - y_pos - 1;

	return nx < ny ? nx : ny;
}

static void
match(struct probe *p, const struct kb_dense_set *x, uint32_t x_pos,
    struct posting post)
{
	const struct kb_dense_set *y = &p->dense->sets[post.set];
	struct cand *c = &p->cands[post.set];

	if (c->shared == 0) {
		if (1 + rest(x, x_pos, y, post.pos) <
		    kb_join_overlap(p->t, x->size, y->size))
			return;
		p->list[p->nlist++] = post.set;
	}
	c->shared++;
	c->x_pos = x_pos;
	c->y_pos = post.pos;
}

static void
find_candidates(struct probe *p, const struct kb_dense_set *x)
{
	uint32_t i, k, n = probe_prefix(x, p->t);
	uint32_t shortest = kb_join_least(p->t, x->size);

	p->nlist = 0;
	for (i = 0; i < n; i++) {
		uint32_t id = p->dense->ids[x->at + i];

		/* Sets come by size: who is too short now stays so. */
		k = p->head[id];
		while (k < p->end[id] &&
		    p->dense->sets[p->postings[k].set].size < shortest)
			k++;
		p->head[id] = k;
		for (; k < p->end[id]; k++)
			match(p, x, i, p->postings[k]);
	}
}

/*
 * The overlap, or 0 when it is below "least".  Every match up to the last
 * one in the prefixes has been counted, so the merge goes on behind it.
 */
static uint32_t
verify(const struct probe *p, const struct kb_dense_set *x,
    const struct kb_dense_set *y, const struct cand *c, uint32_t least)
{
	const uint32_t *xp = p->dense->ids + x->at + c->x_pos + 1;
	const uint32_t *yp = p->dense->ids + y->at + c->y_pos + 1;
	const uint32_t *xend = p->dense->ids + x->at + x->n;
	const uint32_t *yend = p->dense->ids + y->at + y->n;
	uint32_t shared = c->shared;
	ptrdiff_t xspare, yspare;

	/* How many may stay without a match on each side. */
	xspare = (xend - xp) + (ptrdiff_t)shared - (ptrdiff_t)least;
	yspare = (yend - yp) + (ptrdiff_t)shared - (ptrdiff_t)least;
	while (xp < xend && yp < yend && xspare >= 0 && yspare >= 0) {
		if (*xp == *yp) {
			shared++;
			xp++;
			yp++;
		} else if (*xp < *yp) {
			xp++;
			xspare--;
		} else {
			yp++;
			yspare--;
		}
	}
	return shared >= least ? shared : 0;
}

static enum kb_status
add_pair(struct kb_group_pairs *out, struct kb_group_pair pair,
    struct kb_err *err)
{
	if (out->n == out->size) {
		size_t size = out->size * 2 + 1024;
		void *v;

		if (out->n >= MAX_PAIRS)
			return kb_err_set(err, KB_LIMIT, "more than %zu pairs "
			    "of near-duplicates; raise the threshold",
			    MAX_PAIRS);
		if (size > MAX_PAIRS)
			size = MAX_PAIRS;
		v = realloc(out->v, size * sizeof(*out->v));
		if (v == NULL)
			return kb_err_nomem(err);
		out->v = v;
		out->size = size;
	}
	out->v[out->n++] = pair;
	return KB_OK;
}

static enum kb_status
probe_one(struct probe *p, uint32_t number, struct kb_group_pairs *out,
    struct kb_err *err)
{
	const struct kb_dense_set *x = &p->dense->sets[number], *y;
	enum kb_status status = KB_OK;
	uint32_t i, shared;

	find_candidates(p, x);
	for (i = 0; i < p->nlist && status == KB_OK; i++) {
		uint32_t who = p->list[i];

		y = &p->dense->sets[who];
		shared = verify(p, x, y, &p->cands[who],
		    kb_join_overlap(p->t, x->size, y->size));
		p->cands[who].shared = 0;
		if (shared > 0)
			status = add_pair(out, (struct kb_group_pair){ number,
			    who, shared }, err);
	}
	return status;
}

enum kb_status
kb_join_probe(struct kb_group_pairs *out, const struct kb_dense *dense,
    struct kb_ratio t, struct kb_err *err)
{
	struct kb_group_pairs pairs = { 0 };
	struct probe p = { 0 };
	enum kb_status status;
	uint32_t i;

	status = probe_init(&p, dense, t, err);
	for (i = 0; i < dense->nsets && status == KB_OK; i++) {
		status = probe_one(&p, i, &pairs, err);
		if (status == KB_OK)
			add_postings(&p, i);
	}
	probe_release(&p);
	if (status == KB_OK)
		*out = pairs;
	else
		free(pairs.v);
	return status;
}
