/*
 * join_list: from pairs of groups to pairs of sets, in their order.
 * Contract: join_impl.h.
 */
#include "join_impl.h"

#include <stdlib.h>
#include <string.h>

/*
 * Only pairs of groups are kept in memory; pairs of sets, of which k equal
 * ones have k * k / 2, are made one set at a time while they are handed out.
 */
struct list {
	const struct kb_join	*join;
	const struct kb_dense	*dense;
	const struct kb_group_pair *pairs;
	size_t			*from;	/* by group, nsets + 1 */
	uint32_t		*near;	/* pairs of each */
	/* of each canonical, its members */
	const uint32_t		*canonical;
	uint32_t		*star;	/* nsets + 1 */
	uint32_t		*members;
	/* one set's partners: number << 32 | index of the pair */
	uint64_t		*v;
	size_t			 n, size;
	uint64_t		 members_left, others_left;
	kb_pair_fn		*fn;
	void			*arg;
	uint64_t		 listed;
};

static enum kb_status
link_pairs(struct list *l, size_t npairs, struct kb_err *err)
{
	size_t i, sum = 0;

	l->from = calloc((size_t)l->dense->nsets + 1, sizeof(*l->from));
	l->near = malloc((npairs * 2 + 1) * sizeof(*l->near));
	if (l->from == NULL || l->near == NULL)
		return kb_err_nomem(err);
	for (i = 0; i < npairs; i++) {
		l->from[l->pairs[i].x]++;
		l->from[l->pairs[i].y]++;
	}
	for (i = 0; i <= l->dense->nsets; i++) {
		sum += l->from[i];
		l->from[i] = sum;
	}
	for (i = npairs; i-- > 0;) {
		l->near[--l->from[l->pairs[i].x]] = (uint32_t)i;
		l->near[--l->from[l->pairs[i].y]] = (uint32_t)i;
	}
	return KB_OK;
}

static enum kb_status
link_members(struct list *l, struct kb_err *err)
{
	size_t i, n = l->join->nsets;
	uint32_t sum = 0;

	l->star = calloc(n + 2, sizeof(*l->star));
	l->members = malloc((n + 1) * sizeof(*l->members));
	if (l->star == NULL || l->members == NULL)
		return kb_err_nomem(err);
	for (i = 0; l->canonical != NULL && i < n; i++) {
		if (l->canonical[i] != KB_JOIN_NONE && l->canonical[i] != i)
			l->star[l->canonical[i]]++;
	}
	for (i = 0; i <= n; i++) {
		sum += l->star[i];
		l->star[i] = sum;
	}
	for (i = n; l->canonical != NULL && i-- > 0;) {
		if (l->canonical[i] != KB_JOIN_NONE && l->canonical[i] != i)
			l->members[--l->star[l->canonical[i]]] = (uint32_t)i;
	}
	return KB_OK;
}

/* ---- one set's partners behind it ---- */

static enum kb_status
add_partner(struct list *l, uint32_t set, uint32_t pair, struct kb_err *err)
{
	if (l->n == l->size) {
		size_t size = l->size * 2 + 1024;
		void *v = realloc(l->v, size * sizeof(*l->v));

		if (v == NULL)
			return kb_err_nomem(err);
		l->v = v;
		l->size = size;
	}
	l->v[l->n++] = (uint64_t)set << 32 | pair;
	return KB_OK;
}

static uint32_t
other_of(const struct list *l, uint32_t pair, uint32_t group)
{
	const struct kb_group_pair *p = &l->pairs[pair];

	return l->dense->sets[p->x == group ? p->y : p->x].set;
}

/* All of them; of its own group: KB_JOIN_NONE. */
static enum kb_status
gather_all(struct list *l, uint32_t a, struct kb_err *err)
{
	const struct kb_join_set *sets = l->join->sets;
	uint32_t b, group = sets[sets[a].leader].dense;
	enum kb_status status = KB_OK;
	size_t k;

	for (b = sets[a].next; b != KB_JOIN_NONE && status == KB_OK;
	    b = sets[b].next)
		status = add_partner(l, b, KB_JOIN_NONE, err);
	if (group == KB_JOIN_NONE)
		return status;
	for (k = l->from[group]; k < l->from[group + 1]; k++) {
		b = other_of(l, l->near[k], group);
		for (; b != KB_JOIN_NONE && status == KB_OK; b = sets[b].next)
			if (b > a)
				status = add_partner(l, b, l->near[k], err);
	}
	return status;
}

/* The pair of two groups; they are partners. */
static uint32_t
find_pair(const struct list *l, uint32_t a, uint32_t b)
{
	const struct kb_join_set *sets = l->join->sets;
	uint32_t x = sets[a].leader, y = sets[b].leader, group;
	size_t k;

	if (x == y)
		return KB_JOIN_NONE;
	group = sets[x].dense;
	/* The one of fewer partners; a member's are fewer, mostly. */
	if (l->from[sets[y].dense + 1] - l->from[sets[y].dense] <
	    l->from[group + 1] - l->from[group]) {
		group = sets[y].dense;
		y = x;
	}
	for (k = l->from[group]; other_of(l, l->near[k], group) != y; k++)
		;
	return l->near[k];
}

/* The canonical, or the members, that stand behind it. */
static enum kb_status
gather_star(struct list *l, uint32_t a, struct kb_err *err)
{
	enum kb_status status = KB_OK;
	uint32_t c, k;

	if (l->canonical == NULL || l->canonical[a] == KB_JOIN_NONE)
		return KB_OK;
	c = l->canonical[a];
	if (c > a)
		return add_partner(l, c, find_pair(l, a, c), err);
	if (c != a)
		return KB_OK;
	for (k = l->star[a]; k < l->star[a + 1] && status == KB_OK; k++)
		if (l->members[k] > a)
			status = add_partner(l, l->members[k],
			    find_pair(l, a, l->members[k]), err);
	return status;
}

/* ---- handing out ---- */

static struct kb_pair
make_pair(const struct list *l, uint32_t a, uint32_t b, uint32_t k)
{
	const struct kb_join_set *sets = l->join->sets;
	struct kb_pair pair = { .a = a, .b = b, .size_a = sets[a].size,
	    .size_b = sets[b].size };

	pair.own_a = sets[sets[a].leader].own;
	pair.own_b = sets[sets[b].leader].own;
	if (k == KB_JOIN_NONE) {
		pair.shared = pair.size_a;
		pair.own_shared = pair.own_a;
		pair.same_words = sets[a].same == sets[b].same;
	} else {
		pair.shared = l->pairs[k].shared;
		pair.own_shared = l->pairs[k].own_shared;
		pair.relation = l->pairs[k].relation;
	}
	return pair;
}

/* Whether there is room for a pair. */
static bool
may_list(struct list *l, uint32_t a, uint32_t b)
{
	uint64_t *left = l->canonical != NULL && (l->canonical[a] == b ||
	    l->canonical[b] == a) ? &l->members_left : &l->others_left;

	if (*left == 0)
		return false;
	--*left;
	return true;
}

static enum kb_status
hand_out(struct list *l, uint32_t a, struct kb_err *err)
{
	enum kb_status status = KB_OK;
	struct kb_pair pair;
	size_t i;

	kb_sort_u64(l->v, l->n);
	for (i = 0; i < l->n && status == KB_OK; i++) {
		uint32_t b = (uint32_t)(l->v[i] >> 32);

		if (!may_list(l, a, b))
			continue;
		pair = make_pair(l, a, b, (uint32_t)l->v[i]);
		l->listed++;
		status = l->fn(l->arg, &pair, err);
	}
	return status;
}

/* How the room is shared out: members come first. */
static void
share_room(struct list *l, const struct kb_joined *joined)
{
	uint64_t most = l->join->opts.max_pairs, n = 0;
	size_t i;

	if (!joined->cut) {
		l->members_left = l->others_left = UINT64_MAX;
		return;
	}
	for (i = 0; l->canonical != NULL && i < l->join->nsets; i++)
		n += l->canonical[i] != KB_JOIN_NONE && l->canonical[i] != i;
	l->members_left = n < most ? n : most;
	l->others_left = most - l->members_left;
}

static enum kb_status
list_all(struct list *l, struct kb_err *err)
{
	enum kb_status status = KB_OK;
	uint32_t a;

	for (a = 0; a < l->join->nsets && status == KB_OK; a++) {
		l->n = 0;
		status = l->others_left > 0 ? gather_all(l, a, err) :
		    gather_star(l, a, err);
		if (status == KB_OK)
			status = hand_out(l, a, err);
	}
	return status;
}

enum kb_status
kb_join_list(struct kb_joined *joined, const struct kb_join *join,
    const struct kb_dense *dense, const struct kb_group_pairs *pairs,
    kb_pair_fn *fn, void *arg, struct kb_err *err)
{
	struct list l = { .join = join, .dense = dense, .pairs = pairs->v,
	    .canonical = joined->canonical, .fn = fn, .arg = arg };
	enum kb_status status;

	status = link_pairs(&l, pairs->n, err);
	if (status == KB_OK)
		status = link_members(&l, err);
	share_room(&l, joined);
	if (status == KB_OK)
		status = list_all(&l, err);
	joined->listed = l.listed;
	free(l.from);
	free(l.near);
	free(l.star);
	free(l.members);
	free(l.v);
	return status;
}
