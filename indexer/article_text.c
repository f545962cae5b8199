#include "article_text_impl.h"

#include <stdlib.h>

#include "date.h"
#include "utf8.h"

enum {
	SQL_FIND, SQL_ARTICLE, SQL_SIZE, SQL_PASSAGES, SQL_PLACES, SQL_N
};

static const char *const sql[SQL_N] = {
	[SQL_FIND] = "SELECT n FROM article WHERE id = ?1 UNION ALL "
	    "SELECT article FROM alias WHERE alias = ?1 LIMIT 1",
	[SQL_ARTICLE] = "SELECT id, title, url, edit_url, path, member, lang, "
	    "owner, product, version, relation, audience, category, number, "
	    "cluster, views, modified, reviewed, status, restricted "
	    "FROM article WHERE n = ?1",
	[SQL_SIZE] = "SELECT count(*), sum(length(CAST(text AS BLOB)) + "
	    "ifnull(length(map), 0)) FROM passage WHERE article = ?1",
	[SQL_PASSAGES] = "SELECT n, seq, field, start, end, heading, anchor, "
	    "lead, map, text, context FROM passage WHERE article = ?1 "
	    "ORDER BY seq, n",
	[SQL_PLACES] = "SELECT at, heading, anchor FROM place "
	    "WHERE passage = ?1 ORDER BY at",
};

struct kb_article_reader {
	sqlite3			*db;
	struct kb_store		*store;		/* may be NULL */
	sqlite3_stmt		*st[SQL_N];
};

static enum kb_status
fail(struct kb_article_reader *r, struct kb_err *err)
{
	if (r->store != NULL)
		return kb_store_error(r->store, err);
	return kb_err_set(err, sqlite3_errcode(r->db) == SQLITE_NOMEM ?
	    KB_NOMEM : KB_IO, "cannot read the index: %s",
	    sqlite3_errmsg(r->db));
}

enum kb_status
kb_article_reader_open(struct kb_article_reader **out, sqlite3 *db,
    struct kb_store *store, struct kb_err *err)
{
	struct kb_article_reader *r = calloc(1, sizeof(*r));
	enum kb_status status = KB_OK;

	if (r == NULL)
		return kb_err_nomem(err);
	r->db = db;
	r->store = store;
	for (int i = 0; i < SQL_N && status == KB_OK; i++)
		if (sqlite3_prepare_v2(db, sql[i], -1, &r->st[i], NULL) !=
		    SQLITE_OK)
			status = fail(r, err);
	if (status != KB_OK) {
		kb_article_reader_close(r);
		return status;
	}
	*out = r;
	return KB_OK;
}

void
kb_article_reader_close(struct kb_article_reader *r)
{
	if (r == NULL)
		return;
	for (int i = 0; i < SQL_N; i++)
		sqlite3_finalize(r->st[i]);
	free(r);
}

/* ---- columns ---- */

static struct kb_str
column(sqlite3_stmt *st, int i, struct kb_arena *arena)
{
	const void *p = sqlite3_column_blob(st, i);
	int n = sqlite3_column_bytes(st, i);

	if (p == NULL || n <= 0)
		return kb_str("", 0);
	return kb_arena_copy(arena, kb_str(p, (size_t)n));
}

/* Text must be UTF-8, or it is cut where it stops being it. */
static struct kb_str
text_column(sqlite3_stmt *st, int i, struct kb_arena *arena)
{
	struct kb_str s = column(st, i, arena);

	s.n = kb_utf8_valid(s);
	s.n = s.n > 0 ? strnlen(s.p, s.n) : 0;
	return s;
}

static uint64_t
offset_column(sqlite3_stmt *st, int i)
{
	int64_t v = sqlite3_column_int64(st, i);

	return v > 0 ? (uint64_t)v : 0;
}

static int32_t
date_column(sqlite3_stmt *st, int i)
{
	int64_t v = sqlite3_column_int64(st, i);

	return v > 0 && v <= INT32_MAX && kb_date_valid((int32_t)v) ?
	    (int32_t)v : 0;
}

/* True with a row; false at the end, or with *status set. */
static bool
step(struct kb_article_reader *r, int which, enum kb_status *status,
    struct kb_err *err)
{
	int rc;

	if (*status != KB_OK)
		return false;
	rc = sqlite3_step(r->st[which]);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		*status = fail(r, err);
	return rc == SQLITE_ROW;
}

enum kb_status
kb_article_reader_find(int64_t *out, struct kb_article_reader *r,
    struct kb_str id, struct kb_err *err)
{
	sqlite3_stmt *st = r->st[SQL_FIND];
	enum kb_status status = KB_OK;

	sqlite3_bind_text64(st, 1, id.n > 0 ? id.p : "", id.n, SQLITE_STATIC,
	    SQLITE_UTF8);
	if (step(r, SQL_FIND, &status, err))
		*out = sqlite3_column_int64(st, 0);
	else if (status == KB_OK)
		status = kb_err_set(err, KB_NOTFOUND, "the index has no "
		    "article '%.*s'", KB_FMT(id));
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	return status;
}

/* ---- what is known of the article ---- */

static void
read_columns(struct kb_article_text *out, sqlite3_stmt *st,
    struct kb_arena *arena)
{
	struct kb_str *const texts[] = {
		&out->id, &out->title, &out->url, &out->edit_url, &out->path,
		&out->member, &out->lang, &out->owner, &out->product,
		&out->version, &out->relation, &out->audience, &out->category
	};
	int i, status;

	/* A file may be called anything: names are not cut. */
	for (i = 0; i < (int)(sizeof(texts) / sizeof(texts[0])); i++)
		*texts[i] = texts[i] == &out->id || texts[i] == &out->path ?
		    column(st, i, arena) : text_column(st, i, arena);
	out->number = sqlite3_column_int64(st, i++);
	out->cluster = sqlite3_column_int64(st, i++);
	out->views = sqlite3_column_type(st, i) == SQLITE_NULL ? -1 :
	    sqlite3_column_int64(st, i);
	out->modified = date_column(st, i + 1);
	out->reviewed = date_column(st, i + 2);
	status = sqlite3_column_int(st, i + 3);
	out->status = status >= 0 && status <= KB_ARTICLE_SUPERSEDED ?
	    (enum kb_article_status)status : KB_ARTICLE_RETIRED;
	out->restricted = sqlite3_column_int(st, i + 4) != 0;
}

static enum kb_status
read_article(struct kb_article_text *out, struct kb_article_reader *r,
    struct kb_arena *arena, struct kb_err *err)
{
	sqlite3_stmt *st = r->st[SQL_ARTICLE];
	enum kb_status status = KB_OK;

	sqlite3_bind_int64(st, 1, out->n);
	if (step(r, SQL_ARTICLE, &status, err))
		read_columns(out, st, arena);
	else if (status == KB_OK)
		status = kb_err_set(err, KB_NOTFOUND, "the index has no "
		    "article %lld", (long long)out->n);
	sqlite3_reset(st);
	return status;
}

/* ---- passages ---- */

static enum kb_status
check_size(struct kb_article_reader *r, const struct kb_article_text *a,
    size_t *npassages, struct kb_err *err)
{
	sqlite3_stmt *st = r->st[SQL_SIZE];
	enum kb_status status = KB_OK;
	int64_t n = 0, bytes = 0;

	sqlite3_bind_int64(st, 1, a->n);
	if (step(r, SQL_SIZE, &status, err)) {
		n = sqlite3_column_int64(st, 0);
		bytes = sqlite3_column_int64(st, 1);
	}
	sqlite3_reset(st);
	if (status == KB_OK && (n < 0 || (size_t)n > KB_ARTICLE_PARAGRAPHS ||
	    bytes < 0 || (size_t)bytes > KB_ARTICLE_TEXT_MAX))
		status = kb_err_set(err, KB_LIMIT, "article '%.*s' is too "
		    "long to be compared: %lld bytes in %lld passages",
		    KB_FMT(a->id), (long long)bytes, (long long)n);
	*npassages = (size_t)n;
	return status;
}

static void
read_passage(struct kb_text_passage *p, sqlite3_stmt *st,
    struct kb_arena *arena)
{
	int64_t lead = sqlite3_column_int64(st, 7);
	struct kb_str map;

	p->n = sqlite3_column_int64(st, 0);
	p->seq = sqlite3_column_int64(st, 1);
	p->field = text_column(st, 2, arena);
	p->start = offset_column(st, 3);
	p->end = offset_column(st, 4);
	if (p->end < p->start)
		p->end = p->start;
	p->heading = text_column(st, 5, arena);
	p->anchor = text_column(st, 6, arena);
	map = column(st, 8, arena);
	p->text = text_column(st, 9, arena);
	p->context = text_column(st, 10, arena);
	p->lead = lead >= 0 && (size_t)lead <= p->text.n ? (size_t)lead : 0;
	/* What is no map leaves the passage's own range. */
	if (!kb_offmap_read(&p->map, map, p->start, arena))
		memset(&p->map, 0, sizeof(p->map));
}

static enum kb_status
read_passages(struct kb_text_making *m, struct kb_article_reader *r,
    int64_t article, struct kb_err *err)
{
	enum kb_status status = KB_OK;
	size_t most = m->npassages;

	m->passages = kb_arena_array(m->arena, most, sizeof(*m->passages));
	if (m->passages == NULL)
		return kb_err_nomem(err);
	m->npassages = 0;
	sqlite3_bind_int64(r->st[SQL_PASSAGES], 1, article);
	while (m->npassages < most && step(r, SQL_PASSAGES, &status, err))
		read_passage(&m->passages[m->npassages++],
		    r->st[SQL_PASSAGES], m->arena);
	sqlite3_reset(r->st[SQL_PASSAGES]);
	return status;
}

static bool
add_place(struct kb_text_place **v, size_t *n, size_t *size,
    sqlite3_stmt *st, struct kb_arena *arena)
{
	size_t more = *size == 0 ? 4 : *size * 2;
	struct kb_text_place *grown;

	if (*n == *size) {
		grown = kb_arena_array(arena, more, sizeof(*grown));
		if (grown == NULL)
			return false;
		if (*n > 0)
			memcpy(grown, *v, *n * sizeof(*grown));
		*v = grown;
		*size = more;
	}
	(*v)[*n].at = (size_t)sqlite3_column_int64(st, 0);
	(*v)[*n].heading = text_column(st, 1, arena);
	(*v)[(*n)++].anchor = text_column(st, 2, arena);
	return true;
}

/* All places of a passage; *n of them, no more than it has bytes. */
static enum kb_status
read_places(struct kb_text_place **out, size_t *n,
    struct kb_article_reader *r, const struct kb_text_passage *p,
    struct kb_arena *arena, struct kb_err *err)
{
	sqlite3_stmt *st = r->st[SQL_PLACES];
	enum kb_status status = KB_OK;
	struct kb_text_place *v = NULL;
	size_t size = 0;
	int64_t at;

	*n = 0;
	sqlite3_bind_int64(st, 1, p->n);
	while (*n < p->text.n && step(r, SQL_PLACES, &status, err)) {
		at = sqlite3_column_int64(st, 0);
		if (at >= 0 && (size_t)at < p->text.n &&
		    !add_place(&v, n, &size, st, arena))
			break;
	}
	sqlite3_reset(st);
	*out = v;
	if (status == KB_OK && arena->failed)
		status = kb_err_nomem(err);
	return status;
}

static enum kb_status
read_paragraphs(struct kb_text_making *m, struct kb_article_reader *r,
    struct kb_err *err)
{
	enum kb_status status = KB_OK;
	struct kb_text_place *places;
	size_t n;

	for (size_t i = 0; i < m->npassages && status == KB_OK && !m->full;
	    i++) {
		status = read_places(&places, &n, r, &m->passages[i],
		    m->arena, err);
		if (status == KB_OK)
			kb_text_cut(m, i, places, n);
	}
	kb_text_end(m);
	kb_buf_release(&m->joined);
	if (status == KB_OK && m->arena->failed)
		status = kb_err_nomem(err);
	return status;
}

enum kb_status
kb_article_text_read(struct kb_article_text *out,
    struct kb_article_reader *r, int64_t n, struct kb_arena *arena,
    struct kb_err *err)
{
	struct kb_article_text a = { .n = n };
	struct kb_text_making m = { .arena = arena };
	enum kb_status status = read_article(&a, r, arena, err);

	if (status == KB_OK)
		status = check_size(r, &a, &m.npassages, err);
	if (status == KB_OK)
		status = read_passages(&m, r, n, err);
	if (status == KB_OK)
		status = read_paragraphs(&m, r, err);
	if (status == KB_OK && m.full)
		status = kb_err_set(err, KB_LIMIT, "article '%.*s' has more "
		    "than %zu paragraphs; it is too long to be compared",
		    KB_FMT(a.id), KB_ARTICLE_PARAGRAPHS);
	if (status != KB_OK)
		return status;
	a.passages = m.passages;
	a.npassages = m.npassages;
	a.paragraphs = m.v;
	a.nparagraphs = m.n;
	kb_text_set_spans(&a, m.v);
	*out = a;
	return KB_OK;
}
