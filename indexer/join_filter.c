/*
 * join_filter: the count that leaves few groups to look at.
 * Contract: join_impl.h.
 */
#include "join_impl.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define FETCH	24		/* elements between asking and using */

struct tally {
	uint64_t	nsets, nelements;	/* that may be near */
	uint64_t	nkept;			/* seen twice, of all */
};

/* A thread's own. */
struct hand {
	struct kb_view	 view;
	struct tally	 left;
};

struct pass {
	struct kb_join		*join;
	struct kb_filter	*filter;
	struct kb_common	*common;
	const struct kb_counts	*counts;
	struct hand		*hands;
	bool			 first;
};

#define LARGE_PAGE	((size_t)2 * 1024 * 1024)

void *
kb_join_table(size_t n)
{
	void *p;

	if (n < LARGE_PAGE)
		return calloc(n, 1);
	if (posix_memalign(&p, LARGE_PAGE, n) != 0)
		return NULL;
	(void)madvise(p, n, MADV_HUGEPAGE);
	memset(p, 0, n);
	return p;
}

/*
 * The counters lie all over memory: ask for them some time ahead.  A macro,
 * since gcc drops a call of a function that does nothing else.
 */
#define FETCH_AHEAD(counts, v, n, k) do {				\
	if ((k) + FETCH < (n))						\
		__builtin_prefetch(&(counts)->v[kb_counts_slot((counts), \
		    (v)[(k) + FETCH]) >> 1]);			\
} while (0)

/* How many were seen twice; 0 as soon as "least" is out of reach. */
static uint32_t
sum_twice(const struct kb_counts *counts, const uint64_t *v, uint32_t n,
    uint32_t size, uint32_t least)
{
	uint32_t k, once = 0;

	for (k = 0; k < n && once <= size - least; k++) {
		FETCH_AHEAD(counts, v, n, k);
		once += v[k] != 0 && kb_counts_of(counts, v[k]) < 2;
	}
	return once <= size - least ? size - once : 0;
}

static bool
may_be_part(const struct kb_join *join, const struct kb_join_set *set)
{
	return join->opts.inside.of > 0 &&
	    set->size >= join->opts.inside_least;
}

/* What the first pass tells of a group. */
static void
judge_first(struct pass *p, struct hand *hand, struct kb_join_set *set,
    const uint64_t *v, uint32_t seen)
{
	uint32_t near = kb_join_least(p->join->opts.near, set->size), least;
	uint32_t part = UINT32_MAX;

	if (may_be_part(p->join, set))
		part = kb_join_least(p->join->opts.inside, set->size);
	least = near < part ? near : part;
	if (p->common == NULL)
		seen = sum_twice(p->counts, v, set->n, set->size, least);
	set->state = (uint16_t)((seen >= near ? KB_SET_NEAR : 0) |
	    (seen >= part ? KB_SET_PART : 0));
	if (set->state != 0)
		hand->left.nkept += seen;
}

static void
judge_again(struct pass *p, struct hand *hand, struct kb_join_set *set,
    const uint64_t *v)
{
	uint32_t least = kb_join_least(p->join->opts.near, set->size);
	uint32_t seen = sum_twice(p->counts, v, set->n, set->size, least);

	if (seen == 0)
		set->state &= (uint16_t)~KB_SET_NEAR;
	if ((set->state & KB_SET_PART) != 0)
		seen = set->size;
	hand->left.nkept += seen;
}

/* Leave out who cannot have a partner. */
static enum kb_status
thin_chunk(void *arg, unsigned who, size_t from, size_t to,
    struct kb_err *err)
{
	struct pass *p = arg;
	struct hand *hand = &p->hands[who];
	const uint64_t *v;
	enum kb_status status;
	uint32_t seen = 0;

	for (; from < to; from++) {
		struct kb_join_set *set = &p->join->sets[from];

		if (!kb_filter_takes(p->join, from, p->first))
			continue;
		status = kb_join_fetch(p->join, &hand->view, set, &v, err);
		if (status == KB_OK && p->common != NULL)
			status = kb_common_count(p->common, who, &seen,
			    p->counts, set, v, err);
		if (status != KB_OK)
			return status;
		if (p->first)
			judge_first(p, hand, set, v, seen);
		else
			judge_again(p, hand, set, v);
		if ((set->state & KB_SET_NEAR) != 0) {
			hand->left.nsets++;
			hand->left.nelements += set->size;
		}
	}
	return KB_OK;
}

static struct tally
take_tally(struct pass *p)
{
	struct tally sum = { 0 };
	unsigned i;

	for (i = 0; i < p->join->threads; i++) {
		sum.nsets += p->hands[i].left.nsets;
		sum.nelements += p->hands[i].left.nelements;
		sum.nkept += p->hands[i].left.nkept;
		memset(&p->hands[i].left, 0, sizeof(p->hands[i].left));
	}
	return sum;
}

static enum kb_status
round_of(struct pass *p, struct kb_counts *counts, struct tally *left,
    struct kb_err *err)
{
	enum kb_status status;

	status = kb_counts_make(counts, p->join, p->first, left->nelements,
	    KB_COUNT_AT_ONCE, err);
	p->counts = counts;
	if (status == KB_OK)
		status = kb_team_run(p->join->threads, p->join->nsets,
		    KB_TEAM_SETS, thin_chunk, p, err);
	*left = take_tally(p);
	return status;
}

/*
 * Whoever leaves takes its elements along, so that counting again thins out
 * some more; another round pays while many go.
 */
static enum kb_status
rounds(struct pass *p, struct tally *left, struct kb_err *err)
{
	uint64_t before = left->nsets;
	enum kb_status status;

	p->first = true;
	status = round_of(p, &p->filter->first, left, err);
	p->filter->nkept = left->nkept;
	p->first = false;
	p->common = NULL;
	while (status == KB_OK && before - left->nsets > before / 8 &&
	    left->nsets > 0) {
		before = left->nsets;
		p->filter->two = true;
		status = round_of(p, &p->filter->last, left, err);
	}
	return status;
}

enum kb_status
kb_join_filter(struct kb_filter *filter, struct kb_common *common,
    struct kb_join *join, struct kb_err *err)
{
	struct pass p = { .join = join, .filter = filter, .common = common };
	struct tally left = { 0 };
	enum kb_status status;
	size_t i;

	if (join->opts.common.of == 0)
		p.common = NULL;
	p.hands = calloc(join->threads, sizeof(*p.hands));
	if (p.hands == NULL)
		return kb_err_nomem(err);
	for (i = 0; i < join->nsets; i++) {
		join->sets[i].state = 0;
		join->sets[i].dense = KB_JOIN_NONE;
		if (!kb_set_leads(join, i))
			continue;
		left.nsets++;
		left.nelements += join->sets[i].size;
	}
	status = rounds(&p, &left, err);
	for (i = 0; i < join->threads; i++)
		kb_view_release(&p.hands[i].view);
	free(p.hands);
	return status;
}

void
kb_filter_release(struct kb_filter *filter)
{
	free(filter->first.v);
	free(filter->last.v);
	memset(filter, 0, sizeof(*filter));
}
