/*
 * join_group: sets that are equal.  Contract: join_impl.h.
 */
#include "join_impl.h"

#include <stdlib.h>

#include "hash.h"

#define MAX_DIFFERENT	64u		/* sets of one fingerprint */

struct ref {
	uint64_t	print, text;
	uint32_t	size, set;
};

struct grouper {
	struct kb_join	*join;
	struct kb_runs	 x, y;
	const struct kb_join_set *loaded;	/* in x */
};

static int
ref_cmp(const void *a, const void *b)
{
	const struct ref *x = a, *y = b;

	if (x->print != y->print)
		return x->print < y->print ? -1 : 1;
	if (x->size != y->size)
		return x->size < y->size ? -1 : 1;
	if (x->text != y->text)
		return x->text < y->text ? -1 : 1;
	return x->set < y->set ? -1 : x->set > y->set;
}

static bool
same_list(const struct kb_join *join, const struct kb_join_set *x,
    const struct kb_join_set *y)
{
	return x->words_n == y->words_n && memcmp(join->map + x->words_at,
	    join->map + y->words_at, x->words_n) == 0;
}

/* Each run once. */
static enum kb_status
load(const struct grouper *g, const struct kb_join_set *set,
    struct kb_runs *out, struct kb_err *err)
{
	enum kb_status status = kb_runs_find(out, kb_set_words(g->join, set),
	    set->n, g->join->opts.shingling.width, err);
	uint32_t i, n = 0;

	for (i = 0; status == KB_OK && i < out->n; i++) {
		if (n == 0 || !kb_run_eq(&out->v[n - 1], &out->v[i]))
			out->v[n++] = out->v[i];
	}
	out->n = n;
	return status;
}

/* Sets of one size whose words stand in another order. */
static enum kb_status
same_set(struct grouper *g, const struct kb_join_set *a,
    const struct kb_join_set *b, bool *same, struct kb_err *err)
{
	enum kb_status status = KB_OK;
	uint32_t i;

	if (g->loaded != a)
		status = load(g, a, &g->x, err);
	g->loaded = status == KB_OK ? a : NULL;
	if (status == KB_OK)
		status = load(g, b, &g->y, err);
	*same = status == KB_OK && g->x.n == g->y.n;
	for (i = 0; *same && i < g->x.n; i++)
		*same = kb_run_eq(&g->x.v[i], &g->y.v[i]);
	return status;
}

/*
 * The sets of refs[0..n) that equal the first of them become its group, the
 * others are moved to the front: *left of them.  Those with one hash of their
 * words stand together.
 */
static enum kb_status
group_one(struct grouper *g, struct ref *refs, size_t n, size_t *left,
    struct kb_err *err)
{
	struct kb_join_set *sets = g->join->sets;
	enum kb_status status = KB_OK;
	uint32_t leader = refs[0].set, model = leader;
	bool equal = true;
	size_t i, k = 0;

	for (i = 1; i < n; i++) {
		if (refs[i].set < leader)
			leader = refs[i].set;
	}
	for (i = 0; i < n && status == KB_OK; i++) {
		struct ref ref = refs[i];
		struct kb_join_set *set = &sets[ref.set];

		if (i > 0 && ref.text == sets[model].text &&
		    same_list(g->join, &sets[model], set)) {
			set->same = model;
		} else {
			model = ref.set;
			equal = same_list(g->join, &sets[leader], set);
			if (!equal)
				status = same_set(g, &sets[leader], set,
				    &equal, err);
		}
		if (equal)
			set->leader = leader;
		else
			refs[k++] = ref;
	}
	*left = k;
	return status;
}

/* A fingerprint by another hash: what shares one by the first has no reason
   to share this. */
static enum kb_status
print_again(const struct grouper *g, struct ref *ref, struct kb_err *err)
{
	static const uint64_t key[2] = { UINT64_C(0x67726f756e647301),
	    UINT64_C(0x6b65657065720002) };
	struct kb_runs runs = { 0 };
	enum kb_status status = load(g, &g->join->sets[ref->set], &runs, err);
	uint32_t i;

	ref->print = 0;
	for (i = 0; status == KB_OK && i < runs.n; i++)
		ref->print += kb_hash_keyed(kb_str(runs.v[i].p, runs.v[i].n),
		    key);
	kb_runs_release(&runs);
	return status;
}

/* Those that stand together by ref_cmp with one fingerprint and size. */
static size_t
run_length(const struct ref *refs, size_t n)
{
	size_t k = 1;

	while (k < n && refs[k].print == refs[0].print &&
	    refs[k].size == refs[0].size)
		k++;
	return k;
}

/*
 * refs[0..n) have one fingerprint.  Where even the second one was made to be
 * the same for very many different sets, some equal ones stay alone: never
 * quadratic.
 */
static enum kb_status
group_run(struct grouper *g, struct ref *refs, size_t n, struct kb_err *err)
{
	enum kb_status status = group_one(g, refs, n, &n, err);
	size_t i, len, left;
	unsigned k;

	if (n < 2 || status != KB_OK)
		return status;
	for (i = 0; i < n && status == KB_OK; i++)
		status = print_again(g, &refs[i], err);
	if (status == KB_OK)
		qsort(refs, n, sizeof(*refs), ref_cmp);
	for (i = 0; i < n && status == KB_OK; i += len) {
		left = len = run_length(refs + i, n - i);
		for (k = 0; k < MAX_DIFFERENT && left > 1 && status == KB_OK;
		    k++)
			status = group_one(g, refs + i, left, &left, err);
	}
	return status;
}

/* Each group's sets in ascending order. */
static void
chain(struct kb_join *join)
{
	uint32_t *next;
	size_t i;

	join->ngroups = 0;
	for (i = join->nsets; i-- > 0;) {
		struct kb_join_set *set = &join->sets[i];

		if (set->leader == i) {
			join->ngroups += set->size > 0;
			continue;
		}
		next = &join->sets[set->leader].next;
		set->next = *next;
		*next = (uint32_t)i;
	}
}

enum kb_status
kb_join_group(struct kb_join *join, struct kb_err *err)
{
	struct grouper g = { .join = join };
	enum kb_status status = KB_OK;
	size_t i, len, n = 0;
	struct ref *refs;

	refs = calloc(join->nsets + 1, sizeof(*refs));
	if (refs == NULL)
		return kb_err_nomem(err);
	for (i = 0; i < join->nsets; i++) {
		struct kb_join_set *set = &join->sets[i];

		set->leader = set->same = (uint32_t)i;
		set->next = KB_JOIN_NONE;
		if (set->size > 0)
			refs[n++] = (struct ref){ set->print, set->text,
			    set->size, (uint32_t)i };
	}
	qsort(refs, n, sizeof(*refs), ref_cmp);
	for (i = 0; i < n && status == KB_OK; i += len) {
		len = run_length(refs + i, n - i);
		if (len > 1)
			status = group_run(&g, refs + i, len, err);
	}
	if (status == KB_OK)
		chain(join);
	kb_runs_release(&g.x);
	kb_runs_release(&g.y);
	free(refs);
	return status;
}
