#include "similar_report.h"

#include <stdlib.h>

#include "cli.h"
#include "date.h"

enum column {
	ID, TITLE, URL, EDIT_URL, OWNER, MODIFIED, REVIEWED, CREATED, STATUS,
	CLUSTER, CANONICAL, CANONICAL_TITLE, CANONICAL_URL
};

static const char sql_article[] =
"SELECT a.id, a.title, a.url, a.edit_url, a.owner, a.modified, a.reviewed,"
" a.created, a.status, a.cluster, c.id, c.title,"
" coalesce(c.edit_url, c.url)"
" FROM article a LEFT JOIN article c ON c.n = a.cluster WHERE a.n = ?1";

static const char sql_by_id[] = "SELECT n FROM article WHERE id = ?1";

/* What is said of one draft while it is told. */
struct telling {
	struct kb_similar_report	*r;
	const struct kb_draft		*draft;
	const struct kb_similar_hits	*hits;
	int64_t				 itself;	/* article, or 0 */
	size_t				 others;	/* hits but for it */
};

enum kb_status
kb_similar_report_begin(struct kb_similar_report *r, struct kb_err *err)
{
	enum kb_status status = kb_rows_open(&r->articles, r->store,
	    sql_article, err);

	if (status == KB_OK)
		status = kb_rows_open(&r->by_id, r->store, sql_by_id, err);
	if (status != KB_OK || !r->json)
		return status;
	kb_json_init(&r->writer, &r->out.buf);
	kb_json_begin_object(&r->writer);
	kb_json_kv_int(&r->writer, "format", 1);
	kb_json_kv_str(&r->writer, "generation", kb_str_c(
	    kb_store_generation(r->store)));
	kb_json_key(&r->writer, "threshold");
	kb_json_real(&r->writer, (double)r->least.count / r->least.of, 6);
	kb_json_key(&r->writer, "drafts");
	kb_json_begin_array(&r->writer);
	return KB_OK;
}

int
kb_similar_report_end(struct kb_similar_report *r)
{
	if (r->json && r->writer.out != NULL) {
		kb_json_end_array(&r->writer);
		kb_json_end_object(&r->writer);
		kb_buf_addch(&r->out.buf, '\n');
	}
	kb_rows_close(&r->articles);
	kb_rows_close(&r->by_id);
	return kb_out_end(&r->out);
}

/* ---- what is known of a hit ---- */

static double
ratio(uint64_t part, uint64_t whole)
{
	return whole > 0 ? (double)part / (double)whole : 0;
}

static uint64_t
all_of(const struct kb_similar_hit *h)
{
	return (uint64_t)h->size + h->draft - h->shared;
}

static bool
is_near(const struct telling *t, const struct kb_similar_hit *h)
{
	return h->shared * (uint64_t)t->r->near.of >= all_of(h) *
	    t->r->near.count;
}

/* The same words in the same order: looked up where it may be so. */
static enum kb_status
compare_words(const struct telling *t, const struct kb_similar_hit *h,
    bool *same, struct kb_err *err)
{
	struct kb_buf words = { 0 };
	enum kb_status status = KB_OK;

	*same = false;
	if (all_of(h) == h->shared)
		status = kb_similar_words(t->r->similar, h->article, &words,
		    err);
	if (status == KB_OK && all_of(h) == h->shared)
		*same = kb_str_eq(kb_buf_str(&words),
		    kb_buf_str(&t->draft->words));
	kb_buf_release(&words);
	return status;
}

static int32_t
date_in(const struct kb_rows *rows, enum column column)
{
	int64_t v = kb_rows_int(rows, (int)column);

	return v > 0 && v <= INT32_MAX && kb_date_valid((int32_t)v) ?
	    (int32_t)v : 0;
}

/* The later of reviewed and modified, else created: what "stale" looks at. */
static int32_t
cared_for(const struct kb_rows *rows)
{
	int32_t modified = date_in(rows, MODIFIED);
	int32_t reviewed = date_in(rows, REVIEWED);
	int32_t later = modified > reviewed ? modified : reviewed;

	return later != 0 ? later : date_in(rows, CREATED);
}

static enum kb_article_status
status_in(const struct kb_rows *rows)
{
	int64_t v = kb_rows_int(rows, STATUS);

	return v >= 0 && v <= KB_ARTICLE_SUPERSEDED ?
	    (enum kb_article_status)v : KB_ARTICLE_RETIRED;
}

/* Another article stands for its cluster. */
static bool
has_canonical(const struct kb_rows *rows, int64_t article)
{
	return !kb_rows_is_null(rows, CANONICAL) &&
	    kb_rows_int(rows, CLUSTER) != article;
}

/* The hit that a writer should look at: the best that is not the draft. */
static const struct kb_similar_hit *
best_other(const struct telling *t)
{
	for (size_t i = 0; i < t->hits->n; i++)
		if (t->hits->v[i].article != t->itself)
			return &t->hits->v[i];
	return NULL;
}

/* False with *status untouched: the index has no such article. */
static bool
find_article(const struct telling *t, int64_t article,
    enum kb_status *status, struct kb_err *err)
{
	kb_rows_rewind(&t->r->articles, article);
	return kb_rows_next(&t->r->articles, status, err);
}

/* ---- text ---- */

static void
add_dates(struct kb_buf *out, const struct telling *t)
{
	const struct kb_rows *rows = &t->r->articles;
	int32_t day = cared_for(rows);
	char text[11];

	if (day == 0) {
		kb_buf_addc(out, "; no date");
		return;
	}
	kb_buf_printf(out, "; last changed or reviewed %s",
	    kb_date_format(day, text));
	if (t->r->as_of != 0 && t->r->as_of > day)
		kb_buf_printf(out, ", %d days before the index",
		    (int)(kb_date_days(t->r->as_of) - kb_date_days(day)));
}

static void
add_about(struct kb_buf *out, const struct telling *t, int64_t article)
{
	const struct kb_rows *rows = &t->r->articles;
	struct kb_str owner = kb_rows_text(rows, OWNER);
	enum kb_article_status status = status_in(rows);

	kb_buf_addc(out, "                         ");
	if (owner.n > 0) {
		kb_buf_addc(out, "owner ");
		kb_out_line(out, owner);
	} else {
		kb_buf_addc(out, "no owner");
	}
	add_dates(out, t);
	if (status != KB_ARTICLE_PUBLISHED)
		kb_buf_printf(out, "; %s", kb_article_status_name(status));
	if (has_canonical(rows, article)) {
		kb_buf_addc(out, "; ");
		kb_out_id(out, kb_rows_text(rows, CANONICAL));
		kb_buf_addc(out, " stands for it");
	}
	kb_buf_addch(out, '\n');
}

/* Shares are cut, not rounded: 1.00 is all of it. */
static void
add_share(struct kb_buf *out, uint64_t part, uint64_t whole, int width)
{
	uint64_t percent = whole > 0 ? part * 100 / whole : 0;

	kb_buf_printf(out, "%*u.%02u", width - 3, (unsigned)(percent / 100),
	    (unsigned)(percent % 100));
}

static void
add_hit(struct kb_buf *out, const struct telling *t,
    const struct kb_similar_hit *h, bool same)
{
	const struct kb_rows *rows = &t->r->articles;

	add_share(out, h->shared, all_of(h), 7);
	add_share(out, h->shared, h->draft, 7);
	add_share(out, h->shared, h->size, 9);
	kb_buf_addc(out, "  ");
	kb_out_id(out, kb_rows_text(rows, ID));
	kb_buf_addc(out, "  ");
	kb_out_line(out, kb_rows_text(rows, TITLE));
	if (h->article == t->itself)
		kb_buf_addc(out, "  (itself)");
	else if (same)
		kb_buf_addc(out, "  (word for word)");
	kb_buf_addch(out, '\n');
	add_about(out, t, h->article);
}

static void
add_advice(struct kb_buf *out, const struct telling *t,
    const struct kb_similar_hit *h)
{
	const struct kb_rows *rows = &t->r->articles;
	bool canonical = has_canonical(rows, h->article) &&
	    kb_rows_int(rows, CLUSTER) != t->itself;
	struct kb_str url = kb_rows_text(rows, canonical ? CANONICAL_URL :
	    EDIT_URL);

	if (!canonical && url.n == 0)
		url = kb_rows_text(rows, URL);
	kb_buf_addc(out, !is_near(t, h) ? h->shared == h->draft ?
	    "  All of it is said already: see " :
	    "  Much of it is said already: see " : t->itself != 0 ?
	    "  The index has it twice: merge it with " :
	    "  You would write it again: edit ");
	kb_out_id(out, kb_rows_text(rows, canonical ? CANONICAL : ID));
	if (is_near(t, h) && t->itself == 0)
		kb_buf_addc(out, " instead");
	if (url.n > 0) {
		kb_buf_addc(out, "  ");
		kb_out_line(out, url);
	}
	kb_buf_addch(out, '\n');
}

static void
add_head(struct kb_buf *out, const struct telling *t)
{
	kb_out_line(out, t->draft->place);
	if (t->draft->record > 0)
		kb_buf_printf(out, "#%zu", t->draft->record);
	if (t->draft->title.n > 0) {
		kb_buf_addc(out, ": ");
		kb_out_line(out, t->draft->title);
	}
	kb_buf_addch(out, '\n');
	if (t->hits->draft == 0)
		kb_buf_addc(out, "  It has no words to compare.\n");
	else if (t->hits->n == 0)
		kb_buf_printf(out, "  No article resembles it by %u/%u or "
		    "more.\n", (unsigned)t->r->least.count,
		    (unsigned)t->r->least.of);
	else
		kb_buf_addc(out, "  alike  draft  article\n");
}

static enum kb_status
tell_text(struct telling *t, struct kb_err *err)
{
	const struct kb_similar_hit *best = best_other(t);
	struct kb_buf *out = &t->r->out.buf;
	enum kb_status status = KB_OK;
	bool same;

	add_head(out, t);
	for (size_t i = 0; i < t->hits->n && i < t->r->limit; i++) {
		const struct kb_similar_hit *h = &t->hits->v[i];

		status = compare_words(t, h, &same, err);
		if (find_article(t, h->article, &status, err))
			add_hit(out, t, h, same);
		if (status != KB_OK)
			return status;
	}
	if (t->hits->n > t->r->limit)
		kb_buf_printf(out, "  and %zu more\n", t->hits->n -
		    t->r->limit);
	if (best != NULL && find_article(t, best->article, &status, err))
		add_advice(out, t, best);
	else if (t->hits->n > 0)
		kb_buf_addc(out, "  It is in the index, and nothing else "
		    "is like it.\n");
	kb_buf_addch(out, '\n');
	return status;
}

/* ---- JSON ---- */

static void
put_date(struct kb_json *j, const char *key, int32_t date)
{
	char text[11];

	kb_json_kv_str(j, key, kb_str_c(kb_date_format(date, text)));
}

static void
put_ratio(struct kb_json *j, const char *key, uint64_t part, uint64_t whole)
{
	kb_json_key(j, key);
	kb_json_real(j, ratio(part, whole), 6);
}

static void
put_bool(struct kb_json *j, const char *key, bool v)
{
	kb_json_key(j, key);
	kb_json_bool(j, v);
}

static void
put_article(struct kb_json *j, const struct telling *t, int64_t article)
{
	const struct kb_rows *rows = &t->r->articles;

	kb_json_kv_str(j, "id", kb_rows_text(rows, ID));
	kb_json_kv_str(j, "title", kb_rows_text(rows, TITLE));
	kb_json_kv_str(j, "url", kb_rows_text(rows, URL));
	kb_json_kv_str(j, "edit_url", kb_rows_text(rows, EDIT_URL));
	kb_json_kv_str(j, "owner", kb_rows_text(rows, OWNER));
	put_date(j, "modified", date_in(rows, MODIFIED));
	put_date(j, "reviewed", date_in(rows, REVIEWED));
	kb_json_kv_str(j, "status", kb_str_c(kb_article_status_name(
	    status_in(rows))));
	kb_json_kv_str(j, "canonical", has_canonical(rows, article) ?
	    kb_rows_text(rows, CANONICAL) : kb_str("", 0));
}

static void
put_hit(struct kb_json *j, const struct telling *t,
    const struct kb_similar_hit *h, bool same)
{
	kb_json_begin_object(j);
	put_article(j, t, h->article);
	put_bool(j, "itself", h->article == t->itself);
	put_bool(j, "identical", same);
	kb_json_kv_int(j, "shared", h->shared);
	kb_json_kv_int(j, "size", h->size);
	put_ratio(j, "resemblance", h->shared, all_of(h));
	put_ratio(j, "containment_draft", h->shared, h->draft);
	put_ratio(j, "containment_article", h->shared, h->size);
	kb_json_end_object(j);
}

/* The article to edit instead of writing the draft, or null. */
static enum kb_status
put_instead(struct telling *t, struct kb_err *err)
{
	const struct kb_similar_hit *best = best_other(t);
	const struct kb_rows *rows = &t->r->articles;
	struct kb_str id = { NULL, 0 };
	enum kb_status status = KB_OK;

	if (best != NULL && is_near(t, best) &&
	    find_article(t, best->article, &status, err))
		id = kb_rows_text(rows, has_canonical(rows, best->article) &&
		    kb_rows_int(rows, CLUSTER) != t->itself ? CANONICAL : ID);
	kb_json_kv_str(&t->r->writer, "instead", id);
	return status;
}

static enum kb_status
put_hits(struct telling *t, struct kb_err *err)
{
	struct kb_json *j = &t->r->writer;
	enum kb_status status = KB_OK;
	bool same;

	kb_json_key(j, "hits");
	kb_json_begin_array(j);
	for (size_t i = 0; i < t->hits->n && i < t->r->limit; i++) {
		const struct kb_similar_hit *h = &t->hits->v[i];

		status = compare_words(t, h, &same, err);
		if (find_article(t, h->article, &status, err))
			put_hit(j, t, h, same);
		if (status != KB_OK)
			return status;
	}
	kb_json_end_array(j);
	return KB_OK;
}

static enum kb_status
tell_json(struct telling *t, struct kb_err *err)
{
	struct kb_json *j = &t->r->writer;
	enum kb_status status;

	if (t->r->drafts > 0)
		kb_buf_addch(&t->r->out.buf, '\n');
	kb_json_begin_object(j);
	kb_json_kv_str(j, "path", t->draft->place);
	kb_json_key(j, "record");
	if (t->draft->record > 0)
		kb_json_int(j, (int64_t)t->draft->record);
	else
		kb_json_null(j);
	kb_json_kv_str(j, "id", t->draft->id);
	kb_json_kv_str(j, "title", t->draft->title);
	put_bool(j, "in_index", t->itself != 0);
	kb_json_kv_int(j, "shingles", t->hits->draft);
	kb_json_kv_int(j, "found", (int64_t)t->others);
	status = put_instead(t, err);
	if (status == KB_OK)
		status = put_hits(t, err);
	kb_json_end_object(j);
	return status;
}

/* ---- both ---- */

static enum kb_status
find_itself(struct telling *t, struct kb_err *err)
{
	struct kb_rows *rows = &t->r->by_id;
	enum kb_status status = KB_OK;

	if (t->draft->id.n == 0)
		return KB_OK;
	sqlite3_reset(rows->stmt);
	sqlite3_bind_text64(rows->stmt, 1, t->draft->id.p, t->draft->id.n,
	    SQLITE_TRANSIENT, SQLITE_UTF8);
	while (kb_rows_next(rows, &status, err))
		t->itself = kb_rows_int(rows, 0);
	return status;
}

enum kb_status
kb_similar_report_draft(struct kb_similar_report *r,
    const struct kb_draft *draft, const struct kb_similar_hits *hits,
    struct kb_err *err)
{
	struct telling t = { r, draft, hits, 0, hits->n };
	enum kb_status status = find_itself(&t, err);

	for (size_t i = 0; i < hits->n; i++)
		t.others -= hits->v[i].article == t.itself;
	if (status == KB_OK)
		status = r->json ? tell_json(&t, err) : tell_text(&t, err);
	r->drafts++;
	r->found += t.others > 0;
	kb_out_spill(&r->out);
	return status;
}
