/*
 * join_inside: pairs of which the smaller lies inside the larger, but is not
 * near it.  Contract: join_impl.h.
 */
#include "join_impl.h"

#include <stdlib.h>

struct hand {
	struct kb_cand	*cands;
	uint32_t	*list;
	uint32_t	 nlist;
};

struct probe {
	const struct kb_join	*join;
	const struct kb_dense	*dense;
	struct kb_postings	 postings;
	struct hand		*hands;
};

/*
 * Whoever has ceil(c * n) of a set's n elements misses n - ceil(c * n) at
 * most, and so has one of the rarest n - ceil(c * n) + 1.
 */
static uint32_t
part_prefix(const struct kb_dense_set *set, const struct kb_join_opts *opts)
{
	if ((set->state & KB_SET_PART) == 0)
		return 0;
	return kb_dense_stored(set, set->size - kb_join_least(opts->inside,
	    set->size) + 1);
}

static void
find_candidates(const struct probe *p, struct hand *hand, uint32_t number)
{
	const struct kb_dense_set *x = &p->dense->sets[number];
	uint32_t i, k;

	hand->nlist = 0;
	for (i = 0; i < x->n; i++) {
		uint32_t id = p->dense->ids[x->at + i];
		uint32_t end = p->postings.from[id + 1];

		/* They come by size: the smaller ones stand before it. */
		for (k = p->postings.from[id]; k < end &&
		    p->postings.v[k].set < number; k++) {
			uint32_t other = p->postings.v[k].set;
			struct kb_cand *c = &hand->cands[other];

			if (c->shared++ == 0)
				hand->list[hand->nlist++] = other;
			c->x_pos = i;
			c->y_pos = p->postings.v[k].pos;
		}
	}
}

static enum kb_status
probe_one(void *arg, unsigned who, uint32_t number,
    struct kb_group_pairs *out, struct kb_err *err)
{
	const struct probe *p = arg;
	const struct kb_join_opts *o = &p->join->opts;
	struct hand *hand = &p->hands[who];
	const struct kb_dense_set *x = &p->dense->sets[number], *y;
	enum kb_status status = KB_OK;
	uint32_t i, shared;

	if ((x->state & KB_SET_WHOLE) == 0)
		return KB_OK;
	find_candidates(p, hand, number);
	for (i = 0; i < hand->nlist; i++) {
		uint32_t other = hand->list[i];

		y = &p->dense->sets[other];
		shared = kb_dense_overlap(p->dense, x, y,
		    &hand->cands[other], kb_join_least(o->inside, y->size));
		hand->cands[other].shared = 0;
		if (shared == 0 || status != KB_OK || shared >=
		    kb_join_overlap(o->near, x->size, y->size))
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
	unsigned i;

	p->hands = calloc(p->join->threads, sizeof(*p->hands));
	if (p->hands == NULL)
		return kb_err_nomem(err);
	for (i = 0; i < p->join->threads; i++) {
		p->hands[i].cands = calloc((size_t)p->dense->nsets + 1,
		    sizeof(*p->hands[i].cands));
		p->hands[i].list = malloc(((size_t)p->dense->nsets + 1) *
		    sizeof(*p->hands[i].list));
		if (p->hands[i].cands == NULL || p->hands[i].list == NULL)
			return kb_err_nomem(err);
	}
	return kb_postings_make(&p->postings, p->dense, &p->join->opts,
	    part_prefix, err);
}

enum kb_status
kb_join_inside(struct kb_group_pairs *out, const struct kb_join *join,
    const struct kb_dense *dense, uint64_t most, struct kb_err *err)
{
	struct probe p = { .join = join, .dense = dense };
	enum kb_status status;
	unsigned i;

	status = probe_init(&p, err);
	if (status == KB_OK)
		status = kb_team_probe(out, join->threads, dense->nsets, most,
		    probe_one, &p, err);
	for (i = 0; p.hands != NULL && i < join->threads; i++) {
		free(p.hands[i].cands);
		free(p.hands[i].list);
	}
	free(p.hands);
	kb_postings_release(&p.postings);
	return status;
}
