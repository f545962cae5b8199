/*
 * join_star: stars of groups, from all pairs or by looking for the partners
 * of one canonical after the other.  Contract: join_impl.h.
 */
#include "join_impl.h"

#include <stdlib.h>
#include <string.h>

struct stars {
	const struct kb_join	*join;
	const struct kb_dense	*dense;
	uint32_t		*canonical;
	/* from pairs: partners of each group */
	size_t			*from;
	uint32_t		*near;
	/* by looking */
	struct kb_postings	 postings;
	uint32_t		*end;	/* by id: of those left */
	struct kb_cand		*cands;
	uint32_t		*list;
	bool			*gone;	/* by group: no one's any more */
	struct kb_group_pairs	*edges;
};

static bool
own_enough(const struct kb_join_opts *o, uint32_t shared, uint32_t a,
    uint32_t b)
{
	uint64_t either = (uint64_t)a + b - shared;

	if (o->own.of == 0 || o->own.count == 0)
		return true;
	return either > 0 && (uint64_t)shared * o->own.of >=
	    either * o->own.count;
}

bool
kb_join_may_star(const struct kb_join *join, const struct kb_dense *dense,
    const struct kb_group_pair *pair)
{
	const struct kb_dense_set *x = &dense->sets[pair->x];
	const struct kb_dense_set *y = &dense->sets[pair->y];

	if (pair->shared < kb_join_overlap(join->opts.near, x->size,
	    y->size) || !own_enough(&join->opts, pair->own_shared, x->own,
	    y->own))
		return false;
	return join->opts.judge == NULL ||
	    (pair->relation & KB_PAIR_STAR) != 0;
}

static void
take_group(struct stars *s, uint32_t set, uint32_t canonical)
{
	for (set = s->join->sets[set].leader; set != KB_JOIN_NONE;
	    set = s->join->sets[set].next)
		s->canonical[set] = canonical;
}

/* ---- from pairs ---- */

static enum kb_status
link_pairs(struct stars *s, const struct kb_group_pairs *pairs,
    struct kb_err *err)
{
	size_t i, sum = 0;

	s->from = calloc((size_t)s->dense->nsets + 1, sizeof(*s->from));
	s->near = malloc((pairs->n * 2 + 1) * sizeof(*s->near));
	if (s->from == NULL || s->near == NULL)
		return kb_err_nomem(err);
	for (i = 0; i < pairs->n; i++) {
		s->from[pairs->v[i].x]++;
		s->from[pairs->v[i].y]++;
	}
	for (i = 0; i <= s->dense->nsets; i++) {
		sum += s->from[i];
		s->from[i] = sum;
	}
	for (i = 0; i < pairs->n; i++) {
		const struct kb_group_pair *p = &pairs->v[i];
		bool may = kb_join_may_star(s->join, s->dense, p);

		s->near[--s->from[p->x]] = may ? p->y : p->x;
		s->near[--s->from[p->y]] = may ? p->x : p->y;
	}
	return KB_OK;
}

static bool
take_linked(struct stars *s, uint32_t group, uint32_t centre)
{
	bool any = false;
	size_t k;

	for (k = s->from[group]; k < s->from[group + 1]; k++) {
		uint32_t set = s->dense->sets[s->near[k]].set;

		/* What may not be in a star is linked to itself. */
		if (s->near[k] == group ||
		    s->canonical[set] != KB_JOIN_NONE)
			continue;
		take_group(s, set, centre);
		any = true;
	}
	return any;
}

/* ---- by looking ---- */

/*
 * The rarest element that two sets share is one of the rarest of each, by
 * either measure: first among all elements, and, as common ones stand last,
 * first among its own as well.
 */
static uint32_t
star_prefix(const struct kb_dense_set *set, const struct kb_join_opts *opts)
{
	uint32_t near, own, alone;

	if ((set->state & KB_SET_NEAR) == 0)
		return 0;
	near = kb_dense_stored(set, set->size - kb_join_least(opts->near,
	    set->size) + 1);
	if (opts->own.of == 0 || opts->own.count == 0)
		return near;
	if (set->own == 0)
		return 0;
	own = set->own - kb_join_least(opts->own, set->own) + 1;
	alone = set->own - set->nown;
	own = own > alone ? own - alone : 0;
	return near < own ? near : own;
}

static enum kb_status
look_init(struct stars *s, struct kb_err *err)
{
	uint32_t i, n = s->dense->ndistinct;
	enum kb_status status;

	status = kb_postings_make(&s->postings, s->dense, &s->join->opts,
	    star_prefix, err);
	if (status != KB_OK)
		return status;
	s->end = malloc(((size_t)n + 1) * sizeof(*s->end));
	s->cands = calloc((size_t)s->dense->nsets + 1, sizeof(*s->cands));
	s->list = malloc(((size_t)s->dense->nsets + 1) * sizeof(*s->list));
	s->gone = calloc((size_t)s->dense->nsets + 1, sizeof(*s->gone));
	if (s->end == NULL || s->cands == NULL || s->list == NULL ||
	    s->gone == NULL)
		return kb_err_nomem(err);
	for (i = 0; i < n; i++)
		s->end[i] = s->postings.from[i + 1];
	return KB_OK;
}

/* Candidates of a list; whoever is gone leaves it. */
static uint32_t
look_at(struct stars *s, uint32_t id, uint32_t pos, uint32_t nlist)
{
	uint32_t k, left = s->postings.from[id];

	for (k = left; k < s->end[id]; k++) {
		struct kb_posting post = s->postings.v[k];
		struct kb_cand *c = &s->cands[post.set];

		if (s->gone[post.set])
			continue;
		s->postings.v[left++] = post;
		if (c->shared++ == 0)
			s->list[nlist++] = post.set;
		c->x_pos = pos;
		c->y_pos = post.pos;
	}
	s->end[id] = left;
	return nlist;
}

static enum kb_status
try_one(struct stars *s, uint32_t group, uint32_t other, uint32_t centre,
    bool *any, struct kb_err *err)
{
	const struct kb_dense_set *x = &s->dense->sets[group];
	const struct kb_dense_set *y = &s->dense->sets[other];
	struct kb_group_pair pair = { .x = group, .y = other };

	pair.shared = kb_dense_overlap(s->dense, x, y, &s->cands[other],
	    kb_join_overlap(s->join->opts.near, x->size, y->size));
	s->cands[other].shared = 0;
	if (pair.shared == 0)
		return KB_OK;
	pair.own_shared = kb_dense_own_overlap(s->dense, x, y, pair.shared);
	if (!own_enough(&s->join->opts, pair.own_shared, x->own, y->own))
		return KB_OK;
	pair.relation = kb_join_judge(s->join, s->dense, &pair);
	if (!kb_join_may_star(s->join, s->dense, &pair))
		return KB_OK;
	take_group(s, y->set, centre);
	s->gone[other] = true;
	*any = true;
	return kb_group_pairs_add(s->edges, s->join, s->dense, pair, err);
}

static enum kb_status
take_found(struct stars *s, uint32_t group, uint32_t centre, bool *any,
    struct kb_err *err)
{
	const struct kb_dense_set *x = &s->dense->sets[group];
	uint32_t i, n = star_prefix(x, &s->join->opts), nlist = 0;
	enum kb_status status = KB_OK;

	/* Those that come later have been looked for by this one. */
	s->gone[group] = true;
	for (i = 0; i < n; i++)
		nlist = look_at(s, s->dense->ids[x->at + i], i, nlist);
	for (i = 0; i < nlist && status == KB_OK; i++)
		status = try_one(s, group, s->list[i], centre, any, err);
	return status;
}

/* ---- both ---- */

static enum kb_status
make_star(struct stars *s, uint32_t centre, struct kb_err *err)
{
	const struct kb_join_set *leader =
	    &s->join->sets[s->join->sets[centre].leader];
	enum kb_status status = KB_OK;
	bool any = leader->next != KB_JOIN_NONE && leader->size > 0;

	if (leader->dense != KB_JOIN_NONE && s->from != NULL)
		any |= take_linked(s, leader->dense, centre);
	else if (leader->dense != KB_JOIN_NONE)
		status = take_found(s, leader->dense, centre, &any, err);
	if (any)
		take_group(s, centre, centre);
	return status;
}

static enum kb_status
order_sets(uint32_t *order, const uint32_t *rank, size_t n,
    struct kb_err *err)
{
	size_t i;

	memset(order, 0xff, n * sizeof(*order));
	for (i = 0; i < n; i++) {
		if (rank[i] >= n || order[rank[i]] != KB_JOIN_NONE)
			return kb_err_set(err, KB_USAGE,
			    "the ranks of %zu sets are no permutation", n);
		order[rank[i]] = (uint32_t)i;
	}
	return KB_OK;
}

enum kb_status
kb_join_stars(uint32_t *canonical, struct kb_group_pairs *edges,
    const struct kb_join *join, const struct kb_dense *dense,
    const struct kb_group_pairs *pairs, const uint32_t *rank,
    struct kb_err *err)
{
	struct stars s = { .join = join, .dense = dense,
	    .canonical = canonical, .edges = edges };
	enum kb_status status;
	uint32_t *order;
	size_t i;

	order = malloc((join->nsets + 1) * sizeof(*order));
	if (order == NULL)
		return kb_err_nomem(err);
	status = order_sets(order, rank, join->nsets, err);
	if (status == KB_OK)
		status = pairs != NULL ? link_pairs(&s, pairs, err) :
		    look_init(&s, err);
	memset(canonical, 0xff, join->nsets * sizeof(*canonical));
	for (i = 0; i < join->nsets && status == KB_OK; i++) {
		if (canonical[order[i]] == KB_JOIN_NONE)
			status = make_star(&s, order[i], err);
	}
	free(order);
	free(s.from);
	free(s.near);
	free(s.end);
	free(s.cands);
	free(s.list);
	free(s.gone);
	kb_postings_release(&s.postings);
	return status;
}
