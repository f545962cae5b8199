/*
 * join_dense: the survivors of the filter, their elements renamed to dense
 * numbers, rarest first.  Contract: join_impl.h.
 */
#include "join_impl.h"

#include <stdlib.h>
#include <string.h>

#define AHEAD	((size_t)32 * 1024)

/* Element to id: sorted keys, and a directory over their highest bits. */
struct names {
	uint64_t	*keys;
	uint32_t	*ids;
	uint32_t	 n;
	uint32_t	*dir;		/* the first key of each value */
	unsigned	 shift;
	uint32_t	 nuses;		/* occurrences of all keys */
};

static void
names_release(struct names *names)
{
	free(names->keys);
	free(names->ids);
	free(names->dir);
}

static enum kb_status
collect(struct names *names, const struct kb_join *join,
    const struct kb_twice *twice, uint64_t nkept, struct kb_err *err)
{
	struct kb_spool_view view = { .ahead = AHEAD };
	enum kb_status status = KB_OK;
	const uint64_t *v;
	size_t i, k;

	if (nkept >= UINT32_MAX)
		return kb_err_set(err, KB_LIMIT, "the sets that may have "
		    "near-duplicates have %llu elements; at most %lu can be "
		    "joined at once", (unsigned long long)nkept,
		    (unsigned long)UINT32_MAX - 1);
	names->keys = malloc((size_t)(nkept + 1) * sizeof(*names->keys));
	if (names->keys == NULL)
		return kb_err_nomem(err);
	for (i = 0; i < join->nsets; i++) {
		const struct kb_join_set *set = &join->sets[i];

		if (set->dense == KB_JOIN_NONE)
			continue;
		status = kb_spool_fetch(join, &view, set, &v, err);
		if (status != KB_OK)
			break;
		for (k = 0; k < set->size; k++) {
			if (kb_twice_seen(twice, v[k]))
				names->keys[names->n++] = v[k];
		}
	}
	kb_spool_view_release(&view);
	return status;
}

static uint32_t
run_length(const uint64_t *v, uint32_t n, uint32_t at)
{
	uint32_t end = at + 1;

	while (end < n && v[end] == v[at])
		end++;
	return end - at;
}

/*
 * Keep one key of each that occurs at least twice, with its frequency in
 * ids[]; a key that is alone can match nothing.
 */
static enum kb_status
unique(struct names *names, struct kb_err *err)
{
	uint32_t i, len, n = 0;
	void *p;

	kb_sort_u64(names->keys, names->n);
	for (i = 0; i < names->n; i += len) {
		len = run_length(names->keys, names->n, i);
		n += len > 1;
	}
	names->ids = malloc(((size_t)n + 1) * sizeof(*names->ids));
	if (names->ids == NULL)
		return kb_err_nomem(err);
	n = 0;
	for (i = 0; i < names->n; i += len) {
		len = run_length(names->keys, names->n, i);
		if (len < 2)
			continue;
		names->keys[n] = names->keys[i];
		names->ids[n++] = len;
		names->nuses += len;
	}
	names->n = n;
	p = realloc(names->keys, ((size_t)n + 1) * sizeof(*names->keys));
	if (p != NULL)
		names->keys = p;
	return KB_OK;
}

/* A counting sort by frequency; equal ones stay in the keys' order. */
static enum kb_status
rank_rarest_first(struct names *names, struct kb_err *err)
{
	uint32_t i, n, sum = 0, max = 0;
	uint32_t *from;

	for (i = 0; i < names->n; i++) {
		if (names->ids[i] > max)
			max = names->ids[i];
	}
	from = calloc((size_t)max + 1, sizeof(*from));
	if (from == NULL)
		return kb_err_nomem(err);
	for (i = 0; i < names->n; i++)
		from[names->ids[i]]++;
	for (i = 0; i <= max; i++) {
		n = from[i];
		from[i] = sum;
		sum += n;
	}
	for (i = 0; i < names->n; i++)
		names->ids[i] = from[names->ids[i]]++;
	free(from);
	return KB_OK;
}

static enum kb_status
make_directory(struct names *names, struct kb_err *err)
{
	unsigned log = 1;
	uint32_t i, at = 0;

	while (log < 28 && UINT32_C(2) << log < names->n)
		log++;
	names->shift = 64 - log;
	names->dir = malloc((((size_t)1 << log) + 1) * sizeof(*names->dir));
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

static bool
names_find(const struct names *names, uint64_t key, uint32_t *id)
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
	if (lo == names->n || names->keys[lo] != key)
		return false;
	*id = names->ids[lo];
	return true;
}

static enum kb_status
names_make(struct names *names, const struct kb_join *join,
    const struct kb_twice *twice, uint64_t nkept, struct kb_err *err)
{
	enum kb_status status;

	status = collect(names, join, twice, nkept, err);
	if (status == KB_OK)
		status = unique(names, err);
	if (status == KB_OK)
		status = rank_rarest_first(names, err);
	if (status == KB_OK)
		status = make_directory(names, err);
	return status;
}

/* Add one set unless it has lost its chance; "scratch" holds its ids. */
static void
translate(struct kb_dense *out, const struct names *names,
    const struct kb_twice *twice, struct kb_join *join, uint32_t number,
    const uint64_t *v, uint64_t *scratch)
{
	struct kb_join_set *set = &join->sets[number];
	uint32_t i, id, n = 0;

	for (i = 0; i < set->size; i++) {
		if (kb_twice_seen(twice, v[i]) &&
		    names_find(names, v[i], &id))
			scratch[n++] = id;
	}
	if (n < kb_join_least(join->t, set->size)) {
		set->dense = KB_JOIN_NONE;
		return;
	}
	kb_sort_u64(scratch, n);
	out->sets[out->nsets++] = (struct kb_dense_set){ number, set->size,
	    n, out->nids };
	for (i = 0; i < n; i++)
		out->ids[out->nids++] = (uint32_t)scratch[i];
}

static int
dense_cmp(const void *a, const void *b)
{
	const struct kb_dense_set *x = a, *y = b;

	if (x->size != y->size)
		return x->size < y->size ? -1 : 1;
	return x->set < y->set ? -1 : x->set > y->set;
}

static enum kb_status
translate_all(struct kb_dense *out, struct kb_join *join,
    const struct names *names, const struct kb_twice *twice,
    struct kb_err *err)
{
	struct kb_spool_view view = { .ahead = AHEAD };
	enum kb_status status = KB_OK;
	const uint64_t *v;
	uint64_t *scratch;
	uint32_t i;

	scratch = malloc(((size_t)join->largest + 1) * sizeof(*scratch));
	if (scratch == NULL)
		return kb_err_nomem(err);
	for (i = 0; i < join->nsets && status == KB_OK; i++) {
		const struct kb_join_set *set = &join->sets[i];

		if (set->dense == KB_JOIN_NONE)
			continue;
		status = kb_spool_fetch(join, &view, set, &v, err);
		if (status == KB_OK)
			translate(out, names, twice, join, i, v, scratch);
	}
	kb_spool_view_release(&view);
	free(scratch);
	return status;
}

enum kb_status
kb_dense_load(struct kb_dense *out, struct kb_join *join,
    const struct kb_twice *twice, uint64_t nkept, struct kb_err *err)
{
	struct kb_dense dense = { 0 };
	struct names names = { 0 };
	enum kb_status status;
	size_t nalive = 0;
	uint32_t i;

	status = names_make(&names, join, twice, nkept, err);
	if (status != KB_OK)
		goto out;
	for (i = 0; i < join->nsets; i++)
		nalive += join->sets[i].dense != KB_JOIN_NONE;
	dense.ndistinct = names.n;
	dense.ids = malloc(((size_t)names.nuses + 1) * sizeof(*dense.ids));
	dense.sets = malloc((nalive + 1) * sizeof(*dense.sets));
	if (dense.ids == NULL || dense.sets == NULL) {
		status = kb_err_nomem(err);
		goto out;
	}
	status = translate_all(&dense, join, &names, twice, err);
	if (status != KB_OK)
		goto out;
	qsort(dense.sets, dense.nsets, sizeof(*dense.sets), dense_cmp);
	for (i = 0; i < dense.nsets; i++)
		join->sets[dense.sets[i].set].dense = i;
	*out = dense;
	memset(&dense, 0, sizeof(dense));
out:
	kb_dense_release(&dense);
	names_release(&names);
	return status;
}

void
kb_dense_release(struct kb_dense *dense)
{
	free(dense->sets);
	free(dense->ids);
	memset(dense, 0, sizeof(*dense));
}
