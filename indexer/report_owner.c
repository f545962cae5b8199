/*
 * --owner: a name that no article has must not pass for "nothing to do".
 */
#include <stdlib.h>

#include "report.h"

#define SUGGESTED	3
#define COMPARED	((size_t)64)	/* bytes of a name */
#define FAR		(COMPARED + 1)

struct candidate {
	const struct kb_report_owner	*owner;
	size_t				 distance;	/* FAR: not alike */
};

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

static bool
contains(struct kb_str s, struct kb_str part)
{
	for (size_t i = 0; part.n > 0 && i + part.n <= s.n; i++)
		if (kb_str_caseeq(kb_str(s.p + i, part.n), part))
			return true;
	return false;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Levenshtein's distance: bytes put in, left out or changed, but for case. */
static size_t
distance(struct kb_str a, struct kb_str b)
{
	size_t row[COMPARED + 1], before, kept;

	a.n = least(a.n, COMPARED);
	b.n = least(b.n, COMPARED);
	for (size_t k = 0; k <= b.n; k++)
		row[k] = k;
	for (size_t i = 0; i < a.n; i++) {
		before = row[0]++;
		for (size_t k = 0; k < b.n; k++) {
			kept = before + (lower(a.p[i]) != lower(b.p[k]));
			before = row[k + 1];
			row[k + 1] = least(kept, least(before, row[k]) + 1);
		}
	}
	return row[b.n];
}

/* Alike is what differs in a third at most, or is a part of the other. */
static size_t
closeness(struct kb_str wanted, struct kb_str name)
{
	size_t d = distance(wanted, name);

	if (d * 3 <= least(wanted.n > name.n ? wanted.n : name.n, COMPARED))
		return d;
	return contains(name, wanted) || (name.n > 2 && contains(wanted,
	    name)) ? COMPARED : FAR;
}

static int
by_closeness(const void *pa, const void *pb)
{
	const struct candidate *a = pa, *b = pb;

	if (a->distance != b->distance)
		return a->distance < b->distance ? -1 : 1;
	if (a->owner->articles != b->owner->articles)
		return a->owner->articles > b->owner->articles ? -1 : 1;
	return kb_str_cmp(a->owner->name, b->owner->name);
}

static enum kb_status
refuse(struct kb_str wanted, const struct candidate *v, size_t n,
    struct kb_err *err)
{
	struct kb_buf text = { 0 };
	enum kb_status status;
	bool alike = n > 0 && v[0].distance < FAR;

	kb_buf_addc(&text, "no article has the owner '");
	kb_out_line(&text, wanted);
	kb_buf_addc(&text, n == 0 ? "'; none has an owner at all" : alike ?
	    "'; perhaps you mean " : "'; most articles belong to ");
	for (size_t i = 0; i < n && i < SUGGESTED; i++) {
		if (alike && v[i].distance == FAR)
			break;
		kb_buf_addc(&text, i > 0 ? ", '" : "'");
		kb_out_line(&text, v[i].owner->name);
		kb_buf_addch(&text, '\'');
	}
	status = kb_buf_check(&text, err);
	if (status == KB_OK)
		status = kb_err_set(err, KB_USAGE, "%.*s",
		    KB_FMT(kb_buf_str(&text)));
	kb_buf_release(&text);
	return status;
}

enum kb_status
kb_report_check_owner(const struct kb_report *r, struct kb_err *err)
{
	struct kb_str wanted = kb_str_c(r->opts->owner);
	struct candidate *v;
	enum kb_status status;
	size_t n = 0;

	for (size_t i = 0; i < r->nowners && wanted.n > 0; i++)
		if (kb_str_caseeq(r->owners[i].name, wanted))
			return KB_OK;
	if (wanted.n == 0)
		return KB_OK;
	v = calloc(r->nowners + 1, sizeof(*v));
	if (v == NULL)
		return kb_err_nomem(err);
	for (size_t i = 0; i < r->nowners; i++) {
		if (r->owners[i].name.n == 0)
			continue;
		v[n].owner = &r->owners[i];
		v[n++].distance = closeness(wanted, r->owners[i].name);
	}
	qsort(v, n, sizeof(*v), by_closeness);
	status = refuse(wanted, v, n, err);
	free(v);
	return status;
}
