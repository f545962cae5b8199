/*
 * join_filter: equal sets grouped, and the two-bit count that leaves few to
 * look at.  Contract: join_impl.h.
 */
#include "join_impl.h"

#include <stdlib.h>
#include <string.h>

#define AHEAD	((size_t)32 * 1024)
#define FETCH	32		/* elements between asking and using */

/*
 * Half as many elements as counters: a set of strangers then passes for
 * "seen twice" in four elements of ten at most, which is below any
 * threshold.
 */
#define MIN_LOG	16
#define MAX_LOG	31

struct ref {
	uint64_t	print;
	uint32_t	size;
	uint32_t	set;
};

static int
ref_cmp(const void *a, const void *b)
{
	const struct ref *x = a, *y = b;

	if (x->print != y->print)
		return x->print < y->print ? -1 : 1;
	if (x->size != y->size)
		return x->size < y->size ? -1 : 1;
	return x->set < y->set ? -1 : x->set > y->set;
}

/*
 * refs[0..n) have one fingerprint and ascending numbers.  Whoever is not
 * equal to the first stays alone: that is slower for sets that collide, but
 * as correct, and never quadratic.
 */
static enum kb_status
group_run(struct kb_join *join, const struct ref *refs, size_t n,
    struct kb_spool_view views[2], struct kb_err *err)
{
	struct kb_join_set *first = &join->sets[refs[0].set];
	struct kb_join_set *tail = first;
	const uint64_t *x, *y;
	enum kb_status status;
	size_t i;

	for (i = 1; i < n; i++) {
		struct kb_join_set *set = &join->sets[refs[i].set];

		status = kb_spool_fetch(join, &views[0], first, &x, err);
		if (status == KB_OK)
			status = kb_spool_fetch(join, &views[1], set, &y,
			    err);
		if (status != KB_OK)
			return status;
		if (memcmp(x, y, set->size * sizeof(*x)) != 0)
			continue;
		set->leader = refs[0].set;
		tail->next = refs[i].set;
		tail = set;
	}
	return KB_OK;
}

static enum kb_status
group_equal(struct kb_join *join, struct kb_err *err)
{
	struct kb_spool_view views[2] = { { 0 }, { 0 } };
	enum kb_status status = KB_OK;
	size_t i, j, n = 0;
	struct ref *refs;

	refs = calloc(join->nsets + 1, sizeof(*refs));
	if (refs == NULL)
		return kb_err_nomem(err);
	for (i = 0; i < join->nsets; i++) {
		const struct kb_join_set *set = &join->sets[i];

		if (set->size > 0)
			refs[n++] = (struct ref){ set->print, set->size,
			    (uint32_t)i };
	}
	qsort(refs, n, sizeof(*refs), ref_cmp);
	for (i = 0; i < n && status == KB_OK; i = j) {
		for (j = i + 1; j < n && refs[j].print == refs[i].print &&
		    refs[j].size == refs[i].size; j++)
			;
		if (j - i > 1)
			status = group_run(join, refs + i, j - i, views, err);
	}
	kb_spool_view_release(&views[0]);
	kb_spool_view_release(&views[1]);
	free(refs);
	return status;
}

static enum kb_status
twice_init(struct kb_twice *twice, uint64_t nelements, struct kb_err *err)
{
	unsigned log = MIN_LOG;

	while (log < MAX_LOG && (UINT64_C(1) << log) / 2 < nelements)
		log++;
	free(twice->bits);
	twice->bits = calloc((size_t)1 << (log - 2), 1);
	if (twice->bits == NULL)
		return kb_err_nomem(err);
	twice->shift = 64 - log;
	return KB_OK;
}

/*
 * The counters lie all over memory: ask for them some time ahead.  A macro,
 * since gcc drops a call of a function that does nothing else.
 */
#define FETCH_AHEAD(twice, v, n, k) do {				\
	if ((k) + FETCH < (n))						\
		__builtin_prefetch(&(twice)->bits[kb_twice_slot((twice), \
		    (v)[(k) + FETCH]) >> 2], 1);			\
} while (0)

/* 0, 1, 2, 2, ...: the high bit alone says "twice". */
static void
twice_count(struct kb_twice *twice, const uint64_t *v, size_t n)
{
	size_t k;

	for (k = 0; k < n; k++) {
		uint64_t i = kb_twice_slot(twice, v[k]);
		unsigned at = (unsigned)(i & 3) * 2;
		unsigned char *p = &twice->bits[i >> 2];

		FETCH_AHEAD(twice, v, n, k);
		if ((*p >> at & 2) == 0)
			*p = (unsigned char)(*p + (1u << at));
	}
}

/* How many were seen twice; 0 as soon as "least" is out of reach. */
static uint32_t
twice_sum(const struct kb_twice *twice, const uint64_t *v, uint32_t n,
    uint32_t least)
{
	uint32_t k, once = 0;

	for (k = 0; k < n && once <= n - least; k++) {
		FETCH_AHEAD(twice, v, n, k);
		once += !kb_twice_seen(twice, v[k]);
	}
	return once <= n - least ? n - once : 0;
}

static enum kb_status
count_alive(const struct kb_join *join, struct kb_twice *twice,
    struct kb_spool_view *view, struct kb_err *err)
{
	const uint64_t *v;
	enum kb_status status;
	size_t i;

	for (i = 0; i < join->nsets; i++) {
		const struct kb_join_set *set = &join->sets[i];

		if (set->dense == KB_JOIN_NONE)
			continue;
		status = kb_spool_fetch(join, view, set, &v, err);
		if (status != KB_OK)
			return status;
		twice_count(twice, v, set->size);
	}
	return KB_OK;
}

struct tally {
	size_t		nsets;
	uint64_t	nelements;
	uint64_t	nkept;		/* of them seen twice */
};

/* Leave out who cannot have a partner; *left counts the others. */
static enum kb_status
thin(struct kb_join *join, const struct kb_twice *twice,
    struct kb_spool_view *view, struct tally *left, struct kb_err *err)
{
	const uint64_t *v;
	enum kb_status status;
	uint32_t seen;
	size_t i;

	memset(left, 0, sizeof(*left));
	for (i = 0; i < join->nsets; i++) {
		struct kb_join_set *set = &join->sets[i];

		if (set->dense == KB_JOIN_NONE)
			continue;
		status = kb_spool_fetch(join, view, set, &v, err);
		if (status != KB_OK)
			return status;
		seen = twice_sum(twice, v, set->size,
		    kb_join_least(join->t, set->size));
		if (seen == 0) {
			set->dense = KB_JOIN_NONE;
			continue;
		}
		left->nsets++;
		left->nelements += set->size;
		left->nkept += seen;
	}
	return KB_OK;
}

static void
mark_leaders(struct kb_join *join, struct tally *left)
{
	size_t i;

	memset(left, 0, sizeof(*left));
	for (i = 0; i < join->nsets; i++) {
		struct kb_join_set *set = &join->sets[i];

		if (set->size == 0 || set->leader != i)
			continue;
		set->dense = 0;
		left->nsets++;
		left->nelements += set->size;
	}
}

enum kb_status
kb_join_filter(struct kb_join *join, struct kb_twice *twice, uint64_t *nkept,
    struct kb_err *err)
{
	struct kb_spool_view view = { .ahead = AHEAD };
	enum kb_status status;
	struct tally left;
	size_t before;

	status = group_equal(join, err);
	if (status != KB_OK)
		return status;
	mark_leaders(join, &left);
	/*
	 * Whoever leaves takes its elements along, so that counting again
	 * thins out some more; another round pays while many go.
	 */
	do {
		before = left.nsets;
		status = twice_init(twice, left.nelements, err);
		if (status == KB_OK)
			status = count_alive(join, twice, &view, err);
		if (status == KB_OK)
			status = thin(join, twice, &view, &left, err);
	} while (status == KB_OK && before - left.nsets > before / 8);
	kb_spool_view_release(&view);
	if (status == KB_OK)
		*nkept = left.nkept;
	return status;
}
