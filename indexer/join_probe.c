/*
 * join_probe: near pairs: candidates by prefix, verified by merging.
 * Contract: join_impl.h.
 */
#include "join_impl.h"

#include <stdlib.h>
#include <string.h>

/* The listing numbers both directions of a pair in 32 bits. */
#define MAX_PAIRS	((size_t)INT32_MAX)

#define SHORT	16		/* a list that is not worth halving */

/* A part of the postings. */
struct span {
	uint32_t	from, end;
};

struct hand {
	struct kb_cand	*cands;	/* by set */
	uint32_t	*list;	/* who is a candidate now */
	uint32_t	 nlist;
	struct span	*spans;	/* of a prefix */
};

struct probe {
	const struct kb_join	*join;
	const struct kb_dense	*dense;
	struct kb_ratio		 t;
	struct kb_postings	 postings;
	struct kb_sketches	 sketches;
	struct hand		*hands;
};

/* ---- shared with join_inside and join_star ---- */

enum kb_status
kb_postings_make(struct kb_postings *out, const struct kb_dense *dense,
    const struct kb_join_opts *opts, kb_prefix_fn *prefix, struct kb_err *err)
{
	uint32_t i, k, n, id;
	uint64_t sum = 0;

	out->from = calloc((size_t)dense->ndistinct + 2, sizeof(*out->from));
	if (out->from == NULL)
		return kb_err_nomem(err);
	for (i = 0; i < dense->nsets; i++) {
		n = prefix(&dense->sets[i], opts);
		sum += n;
		for (k = 0; k < n; k++)
			out->from[dense->ids[dense->sets[i].at + k] + 2]++;
	}
	if (sum >= UINT32_MAX)
		return kb_err_set(err, KB_LIMIT, "too many articles share "
		    "their words to be compared at once; raise the threshold");
	for (i = 2; i <= dense->ndistinct + 1; i++)
		out->from[i] += out->from[i - 1];
	out->v = malloc((size_t)(sum + 1) * sizeof(*out->v));
	if (out->v == NULL)
		return kb_err_nomem(err);
	/* Filled in, from[id + 1] ends up where the next one's begin. */
	for (i = 0; i < dense->nsets; i++) {
		n = prefix(&dense->sets[i], opts);
		for (k = 0; k < n; k++) {
			id = dense->ids[dense->sets[i].at + k];
			out->v[out->from[id + 1]++] =
			    (struct kb_posting){ i, k };
		}
	}
	return KB_OK;
}

void
kb_postings_release(struct kb_postings *postings)
{
	free(postings->v);
	free(postings->from);
	memset(postings, 0, sizeof(*postings));
}

uint32_t
kb_dense_overlap(const struct kb_dense *dense, const struct kb_dense_set *x,
    const struct kb_dense_set *y, const struct kb_cand *c, uint32_t least)
{
	const uint32_t *xp = dense->ids + x->at + (uint32_t)(c->x_pos + 1);
	const uint32_t *yp = dense->ids + y->at + (uint32_t)(c->y_pos + 1);
	const uint32_t *xend = dense->ids + x->at + x->n;
	const uint32_t *yend = dense->ids + y->at + y->n;
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

uint32_t
kb_dense_own_overlap(const struct kb_dense *dense,
    const struct kb_dense_set *x, const struct kb_dense_set *y,
    uint32_t shared)
{
	const uint32_t *xp = dense->ids + x->at + x->nown;
	const uint32_t *yp = dense->ids + y->at + y->nown;
	const uint32_t *xend = dense->ids + x->at + x->n;
	const uint32_t *yend = dense->ids + y->at + y->n;

	/* Common ones stand last. */
	while (xp < xend && yp < yend) {
		uint32_t a = *xp, b = *yp;

		shared -= a == b;
		xp += a <= b;
		yp += b <= a;
	}
	return shared;
}

static struct kb_str
words_of(const struct kb_join *join, uint32_t set)
{
	return kb_str(join->map + join->sets[set].words_at,
	    join->sets[set].words_n);
}

unsigned char
kb_join_judge(const struct kb_join *join, const struct kb_dense *dense,
    const struct kb_group_pair *p)
{
	const struct kb_dense_set *a = &dense->sets[p->x];
	const struct kb_dense_set *b = &dense->sets[p->y], *c;
	struct kb_pair pair = { .shared = p->shared,
	    .own_shared = p->own_shared };

	if (join->opts.judge == NULL)
		return 0;
	if (a->set > b->set) {
		c = a;
		a = b;
		b = c;
	}
	pair.a = a->set;
	pair.b = b->set;
	pair.size_a = a->size;
	pair.size_b = b->size;
	pair.own_a = a->own;
	pair.own_b = b->own;
	return join->opts.judge(join->opts.judge_arg, &pair,
	    words_of(join, a->set), words_of(join, b->set));
}

enum kb_status
kb_group_pairs_add(struct kb_group_pairs *out, const struct kb_join *join,
    const struct kb_dense *dense, struct kb_group_pair pair,
    struct kb_err *err)
{
	if (out->n == out->size) {
		size_t size = out->size * 2 + 64;
		void *v;

		if (out->n >= MAX_PAIRS)
			return kb_err_set(err, KB_LIMIT, "more than %zu pairs "
			    "of near-duplicates; raise the threshold or cut "
			    "the listing", MAX_PAIRS);
		if (size > MAX_PAIRS)
			size = MAX_PAIRS;
		v = realloc(out->v, size * sizeof(*out->v));
		if (v == NULL)
			return kb_err_nomem(err);
		out->v = v;
		out->size = size;
	}
	pair.relation = kb_join_judge(join, dense, &pair);
	out->weight += (uint64_t)dense->sets[pair.x].members *
	    dense->sets[pair.y].members;
	out->v[out->n++] = pair;
	return KB_OK;
}

/* ---- near pairs ---- */

static uint32_t
probe_prefix(const struct kb_dense_set *set, struct kb_ratio t)
{
	return kb_dense_stored(set, set->size - kb_join_least(t, set->size) +
	    1);
}

/* Enough for partners of the same size or larger. */
static uint32_t
index_prefix(const struct kb_dense_set *set, const struct kb_join_opts *opts)
{
	if ((set->state & KB_SET_NEAR) == 0)
		return 0;
	return kb_dense_stored(set, set->size - kb_join_overlap(opts->near,
	    set->size, set->size) + 1);
}

/* The first set that is not too short. */
static uint32_t
first_of(const struct kb_dense *dense, uint32_t shortest)
{
	uint32_t lo = 0, hi = dense->nsets;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (dense->sets[mid].size < shortest)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static uint32_t
first_posting(const struct kb_postings *p, uint32_t id, uint32_t first)
{
	uint32_t lo = p->from[id], hi = p->from[id + 1];

	while (hi - lo > SHORT) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (p->v[mid].set < first)
			lo = mid + 1;
		else
			hi = mid;
	}
	while (lo < p->from[id + 1] && p->v[lo].set < first)
		lo++;
	return lo;
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
match(const struct probe *p, struct hand *hand,
    const struct kb_dense_set *x, uint32_t x_pos, struct kb_posting post)
{
	const struct kb_dense_set *y = &p->dense->sets[post.set];
	struct kb_cand *c = &hand->cands[post.set];

	if (c->shared == 0) {
		if (1 + rest(x, x_pos, y, post.pos) <
		    kb_join_overlap(p->t, x->size, y->size))
			return;
		hand->list[hand->nlist++] = post.set;
	}
	c->shared++;
	c->x_pos = x_pos;
	c->y_pos = post.pos;
}

/*
 * Where so many share the prefix that a look at every set's sketch is less
 * than a look at each of its postings: records of one template, of which few
 * are pairs.  Many that pass the look are likely pairs, and are found faster
 * by what they share.
 */
static bool
scan_all(const struct probe *p, struct hand *hand, uint32_t number,
    uint32_t first, uint64_t npostings)
{
	uint32_t blocks = kb_sketches_blocks(&p->sketches, number), i;

	if (blocks == 0 || npostings / blocks < number - first)
		return false;
	hand->nlist = kb_sketches_scan(&p->sketches, number, first,
	    hand->list);
	if (hand->nlist > (number - first) / 2) {
		hand->nlist = 0;
		return false;
	}
	for (i = 0; i < hand->nlist; i++)
		hand->cands[hand->list[i]] = KB_CAND_UNKNOWN;
	return true;
}

/* Candidates among the sets before "number". */
static void
find_candidates(const struct probe *p, struct hand *hand, uint32_t number)
{
	const struct kb_dense_set *x = &p->dense->sets[number];
	uint32_t i, k, n = probe_prefix(x, p->t);
	uint32_t first = first_of(p->dense, kb_join_least(p->t, x->size));
	uint64_t sum = 0;

	hand->nlist = 0;
	for (i = 0; i < n; i++) {
		uint32_t id = p->dense->ids[x->at + i];

		hand->spans[i].from = first_posting(&p->postings, id, first);
		hand->spans[i].end = p->postings.from[id + 1];
		sum += hand->spans[i].end - hand->spans[i].from;
	}
	if (scan_all(p, hand, number, first, sum))
		return;
	for (i = 0; i < n; i++) {
		struct span s = hand->spans[i];

		for (k = s.from; k < s.end &&
		    p->postings.v[k].set < number; k++)
			match(p, hand, x, i, p->postings.v[k]);
	}
}

static enum kb_status
probe_one(void *arg, unsigned who, uint32_t number,
    struct kb_group_pairs *out, struct kb_err *err)
{
	const struct probe *p = arg;
	struct hand *hand = &p->hands[who];
	const struct kb_dense_set *x = &p->dense->sets[number], *y;
	enum kb_status status = KB_OK;
	uint32_t i, shared;

	if ((x->state & KB_SET_NEAR) == 0)
		return KB_OK;
	find_candidates(p, hand, number);
	for (i = 0; i < hand->nlist; i++) {
		uint32_t other = hand->list[i];

		y = &p->dense->sets[other];
		shared = kb_dense_overlap(p->dense, x, y,
		    &hand->cands[other], kb_join_overlap(p->t, x->size,
		    y->size));
		hand->cands[other].shared = 0;
		if (shared == 0 || status != KB_OK)
			continue;
		status = kb_group_pairs_add(out, p->join, p->dense,
		    (struct kb_group_pair){ number, other, shared,
		    kb_dense_own_overlap(p->dense, x, y, shared), 0 }, err);
	}
	return status;
}

static enum kb_status
probe_init(struct probe *p, struct kb_err *err)
{
	enum kb_status status;
	unsigned i;

	p->hands = calloc(p->join->threads, sizeof(*p->hands));
	if (p->hands == NULL)
		return kb_err_nomem(err);
	for (i = 0; i < p->join->threads; i++) {
		struct hand *hand = &p->hands[i];

		hand->cands = calloc((size_t)p->dense->nsets + 1,
		    sizeof(*hand->cands));
		hand->list = malloc(((size_t)p->dense->nsets + 1) *
		    sizeof(*hand->list));
		hand->spans = malloc(((size_t)p->join->largest + 1) *
		    sizeof(*hand->spans));
		if (hand->cands == NULL || hand->list == NULL ||
		    hand->spans == NULL)
			return kb_err_nomem(err);
	}
	status = kb_postings_make(&p->postings, p->dense, &p->join->opts,
	    index_prefix, err);
	if (status == KB_OK)
		status = kb_sketches_make(&p->sketches, p->dense, p->t, err);
	return status;
}

static void
probe_release(struct probe *p)
{
	unsigned i;

	for (i = 0; p->hands != NULL && i < p->join->threads; i++) {
		free(p->hands[i].cands);
		free(p->hands[i].list);
		free(p->hands[i].spans);
	}
	free(p->hands);
	kb_sketches_release(&p->sketches);
	kb_postings_release(&p->postings);
}

enum kb_status
kb_join_probe(struct kb_group_pairs *out, const struct kb_join *join,
    const struct kb_dense *dense, uint64_t most, struct kb_err *err)
{
	struct probe p = { .join = join, .dense = dense,
	    .t = join->opts.near };
	enum kb_status status;

	status = probe_init(&p, err);
	if (status == KB_OK)
		status = kb_team_probe(out, join->threads, dense->nsets, most,
		    probe_one, &p, err);
	probe_release(&p);
	return status;
}
