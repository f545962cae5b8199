/*
 * What to do first, from findings in their order: one thing an article, one
 * a cluster.
 */
#include <stdlib.h>

#include "report.h"

static struct kb_report_article *
article_at(struct kb_report *r, const struct kb_report_key *key)
{
	return key->article != UINT32_MAX ? &r->articles[key->article] :
	    NULL;
}

static struct kb_report_article *
canonical_of(struct kb_report *r, const struct kb_report_article *a)
{
	size_t lo = 0, hi = r->narticles;

	while (lo < hi && a->cluster != 0) {
		size_t mid = lo + (hi - lo) / 2;

		if (r->articles[mid].n == a->cluster)
			return &r->articles[mid];
		if (r->articles[mid].n < a->cluster)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

static bool
is_duplicate(const struct kb_report *r, const struct kb_report_key *key)
{
	struct kb_str name = r->codes[key->code].name;

	return kb_str_eq(name, KB_STR("identical")) ||
	    kb_str_eq(name, KB_STR("near-duplicate"));
}

static enum kb_status
count_members(struct kb_report *r, int64_t cluster, size_t *n,
    struct kb_err *err)
{
	struct kb_report_member m;
	enum kb_status status = KB_OK;

	kb_report_members(r, cluster);
	for (*n = 0; kb_report_next_member(r, &m, &status, err);)
		++*n;
	return status;
}

/* True when keys[i] asks for something that was not asked for before. */
static bool
take(struct kb_report *r, size_t i, struct kb_report_todo *todo)
{
	const struct kb_report_key *key = &r->keys[i];
	struct kb_report_article *a = article_at(r, key), *canon;

	*todo = (struct kb_report_todo){ i, 0, 0 };
	if (a == NULL)
		return true;
	canon = canonical_of(r, a);
	if (canon != NULL && canon != a && canon->merged)
		return false;
	if (canon != NULL && is_duplicate(r, key)) {
		canon->merged = true;
		todo->cluster = canon->n;
		return true;
	}
	if (a->done)
		return false;
	a->done = true;
	return true;
}

enum kb_status
kb_report_todos(struct kb_report *r, size_t most, struct kb_report_todo **v,
    size_t *n, struct kb_err *err)
{
	size_t cap = most < r->nkeys ? most : r->nkeys, count = 0;
	struct kb_report_todo *list = kb_arena_array(&r->arena, cap + 1,
	    sizeof(*list));
	enum kb_status status = KB_OK;

	if (list == NULL)
		return kb_err_nomem(err);
	for (size_t i = 0; i < r->narticles; i++)
		r->articles[i].done = r->articles[i].merged = false;
	for (size_t i = 0; i < r->nkeys && count < cap; i++)
		count += take(r, i, &list[count]);
	for (size_t i = 0; i < count && status == KB_OK; i++)
		if (list[i].cluster != 0)
			status = count_members(r, list[i].cluster,
			    &list[i].members, err);
	*v = list;
	*n = count;
	return status;
}

enum kb_status
kb_report_others(struct kb_report *r, size_t key, struct kb_buf *out,
    struct kb_err *err)
{
	const struct kb_report_key *k = &r->keys[key];
	struct kb_report_article *a = article_at(r, k);
	enum kb_status status = KB_OK;
	bool first = true;

	if (a == NULL)
		return KB_OK;
	kb_rows_rewind(&r->others, a->n);
	while (kb_rows_next(&r->others, &status, err)) {
		struct kb_str code = kb_rows_text(&r->others, 0);

		if (kb_str_eq(code, r->codes[k->code].name))
			continue;
		kb_buf_addc(out, first ? "" : ", ");
		kb_buf_add(out, code);
		first = false;
	}
	return status;
}

static int
by_findings(const void *pa, const void *pb)
{
	const struct kb_report_owner *a = pa, *b = pb;

	if (a->findings != b->findings)
		return a->findings > b->findings ? -1 : 1;
	return kb_str_cmp(a->name, b->name);
}

struct kb_report_owner *
kb_report_owners(struct kb_report *r, size_t *n)
{
	struct kb_report_owner *v = kb_arena_array(&r->arena, r->nowners + 1,
	    sizeof(*v));

	*n = 0;
	if (v == NULL)
		return NULL;
	for (size_t i = 0; i < r->nowners; i++)
		if (r->owners[i].findings > 0)
			v[(*n)++] = r->owners[i];
	qsort(v, *n, sizeof(*v), by_findings);
	return v;
}

static int
by_priority(const void *pa, const void *pb)
{
	const struct kb_report_code *a = pa, *b = pb;

	if (a->priority != b->priority)
		return a->priority > b->priority ? -1 : 1;
	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return kb_str_cmp(a->name, b->name);
}

struct kb_report_code *
kb_report_codes(struct kb_report *r, size_t *n)
{
	struct kb_report_code *v = kb_arena_array(&r->arena, r->ncodes + 1,
	    sizeof(*v));

	*n = 0;
	if (v == NULL)
		return NULL;
	for (size_t i = 0; i < r->ncodes; i++)
		if (r->codes[i].count > 0)
			v[(*n)++] = r->codes[i];
	qsort(v, *n, sizeof(*v), by_priority);
	return v;
}
