/*
 * join_count: how many sets have an element, about.  Contract: join_impl.h.
 *
 * Counters in the order of the elements would be asked for all over memory,
 * a wait each.  So slots are laid down by ranges of counters first, some tens
 * of millions at a time, and then a range is counted that fits the cache.
 * Each range has one thread at a time; nothing is atomic.
 */
#include "join_impl.h"

#include <stdlib.h>
#include <string.h>

/*
 * Half as many elements as counters: a set of strangers then passes for
 * "seen twice" in four elements of ten at most, which is below any
 * threshold.
 */
#define MIN_LOG		16
#define MAX_LOG		31

#define RANGE_LOG	20u		/* counters in a range: half a MB */
#define MIN_RANGES	16u		/* work for several threads */

#define BLOCK		((size_t)1024)	/* slots */
#define SLICE		((uint32_t)512)	/* elements between two looks at what
					   is free */

/* What one thread lays down; block b of "v" is followed by next[b]. */
struct lot {
	struct kb_view	 view;
	uint32_t	*v;
	uint32_t	*next;
	uint32_t	 nblocks, used;
	uint32_t	*head;		/* by range: its first block */
	uint32_t	*tail;
	uint32_t	*n;		/* in the last one */
	size_t		 at, end;	/* sets that are its own */
	uint32_t	 k;		/* elements of the first one done */
};

struct counter {
	const struct kb_join	*join;
	struct kb_counts	*counts;
	bool			 leaders;
	unsigned		 range_log;
	uint32_t		 nranges;
	struct lot		*lots;
	size_t			 next;	/* sets that nobody has */
};

/* ---- laying down ---- */

static void
clear(struct lot *lot, uint32_t nranges)
{
	uint32_t r;

	lot->used = nranges;
	for (r = 0; r < nranges; r++) {
		lot->head[r] = lot->tail[r] = r;
		lot->n[r] = 0;
	}
}

static void
lay(const struct counter *c, struct lot *lot, const uint64_t *v, uint32_t n)
{
	uint32_t mask = (UINT32_C(1) << c->range_log) - 1, i;

	for (i = 0; i < n; i++) {
		uint64_t slot = kb_counts_slot(c->counts, v[i]);
		uint32_t r = (uint32_t)(slot >> c->range_log);

		if (v[i] == 0)
			continue;
		if (lot->n[r] == BLOCK) {
			lot->next[lot->tail[r]] = lot->used;
			lot->tail[r] = lot->used++;
			lot->n[r] = 0;
		}
		lot->v[lot->tail[r] * BLOCK + lot->n[r]++] =
		    (uint32_t)slot & mask;
	}
}

/* Each of the next SLICE elements may take a block. */
static bool
has_room(const struct lot *lot)
{
	return lot->nblocks - lot->used >= SLICE;
}

static enum kb_status
lay_set(const struct counter *c, struct lot *lot, struct kb_err *err)
{
	const struct kb_join_set *set = &c->join->sets[lot->at];
	const uint64_t *v;
	enum kb_status status;

	status = kb_join_fetch(c->join, &lot->view, set, &v, err);
	while (status == KB_OK && lot->k < set->n && has_room(lot)) {
		uint32_t n = set->n - lot->k < SLICE ? set->n - lot->k :
		    SLICE;

		lay(c, lot, v + lot->k, n);
		lot->k += n;
	}
	if (status == KB_OK && lot->k == set->n) {
		lot->at++;
		lot->k = 0;
	}
	return status;
}

static bool
take_sets(struct counter *c, struct lot *lot)
{
	size_t n = c->join->nsets;

	lot->at = __atomic_fetch_add(&c->next, KB_TEAM_SETS,
	    __ATOMIC_RELAXED);
	if (lot->at >= n)
		lot->at = n;
	lot->end = n - lot->at > KB_TEAM_SETS ? lot->at + KB_TEAM_SETS : n;
	return lot->at < n;
}

/* Who lays down which sets makes no difference to what is counted. */
static enum kb_status
lay_lot(void *arg, unsigned who, size_t from, size_t to, struct kb_err *err)
{
	struct counter *c = arg;
	struct lot *lot = &c->lots[from];
	enum kb_status status = KB_OK;

	(void)who;
	(void)to;
	clear(lot, c->nranges);
	while (status == KB_OK && has_room(lot)) {
		if (lot->at == lot->end && !take_sets(c, lot))
			break;
		if (kb_filter_takes(c->join, lot->at, c->leaders))
			status = lay_set(c, lot, err);
		else
			lot->at++;
	}
	return status;
}

/* ---- counting ---- */

/* Without a branch, as it cannot be foretold. */
static void
count_slots(unsigned char *v, const uint32_t *slots, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < n; i++) {
		unsigned char *p = &v[slots[i] >> 1];
		unsigned at = (slots[i] & 1) * 4;
		unsigned now = (unsigned)*p >> at & KB_COUNT_FULL;

		*p = (unsigned char)(*p +
		    ((unsigned)(now < KB_COUNT_FULL) << at));
	}
}

static void
count_lot(const struct counter *c, const struct lot *lot, uint32_t range)
{
	unsigned char *v = c->counts->v +
	    ((size_t)range << (c->range_log - 1));
	uint32_t b = lot->head[range];

	for (; b != lot->tail[range]; b = lot->next[b])
		count_slots(v, lot->v + b * BLOCK, (uint32_t)BLOCK);
	count_slots(v, lot->v + b * BLOCK, lot->n[range]);
}

static enum kb_status
count_ranges(void *arg, unsigned who, size_t from, size_t to,
    struct kb_err *err)
{
	const struct counter *c = arg;
	unsigned i;

	(void)who;
	(void)err;
	for (; from < to; from++) {
		for (i = 0; i < c->join->threads; i++)
			count_lot(c, &c->lots[i], (uint32_t)from);
	}
	return KB_OK;
}

/* ---- all of it ---- */

static enum kb_status
lot_init(struct lot *lot, uint64_t nslots, uint32_t nranges,
    struct kb_err *err)
{
	lot->nblocks = (uint32_t)(nslots / BLOCK) + nranges + SLICE;
	lot->v = malloc(lot->nblocks * BLOCK * sizeof(*lot->v));
	lot->next = malloc(lot->nblocks * sizeof(*lot->next));
	lot->head = malloc(nranges * sizeof(*lot->head));
	lot->tail = malloc(nranges * sizeof(*lot->tail));
	lot->n = malloc(nranges * sizeof(*lot->n));
	if (lot->v == NULL || lot->next == NULL || lot->head == NULL ||
	    lot->tail == NULL || lot->n == NULL)
		return kb_err_nomem(err);
	return KB_OK;
}

static void
lots_release(struct counter *c)
{
	unsigned i;

	for (i = 0; c->lots != NULL && i < c->join->threads; i++) {
		kb_view_release(&c->lots[i].view);
		free(c->lots[i].v);
		free(c->lots[i].next);
		free(c->lots[i].head);
		free(c->lots[i].tail);
		free(c->lots[i].n);
	}
	free(c->lots);
}

static enum kb_status
counts_init(struct kb_counts *counts, uint64_t nelements, struct kb_err *err)
{
	unsigned log = MIN_LOG;

	while (log < MAX_LOG && (UINT64_C(1) << log) / 2 < nelements)
		log++;
	free(counts->v);
	counts->v = kb_join_table((size_t)1 << (log - 1));
	if (counts->v == NULL)
		return kb_err_nomem(err);
	counts->shift = 64 - log;
	return KB_OK;
}

static enum kb_status
counter_init(struct counter *c, uint64_t nslots, struct kb_err *err)
{
	unsigned log = 64 - c->counts->shift, i;
	enum kb_status status = KB_OK;

	c->nranges = MIN_RANGES;
	while ((uint64_t)c->nranges << RANGE_LOG < UINT64_C(1) << log)
		c->nranges *= 2;
	for (c->range_log = log; UINT64_C(1) << (log - c->range_log) <
	    c->nranges; c->range_log--)
		;
	c->lots = calloc(c->join->threads, sizeof(*c->lots));
	if (c->lots == NULL)
		return kb_err_nomem(err);
	for (i = 0; i < c->join->threads && status == KB_OK; i++)
		status = lot_init(&c->lots[i], nslots / c->join->threads,
		    c->nranges, err);
	return status;
}

static bool
any_left(const struct counter *c)
{
	unsigned i;

	for (i = 0; i < c->join->threads; i++) {
		if (c->lots[i].at < c->lots[i].end)
			return true;
	}
	return c->next < c->join->nsets;
}

enum kb_status
kb_counts_make(struct kb_counts *out, const struct kb_join *join,
    bool leaders, uint64_t nelements, uint64_t at_once, struct kb_err *err)
{
	struct counter c = { .join = join, .counts = out,
	    .leaders = leaders };
	enum kb_status status;

	status = counts_init(out, nelements, err);
	if (status == KB_OK)
		status = counter_init(&c, nelements < at_once ? nelements :
		    at_once, err);
	while (status == KB_OK && any_left(&c)) {
		status = kb_team_run(join->threads, join->threads, 1,
		    lay_lot, &c, err);
		if (status == KB_OK)
			status = kb_team_run(join->threads, c.nranges, 1,
			    count_ranges, &c, err);
	}
	lots_release(&c);
	return status;
}
