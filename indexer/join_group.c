/*
 * join_group: sets that are equal.  Contract: join_impl.h.
 */
#include "join_impl.h"

#include <stdlib.h>
#include <string.h>

#define MAX_DIFFERENT	64		/* sets of one fingerprint */

struct ref {
	uint64_t	print, text;
	uint32_t	size, set;
};

/* A run of words, with its hash. */
struct element {
	uint64_t	key;
	struct kb_run	run;
};

struct grouper {
	struct kb_join	*join;
	struct kb_view	 view;
	struct kb_starts starts;
	struct element	*x, *y;
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

static int
element_cmp(const void *a, const void *b)
{
	const struct element *x = a, *y = b;

	return x->key < y->key ? -1 : x->key > y->key;
}

static bool
same_list(const struct kb_join *join, const struct kb_join_set *x,
    const struct kb_join_set *y)
{
	return x->words_n == y->words_n && memcmp(join->map + x->words_at,
	    join->map + y->words_at, x->words_n) == 0;
}

static enum kb_status
load(struct grouper *g, const struct kb_join_set *set, struct element *out,
    struct kb_err *err)
{
	const uint64_t *v;
	enum kb_status status;
	uint32_t i, n = 0;

	status = kb_join_fetch(g->join, &g->view, set, &v, err);
	if (status == KB_OK)
		status = kb_starts_find(&g->starts, g->join, set, err);
	for (i = 0; status == KB_OK && i < set->n; i++) {
		if (v[i] != 0)
			out[n++] = (struct element){ v[i], kb_starts_run(
			    &g->starts, g->join, i) };
	}
	if (status == KB_OK)
		qsort(out, n, sizeof(*out), element_cmp);
	return status;
}

/* Sets of one size whose words stand in another order. */
static enum kb_status
same_set(struct grouper *g, const struct kb_join_set *a,
    const struct kb_join_set *b, bool *same, struct kb_err *err)
{
	size_t n = (size_t)g->join->largest + 1, i;
	enum kb_status status;

	if (g->x == NULL)
		g->x = malloc(n * sizeof(*g->x));
	if (g->y == NULL)
		g->y = malloc(n * sizeof(*g->y));
	if (g->x == NULL || g->y == NULL)
		return kb_err_nomem(err);
	status = load(g, a, g->x, err);
	if (status == KB_OK)
		status = load(g, b, g->y, err);
	*same = true;
	for (i = 0; status == KB_OK && *same && i < a->size; i++)
		*same = g->x[i].key == g->y[i].key &&
		    g->x[i].run.n == g->y[i].run.n &&
		    kb_run_same(g->join, &g->x[i].run, g->y[i].run.at);
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

/*
 * refs[0..n) have one fingerprint.  Where that was made on purpose for very
 * many different sets, some equal ones stay alone: never quadratic.
 */
static enum kb_status
group_run(struct grouper *g, struct ref *refs, size_t n, struct kb_err *err)
{
	enum kb_status status = KB_OK;
	unsigned i;

	for (i = 0; i < MAX_DIFFERENT && n > 1 && status == KB_OK; i++)
		status = group_one(g, refs, n, &n, err);
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
	size_t i, j, n = 0;
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
	for (i = 0; i < n && status == KB_OK; i = j) {
		for (j = i + 1; j < n && refs[j].print == refs[i].print &&
		    refs[j].size == refs[i].size; j++)
			;
		if (j - i > 1)
			status = group_run(&g, refs + i, j - i, err);
	}
	if (status == KB_OK)
		chain(join);
	kb_view_release(&g.view);
	free(g.starts.v);
	free(g.x);
	free(g.y);
	free(refs);
	return status;
}
