/*
 * duplicates: pairs of articles and their stars, from the exact join.  The
 * canonical of a star is the one to be trusted most: published, with an
 * owner, reviewed or modified last, most linked to, most viewed, longest,
 * then by id.
 */
#include <stdlib.h>

#include "corpus.h"

/*
 * A thousand copies are half a million pairs.  What is held of pairs, and
 * written, is bounded: 1 GB of memory and about as much of disk.
 */
#define MAX_PAIRS	((size_t)50000000)

struct ranking {
	const struct kb_corpus	*c;
	uint32_t		 doc;
};

static int
less(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int
by_trust(const void *pa, const void *pb)
{
	const struct ranking *ra = pa, *rb = pb;
	const struct kb_doc *a = &ra->c->docs[ra->doc];
	const struct kb_doc *b = &rb->c->docs[rb->doc];
	int32_t care_a = a->reviewed > a->modified ? a->reviewed :
	    a->modified;
	int32_t care_b = b->reviewed > b->modified ? b->reviewed :
	    b->modified;
	bool owned_a = a->owner.n > 0 && !kb_profiles_placeholder_owner(
	    ra->c->profiles, a->owner);
	bool owned_b = b->owner.n > 0 && !kb_profiles_placeholder_owner(
	    rb->c->profiles, b->owner);
	int k;

	if ((k = less(a->status != KB_ARTICLE_PUBLISHED,
	    b->status != KB_ARTICLE_PUBLISHED)) != 0 ||
	    (k = less(owned_b, owned_a)) != 0 ||
	    (k = less(care_b, care_a)) != 0 ||
	    (k = less(b->inlinks, a->inlinks)) != 0 ||
	    (k = less(b->views, a->views)) != 0 ||
	    (k = less((int64_t)b->words, (int64_t)a->words)) != 0)
		return k;
	return kb_str_cmp(a->id, b->id);
}

static enum kb_status
rank_docs(struct kb_corpus *c, uint32_t *rank, struct kb_err *err)
{
	struct ranking *order = calloc(c->ndocs + 1, sizeof(*order));

	if (order == NULL)
		return kb_err_nomem(err);
	for (uint32_t i = 0; i < c->ndocs; i++)
		order[i] = (struct ranking){ c, i };
	qsort(order, c->ndocs, sizeof(*order), by_trust);
	for (uint32_t i = 0; i < c->ndocs; i++)
		rank[order[i].doc] = i;
	free(order);
	return KB_OK;
}

static enum kb_status
keep_pair(void *arg, const struct kb_pair *pair, struct kb_err *err)
{
	struct kb_corpus *c = arg;

	if (c->npairs == MAX_PAIRS)
		return kb_err_set(err, KB_LIMIT, "more than %zu pairs of "
		    "articles resemble each other, with '%.*s' and '%.*s' "
		    "among them: leave out what repeats", MAX_PAIRS,
		    KB_FMT(c->docs[pair->a].id), KB_FMT(c->docs[pair->b].id));
	if (c->npairs == c->pairs_size) {
		size_t size = c->pairs_size == 0 ? 256 : c->pairs_size * 2;
		struct kb_pair *v = realloc(c->pairs, size * sizeof(*v));

		if (v == NULL)
			return kb_err_nomem(err);
		c->pairs = v;
		c->pairs_size = size;
	}
	c->pairs[c->npairs++] = *pair;
	return KB_OK;
}

enum kb_status
kb_duplicates_run(struct kb_corpus *c, struct kb_join *join,
    struct kb_err *err)
{
	uint32_t *rank, *canonical;
	enum kb_status status;

	rank = calloc(c->ndocs + 1, sizeof(*rank));
	canonical = calloc(c->ndocs + 1, sizeof(*canonical));
	status = rank == NULL || canonical == NULL ? kb_err_nomem(err) :
	    kb_join_run(join, keep_pair, c, err);
	if (status == KB_OK)
		status = rank_docs(c, rank, err);
	if (status == KB_OK)
		status = kb_star_clusters(c->pairs, c->npairs, rank,
		    canonical, c->ndocs, err);
	for (uint32_t i = 0; status == KB_OK && i < c->ndocs; i++) {
		struct kb_doc *d = &c->docs[i];

		d->canonical = canonical[i];
		if (canonical[i] == UINT32_MAX || canonical[i] == i)
			continue;
		d->relation = d->words == c->docs[canonical[i]].words &&
		    d->body_hash == c->docs[canonical[i]].body_hash ?
		    "identical" : "near";
	}
	free(rank);
	free(canonical);
	return status;
}
