/*
 * Links that lead to what goes, and from where to redirect.
 * Contract: plan.h.
 */
#include <stdlib.h>

#include "plan_impl.h"
#include "report.h"
#include "utf8.h"

/* ---- links ---- */

static size_t
first_ref(const struct kb_plan *p, int64_t target)
{
	size_t lo = 0, hi = p->nrefs;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (p->refs[mid].target < target)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* A link of an article that goes into the same one goes with it. */
static bool
is_inside(const struct kb_plan_cluster *c, int64_t n)
{
	for (size_t i = 0; i < c->nmembers; i++)
		if (c->members[i].article.n == n)
			return kb_plan_goes(&c->members[i]);
	return false;
}

static enum kb_status
read_link(struct kb_plan *p, struct kb_plan_cluster *c, size_t member,
    const struct kb_plan_ref *ref, struct kb_err *err)
{
	struct kb_plan_link *l = &c->links[c->nlinks];
	struct kb_rows *q = &p->link;
	enum kb_status status = KB_OK;

	if (is_inside(c, ref->article))
		return KB_OK;
	kb_rows_rewind(q, ref->article);
	sqlite3_bind_int64(q->stmt, 2, ref->seq);
	if (!kb_rows_next(q, &status, err))
		return status;
	l->member = member;
	l->times = 1;
	l->seq = ref->seq;
	l->own = ref->article == c->keep.n;
	l->moves = kb_plan_has(p->moving, p->nmoving, ref->article);
	l->hidden = kb_rows_int(q, 6) != 0 && !l->own;
	l->href = kb_arena_copy(&p->arena, kb_rows_text(q, 0));
	l->id = kb_arena_copy(&p->arena, kb_rows_text(q, 1));
	l->owner = kb_arena_copy(&p->arena, kb_rows_text(q, 3));
	if (!l->hidden) {
		l->title = kb_arena_copy(&p->arena, kb_rows_text(q, 2));
		l->url = kb_arena_copy(&p->arena, kb_rows_text(q, 4));
		l->edit_url = kb_arena_copy(&p->arena, kb_rows_text(q, 5));
	}
	c->nlinks++;
	return KB_OK;
}

static int
by_article(const void *pa, const void *pb)
{
	const struct kb_plan_link *a = pa, *b = pb;
	int d = (int)b->own - (int)a->own;

	if (d == 0)
		d = kb_str_cmp(a->id, b->id);
	if (d == 0)
		d = kb_str_cmp(a->href, b->href);
	if (d == 0)
		d = (a->seq > b->seq) - (a->seq < b->seq);
	return d;
}

static void
join_equal(struct kb_plan_cluster *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->nlinks; i++) {
		struct kb_plan_link *last = n > 0 ? &c->links[n - 1] : NULL;

		if (last != NULL && kb_str_eq(last->id, c->links[i].id) &&
		    kb_str_eq(last->href, c->links[i].href))
			last->times++;
		else
			c->links[n++] = c->links[i];
	}
	c->nlinks = n;
}

enum kb_status
kb_plan_links(struct kb_plan *p, struct kb_plan_cluster *c,
    struct kb_err *err)
{
	enum kb_status status = KB_OK;
	size_t most = 0, k;

	for (size_t i = 0; i < c->nmembers; i++)
		if (kb_plan_goes(&c->members[i]))
			most += c->members[i].article.inlinks;
	c->links = kb_arena_array(&p->arena, most + 1, sizeof(*c->links));
	if (c->links == NULL)
		return kb_err_nomem(err);
	for (size_t i = 0; i < c->nmembers; i++) {
		int64_t n = c->members[i].article.n;

		if (!kb_plan_goes(&c->members[i]))
			continue;
		k = first_ref(p, n);
		for (; k < p->nrefs && p->refs[k].target == n &&
		    c->nlinks < most && status == KB_OK; k++)
			status = read_link(p, c, i, &p->refs[k], err);
	}
	if (c->nlinks > 0)
		qsort(c->links, c->nlinks, sizeof(*c->links), by_article);
	join_equal(c);
	return status;
}

/* ---- redirects ---- */

void
kb_plan_redirect_header(struct kb_buf *out)
{
	kb_buf_addc(out, "old-id\tnew-id\told-url\tnew-url\topen\n");
}

/* What any reader would split at, and what would act on a terminal. */
static bool
splits(uint32_t c)
{
	return c <= 0x20 || (c >= 0x7f && c <= 0xa0) || c == 0x1680 ||
	    (c >= 0x2000 && c <= 0x200f) || (c >= 0x2028 && c <= 0x202f) ||
	    (c >= 0x205f && c <= 0x206f) || c == 0x3000 || c == 0xfeff ||
	    c == UINT32_MAX;
}

static void
add_cell(struct kb_buf *out, struct kb_str s)
{
	uint32_t c;
	size_t k;

	for (size_t i = 0; i < s.n; i += k) {
		k = kb_utf8_next(s, i, &c);
		if (!splits(c)) {
			kb_buf_add(out, kb_str(s.p + i, k));
			continue;
		}
		for (size_t j = i; j < i + k; j++)
			kb_buf_printf(out, "%%%02X", (unsigned char)s.p[j]);
	}
}

static size_t
open_of(const struct kb_plan_cluster *c, size_t member)
{
	const struct kb_plan_member *m = &c->members[member];
	size_t n = m->counts[KB_FATE_DECIDE] + m->counts[KB_FATE_ADD] +
	    m->counts[KB_FATE_AGAIN] + (m->verdict == KB_PLAN_ASK);

	for (size_t i = 0; i < c->nchoices; i++)
		n += c->choices[i].member == member;
	return n;
}

static void
add_row(struct kb_buf *out, const struct kb_plan_cluster *c, struct kb_str id,
    struct kb_str url, size_t open)
{
	add_cell(out, id);
	kb_buf_addch(out, '\t');
	add_cell(out, c->keep.id);
	kb_buf_addch(out, '\t');
	add_cell(out, url);
	kb_buf_addch(out, '\t');
	add_cell(out, c->keep.url);
	kb_buf_printf(out, "\t%zu\n", open);
}

/* An alias may be an address; "title:" is how a wiki's links are kept. */
static void
add_alias(struct kb_buf *out, const struct kb_plan_cluster *c,
    const struct kb_plan_member *m, struct kb_str alias, size_t open)
{
	if (kb_report_is_link(alias))
		add_row(out, c, m->article.id, alias, open);
	else if (!kb_str_has_prefix(alias, KB_STR("title:")))
		add_row(out, c, alias, kb_str("", 0), open);
}

void
kb_plan_redirects(struct kb_buf *out, const struct kb_plan_cluster *c)
{
	for (size_t i = 0; i < c->nmembers; i++) {
		const struct kb_plan_member *m = &c->members[i];
		struct kb_str none = kb_str("", 0);
		size_t open = open_of(c, i);

		if (!kb_plan_goes(m))
			continue;
		add_row(out, c, m->article.id, m->article.hidden ? none :
		    m->article.url, open);
		for (size_t k = 0; k < m->naliases; k++)
			if (!m->article.hidden && !kb_str_eq(m->aliases[k],
			    m->article.id))
				add_alias(out, c, m, m->aliases[k], open);
	}
}

enum kb_status
kb_plan_tsv(struct kb_plan *p, struct kb_out *out, struct kb_buf *redirects,
    struct kb_err *err)
{
	struct kb_plan_cluster c;
	enum kb_status status = KB_OK;

	kb_plan_redirect_header(&out->buf);
	for (size_t i = 0; i < p->nunits && (!out->done ||
	    redirects != NULL); i++) {
		status = kb_plan_read(p, i, &c, err);
		if (status != KB_OK)
			break;
		kb_plan_redirects(&out->buf, &c);
		if (redirects != NULL)
			kb_plan_redirects(redirects, &c);
		kb_out_spill(out);
	}
	return status;
}
