/*
 * Articles that stand inside of others.  Contract: plan_impl.h.
 */
#include "plan_impl.h"

#include <stdlib.h>

/* The one that has most of an article comes first among its holders. */
static const char sql_contained[] =
"SELECT d.a, d.b, d.size_a, d.size_b, x.views, x.words, y.views, y.words"
" FROM duplicate d JOIN article x ON x.n = d.a JOIN article y ON y.n = d.b"
" WHERE d.relation = 'contained' ORDER BY d.shared DESC, d.a, d.b";

struct inside {
	int64_t		n, holder;
	uint64_t	views, words;
};

struct insides {
	struct inside	*v;		/* the best holder first, for each */
	size_t		 n, size;
};

/* The smaller is inside; of two of one size that with the lower number. */
static bool
take_contained(struct insides *in, const struct kb_rows *rows)
{
	int64_t a = kb_rows_int(rows, 0), b = kb_rows_int(rows, 1);
	bool first = kb_rows_int(rows, 2) <= kb_rows_int(rows, 3);
	void *v = in->v;
	bool good = kb_plan_grow(&v, &in->size, in->n, sizeof(*in->v));

	in->v = v;
	if (good)
		in->v[in->n++] = (struct inside){ first ? a : b,
		    first ? b : a, kb_plan_count(rows, first ? 4 : 6),
		    kb_plan_count(rows, first ? 5 : 7) };
	return good;
}

static enum kb_status
load_contained(struct kb_plan *p, struct insides *in, struct kb_err *err)
{
	struct kb_rows rows;
	enum kb_status status = kb_rows_open(&rows, p->store, sql_contained,
	    err);

	while (status == KB_OK && kb_rows_next(&rows, &status, err))
		if (!take_contained(in, &rows))
			status = kb_err_nomem(err);
	kb_rows_close(&rows);
	return status;
}

struct sets {
	int64_t	*settled;	/* in a cluster already: they cannot move */
	int64_t	*members;	/* that go with their cluster */
	int64_t	*inside;
	size_t	 nsettled, nmembers, ninside;
};

static bool
sets_make(struct sets *s, const struct kb_plan *p, const struct insides *in)
{
	memset(s, 0, sizeof(*s));
	s->settled = calloc(p->nkeys * 2 + 1, sizeof(int64_t));
	s->members = calloc(p->nkeys + 1, sizeof(int64_t));
	s->inside = calloc(in->n + 1, sizeof(int64_t));
	if (s->settled == NULL || s->members == NULL || s->inside == NULL)
		return false;
	for (size_t i = 0; i < p->nkeys; i++) {
		s->settled[s->nsettled++] = p->keys[i].n;
		s->settled[s->nsettled++] = p->keys[i].keep;
		if (p->keys[i].relation != KB_PLAN_VERSION)
			s->members[s->nmembers++] = p->keys[i].n;
	}
	qsort(s->settled, s->nsettled, sizeof(int64_t), kb_plan_by_n);
	qsort(s->members, s->nmembers, sizeof(int64_t), kb_plan_by_n);
	for (size_t i = 0; i < in->n; i++)
		if (!kb_plan_has(s->settled, s->nsettled, in->v[i].n))
			s->inside[s->ninside++] = in->v[i].n;
	qsort(s->inside, s->ninside, sizeof(int64_t), kb_plan_by_n);
	return true;
}

static void
sets_release(struct sets *s)
{
	free(s->settled);
	free(s->members);
	free(s->inside);
}

static int
by_inside(const void *pa, const void *pb)
{
	const struct inside *a = *(const struct inside *const *)pa;
	const struct inside *b = *(const struct inside *const *)pb;
	int d = kb_plan_compare(a->n, b->n);

	return d != 0 ? d : (a > b) - (a < b);
}

/*
 * Each goes into the first holder that stays itself, so that no redirect
 * leads to another; where there is none it waits for the next plan.
 */
static bool
place_one(struct kb_plan *p, const struct sets *s,
    const struct inside *const *v, size_t n)
{
	size_t i = 0;

	if (kb_plan_has(s->settled, s->nsettled, v[0]->n)) {
		p->later += !kb_plan_has(s->members, s->nmembers, v[0]->n);
		return true;
	}
	while (i < n && (kb_plan_has(s->members, s->nmembers, v[i]->holder) ||
	    kb_plan_has(s->inside, s->ninside, v[i]->holder)))
		i++;
	p->later += i == n;
	return i == n || kb_plan_add_key(p, (struct kb_plan_key){
	    .keep = v[i]->holder, .n = v[i]->n,
	    .relation = KB_PLAN_CONTAINED, .views = v[i]->views,
	    .words = v[i]->words });
}

static bool
place_contained(struct kb_plan *p, const struct insides *in,
    const struct sets *s)
{
	const struct inside **v = calloc(in->n + 1, sizeof(*v));
	size_t i = 0, from;
	bool good = v != NULL;

	for (size_t k = 0; good && k < in->n; k++)
		v[k] = &in->v[k];
	if (good)
		qsort(v, in->n, sizeof(*v), by_inside);
	while (good && i < in->n) {
		for (from = i; i < in->n && v[i]->n == v[from]->n;)
			i++;
		good = place_one(p, s, v + from, i - from);
	}
	free(v);
	return good;
}

enum kb_status
kb_plan_contained(struct kb_plan *p, struct kb_err *err)
{
	struct insides in = { 0 };
	struct sets sets = { 0 };
	enum kb_status status = load_contained(p, &in, err);

	if (status == KB_OK && (!sets_make(&sets, p, &in) ||
	    !place_contained(p, &in, &sets)))
		status = kb_err_nomem(err);
	sets_release(&sets);
	free(in.v);
	return status;
}
