/*
 * join_filter: the count that leaves few groups to look at.
 * Contract: join_impl.h.
 */
#include "join_impl.h"

#include <stdlib.h>

/* Claims that are checked at once: some for each set, of 12 bytes twice. */
#define CLAIMS	((size_t)4)
#define LEAST	((size_t)1 << 16)

/* ---- what the stages share ---- */

static uint32_t
cut_of(const struct kb_join *join)
{
	const struct kb_join_opts *o = &join->opts;
	uint64_t cut;

	if (o->common.of == 0)
		return UINT32_MAX;
	cut = (uint64_t)o->common.count * join->ngroups / o->common.of;
	if (cut < o->common_least)
		cut = o->common_least;
	if (o->common_most > 0 && cut > o->common_most)
		cut = o->common_most;
	/* What one group has is not common. */
	return cut > 0 ? (uint32_t)cut : 1;
}

enum kb_status
kb_sift_init(struct kb_sift *sift, struct kb_join *join, struct kb_err *err)
{
	size_t n = join->nsets + 1, k;
	unsigned i;

	memset(sift, 0, sizeof(*sift));
	sift->join = join;
	sift->cut = cut_of(join);
	sift->piece = KB_LAY_RANGES / (join->threads * 4) + 1;
	sift->most_claims = n * CLAIMS / join->threads;
	if (sift->most_claims < LEAST)
		sift->most_claims = LEAST;
	sift->looks = calloc(join->threads, sizeof(*sift->looks));
	sift->leads = kb_join_table(n);
	sift->take = kb_join_table(n);
	sift->seen = kb_join_table(n * sizeof(*sift->seen));
	sift->words_at = kb_join_table(n * sizeof(*sift->words_at));
	if (join->opts.common.of > 0)
		sift->commons = calloc(KB_LAY_RANGES,
		    sizeof(*sift->commons));
	if (sift->looks == NULL || sift->leads == NULL ||
	    sift->take == NULL || sift->seen == NULL ||
	    sift->words_at == NULL ||
	    (sift->commons == NULL && join->opts.common.of > 0))
		return kb_err_nomem(err);
	for (i = 0; i < join->threads; i++) {
		sift->looks[i].seen = kb_join_table(n *
		    sizeof(*sift->seen));
		if (sift->looks[i].seen == NULL)
			return kb_err_nomem(err);
	}
	for (k = 0; k < join->nsets; k++) {
		sift->leads[k] = kb_set_leads(join, k);
		sift->words_at[k] = join->sets[k].words_at;
	}
	return KB_OK;
}

void
kb_look_release(struct kb_look *look)
{
	kb_claims_release(&look->claims);
	kb_range_release(&look->range);
	kb_tallies_release(&look->tallies);
	kb_classes_release(&look->classes);
	free(look->picked);
	free(look->seen);
	memset(look, 0, sizeof(*look));
}

void
kb_sift_release(struct kb_sift *sift)
{
	size_t i;

	for (i = 0; sift->looks != NULL && i < sift->join->threads; i++)
		kb_look_release(&sift->looks[i]);
	for (i = 0; sift->commons != NULL && i < KB_LAY_RANGES; i++)
		free(sift->commons[i].v);
	free(sift->looks);
	free(sift->leads);
	free(sift->take);
	free(sift->commons);
	free(sift->seen);
	free(sift->words_at);
	memset(sift, 0, sizeof(*sift));
}

void
kb_sift_sum(struct kb_sift *sift)
{
	size_t i, n = sift->join->nsets;
	unsigned k;

	memset(sift->seen, 0, n * sizeof(*sift->seen));
	for (k = 0; k < sift->join->threads; k++) {
		uint32_t *seen = sift->looks[k].seen;

		for (i = 0; i < n; i++)
			sift->seen[i] += seen[i];
		memset(seen, 0, n * sizeof(*seen));
	}
}

enum kb_status
kb_look_pick(struct kb_look *look, size_t n, struct kb_err *err)
{
	look->npicked = 0;
	if (n <= look->picked_size)
		return KB_OK;
	free(look->picked);
	look->picked_size = 0;
	look->picked = malloc(n * sizeof(*look->picked));
	if (look->picked == NULL)
		return kb_err_nomem(err);
	look->picked_size = n;
	return KB_OK;
}

/* ---- the count ---- */

static enum kb_status
count_range(struct kb_sift *sift, struct kb_look *look, size_t range,
    struct kb_err *err)
{
	struct kb_tallies *t = &look->tallies;
	const struct kb_laid *v;
	enum kb_status status;
	size_t i;

	status = kb_lay_read(&sift->join->lay, &look->range, range,
	    sift->take, err);
	if (status == KB_OK)
		status = kb_tallies_begin(t, sift->join, look->range.n,
		    err);
	if (status != KB_OK)
		return status;
	v = look->range.v;
	for (i = 0; i < look->range.n; i++) {
		uint32_t k;

		KB_TALLIES_FETCH(t, &look->range, i);
		k = kb_tallies_slot(t, v[i].hash);
		t->v[k].hash = v[i].hash;
		t->v[k].n++;
		t->slots[i] = k;
	}
	return kb_common_find(sift, look, range, err);
}

static enum kb_status
count_ranges(void *arg, unsigned who, size_t from, size_t to,
    struct kb_err *err)
{
	struct kb_sift *sift = arg;
	enum kb_status status = KB_OK;

	for (; from < to && status == KB_OK; from++)
		status = count_range(sift, &sift->looks[who], from, err);
	if (status == KB_OK && sift->commons != NULL)
		status = kb_common_settle(sift, &sift->looks[who], err);
	return status;
}

/* What the count tells of a group. */
static unsigned
judge(const struct kb_join *join, const struct kb_join_set *set,
    uint32_t seen)
{
	const struct kb_join_opts *o = &join->opts;
	unsigned state = 0;

	if (seen >= kb_join_least(o->near, set->size))
		state |= KB_SET_NEAR;
	if (o->inside.of > 0 && set->size >= o->inside_least &&
	    seen >= kb_join_least(o->inside, set->size))
		state |= KB_SET_PART;
	return state;
}

enum kb_status
kb_join_filter(struct kb_sift *sift, struct kb_err *err)
{
	struct kb_join *join = sift->join;
	enum kb_status status;
	size_t i;

	for (i = 0; i < join->nsets; i++)
		sift->take[i] = sift->leads[i] ? KB_TAKE_SET : 0;
	status = kb_team_run(join->threads, KB_LAY_RANGES, sift->piece,
	    count_ranges, sift, err);
	kb_sift_sum(sift);
	for (i = 0; i < join->nsets && status == KB_OK; i++) {
		struct kb_join_set *set = &join->sets[i];

		set->dense = KB_JOIN_NONE;
		set->state = sift->take[i] == 0 ? 0 :
		    (uint16_t)judge(join, set, sift->seen[i]);
	}
	return status;
}
