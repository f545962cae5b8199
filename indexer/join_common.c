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

struct entry {
	uint64_t	key;		/* 0: free */
	uint64_t	at;		/* of the last run that was compared */
	uint32_t	df;		/* up to one above the cut */
};

struct kb_table {
	struct entry	*v;
	uint64_t	 mask;
	size_t		 n;
	struct kb_starts starts;
	uint32_t	*places;	/* of those that may be common */
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
		common->tables[i].places = malloc(((size_t)join->largest + 1) *
		    sizeof(*common->tables[i].places));
		if (common->tables[i].places == NULL)
			return kb_err_nomem(err);
	}
	return KB_OK;
}

static void
release_counts(struct kb_common *common)
{
	unsigned i;

	for (i = 0; common->tables != NULL && i < common->join->threads;
	    i++) {
		free(common->tables[i].v);
		free(common->tables[i].starts.v);
		free(common->tables[i].places);
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

	bigger.v = calloc(size, sizeof(*bigger.v));
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

static enum kb_status
table_find(struct kb_table *t, uint64_t key, struct entry **out,
    struct kb_err *err)
{
	enum kb_status status = KB_OK;

	if (t->v == NULL || t->n * 3 > t->mask * 2)
		status = table_grow(t, err);
	if (status == KB_OK)
		*out = table_slot(t, key);
	return status;
}

static enum kb_status
compare_words(struct kb_common *common, struct kb_table *t, struct entry *e,
    const struct kb_join_set *set, uint32_t place, struct kb_err *err)
{
	struct kb_join *join = common->join;
	enum kb_status status = kb_starts_find(&t->starts, join, set, err);
	struct kb_run run;

	if (status != KB_OK)
		return status;
	run = kb_starts_run(&t->starts, join, place);
	if (e->df > 0 && !kb_run_same(join, &run, e->at))
		return kb_join_collided(join, e->key, err);
	/* What was read last is nearest. */
	e->at = run.at;
	return KB_OK;
}

static enum kb_status
count_one(struct kb_common *common, struct kb_table *t,
    const struct kb_join_set *set, uint32_t place, uint64_t key,
    struct kb_err *err)
{
	enum kb_status status;
	struct entry *e;

	status = table_find(t, key, &e, err);
	if (status != KB_OK || e->df > common->cut)
		return status;
	if (e->key == 0) {
		e->key = key;
		t->n++;
	}
	status = compare_words(common, t, e, set, place, err);
	e->df++;
	return status;
}

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
	for (i = 0; i < k && t->v != NULL; i++)
		__builtin_prefetch(&t->v[spread(v[t->places[i]]) & t->mask],
		    1);
	return k;
}

static void
expect_words(const struct kb_common *common, const struct kb_table *t,
    uint64_t key)
{
	const struct entry *e = &t->v[spread(key) & t->mask];

	if (e->key == key && e->df <= common->cut)
		__builtin_prefetch(common->join->map + e->at);
}

enum kb_status
kb_common_count(struct kb_common *common, unsigned who, uint32_t *seen,
    const struct kb_counts *counts, const struct kb_join_set *set,
    const uint64_t *v, struct kb_err *err)
{
	struct kb_table *t = &common->tables[who];
	uint32_t i, n = find_places(common, seen, counts, t, v, set->n);
	enum kb_status status = KB_OK;

	for (i = 0; i < n && status == KB_OK; i++) {
		if (i + WORDS < n && t->v != NULL)
			expect_words(common, t, v[t->places[i + WORDS]]);
		status = count_one(common, t, set, t->places[i],
		    v[t->places[i]], err);
	}
	return status;
}

/* The run at e->at has its words only in the map: see where it ends. */
static struct kb_run
entry_run(const struct kb_join *join, const struct entry *e)
{
	unsigned left = join->opts.shingling.width;
	uint64_t end = e->at;
	struct kb_run run = { .at = e->at };

	for (;; end++) {
		if (join->map[end] == '\n')
			break;
		if (join->map[end] == ' ' && --left == 0)
			break;
	}
	run.n = (uint32_t)(end - e->at);
	run.brief = join->map[end] == '\n' && left > 1;
	return run;
}

static enum kb_status
merge(struct kb_table *into, const struct kb_table *from, struct kb_join *join,
    struct kb_err *err)
{
	enum kb_status status = KB_OK;
	struct entry *e;
	struct kb_run run;
	size_t i;

	for (i = 0; from->v != NULL && i <= from->mask; i++) {
		const struct entry *f = &from->v[i];

		if (f->key == 0)
			continue;
		status = table_find(into, f->key, &e, err);
		if (status != KB_OK)
			return status;
		if (e->key == 0) {
			*e = *f;
			into->n++;
			continue;
		}
		run = entry_run(join, f);
		e->df += f->df;
		if (!kb_run_same(join, &run, e->at))
			status = kb_join_collided(join, f->key, err);
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
	common->slots = calloc(size, sizeof(*common->slots));
	common->bits = calloc((size_t)1 << (log - 6), sizeof(*common->bits));
	if (common->slots == NULL || common->bits == NULL)
		return kb_err_nomem(err);
	for (i = 0; t->v != NULL && i <= t->mask; i++) {
		const struct entry *e = &t->v[i];

		if (e->df <= common->cut)
			continue;
		k = kb_common_bit(common, e->key);
		common->bits[k >> 6] |= UINT64_C(1) << (k & 63);
		*slot_of(common, e->key) = (struct kb_common_slot){ e->key,
		    e->at };
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

bool
kb_common_agrees(const struct kb_common *common, uint64_t key,
    const struct kb_run *run)
{
	return kb_run_same(common->join, run, slot_of(common, key)->at);
}
