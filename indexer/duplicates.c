/*
 * duplicates: pairs of articles with their relations, and stars of those
 * that are one article, from the exact join.  The canonical of a star is the
 * one to be trusted most (trust.h), and each member says why.
 */
#include <stdlib.h>

#include "relation.h"
#include "trust.h"

void
kb_duplicates_options(struct kb_corpus *c, struct kb_join_opts *opts)
{
	const struct kb_rules *r = &c->rules;

	kb_join_defaults(opts);
	opts->shingling = r->shingling;
	opts->near = r->near;
	opts->inside = r->inside;
	opts->inside_least = r->inside_least;
	opts->common = r->common;
	opts->common_least = r->common_least;
	opts->common_most = r->common_most;
	opts->max_pairs = r->max_pairs;
	/* As the judge has it for what is near. */
	opts->own = (struct kb_ratio){ 1, 2 };
	opts->judge = kb_relation_judge;
	opts->judge_arg = c;
}

static enum kb_status
keep_pair(void *arg, const struct kb_pair *pair, struct kb_err *err)
{
	struct kb_corpus *c = arg;

	if (c->npairs == c->pairs_size) {
		size_t size = c->pairs_size == 0 ? 256 : c->pairs_size * 2;
		struct kb_pair *v = realloc(c->pairs, size * sizeof(*v));

		if (v == NULL)
			return kb_err_nomem(err);
		c->pairs = v;
		c->pairs_size = size;
	}
	c->pairs[c->npairs] = *pair;
	c->pairs[c->npairs++].relation = (unsigned char)kb_relation_settle(c,
	    pair);
	return KB_OK;
}

const struct kb_pair *
kb_duplicates_pair(const struct kb_corpus *c, uint32_t x, uint32_t y)
{
	uint32_t a = x < y ? x : y, b = x < y ? y : x;
	size_t lo = 0, hi = c->npairs;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct kb_pair *p = &c->pairs[mid];

		if (p->a < a || (p->a == a && p->b < b))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < c->npairs && c->pairs[lo].a == a && c->pairs[lo].b == b ?
	    &c->pairs[lo] : NULL;
}

/* What joined a member to its canonical, also where that is not listed. */
static enum kb_relation
relation_to(const struct kb_corpus *c, uint32_t doc, uint32_t canonical)
{
	const struct kb_pair *p = kb_duplicates_pair(c, doc, canonical);
	const struct kb_doc *a = &c->docs[doc], *b = &c->docs[canonical];

	/* The copy of a version: its text is one of what it is a copy of. */
	if (p != NULL)
		return p->relation == KB_RELATION_TEMPLATE ?
		    KB_RELATION_VERSION : (enum kb_relation)p->relation;
	if (a->words == b->words && a->body_hash == b->body_hash)
		return KB_RELATION_IDENTICAL;
	return kb_relation_versions(a, b) ? KB_RELATION_VERSION :
	    KB_RELATION_NEAR;
}

static enum kb_status
keep_stars(struct kb_corpus *c, const uint32_t *canonical,
    struct kb_err *err)
{
	for (uint32_t i = 0; i < c->ndocs; i++) {
		struct kb_doc *d = &c->docs[i];

		d->canonical = canonical[i];
		if (canonical[i] == UINT32_MAX || canonical[i] == i)
			continue;
		d->relation = kb_relation_name(relation_to(c, i,
		    canonical[i]));
		d->reason = kb_trust_reason(c, canonical[i], i, &c->arena);
	}
	return c->arena.failed ? kb_err_nomem(err) : KB_OK;
}

enum kb_status
kb_duplicates_run(struct kb_corpus *c, struct kb_join *join,
    struct kb_err *err)
{
	struct kb_joined joined = { 0 };
	uint32_t *rank = calloc(c->ndocs + 1, sizeof(*rank));
	enum kb_status status;

	status = rank == NULL ? kb_err_nomem(err) :
	    kb_trust_rank(c, rank, err);
	if (status == KB_OK)
		status = kb_join_run(&joined, join, rank, keep_pair, c, err);
	if (status == KB_OK) {
		c->pairs_cut = joined.cut;
		c->pairs_found = joined.cut ? joined.found : c->npairs;
		c->common_df = joined.common_df;
		status = keep_stars(c, joined.canonical, err);
		kb_joined_release(&joined);
	}
	free(rank);
	return status;
}
