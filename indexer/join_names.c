/*
 * join_names: numbers for the elements that survivors share.  Contract:
 * join_impl.h.
 */
#include "join_impl.h"

#include <stdlib.h>
#include <string.h>

/*
 * Keys are collected in slices of the range of hashes, each of which is
 * sorted by itself: little memory at a time, and work for several threads.
 */
#define SLICE	((uint64_t)1 << 25)	/* keys, about */

/* One key in 32 of the bits: few others pass. */
#define SPARSE	5
#define MAX_LOG	31

struct slice {
	uint64_t	*keys;
	uint32_t	*counts;
	size_t		 n, size;
	uint64_t	 nuses;
};

struct hand {
	struct kb_view	 view;
	uint64_t	*stash;
};

struct maker {
	struct kb_names		*names;
	struct kb_join		*join;
	const struct kb_counts	*counts;
	const struct kb_common	*common;
	struct slice		*slices;
	size_t			 nslices;
	struct hand		*hands;
};

/* ---- keys ---- */

static bool
in_slice(const struct maker *m, size_t slice, uint64_t key)
{
	return (key >> 32) * m->nslices >> 32 == slice;
}

static size_t
stash_slice(const struct maker *m, size_t slice, const uint64_t *v,
    uint32_t n, uint64_t *stash)
{
	size_t k = 0;
	uint32_t i;

	for (i = 0; i < n; i++) {
		if (v[i] == 0 || !in_slice(m, slice, v[i]))
			continue;
		stash[k++] = v[i];
		__builtin_prefetch(&m->counts->v[kb_counts_slot(m->counts,
		    v[i]) >> 1]);
	}
	return k;
}

static enum kb_status
make_room(struct slice *s, size_t n, struct kb_err *err)
{
	size_t size = s->size + s->size / 2 + n + 4096;
	void *p;

	if (s->n + n <= s->size)
		return KB_OK;
	p = realloc(s->keys, size * sizeof(*s->keys));
	if (p == NULL)
		return kb_err_nomem(err);
	s->keys = p;
	s->size = size;
	return KB_OK;
}

static enum kb_status
take_keys(const struct maker *m, struct slice *s, const uint64_t *stash,
    size_t n, struct kb_err *err)
{
	enum kb_status status = make_room(s, n, err);
	size_t i;

	for (i = 0; i < n && status == KB_OK; i++) {
		if (kb_counts_of(m->counts, stash[i]) > 1)
			s->keys[s->n++] = stash[i];
	}
	return status;
}

/* Each once more than sets have it: it has a name whoever has it. */
static enum kb_status
take_common(const struct maker *m, struct slice *s, size_t slice,
    struct kb_err *err)
{
	const struct kb_common *common = m->common;
	enum kb_status status = KB_OK;
	uint64_t i, key;

	for (i = 0; common->n > 0 && i <= common->mask; i++) {
		key = common->slots[i].key;
		if (key == 0 || !in_slice(m, slice, key))
			continue;
		status = make_room(s, 1, err);
		if (status != KB_OK)
			return status;
		s->keys[s->n++] = key;
	}
	return status;
}

static size_t
run_length(const uint64_t *v, size_t n, size_t at)
{
	size_t end = at + 1;

	while (end < n && v[end] == v[at])
		end++;
	return end - at;
}

/*
 * A key that is alone can match nothing, unless sets that are not here may
 * have it too.
 */
static bool
worth_a_name(const struct maker *m, uint64_t key, size_t uses)
{
	return uses > 1 || m->join->opts.inside.of > 0 ||
	    kb_common_has(m->common, key);
}

/* One key of each. */
static enum kb_status
count_keys(const struct maker *m, struct slice *s, struct kb_err *err)
{
	size_t i, len, n = 0;
	void *p;

	kb_sort_u64(s->keys, s->n);
	for (i = 0; i < s->n; i += len) {
		len = run_length(s->keys, s->n, i);
		n += worth_a_name(m, s->keys[i], len);
	}
	s->counts = malloc((n + 1) * sizeof(*s->counts));
	if (s->counts == NULL)
		return kb_err_nomem(err);
	n = 0;
	for (i = 0; i < s->n; i += len) {
		len = run_length(s->keys, s->n, i);
		if (!worth_a_name(m, s->keys[i], len))
			continue;
		s->keys[n] = s->keys[i];
		s->counts[n++] = (uint32_t)len;
	}
	s->n = n;
	p = realloc(s->keys, (n + 1) * sizeof(*s->keys));
	if (p != NULL)
		s->keys = p;
	return KB_OK;
}

static enum kb_status
make_slice(void *arg, unsigned who, size_t from, size_t to,
    struct kb_err *err)
{
	struct maker *m = arg;
	struct hand *hand = &m->hands[who];
	struct slice *s = &m->slices[from];
	enum kb_status status;
	const uint64_t *v;
	size_t i, n;

	for (i = 0; i < m->join->nsets; i++) {
		const struct kb_join_set *set = &m->join->sets[i];

		if (set->state == 0)
			continue;
		status = kb_join_fetch(m->join, &hand->view, set, &v, err);
		if (status != KB_OK)
			return status;
		n = stash_slice(m, from, v, set->n, hand->stash);
		status = take_keys(m, s, hand->stash, n, err);
		if (status != KB_OK)
			return status;
	}
	status = take_common(m, s, from, err);
	if (status != KB_OK)
		return status;
	return count_keys(m, s, err);
}

static enum kb_status
join_slices(struct maker *m, struct kb_err *err)
{
	struct kb_names *names = m->names;
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < m->nslices; i++)
		n += m->slices[i].n;
	if (n >= UINT32_MAX)
		return kb_err_set(err, KB_LIMIT, "the articles that may have "
		    "near-duplicates have %llu different shingles; at most "
		    "%lu can be joined at once", (unsigned long long)n,
		    (unsigned long)UINT32_MAX - 1);
	names->keys = kb_join_table((size_t)(n + 1) * sizeof(*names->keys));
	names->ids = kb_join_table((size_t)(n + 1) * sizeof(*names->ids));
	if (names->keys == NULL || names->ids == NULL)
		return kb_err_nomem(err);
	for (i = 0; i < m->nslices; i++) {
		struct slice *s = &m->slices[i];

		if (s->n > 0) {
			memcpy(names->keys + names->n, s->keys,
			    s->n * sizeof(*s->keys));
			memcpy(names->ids + names->n, s->counts,
			    s->n * sizeof(*s->counts));
			names->n += (uint32_t)s->n;
		}
		free(s->keys);
		free(s->counts);
		memset(s, 0, sizeof(*s));
	}
	return KB_OK;
}

/* ---- looking up ---- */

static enum kb_status
make_directory(struct kb_names *names, struct kb_err *err)
{
	unsigned log = 1;
	uint32_t i, at = 0;

	while (log < 28 && UINT32_C(2) << log < names->n)
		log++;
	free(names->dir);
	names->shift = 64 - log;
	names->dir = kb_join_table((((size_t)1 << log) + 1) *
	    sizeof(*names->dir));
	if (names->dir == NULL)
		return kb_err_nomem(err);
	for (i = 0; i < UINT32_C(1) << log; i++) {
		while (at < names->n && names->keys[at] >> names->shift < i)
			at++;
		names->dir[i] = at;
	}
	names->dir[i] = names->n;
	return KB_OK;
}

static enum kb_status
make_filter(struct kb_names *names, struct kb_err *err)
{
	unsigned log = 10;
	uint32_t i;
	uint64_t k;

	while (log < MAX_LOG && UINT64_C(1) << log < (uint64_t)names->n <<
	    SPARSE)
		log++;
	names->filter_shift = 64 - log;
	names->filter = kb_join_table((size_t)1 << (log - 3));
	if (names->filter == NULL)
		return kb_err_nomem(err);
	for (i = 0; i < names->n; i++) {
		k = kb_names_bit(names, names->keys[i]);
		names->filter[k >> 6] |= UINT64_C(1) << (k & 63);
	}
	return KB_OK;
}

uint32_t
kb_names_find(const struct kb_names *names, uint64_t key)
{
	uint64_t slot = key >> names->shift;
	uint32_t lo = names->dir[slot], hi = names->dir[slot + 1];

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (names->keys[mid] < key)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < names->n && names->keys[lo] == key ? lo : KB_JOIN_NONE;
}

/* ---- what another may be inside of ---- */

static size_t
stash_may_have(const struct kb_names *names, const uint64_t *v, uint32_t n,
    uint64_t *stash)
{
	size_t k = 0;
	uint32_t i;

	for (i = 0; i < n; i++) {
		if (i + 16 < n)
			__builtin_prefetch(&names->filter[kb_names_bit(names,
			    v[i + 16]) >> 6]);
		if (v[i] != 0 && kb_names_may_have(names, v[i]))
			stash[k++] = v[i];
	}
	return k;
}

static enum kb_status
find_wholes(void *arg, unsigned who, size_t from, size_t to,
    struct kb_err *err)
{
	struct maker *m = arg;
	struct hand *hand = &m->hands[who];
	const struct kb_join_opts *o = &m->join->opts;
	uint32_t least = kb_join_least(o->inside, o->inside_least), index;
	enum kb_status status;
	const uint64_t *v;
	size_t i, n, known;

	for (; from < to; from++) {
		struct kb_join_set *set = &m->join->sets[from];

		if (!kb_set_leads(m->join, from) || set->state != 0 ||
		    set->size < o->inside_least)
			continue;
		status = kb_join_fetch(m->join, &hand->view, set, &v, err);
		if (status != KB_OK)
			return status;
		n = stash_may_have(m->names, v, set->n, hand->stash);
		for (known = i = 0; i < n && n >= least; i++) {
			index = kb_names_find(m->names, hand->stash[i]);
			if (index != KB_JOIN_NONE)
				hand->stash[known++] = index;
		}
		if (known < least)
			continue;
		set->state = KB_SET_WHOLE;
		for (i = 0; i < known; i++)
			__atomic_fetch_add(&m->names->ids[hand->stash[i]], 1,
			    __ATOMIC_RELAXED);
	}
	return KB_OK;
}

/* ---- order ---- */

static void
drop_alone(struct kb_names *names, const struct kb_common *common)
{
	uint32_t i, n = 0;
	void *p;

	for (i = 0; i < names->n; i++) {
		if (names->ids[i] < 2 && !kb_common_has(common,
		    names->keys[i]))
			continue;
		names->keys[n] = names->keys[i];
		names->ids[n++] = names->ids[i];
		names->nuses += names->ids[i];
	}
	names->n = n;
	p = realloc(names->keys, ((size_t)n + 1) * sizeof(*names->keys));
	if (p != NULL)
		names->keys = p;
	p = realloc(names->ids, ((size_t)n + 1) * sizeof(*names->ids));
	if (p != NULL)
		names->ids = p;
}

/*
 * A counting sort by frequency, common ones behind all others; equal ones
 * stay in the keys' order.
 */
static enum kb_status
rank_rarest_first(struct kb_names *names, const struct kb_common *common,
    struct kb_err *err)
{
	uint32_t i, n, sum = 0, max = 0, *from;
	size_t k, half;

	for (i = 0; i < names->n; i++) {
		if (names->ids[i] > max)
			max = names->ids[i];
	}
	half = (size_t)max + 1;
	from = calloc(half * 2, sizeof(*from));
	if (from == NULL)
		return kb_err_nomem(err);
	for (i = 0; i < names->n; i++) {
		if (kb_common_has(common, names->keys[i])) {
			from[half + names->ids[i]]++;
			names->ncommon++;
		} else {
			from[names->ids[i]]++;
		}
	}
	for (k = 0; k < half * 2; k++) {
		n = from[k];
		from[k] = sum;
		sum += n;
	}
	for (i = 0; i < names->n; i++) {
		k = names->ids[i];
		if (names->ncommon > 0 && kb_common_has(common,
		    names->keys[i]))
			k += half;
		names->ids[i] = from[k]++;
	}
	free(from);
	return KB_OK;
}

/* ---- all of it ---- */

static enum kb_status
maker_init(struct maker *m, const struct kb_filter *filter,
    struct kb_err *err)
{
	unsigned i;

	m->nslices = (size_t)(filter->nkept / SLICE) + m->join->threads;
	m->slices = calloc(m->nslices, sizeof(*m->slices));
	m->hands = calloc(m->join->threads, sizeof(*m->hands));
	if (m->slices == NULL || m->hands == NULL)
		return kb_err_nomem(err);
	for (i = 0; i < m->join->threads; i++) {
		m->hands[i].stash = malloc(((size_t)m->join->largest + 1) *
		    sizeof(*m->hands[i].stash));
		if (m->hands[i].stash == NULL)
			return kb_err_nomem(err);
	}
	return KB_OK;
}

static void
maker_release(struct maker *m)
{
	size_t i;

	for (i = 0; m->slices != NULL && i < m->nslices; i++) {
		free(m->slices[i].keys);
		free(m->slices[i].counts);
	}
	for (i = 0; m->hands != NULL && i < m->join->threads; i++) {
		kb_view_release(&m->hands[i].view);
		free(m->hands[i].stash);
	}
	free(m->slices);
	free(m->hands);
}

static enum kb_status
add_wholes(struct maker *m, struct kb_err *err)
{
	enum kb_status status;

	status = make_directory(m->names, err);
	if (status == KB_OK)
		status = kb_team_run(m->join->threads, m->join->nsets,
		    KB_TEAM_SETS, find_wholes, m, err);
	return status;
}

enum kb_status
kb_names_make(struct kb_names *names, struct kb_join *join,
    struct kb_filter *filter, const struct kb_common *common,
    struct kb_err *err)
{
	struct maker m = { .names = names, .join = join, .common = common };
	enum kb_status status;

	m.counts = kb_filter_table(filter, join);
	status = maker_init(&m, filter, err);
	if (status == KB_OK)
		status = kb_team_run(join->threads, m.nslices, 1, make_slice,
		    &m, err);
	kb_filter_release(filter);
	if (status == KB_OK)
		status = join_slices(&m, err);
	if (status == KB_OK)
		status = make_filter(names, err);
	if (status == KB_OK && join->opts.inside.of > 0)
		status = add_wholes(&m, err);
	maker_release(&m);
	if (status != KB_OK)
		return status;
	drop_alone(names, common);
	status = rank_rarest_first(names, common, err);
	if (status == KB_OK)
		status = make_directory(names, err);
	return status;
}

void
kb_names_release(struct kb_names *names)
{
	free(names->keys);
	free(names->ids);
	free(names->dir);
	free(names->filter);
	memset(names, 0, sizeof(*names));
}
