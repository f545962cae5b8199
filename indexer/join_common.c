/*
 * join_common: the shingles that many groups have.  Contract: join_impl.h.
 */
#include "join_impl.h"

#include <stdlib.h>
#include <string.h>

#define MIN_LOG	12
#define MAX_LOG	28
#define FETCH	24		/* elements between asking and using */
#define WORDS	8		/* the same, for words */
#define SPARSE	5		/* one key in 32 of the bits */

/*
 * The words of a key, as they stood where it was met first: the map is far
 * away, so what is compared often stands together, a line of cache each.
 */
#define INSIDE		48

struct model {
	uint64_t	at;		/* in the map */
	uint32_t	n;		/* bytes */
	uint32_t	brief;
	char		words[INSIDE];	/* the first ones */
};

#define CHUNK_LOG	16		/* models that are taken at once */
#define CHUNK		((size_t)1 << CHUNK_LOG)

struct models {
	struct model	**chunks;
	size_t		 nchunks;
	uint32_t	 n;
};

struct entry {
	uint64_t	key;		/* 0: free */
	uint32_t	df;		/* up to one above the cut */
	uint32_t	model;
};

struct kb_table {
	struct entry	*v;
	uint64_t	 mask;
	size_t		 n;
	struct models	 models;
	struct kb_starts starts;
	uint32_t	*places;	/* of those that may be common */
	uint64_t	*open;		/* which of them, and in which slot */
};

static uint32_t
cut_of(const struct kb_join *join)
{
	const struct kb_join_opts *o = &join->opts;
	uint64_t cut = (uint64_t)o->common.count * join->ngroups /
	    o->common.of;

	if (cut < o->common_least)
		cut = o->common_least;
	if (o->common_most > 0 && cut > o->common_most)
		cut = o->common_most;
	/* What one group has is not common. */
	return cut > 0 ? (uint32_t)cut : 1;
}

enum kb_status
kb_common_init(struct kb_common *common, struct kb_join *join,
    struct kb_err *err)
{
	unsigned i;

	memset(common, 0, sizeof(*common));
	common->join = join;
	common->cut = UINT32_MAX;
	if (join->opts.common.of == 0)
		return KB_OK;
	common->cut = cut_of(join);
	common->enough = common->cut < KB_COUNT_FULL ? common->cut + 1 :
	    KB_COUNT_FULL;
	common->tables = calloc(join->threads, sizeof(*common->tables));
	if (common->tables == NULL)
		return kb_err_nomem(err);
	for (i = 0; i < join->threads; i++) {
		struct kb_table *t = &common->tables[i];

		t->places = malloc(((size_t)join->largest + 1) *
		    sizeof(*t->places));
		t->open = malloc(((size_t)join->largest + 1) *
		    sizeof(*t->open));
		if (t->places == NULL || t->open == NULL)
			return kb_err_nomem(err);
	}
	return KB_OK;
}

static void
release_models(struct models *m)
{
	while (m->nchunks > 0)
		free(m->chunks[--m->nchunks]);
	free(m->chunks);
	memset(m, 0, sizeof(*m));
}

static void
release_counts(struct kb_common *common)
{
	unsigned i;

	for (i = 0; common->tables != NULL && i < common->join->threads;
	    i++) {
		struct kb_table *t = &common->tables[i];

		free(t->v);
		free(t->starts.v);
		free(t->places);
		free(t->open);
		release_models(&t->models);
	}
	free(common->tables);
	common->tables = NULL;
}

void
kb_common_release(struct kb_common *common)
{
	release_counts(common);
	free(common->slots);
	free(common->bits);
	memset(common, 0, sizeof(*common));
}

/* ---- how often ---- */

static uint64_t
spread(uint64_t key)
{
	return (key ^ key >> 29) * UINT64_C(0x9E3779B97F4A7C15) >> 20;
}

static struct entry *
table_slot(const struct kb_table *t, uint64_t key)
{
	uint64_t i = spread(key) & t->mask;

	while (t->v[i].key != 0 && t->v[i].key != key)
		i = (i + 1) & t->mask;
	return &t->v[i];
}

static enum kb_status
table_grow(struct kb_table *t, struct kb_err *err)
{
	size_t size = t->v == NULL ? 1024 : ((size_t)t->mask + 1) * 2, i;
	struct kb_table bigger = { .mask = size - 1 };

	bigger.v = kb_join_table(size * sizeof(*bigger.v));
	if (bigger.v == NULL)
		return kb_err_nomem(err);
	for (i = 0; t->v != NULL && i <= t->mask; i++) {
		if (t->v[i].key != 0)
			*table_slot(&bigger, t->v[i].key) = t->v[i];
	}
	free(t->v);
	t->v = bigger.v;
	t->mask = bigger.mask;
	return KB_OK;
}

/* So that "n" more find a slot. */
static enum kb_status
table_reserve(struct kb_table *t, size_t n, struct kb_err *err)
{
	enum kb_status status = KB_OK;

	while (status == KB_OK && (t->v == NULL || (t->n + n) * 3 >
	    t->mask * 2))
		status = table_grow(t, err);
	return status;
}

/* ---- words ---- */

static struct model *
model_of(const struct models *m, uint32_t i)
{
	return &m->chunks[i >> CHUNK_LOG][i & (CHUNK - 1)];
}

static enum kb_status
add_chunk(struct models *m, struct kb_err *err)
{
	void *p = realloc(m->chunks, (m->nchunks + 1) * sizeof(*m->chunks));

	if (p == NULL || m->nchunks >= UINT32_MAX >> CHUNK_LOG)
		return kb_err_nomem(err);
	m->chunks = p;
	p = kb_join_table(CHUNK * sizeof(**m->chunks));
	if (p == NULL)
		return kb_err_nomem(err);
	m->chunks[m->nchunks++] = p;
	return KB_OK;
}

static enum kb_status
add_model(struct models *m, const struct kb_join *join,
    const struct kb_run *run, uint32_t *out, struct kb_err *err)
{
	struct model *new;
	enum kb_status status = KB_OK;

	if (m->n >> CHUNK_LOG == m->nchunks)
		status = add_chunk(m, err);
	if (status != KB_OK)
		return status;
	*out = m->n++;
	new = model_of(m, *out);
	new->at = run->at;
	new->n = run->n;
	new->brief = run->brief;
	memcpy(new->words, join->map + run->at, run->n < INSIDE ? run->n :
	    INSIDE);
	return KB_OK;
}

static bool
model_agrees(const struct kb_join *join, const struct model *m,
    const struct kb_run *run)
{
	const char *p = join->map + run->at;
	uint32_t n = run->n < INSIDE ? run->n : INSIDE;

	if (m->n != run->n || (m->brief != 0) != run->brief ||
	    memcmp(m->words, p, n) != 0)
		return false;
	return run->n == n || memcmp(join->map + m->at + n, p + n,
	    run->n - n) == 0;
}

/* ---- a set ---- */

/* Places of elements that may be common, into t->places. */
static uint32_t
find_places(const struct kb_common *common, uint32_t *seen,
    const struct kb_counts *counts, struct kb_table *t, const uint64_t *v,
    uint32_t n)
{
	uint32_t i, k = 0, twice = 0;

	for (i = 0; i < n; i++) {
		unsigned c;

		if (i + FETCH < n)
			__builtin_prefetch(&counts->v[kb_counts_slot(counts,
			    v[i + FETCH]) >> 1]);
		c = v[i] != 0 ? kb_counts_of(counts, v[i]) : 0;
		twice += c > 1;
		t->places[k] = i;
		k += c >= common->enough;
	}
	*seen = twice;
	for (i = 0; i < k; i++)
		__builtin_prefetch(&t->v[spread(v[t->places[i]]) & t->mask],
		    1);
	return k;
}

/* Those that are not known to be common yet. */
static uint32_t
find_open(const struct kb_common *common, struct kb_table *t,
    const uint64_t *v, uint32_t n)
{
	uint32_t i, k = 0;

	for (i = 0; i < n; i++) {
		uint64_t key = v[t->places[i]];
		struct entry *e = table_slot(t, key);

		if (e->df > common->cut)
			continue;
		if (e->df > 0)
			__builtin_prefetch(model_of(&t->models, e->model));
		t->n += e->key == 0;
		e->key = key;
		t->places[k] = t->places[i];
		t->open[k++] = (uint64_t)(e - t->v);
	}
	return k;
}

static enum kb_status
count_one(struct kb_common *common, struct kb_table *t, uint32_t i,
    struct kb_err *err)
{
	struct entry *e = &t->v[t->open[i]];
	struct kb_run run = kb_starts_run(&t->starts, common->join,
	    t->places[i]);

	if (e->df++ == 0)
		return add_model(&t->models, common->join, &run, &e->model,
		    err);
	if (!model_agrees(common->join, model_of(&t->models, e->model), &run))
		return kb_join_collided(common->join, e->key, err);
	return KB_OK;
}

enum kb_status
kb_common_count(struct kb_common *common, unsigned who, uint32_t *seen,
    const struct kb_counts *counts, const struct kb_join_set *set,
    const uint64_t *v, struct kb_err *err)
{
	struct kb_table *t = &common->tables[who];
	enum kb_status status = table_reserve(t, set->n, err);
	uint32_t i, n;

	if (status != KB_OK)
		return status;
	n = find_places(common, seen, counts, t, v, set->n);
	n = find_open(common, t, v, n);
	if (n > 0)
		status = kb_starts_find(&t->starts, common->join, set, err);
	for (i = 0; i < n && status == KB_OK; i++)
		status = count_one(common, t, i, err);
	return status;
}

/* ---- all sets ---- */

static enum kb_status
merge(struct kb_table *into, const struct kb_table *from, struct kb_join *join,
    struct kb_err *err)
{
	enum kb_status status = table_reserve(into, from->n, err);
	struct entry *e;
	size_t i;

	for (i = 0; status == KB_OK && from->v != NULL && i <= from->mask;
	    i++) {
		const struct entry *f = &from->v[i];
		const struct model *m;
		struct kb_run run;

		if (f->key == 0)
			continue;
		m = model_of(&from->models, f->model);
		run = (struct kb_run){ m->at, m->n, m->brief != 0 };
		e = table_slot(into, f->key);
		e->df += f->df;
		if (e->key != 0) {
			if (!model_agrees(join, model_of(&into->models,
			    e->model), &run))
				status = kb_join_collided(join, f->key, err);
			continue;
		}
		e->key = f->key;
		into->n++;
		status = add_model(&into->models, join, &run, &e->model, err);
	}
	return status;
}

static struct kb_common_slot *
slot_of(const struct kb_common *common, uint64_t key)
{
	uint64_t i = spread(key) & common->mask;

	while (common->slots[i].key != 0 && common->slots[i].key != key)
		i = (i + 1) & common->mask;
	return &common->slots[i];
}

/* Those of "t" that are common, and how to find them. */
static enum kb_status
keep_common(struct kb_common *common, const struct kb_table *t,
    struct kb_err *err)
{
	size_t i, size = 16;
	unsigned log = 10;
	uint64_t k;

	for (i = 0; t->v != NULL && i <= t->mask; i++)
		common->n += t->v[i].df > common->cut;
	while (size < common->n * 2)
		size *= 2;
	while (log < MAX_LOG && UINT64_C(1) << log < (uint64_t)common->n <<
	    SPARSE)
		log++;
	common->bits_shift = 64 - log;
	common->mask = size - 1;
	common->slots = kb_join_table(size * sizeof(*common->slots));
	common->bits = kb_join_table(((size_t)1 << (log - 6)) *
	    sizeof(*common->bits));
	if (common->slots == NULL || common->bits == NULL)
		return kb_err_nomem(err);
	for (i = 0; t->v != NULL && i <= t->mask; i++) {
		const struct entry *e = &t->v[i];

		if (e->df <= common->cut)
			continue;
		k = kb_common_bit(common, e->key);
		common->bits[k >> 6] |= UINT64_C(1) << (k & 63);
		*slot_of(common, e->key) = (struct kb_common_slot){ e->key,
		    model_of(&t->models, e->model)->at };
	}
	return KB_OK;
}

enum kb_status
kb_common_counted(struct kb_common *common, struct kb_err *err)
{
	struct kb_table *t = common->tables;
	enum kb_status status = KB_OK;
	unsigned i;

	if (t == NULL)
		return KB_OK;
	for (i = 1; i < common->join->threads && status == KB_OK; i++)
		status = merge(&t[0], &t[i], common->join, err);
	if (status == KB_OK)
		status = keep_common(common, &t[0], err);
	release_counts(common);
	return status;
}

bool
kb_common_find(const struct kb_common *common, uint64_t key)
{
	return slot_of(common, key)->key == key;
}
