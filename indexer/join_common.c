/*
 * join_common: the shingles that several groups have, and that many have.  Contract: join_impl.h.
 */
#include "join_impl.h"

#include <stdlib.h>


static enum kb_status
add_common(struct kb_commons *commons, uint64_t at, uint32_t hash,
    struct kb_err *err)
{
	size_t size = commons->size * 2 + 16;
	void *p;

	if (commons->n == commons->size) {
		p = realloc(commons->v, size * sizeof(*commons->v));
		if (p == NULL)
			return kb_err_nomem(err);
		commons->v = p;
		commons->size = size;
	}
	commons->v[commons->n++] = (struct kb_common_run){ at, hash };
	return KB_OK;
}

/* ---- what most of them are: one hash, the same words ---- */

#define AHEAD	((size_t)16)	/* elements between asking and using */
#define CLAIMED	UINT32_C(0x80000000)	/* a tally: its hash is a key, and the
					   rest says how many claims it has */

/*
 * Elements whose hash others have are seen; of each hash that has so many, the
 * first cut + 1 are claims.
 */
static void
see(struct kb_look *look, uint32_t cut)
{
	const struct kb_tallies *t = &look->tallies;
	struct kb_claims *c = &look->claims;
	size_t i;

	for (i = 0; i < look->range.n; i++) {
		const struct kb_laid *e = &look->range.v[i];
		struct kb_tally *tally = &t->v[t->slots[i]];

		if (i + AHEAD < look->range.n)
			__builtin_prefetch(&t->v[t->slots[i + AHEAD]]);
		look->seen[e->set] += tally->n > 1;
		if (tally->n <= cut)
			continue;
		if (tally->n < CLAIMED) {
			c->keys[c->nkeys] = (struct kb_claim_key){
			    KB_CLAIM_ANY, e->hash, 0, 0, false };
			*tally = (struct kb_tally){ (uint32_t)c->nkeys++,
			    CLAIMED };
		}
		if (tally->n - CLAIMED > cut)
			continue;
		tally->n++;
		c->v[c->n++] = (struct kb_claim){ e->set, e->at,
		    tally->hash };
	}
}

/* The keys from..end of a range, which were checked. */
static enum kb_status
settle_range(struct kb_sift *sift, const struct kb_claims *c, size_t range,
    size_t from, size_t end, struct kb_err *err)
{
	uint32_t *hashes = malloc((end - from + 1) * sizeof(*hashes));
	enum kb_status status = KB_OK;
	size_t n = 0;

	if (hashes == NULL)
		return kb_err_nomem(err);
	for (; from < end && status == KB_OK; from++) {
		if (c->keys[from].bad)
			hashes[n++] = c->keys[from].hash;
		else
			status = add_common(&sift->commons[range],
			    c->keys[from].at, c->keys[from].hash, err);
	}
	if (status == KB_OK)
		status = kb_common_again(sift, range, hashes, n, err);
	free(hashes);
	return status;
}

enum kb_status
kb_common_settle(struct kb_sift *sift, struct kb_look *look,
    struct kb_err *err)
{
	struct kb_claims *c = &look->claims;
	enum kb_status status = kb_claims_check(c, sift, err);
	size_t i, from = 0;

	for (i = 0; i < c->nranges && status == KB_OK; i++) {
		status = settle_range(sift, c, c->ranges[i].range, from,
		    c->ranges[i].end, err);
		from = c->ranges[i].end;
	}
	kb_claims_clear(c);
	return status;
}

enum kb_status
kb_common_find(struct kb_sift *sift, struct kb_look *look, size_t range,
    struct kb_err *err)
{
	struct kb_claims *c = &look->claims;
	enum kb_status status;

	if (sift->commons == NULL) {
		see(look, UINT32_MAX);
		return KB_OK;
	}
	status = kb_claims_room(c, look->range.n, err);
	if (status != KB_OK)
		return status;
	see(look, sift->cut);
	status = kb_claims_range(c, range, err);
	if (status == KB_OK && c->n >= sift->most_claims)
		status = kb_common_settle(sift, look, err);
	return status;
}

/* ---- what shares a hash with other words ---- */

/* Elements of the hashes that are asked for, into look->picked. */
static enum kb_status
pick(struct kb_look *look, const struct kb_join *join,
    const uint32_t *hashes, size_t n, struct kb_err *err)
{
	struct kb_tallies *t = &look->tallies;
	enum kb_status status = kb_look_pick(look, look->range.n, err);
	size_t i, k = 0;

	if (status == KB_OK)
		status = kb_tallies_begin(t, join, n, err);
	if (status != KB_OK)
		return status;
	for (i = 0; i < n; i++)
		t->v[kb_tallies_slot(t, hashes[i])] = (struct kb_tally){
		    hashes[i], 1 };
	for (i = 0; i < look->range.n; i++) {
		look->picked[k] = (uint32_t)i;
		k += t->v[kb_tallies_slot(t, look->range.v[i].hash)].n;
	}
	look->npicked = k;
	return KB_OK;
}

/* Count those that were picked by their words. */
static enum kb_status
count_picked(struct kb_sift *sift, struct kb_look *look, size_t range,
    struct kb_err *err)
{
	enum kb_status status = kb_classes_begin(&look->classes, sift->join,
	    look->npicked, err);
	struct kb_class *c;
	size_t i;

	for (i = 0; i < look->npicked && status == KB_OK; i++) {
		const struct kb_laid *e = &look->range.v[look->picked[i]];

		c = &look->classes.v[kb_classes_find(&look->classes, e->hash,
		    kb_laid_words(sift, e))];
		if (c->df++ == sift->cut)
			status = add_common(&sift->commons[range],
			    (uint64_t)(c->p - sift->join->map), e->hash, err);
	}
	return status;
}

static int
hash_cmp(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static void
forget(struct kb_commons *c, const uint32_t *hashes, size_t n)
{
	size_t i, k = 0;

	for (i = 0; i < c->n; i++) {
		if (bsearch(&c->v[i].hash, hashes, n, sizeof(*hashes),
		    hash_cmp) == NULL)
			c->v[k++] = c->v[i];
	}
	c->n = k;
}

enum kb_status
kb_common_again(struct kb_sift *sift, size_t range, uint32_t *hashes,
    size_t n, struct kb_err *err)
{
	const struct kb_join *join = sift->join;
	struct kb_look look = { 0 };
	enum kb_status status;

	if (n == 0)
		return KB_OK;
	qsort(hashes, n, sizeof(*hashes), hash_cmp);
	forget(&sift->commons[range], hashes, n);
	status = kb_lay_read(&join->lay, &look.range, range,
	    sift->leads, err);
	if (status == KB_OK)
		status = pick(&look, join, hashes, n, err);
	if (status == KB_OK)
		status = count_picked(sift, &look, range, err);
	kb_look_release(&look);
	return status;
}
