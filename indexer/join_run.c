/*
 * join_run: the stages of the join, and its pairs in their order.
 */
#include "join_impl.h"

#include <stdlib.h>
#include <unistd.h>

/*
 * Only pairs of groups are kept in memory; pairs of sets, of which k equal
 * ones have k * k / 2, are made one set at a time while they are handed out.
 */
struct near {
	uint32_t	leader;
	uint32_t	shared;
};

struct graph {
	size_t		*from;		/* by dense number, nsets + 1 */
	struct near	*near;
};

struct partners {
	uint64_t	*v;		/* number << 32 | index into near */
	size_t		 n, size;
};

typedef enum kb_status pair_fn(void *arg, const struct kb_pair *pair,
    struct kb_err *err);

static enum kb_status
graph_make(struct graph *g, const struct kb_group_pairs *pairs,
    const struct kb_dense *dense, struct kb_err *err)
{
	size_t i, n, sum = 0;

	g->from = calloc((size_t)dense->nsets + 1, sizeof(*g->from));
	g->near = calloc(pairs->n * 2 + 1, sizeof(*g->near));
	if (g->from == NULL || g->near == NULL)
		return kb_err_nomem(err);
	for (i = 0; i < pairs->n; i++) {
		g->from[pairs->v[i].x]++;
		g->from[pairs->v[i].y]++;
	}
	for (i = 0; i <= dense->nsets; i++) {
		n = g->from[i];
		sum += n;
		g->from[i] = sum;
	}
	/* Filled from behind, each from[] ends up where its own begin. */
	for (i = 0; i < pairs->n; i++) {
		const struct kb_group_pair *p = &pairs->v[i];

		g->near[--g->from[p->x]] = (struct near){
		    dense->sets[p->y].set, p->shared };
		g->near[--g->from[p->y]] = (struct near){
		    dense->sets[p->x].set, p->shared };
	}
	return KB_OK;
}

static enum kb_status
add_partner(struct partners *out, uint32_t number, size_t k,
    struct kb_err *err)
{
	if (out->n == out->size) {
		size_t size = out->size * 2 + 1024;
		void *v = realloc(out->v, size * sizeof(*out->v));

		if (v == NULL)
			return kb_err_nomem(err);
		out->v = v;
		out->size = size;
	}
	out->v[out->n++] = (uint64_t)number << 32 | (uint32_t)k;
	return KB_OK;
}

/* All partners of "a" behind it, in order; own group: KB_JOIN_NONE. */
static enum kb_status
gather(struct partners *out, const struct kb_join *join,
    const struct graph *g, uint32_t a, struct kb_err *err)
{
	uint32_t b, dense = join->sets[join->sets[a].leader].dense;
	enum kb_status status = KB_OK;
	size_t k;

	out->n = 0;
	for (b = join->sets[a].next; b != KB_JOIN_NONE && status == KB_OK;
	    b = join->sets[b].next)
		status = add_partner(out, b, KB_JOIN_NONE, err);
	if (dense == KB_JOIN_NONE || status != KB_OK ||
	    g->from[dense] == g->from[dense + 1])
		return status;
	for (k = g->from[dense]; k < g->from[dense + 1]; k++) {
		for (b = g->near[k].leader; b != KB_JOIN_NONE;
		    b = join->sets[b].next) {
			if (b < a)
				continue;
			status = add_partner(out, b, k, err);
			if (status != KB_OK)
				return status;
		}
	}
	kb_sort_u64(out->v, out->n);
	return KB_OK;
}

static enum kb_status
emit(const struct kb_join *join, const struct graph *g, pair_fn *fn,
    void *arg, struct kb_err *err)
{
	struct partners partners = { 0 };
	enum kb_status status = KB_OK;
	struct kb_pair pair;
	uint32_t a, k;
	size_t i;

	for (a = 0; a < join->nsets && status == KB_OK; a++) {
		status = gather(&partners, join, g, a, err);
		for (i = 0; i < partners.n && status == KB_OK; i++) {
			pair.a = a;
			pair.b = (uint32_t)(partners.v[i] >> 32);
			pair.size_a = join->sets[a].size;
			pair.size_b = join->sets[pair.b].size;
			k = (uint32_t)partners.v[i];
			pair.shared = k == KB_JOIN_NONE ? pair.size_a :
			    g->near[k].shared;
			status = fn(arg, &pair, err);
		}
	}
	free(partners.v);
	return status;
}

/* From the spool to the pairs of groups. */
static enum kb_status
find_groups(struct kb_join *join, struct kb_dense *dense,
    struct kb_group_pairs *pairs, struct kb_err *err)
{
	struct kb_twice twice = { 0 };
	enum kb_status status;
	uint64_t nkept;

	status = kb_spool_flush(join, err);
	if (status == KB_OK)
		status = kb_join_filter(join, &twice, &nkept, err);
	if (status == KB_OK)
		status = kb_dense_load(dense, join, &twice, nkept, err);
	free(twice.bits);
	close(join->fd);
	join->fd = -1;
	if (status == KB_OK)
		status = kb_join_probe(pairs, dense, join->t, err);
	return status;
}

enum kb_status
kb_join_run(struct kb_join *join, pair_fn *fn, void *arg, struct kb_err *err)
{
	struct kb_group_pairs pairs = { 0 };
	struct kb_dense dense = { 0 };
	struct graph graph = { 0 };
	enum kb_status status;

	if (join->ran)
		return kb_err_set(err, KB_USAGE, "a join runs only once");
	if (join->failed)
		return kb_err_set(err, KB_IO, "a temporary file in '%s' "
		    "could not be written", join->dir);
	join->ran = true;
	status = find_groups(join, &dense, &pairs, err);
	if (status == KB_OK)
		status = graph_make(&graph, &pairs, &dense, err);
	free(pairs.v);
	free(dense.ids);
	dense.ids = NULL;
	if (status == KB_OK)
		status = emit(join, &graph, fn, arg, err);
	free(graph.from);
	free(graph.near);
	kb_dense_release(&dense);
	return status;
}
