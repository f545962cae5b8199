/*
 * join_run: the stages of the join.  Contract: join.h.
 */
#include "join_impl.h"

#include <stdlib.h>
#include <sys/mman.h>

static void
stage(const struct kb_join *join, const char *what)
{
	if (join->opts.stage != NULL)
		join->opts.stage(join->opts.stage_arg, what);
}

static enum kb_status
map_words(struct kb_join *join, struct kb_err *err)
{
	void *map;

	if (join->words.n == 0 || join->map != NULL)
		return KB_OK;
	map = mmap(NULL, (size_t)join->words.n, PROT_READ, MAP_SHARED,
	    join->words.fd, 0);
	if (map == MAP_FAILED)
		return kb_err_set(err, KB_IO, "cannot map a temporary file in "
		    "'%s'", join->words.dir);
	join->map = map;
	join->map_n = (size_t)join->words.n;
	return KB_OK;
}

/* ---- from ranges to dense sets ---- */

static enum kb_status
find_dense(struct kb_join *join, struct kb_dense *dense,
    struct kb_joined *out, struct kb_err *err)
{
	struct kb_names names = { 0 };
	struct kb_sift sift = { 0 };
	enum kb_status status;

	stage(join, "groups");
	status = kb_join_group(join, err);
	stage(join, "filter");
	if (status == KB_OK)
		status = kb_sift_init(&sift, join, err);
	if (status == KB_OK)
		status = kb_join_filter(&sift, err);
	stage(join, "names");
	if (status == KB_OK)
		status = kb_names_make(&names, &sift, err);
	out->common_df = sift.cut;
	kb_sift_release(&sift);
	stage(join, "sets");
	if (status == KB_OK)
		status = kb_dense_make(dense, join, &names, err);
	kb_names_release(&names);
	return status;
}

/* ---- from dense sets to pairs ---- */

/* Pairs of sets that are equal. */
static uint64_t
equal_pairs(const struct kb_join *join)
{
	uint64_t sum = 0, n;
	uint32_t i, k;

	for (i = 0; i < join->nsets; i++) {
		if (!kb_set_leads(join, i))
			continue;
		n = 0;
		for (k = i; k != KB_JOIN_NONE; k = join->sets[k].next)
			n++;
		sum += n * (n - 1) / 2;
	}
	return sum;
}

static enum kb_status
append(struct kb_group_pairs *to, const struct kb_group_pairs *from,
    struct kb_err *err)
{
	void *v;

	if (from->n == 0)
		return KB_OK;
	v = realloc(to->v, (to->n + from->n) * sizeof(*to->v));
	if (v == NULL)
		return kb_err_nomem(err);
	to->v = v;
	memcpy(to->v + to->n, from->v, from->n * sizeof(*to->v));
	to->n += from->n;
	to->size = to->n;
	return KB_OK;
}

static enum kb_status
find_pairs(const struct kb_join *join, const struct kb_dense *dense,
    struct kb_group_pairs *near, struct kb_group_pairs *inside,
    struct kb_joined *out, struct kb_err *err)
{
	uint64_t most = join->opts.max_pairs;
	enum kb_status status;

	stage(join, "near");
	status = kb_join_probe(near, join, dense, most, err);
	stage(join, "inside");
	if (status == KB_OK && join->opts.inside.of > 0 && !near->cut)
		status = kb_join_inside(inside, join, dense, most, err);
	out->found = equal_pairs(join) + near->weight + inside->weight;
	out->cut = most > 0 && out->found > most;
	return status;
}

static enum kb_status
find_stars(const struct kb_join *join, const struct kb_dense *dense,
    const struct kb_group_pairs *near, struct kb_group_pairs *edges,
    const uint32_t *rank, struct kb_joined *out, struct kb_err *err)
{
	stage(join, "stars");
	if (rank == NULL)
		return KB_OK;
	out->canonical = malloc((join->nsets + 1) * sizeof(*out->canonical));
	if (out->canonical == NULL)
		return kb_err_nomem(err);
	return kb_join_stars(out->canonical, edges, join, dense, near->cut ?
	    NULL : near, rank, err);
}

static int
group_pair_cmp(const void *a, const void *b)
{
	const struct kb_group_pair *x = a, *y = b;

	if (x->x != y->x)
		return x->x < y->x ? -1 : 1;
	return x->y < y->y ? -1 : x->y > y->y;
}

/* Canonicals with their members, and what else was found. */
static enum kb_status
merge_edges(struct kb_group_pairs *pairs, const struct kb_group_pairs *edges,
    struct kb_err *err)
{
	enum kb_status status = append(pairs, edges, err);
	size_t i, k = 0;

	if (status != KB_OK || edges->n == 0)
		return status;
	for (i = 0; i < pairs->n; i++) {
		struct kb_group_pair *p = &pairs->v[i];
		uint32_t x = p->x > p->y ? p->x : p->y;

		p->y = p->x > p->y ? p->y : p->x;
		p->x = x;
	}
	qsort(pairs->v, pairs->n, sizeof(*pairs->v), group_pair_cmp);
	for (i = 0; i < pairs->n; i++) {
		if (k == 0 || group_pair_cmp(&pairs->v[i],
		    &pairs->v[k - 1]) != 0)
			pairs->v[k++] = pairs->v[i];
	}
	pairs->n = k;
	return KB_OK;
}

static enum kb_status
start(struct kb_join *join, struct kb_err *err)
{
	enum kb_status status;

	if (join->ran)
		return kb_err_set(err, KB_USAGE, "a join runs only once");
	if (join->failed)
		return kb_err_set(err, KB_IO, "a temporary file in '%s' "
		    "could not be written", join->lay.spool.dir);
	join->ran = true;
	status = kb_spool_flush(&join->lay.spool, err);
	if (status == KB_OK)
		status = kb_spool_flush(&join->words, err);
	if (status == KB_OK)
		status = map_words(join, err);
	return status;
}

enum kb_status
kb_join_run(struct kb_joined *out, struct kb_join *join,
    const uint32_t *rank, kb_pair_fn *fn, void *arg, struct kb_err *err)
{
	struct kb_group_pairs near = { 0 }, inside = { 0 }, edges = { 0 };
	struct kb_joined joined = { 0 };
	struct kb_dense dense = { 0 };
	enum kb_status status;

	status = start(join, err);
	if (status == KB_OK)
		status = find_dense(join, &dense, &joined, err);
	if (status == KB_OK)
		status = find_pairs(join, &dense, &near, &inside, &joined,
		    err);
	if (status == KB_OK)
		status = find_stars(join, &dense, &near, &edges, rank,
		    &joined, err);
	stage(join, "pairs");
	free(dense.ids);
	dense.ids = NULL;
	if (status == KB_OK)
		status = append(&near, &inside, err);
	if (status == KB_OK)
		status = merge_edges(&near, &edges, err);
	if (status == KB_OK)
		status = kb_join_list(&joined, join, &dense, &near, fn, arg,
		    err);
	joined.groups = join->ngroups;
	kb_dense_release(&dense);
	free(near.v);
	free(inside.v);
	free(edges.v);
	if (status == KB_OK)
		*out = joined;
	else
		kb_joined_release(&joined);
	return status;
}
