/*
 * join_claims: whether elements that share a key are the same words.
 * Contract: join_impl.h.
 */
#include "join_impl.h"

#include <stdlib.h>

#define AHEAD	((size_t)16)	/* claims between asking and using */

/*
 * A key's words, copied so that they are one line of cache and no page of the
 * map.
 */
#define INSIDE	51

struct model {
	uint64_t	at;
	uint32_t	n;		/* bytes; 0: none yet */
	bool		brief;
	char		words[INSIDE];
};

enum kb_status
kb_claims_room(struct kb_claims *c, size_t n, struct kb_err *err)
{
	size_t size = c->n + n, nkeys = c->nkeys + n;
	void *p;

	if (size > c->size) {
		size += size / 2;
		p = realloc(c->v, size * sizeof(*c->v));
		if (p == NULL)
			return kb_err_nomem(err);
		c->v = p;
		p = realloc(c->spare, size * sizeof(*c->spare));
		if (p == NULL)
			return kb_err_nomem(err);
		c->spare = p;
		c->size = size;
	}
	if (nkeys > c->keys_size) {
		nkeys += nkeys / 2;
		p = realloc(c->keys, nkeys * sizeof(*c->keys));
		if (p == NULL)
			return kb_err_nomem(err);
		c->keys = p;
		c->keys_size = nkeys;
	}
	return KB_OK;
}

enum kb_status
kb_claims_range(struct kb_claims *c, size_t range, struct kb_err *err)
{
	size_t size = c->ranges_size * 2 + 16;
	void *p;

	if (c->nranges == c->ranges_size) {
		p = realloc(c->ranges, size * sizeof(*c->ranges));
		if (p == NULL)
			return kb_err_nomem(err);
		c->ranges = p;
		c->ranges_size = size;
	}
	c->ranges[c->nranges++] = (struct kb_claim_range){ (uint32_t)range,
	    (uint32_t)c->nkeys };
	return KB_OK;
}

void
kb_claims_clear(struct kb_claims *c)
{
	c->n = c->nkeys = c->nranges = 0;
}

void
kb_claims_release(struct kb_claims *c)
{
	free(c->v);
	free(c->spare);
	free(c->keys);
	free(c->ranges);
	memset(c, 0, sizeof(*c));
}

/* ---- order ---- */

#define BUCKETS	4096u

/*
 * By some high bits of their sets alone: what stands in one bucket lies close
 * enough together.  Claims of one set keep their order.
 */
static void
sort_claims(struct kb_claims *c, size_t nsets)
{
	uint32_t at[BUCKETS] = { 0 }, sum = 0, n, b;
	struct kb_claim *v = c->v;
	unsigned shift = 0;
	size_t i;

	while (nsets >> shift >= BUCKETS)
		shift++;
	for (i = 0; i < c->n; i++)
		at[v[i].set >> shift]++;
	for (b = 0; b < BUCKETS; b++) {
		n = at[b];
		at[b] = sum;
		sum += n;
	}
	for (i = 0; i < c->n; i++)
		c->spare[at[v[i].set >> shift]++] = v[i];
	c->v = c->spare;
	c->spare = v;
}

/* ---- words ---- */

static void
make_model(struct model *m, const struct kb_join *join, const char *p)
{
	m->at = (uint64_t)(p - join->map);
	m->n = kb_run_length(p, join->opts.shingling.width, &m->brief);
	memcpy(m->words, p, m->n < INSIDE ? m->n : INSIDE);
}

static bool
agrees(const struct model *m, const struct kb_join *join, const char *p)
{
	uint32_t n = m->n, some = n < INSIDE ? n : INSIDE;

	if (n >= (size_t)(join->map + join->map_n - p) ||
	    memcmp(m->words, p, some) != 0 ||
	    (n > some && memcmp(join->map + m->at + some, p + some,
	    n - some) != 0))
		return false;
	return kb_run_ends(p + n, m->brief);
}

static void
ask(const struct kb_sift *sift, const struct model *models,
    const struct kb_claims *c, size_t i)
{
	const struct kb_claim *claim = &c->v[i + AHEAD];
	const char *p;

	if (i + AHEAD >= c->n)
		return;
	p = sift->join->map + sift->words_at[claim->set] + claim->at;
	__builtin_prefetch(&models[claim->key], 1);
	__builtin_prefetch(p);
	__builtin_prefetch(p + 32);
	/* gcc drops calls of functions that do nothing else. */
	__asm__ volatile ("");
}

enum kb_status
kb_claims_check(struct kb_claims *c, const struct kb_sift *sift,
    struct kb_err *err)
{
	const struct kb_join *join = sift->join;
	struct model *models;
	size_t i;

	sort_claims(c, join->nsets);
	models = kb_join_table((c->nkeys + 1) * sizeof(*models));
	if (models == NULL)
		return kb_err_nomem(err);
	for (i = 0; i < c->nkeys; i++) {
		if (c->keys[i].at != KB_CLAIM_ANY)
			make_model(&models[i], join, join->map +
			    c->keys[i].at);
	}
	for (i = 0; i < c->n; i++) {
		struct model *m = &models[c->v[i].key];
		const char *p = join->map + sift->words_at[c->v[i].set] +
		    c->v[i].at;

		ask(sift, models, c, i);
		if (m->n == 0)
			make_model(m, join, p);
		else if (!agrees(m, join, p))
			c->keys[c->v[i].key].bad = true;
	}
	for (i = 0; i < c->nkeys; i++)
		c->keys[i].at = models[i].at;
	free(models);
	return KB_OK;
}
