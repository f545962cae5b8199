/*
 * star: clusters in which every member is similar to its canonical.
 * Contract: join.h.
 */
#include "join.h"

#include <stdlib.h>
#include <string.h>

struct graph {
	size_t		*from;		/* n + 1 */
	uint32_t	*near;
	uint32_t	*order;		/* by rank */
};

static enum kb_status
order_sets(struct graph *g, const uint32_t *rank, size_t n,
    struct kb_err *err)
{
	size_t i;

	memset(g->order, 0xff, n * sizeof(*g->order));
	for (i = 0; i < n; i++) {
		if (rank[i] >= n || g->order[rank[i]] != UINT32_MAX)
			return kb_err_set(err, KB_USAGE,
			    "the ranks of %zu sets are no permutation", n);
		g->order[rank[i]] = (uint32_t)i;
	}
	return KB_OK;
}

static enum kb_status
link_pairs(struct graph *g, const struct kb_pair *pairs, size_t npairs,
    size_t n, struct kb_err *err)
{
	size_t i, sum = 0;

	for (i = 0; i < npairs; i++) {
		if (pairs[i].a >= n || pairs[i].b >= n)
			return kb_err_set(err, KB_USAGE,
			    "pair %zu names a set that is none of %zu", i, n);
		g->from[pairs[i].a]++;
		g->from[pairs[i].b]++;
	}
	for (i = 0; i <= n; i++) {
		sum += g->from[i];
		g->from[i] = sum;
	}
	for (i = 0; i < npairs; i++) {
		g->near[--g->from[pairs[i].a]] = pairs[i].b;
		g->near[--g->from[pairs[i].b]] = pairs[i].a;
	}
	return KB_OK;
}

static void
make_star(const struct graph *g, uint32_t centre, uint32_t *canonical)
{
	size_t k;

	for (k = g->from[centre]; k < g->from[centre + 1]; k++) {
		uint32_t i = g->near[k];

		if (i == centre || canonical[i] != UINT32_MAX)
			continue;
		canonical[i] = centre;
		canonical[centre] = centre;
	}
}

enum kb_status
kb_star_clusters(const struct kb_pair *pairs, size_t npairs,
    const uint32_t *rank, uint32_t *canonical, size_t n, struct kb_err *err)
{
	struct graph g = { 0 };
	enum kb_status status;
	size_t i;

	if (n >= UINT32_MAX)
		return kb_err_set(err, KB_LIMIT, "%zu sets are too many", n);
	if (npairs > SIZE_MAX / 2 - 1)
		return kb_err_nomem(err);
	g.from = calloc(n + 1, sizeof(*g.from));
	g.near = calloc(npairs * 2 + 1, sizeof(*g.near));
	g.order = calloc(n + 1, sizeof(*g.order));
	if (g.from == NULL || g.near == NULL || g.order == NULL) {
		status = kb_err_nomem(err);
		goto out;
	}
	status = order_sets(&g, rank, n, err);
	if (status == KB_OK)
		status = link_pairs(&g, pairs, npairs, n, err);
	if (status != KB_OK)
		goto out;
	for (i = 0; i < n; i++)
		canonical[i] = UINT32_MAX;
	for (i = 0; i < n; i++) {
		if (canonical[g.order[i]] == UINT32_MAX)
			make_star(&g, g.order[i], canonical);
	}
out:
	free(g.from);
	free(g.near);
	free(g.order);
	return status;
}
