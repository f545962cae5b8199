/*
 * join_names: numbers for the elements that survivors share.  Contract:
 * join_impl.h.
 *
 * A range at a time: what has the hash of another is said to be the same
 * words; when enough is gathered this is checked, and what holds is numbered
 * and handed to its set.  Where it does not hold, those of one hash are told
 * apart by their words, one after the other.
 */
#include "join_impl.h"

#include <stdlib.h>

/* In a tally, beside how many have it. */
#define COMMON	KB_NAME_COMMON		/* a common one has this hash */
#define KEYED	UINT32_C(0x40000000)	/* its hash is a key of claims */
#define NONE	KB_JOIN_NONE

struct namer {
	struct kb_names	*names;
	struct kb_sift	*sift;
	uint64_t	 n;		/* names that were given */
};

/* ---- what another may be inside of ---- */

/* Elements of a range's parts are counted, those of others are looked up. */
static enum kb_status
find_range(struct kb_sift *sift, struct kb_look *look, size_t range,
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
		uint32_t k = kb_tallies_slot(t, v[i].hash);

		if (sift->take[v[i].set] != KB_TAKE_SET)
			continue;
		t->v[k] = (struct kb_tally){ v[i].hash, 1 };
	}
	for (i = 0; i < look->range.n; i++) {
		if (sift->take[v[i].set] != KB_TAKE_SET)
			look->seen[v[i].set] += t->v[kb_tallies_slot(t,
			    v[i].hash)].n;
	}
	return KB_OK;
}

static enum kb_status
find_ranges(void *arg, unsigned who, size_t from, size_t to,
    struct kb_err *err)
{
	struct kb_sift *sift = arg;
	enum kb_status status = KB_OK;

	for (; from < to && status == KB_OK; from++)
		status = find_range(sift, &sift->looks[who], from, err);
	return status;
}

static enum kb_status
find_wholes(struct kb_sift *sift, struct kb_err *err)
{
	struct kb_join *join = sift->join;
	const struct kb_join_opts *o = &join->opts;
	uint32_t least = kb_join_least(o->inside, o->inside_least), *seen;
	enum kb_status status;
	size_t i;

	seen = malloc((join->nsets + 1) * sizeof(*seen));
	if (seen == NULL)
		return kb_err_nomem(err);
	memcpy(seen, sift->seen, join->nsets * sizeof(*seen));
	for (i = 0; i < join->nsets; i++) {
		sift->take[i] = !kb_set_leads(join, i) ? 0 :
		    join->sets[i].state != 0 ? KB_TAKE_SET :
		    join->sets[i].size >= o->inside_least ? KB_TAKE_OWN : 0;
	}
	status = kb_team_run(join->threads, KB_LAY_RANGES, sift->piece,
	    find_ranges, sift, err);
	kb_sift_sum(sift);
	for (i = 0; i < join->nsets; i++) {
		if (sift->take[i] == KB_TAKE_OWN && sift->seen[i] >= least)
			join->sets[i].state = KB_SET_WHOLE;
	}
	memcpy(sift->seen, seen, join->nsets * sizeof(*seen));
	free(seen);
	return status;
}

/* ---- names ---- */

/*
 * Count by hashes, what only wholes have not; common ones are marked, whoever
 * has them.
 */
static enum kb_status
tally(struct kb_sift *sift, struct kb_look *look, const struct kb_commons *c,
    struct kb_err *err)
{
	struct kb_tallies *t = &look->tallies;
	const struct kb_laid *v = look->range.v;
	enum kb_status status = kb_tallies_begin(t, sift->join,
	    look->range.n + c->n, err);
	uint32_t k;
	size_t i;

	if (status != KB_OK)
		return status;
	for (i = 0; i < c->n; i++) {
		k = kb_tallies_slot(t, c->v[i].hash);
		t->v[k] = (struct kb_tally){ c->v[i].hash, COMMON };
	}
	for (i = 0; i < look->range.n; i++) {
		KB_TALLIES_FETCH(t, &look->range, i);
		if (sift->take[v[i].set] != KB_TAKE_SET)
			continue;
		k = kb_tallies_slot(t, v[i].hash);
		t->v[k].hash = v[i].hash;
		t->v[k].n++;
		t->slots[i] = k;
	}
	for (i = 0; i < look->range.n && sift->others; i++) {
		if (sift->take[v[i].set] == KB_TAKE_SET)
			continue;
		k = kb_tallies_slot(t, v[i].hash);
		t->v[k].n += t->v[k].n > 0 &&
		    sift->take[v[i].set] == KB_TAKE_WHOLE;
		t->slots[i] = k;
	}
	return KB_OK;
}

/* Whether an element's words matter. */
static inline bool
matters(const struct kb_sift *sift, const struct kb_look *look, size_t i)
{
	uint32_t n = look->tallies.v[look->tallies.slots[i]].n;

	return n >= COMMON || (n > 1 &&
	    sift->take[look->range.v[i].set] >= KB_TAKE_SET);
}

/* ---- what most of them are: one hash, the same words ---- */

static uint32_t
add_key(struct kb_claims *c, uint64_t at, uint32_t hash, uint32_t n)
{
	c->keys[c->nkeys] = (struct kb_claim_key){ at, hash, n, NONE, false };
	return (uint32_t)c->nkeys++;
}

/* Common ones know their words; two of one hash have one key. */
static void
claim_commons(struct kb_look *look, const struct kb_commons *common)
{
	struct kb_claims *c = &look->claims;
	size_t i;

	for (i = 0; i < common->n; i++)
		look->picked[i] = kb_tallies_slot(&look->tallies,
		    common->v[i].hash);
	for (i = 0; i < common->n; i++) {
		struct kb_tally *t = &look->tallies.v[look->picked[i]];

		if ((t->n & KEYED) != 0) {
			c->keys[t->hash].bad = true;
			continue;
		}
		t->hash = add_key(c, common->v[i].at, t->hash, t->n);
		t->n |= KEYED;
	}
}

static enum kb_status
claim(struct kb_sift *sift, struct kb_look *look, size_t range,
    const struct kb_commons *common, struct kb_err *err)
{
	struct kb_claims *c = &look->claims;
	enum kb_status status = kb_claims_room(c, look->range.n + common->n,
	    err);
	size_t i;

	if (status == KB_OK)
		status = kb_look_pick(look, common->n, err);
	if (status != KB_OK)
		return status;
	claim_commons(look, common);
	for (i = 0; i < look->range.n; i++) {
		struct kb_tally *t =
		    &look->tallies.v[look->tallies.slots[i]];

		if (!matters(sift, look, i))
			continue;
		if ((t->n & KEYED) == 0) {
			t->hash = add_key(c, KB_CLAIM_ANY, t->hash, t->n);
			t->n |= KEYED;
		}
		c->v[c->n++] = (struct kb_claim){ look->range.v[i].set,
		    look->range.v[i].at, t->hash };
	}
	return kb_claims_range(c, range, err);
}

/* Numbers for "n" names; their df are to be filled in. */
static enum kb_status
take_names(struct namer *namer, struct kb_range_names *out, uint32_t n,
    struct kb_err *err)
{
	uint64_t base;

	out->n = n;
	if (n == 0)
		return KB_OK;
	out->df = malloc(n * sizeof(*out->df));
	if (out->df == NULL)
		return kb_err_nomem(err);
	base = __atomic_fetch_add(&namer->n, n, __ATOMIC_RELAXED);
	if (base + n >= UINT32_MAX)
		return kb_err_set(err, KB_LIMIT, "the articles that may have "
		    "near-duplicates have more than %lu different shingles, "
		    "which is as many as can be joined at once",
		    (unsigned long)UINT32_MAX - 1);
	out->base = (uint32_t)base;
	return KB_OK;
}

/* A name for each good key of the i-th range. */
static enum kb_status
name_keys(struct namer *n, struct kb_claims *c, size_t i, struct kb_err *err)
{
	struct kb_range_names *out = &n->names->ranges[c->ranges[i].range];
	uint32_t from = i > 0 ? c->ranges[i - 1].end : 0, sum = 0, k;
	enum kb_status status;

#define HAS_NAME(key)	(((key).n & ~COMMON) > 1 && !(key).bad)
	for (k = from; k < c->ranges[i].end; k++)
		sum += HAS_NAME(c->keys[k]);
	status = take_names(n, out, sum, err);
	sum = 0;
	for (k = from; k < c->ranges[i].end && status == KB_OK; k++) {
		if (!HAS_NAME(c->keys[k]))
			continue;
		out->df[sum] = c->keys[k].n;
		c->keys[k].name = out->base + sum++;
	}
#undef HAS_NAME
	return status;
}

/* As one, where other threads do the same. */
static uint32_t
add_one(const struct namer *n, uint32_t *v)
{
	return n->sift->join->threads == 1 ? (*v)++ :
	    __atomic_fetch_add(v, 1, __ATOMIC_RELAXED);
}

static void
hand_one(struct namer *n, uint32_t set, bool common, uint32_t name)
{
	struct kb_names *names = n->names;

	if (common)
		add_one(n, &names->common[set]);
	if (name != NONE && n->sift->take[set] >= KB_TAKE_SET)
		names->ids[names->at[set] + add_one(n, &names->used[set])] =
		    name;
}

/* ---- what shares a hash with other words ---- */

static const struct kb_commons no_commons;

static const struct kb_commons *
commons_of(const struct kb_sift *sift, size_t range)
{
	return sift->commons != NULL ? &sift->commons[range] : &no_commons;
}

static int
claim_cmp(const void *a, const void *b)
{
	const struct kb_claim *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	if (x->set != y->set)
		return x->set < y->set ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/* All that are common of the bad keys from..end of a range, into classes. */
static enum kb_status
know_commons(struct namer *n, struct kb_look *look, size_t range, size_t from,
    size_t end, size_t nclaims, struct kb_err *err)
{
	const struct kb_commons *common = commons_of(n->sift, range);
	const struct kb_claim_key *keys = look->claims.keys;
	uint32_t *hashes = malloc((end - from + 1) * sizeof(*hashes));
	enum kb_status status = KB_OK;
	size_t nhashes = 0, i;

	if (hashes == NULL)
		return kb_err_nomem(err);
	for (; from < end; from++) {
		if (keys[from].bad && (keys[from].n & COMMON) != 0)
			hashes[nhashes++] = keys[from].hash;
	}
	status = kb_common_again(n->sift, range, hashes, nhashes, err);
	if (status == KB_OK)
		status = kb_classes_begin(&look->classes, n->sift->join,
		    nclaims + common->n, err);
	for (i = 0; i < common->n && status == KB_OK; i++)
		look->classes.v[kb_classes_find(&look->classes,
		    common->v[i].hash, n->sift->join->map +
		    common->v[i].at)].common = true;
	free(hashes);
	return status;
}

static enum kb_status
name_classes(struct namer *n, struct kb_classes *classes, size_t range,
    struct kb_err *err)
{
	struct kb_range_names *out = &n->names->ranges[KB_LAY_RANGES + range];
	enum kb_status status;
	uint32_t sum = 0;
	size_t i;

	for (i = 0; i < classes->n; i++)
		sum += classes->v[i].df > 1;
	status = take_names(n, out, sum, err);
	sum = 0;
	for (i = 0; i < classes->n && status == KB_OK; i++) {
		struct kb_class *c = &classes->v[i];

		c->name = NONE;
		if (c->df < 2)
			continue;
		out->df[sum] = c->df | (c->common ? COMMON : 0);
		c->name = out->base + sum++;
	}
	return status;
}

/* Claims of the bad keys from..end of a range are told apart by words. */
static enum kb_status
name_bad(struct namer *n, struct kb_look *look, size_t range, size_t from,
    size_t end, const struct kb_claim *v, size_t nclaims, struct kb_err *err)
{
	struct kb_classes *classes = &look->classes;
	enum kb_status status = know_commons(n, look, range, from, end,
	    nclaims, err);
	uint32_t *class;
	size_t i;

	if (status == KB_OK)
		status = kb_look_pick(look, nclaims, err);
	if (status != KB_OK)
		return status;
	class = look->picked;
	for (i = 0; i < nclaims; i++) {
		struct kb_laid e = { v[i].set, v[i].at,
		    look->claims.keys[v[i].key].hash };

		class[i] = kb_classes_find(classes, e.hash,
		    kb_laid_words(n->sift, &e));
		classes->v[class[i]].df +=
		    n->sift->take[e.set] >= KB_TAKE_SET;
	}
	status = name_classes(n, classes, range, err);
	for (i = 0; i < nclaims && status == KB_OK; i++)
		hand_one(n, v[i].set, classes->v[class[i]].common,
		    classes->v[class[i]].name);
	return status;
}

/* ---- all ranges ---- */

/* Hand out what is good; what is bad remains, in claims->spare. */
static size_t
hand_out(struct namer *n, struct kb_claims *c)
{
	size_t i, nbad = 0;

	for (i = 0; i < c->n; i++) {
		const struct kb_claim_key *key = &c->keys[c->v[i].key];

		if (key->bad)
			c->spare[nbad++] = c->v[i];
		else
			hand_one(n, c->v[i].set, (key->n & COMMON) != 0,
			    key->name);
	}
	if (nbad > 1)
		qsort(c->spare, nbad, sizeof(*c->spare), claim_cmp);
	return nbad;
}

static enum kb_status
settle(struct namer *n, struct kb_look *look, struct kb_err *err)
{
	struct kb_claims *c = &look->claims;
	enum kb_status status = kb_claims_check(c, n->sift, err);
	size_t i, k, at = 0, nbad = 0;

	for (i = 0; i < c->nranges && status == KB_OK; i++)
		status = name_keys(n, c, i, err);
	if (status == KB_OK)
		nbad = hand_out(n, c);
	for (i = 0; at < nbad && status == KB_OK; i++) {
		for (k = at; k < nbad && c->spare[k].key < c->ranges[i].end;
		    k++)
			;
		if (k > at)
			status = name_bad(n, look, c->ranges[i].range,
			    i > 0 ? c->ranges[i - 1].end : 0,
			    c->ranges[i].end, c->spare + at, k - at, err);
		at = k;
	}
	kb_claims_clear(c);
	return status;
}

static enum kb_status
name_range(struct namer *n, struct kb_look *look, size_t range,
    struct kb_err *err)
{
	const struct kb_commons *c = commons_of(n->sift, range);
	enum kb_status status;

	status = kb_lay_read(&n->sift->join->lay, &look->range, range,
	    n->sift->take, err);
	if (status == KB_OK)
		status = tally(n->sift, look, c, err);
	if (status == KB_OK)
		status = claim(n->sift, look, range, c, err);
	if (status == KB_OK && look->claims.n >= n->sift->most_claims)
		status = settle(n, look, err);
	return status;
}

static enum kb_status
name_ranges(void *arg, unsigned who, size_t from, size_t to,
    struct kb_err *err)
{
	struct namer *n = arg;
	enum kb_status status = KB_OK;

	for (; from < to && status == KB_OK; from++)
		status = name_range(n, &n->sift->looks[who], from, err);
	if (status == KB_OK)
		status = settle(n, &n->sift->looks[who], err);
	return status;
}

/* ---- order ---- */

/* Ids by how many have it, common ones last; in the order of the ranges. */
static enum kb_status
rank_rarest_first(struct kb_names *names, struct kb_err *err)
{
	uint32_t max = 0, sum = 0, n, df, *from;
	size_t r, k, half;

	for (r = 0; r < KB_LAY_RANGES * 2; r++) {
		for (k = 0; k < names->ranges[r].n; k++) {
			df = names->ranges[r].df[k];
			names->ncommon += (df & KB_NAME_COMMON) != 0;
			df &= ~KB_NAME_COMMON;
			max = df > max ? df : max;
		}
	}
	half = (size_t)max + 1;
	from = calloc(half * 2, sizeof(*from));
	names->final = kb_join_table(((size_t)names->n + 1) *
	    sizeof(*names->final));
	if (from == NULL || names->final == NULL) {
		free(from);
		return kb_err_nomem(err);
	}
#define PLACE(df)	(((df) & KB_NAME_COMMON) != 0 ? half +	\
			    ((df) & ~KB_NAME_COMMON) : (df))
	for (r = 0; r < KB_LAY_RANGES * 2; r++) {
		for (k = 0; k < names->ranges[r].n; k++)
			from[PLACE(names->ranges[r].df[k])]++;
	}
	for (k = 0; k < half * 2; k++) {
		n = from[k];
		from[k] = sum;
		sum += n;
	}
	for (r = 0; r < KB_LAY_RANGES * 2; r++) {
		const struct kb_range_names *at = &names->ranges[r];

		for (k = 0; k < at->n; k++)
			names->final[at->base + k] = from[PLACE(at->df[k])]++;
	}
#undef PLACE
	free(from);
	return KB_OK;
}

/* ---- all of it ---- */

/* Where each survivor's numbers stand; others are looked at for their own. */
static enum kb_status
names_init(struct kb_names *names, struct kb_sift *sift, struct kb_err *err)
{
	const struct kb_join *join = sift->join;
	size_t n = join->nsets + 1, i;

	names->ranges = calloc(KB_LAY_RANGES * 2,
	    sizeof(*names->ranges));
	names->at = kb_join_table(n * sizeof(*names->at));
	names->used = kb_join_table(n * sizeof(*names->used));
	names->common = kb_join_table(n * sizeof(*names->common));
	if (names->ranges == NULL || names->at == NULL ||
	    names->used == NULL || names->common == NULL)
		return kb_err_nomem(err);
	for (i = 0; i < join->nsets; i++) {
		const struct kb_join_set *set = &join->sets[i];

		names->at[i] = names->nids;
		sift->take[i] = 0;
		if (set->state != 0) {
			sift->take[i] = set->state == KB_SET_WHOLE ?
			    KB_TAKE_WHOLE : KB_TAKE_SET;
			sift->others |= set->state == KB_SET_WHOLE;
			names->nids += sift->seen[i];
		} else if (kb_set_leads(join, i) && set->next != NONE) {
			sift->take[i] = KB_TAKE_OWN;
			sift->others = true;
		}
	}
	names->ids = kb_join_table((size_t)(names->nids + 1) *
	    sizeof(*names->ids));
	return names->ids != NULL ? KB_OK : kb_err_nomem(err);
}

enum kb_status
kb_names_make(struct kb_names *names, struct kb_sift *sift,
    struct kb_err *err)
{
	struct namer n = { .names = names, .sift = sift };
	struct kb_join *join = sift->join;
	enum kb_status status = KB_OK;

	if (join->opts.inside.of > 0)
		status = find_wholes(sift, err);
	if (status == KB_OK)
		status = names_init(names, sift, err);
	if (status == KB_OK)
		status = kb_team_run(join->threads, KB_LAY_RANGES,
		    sift->piece,
		    name_ranges, &n, err);
	names->n = (uint32_t)n.n;
	if (status == KB_OK)
		status = rank_rarest_first(names, err);
	return status;
}

void
kb_names_release(struct kb_names *names)
{
	size_t r;

	for (r = 0; names->ranges != NULL && r < KB_LAY_RANGES * 2; r++)
		free(names->ranges[r].df);
	free(names->ranges);
	free(names->final);
	free(names->at);
	free(names->used);
	free(names->common);
	free(names->ids);
	memset(names, 0, sizeof(*names));
}
