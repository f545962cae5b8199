#include "passage.h"

#include "utf8.h"

static struct kb_str
column(sqlite3_stmt *st, int i, struct kb_arena *arena)
{
	const void *p = sqlite3_column_blob(st, i);
	int n = sqlite3_column_bytes(st, i);

	if (p == NULL || n <= 0)
		return kb_str(NULL, 0);
	return kb_arena_copy(arena, kb_str(p, (size_t)n));
}

/* Text must be UTF-8, or it is cut where it stops being it. */
static struct kb_str
text_column(sqlite3_stmt *st, int i, struct kb_arena *arena)
{
	struct kb_str s = column(st, i, arena);

	/* To an embedder a text ends at its first NUL. */
	s.n = kb_utf8_valid(s);
	s.n = s.n > 0 ? strnlen(s.p, s.n) : 0;
	return s;
}

static enum kb_status
step(struct kb_index *index, sqlite3_stmt *st, const char *what, int64_t n,
    struct kb_err *err)
{
	int rc = sqlite3_step(st);

	if (rc == SQLITE_ROW)
		return KB_OK;
	if (rc == SQLITE_DONE)
		return kb_err_set(err, KB_NOTFOUND, "the index has no %s "
		    "%lld", what, (long long)n);
	return kb_index_error(index, err);
}

enum kb_status
kb_article_get(struct kb_article_row *out, struct kb_index *index, int64_t n,
    struct kb_arena *arena, struct kb_err *err)
{
	sqlite3_stmt *st = kb_index_sql(index, KB_SQL_ARTICLE);
	enum kb_status status;
	int s;

	if (st == NULL)
		return kb_index_error(index, err);
	sqlite3_bind_int64(st, 1, n);
	status = step(index, st, "article", n, err);
	if (status == KB_OK) {
		memset(out, 0, sizeof(*out));
		out->n = n;
		/* A file may be called anything: names are not cut. */
		out->id = column(st, 0, arena);
		out->title = text_column(st, 1, arena);
		out->url = text_column(st, 2, arena);
		out->path = column(st, 3, arena);
		out->member = text_column(st, 4, arena);
		out->number = sqlite3_column_int64(st, 5);
		out->lang = text_column(st, 6, arena);
		out->owner = text_column(st, 7, arena);
		out->reviewed = sqlite3_column_int(st, 8);
		out->modified = sqlite3_column_int(st, 9);
		s = sqlite3_column_int(st, 10);
		out->status = s >= 0 && s <= KB_ARTICLE_SUPERSEDED ?
		    (enum kb_article_status)s : KB_ARTICLE_RETIRED;
		out->cluster = sqlite3_column_int64(st, 11);
		out->relation = text_column(st, 12, arena);
		out->restricted = sqlite3_column_int(st, 13) != 0;
		if (arena->failed)
			status = kb_err_nomem(err);
	}
	sqlite3_reset(st);
	return status;
}

enum kb_status
kb_passage_get(struct kb_passage_row *out, struct kb_index *index, int64_t n,
    struct kb_arena *arena, struct kb_err *err)
{
	sqlite3_stmt *st = kb_index_sql(index, KB_SQL_PASSAGE);
	enum kb_status status;
	int64_t lead;

	if (st == NULL)
		return kb_index_error(index, err);
	sqlite3_bind_int64(st, 1, n);
	status = step(index, st, "passage", n, err);
	if (status == KB_OK) {
		memset(out, 0, sizeof(*out));
		out->n = n;
		out->article = sqlite3_column_int64(st, 0);
		out->seq = sqlite3_column_int64(st, 1);
		out->field = text_column(st, 2, arena);
		out->start = (uint64_t)sqlite3_column_int64(st, 3);
		out->end = (uint64_t)sqlite3_column_int64(st, 4);
		if (out->end < out->start)
			out->end = out->start;
		out->heading = text_column(st, 5, arena);
		out->anchor = text_column(st, 6, arena);
		lead = sqlite3_column_int64(st, 7);
		out->map = column(st, 8, arena);
		out->text = text_column(st, 9, arena);
		out->context = text_column(st, 10, arena);
		out->lead = lead >= 0 && (size_t)lead <= out->text.n ?
		    (size_t)lead : 0;
		if (arena->failed)
			status = kb_err_nomem(err);
	}
	sqlite3_reset(st);
	return status;
}

enum kb_status
kb_passage_place(struct kb_str *heading, struct kb_str *anchor,
    struct kb_index *index, const struct kb_passage_row *p, size_t at,
    struct kb_arena *arena, struct kb_err *err)
{
	sqlite3_stmt *st = kb_index_sql(index, KB_SQL_PLACE);
	enum kb_status status = KB_OK;
	struct kb_str own;
	int rc;

	if (st == NULL)
		return kb_index_error(index, err);
	*heading = p->heading;
	*anchor = p->anchor;
	sqlite3_bind_int64(st, 1, p->n);
	sqlite3_bind_int64(st, 2, (sqlite3_int64)at);
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW) {
		own = text_column(st, 0, arena);
		if (own.n > 0)
			*heading = own;
		own = text_column(st, 1, arena);
		if (own.n > 0)
			*anchor = own;
		if (arena->failed)
			status = kb_err_nomem(err);
	} else if (rc != SQLITE_DONE) {
		status = kb_index_error(index, err);
	}
	sqlite3_reset(st);
	return status;
}

enum kb_status
kb_passage_has_anchor(bool *out, struct kb_index *index,
    const struct kb_passage_row *p, struct kb_str anchor, struct kb_err *err)
{
	sqlite3_stmt *st = kb_index_sql(index, KB_SQL_AT_ANCHOR);
	enum kb_status status = KB_OK;
	int rc;

	*out = p->anchor.n > 0 && kb_str_eq(p->anchor, anchor);
	if (*out || anchor.n == 0)
		return KB_OK;
	if (st == NULL)
		return kb_index_error(index, err);
	sqlite3_bind_int64(st, 1, p->n);
	sqlite3_bind_text64(st, 2, anchor.p, anchor.n, SQLITE_STATIC,
	    SQLITE_UTF8);
	rc = sqlite3_step(st);
	*out = rc == SQLITE_ROW;
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		status = kb_index_error(index, err);
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	return status;
}

enum kb_status
kb_article_find(int64_t *out, struct kb_index *index, struct kb_str id,
    struct kb_err *err)
{
	sqlite3_stmt *st = kb_index_sql(index, KB_SQL_BY_ID);
	enum kb_status status = KB_OK;
	int rc;

	if (st == NULL)
		return kb_index_error(index, err);
	sqlite3_bind_text64(st, 1, id.n > 0 ? id.p : "", id.n, SQLITE_STATIC,
	    SQLITE_UTF8);
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW)
		*out = sqlite3_column_int64(st, 0);
	else if (rc == SQLITE_DONE)
		status = kb_err_set(err, KB_NOTFOUND, "the index has no "
		    "article '%.*s'", KB_FMT(id));
	else
		status = kb_index_error(index, err);
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	return status;
}

enum kb_status
kb_passages_of(int64_t **v, size_t *n, struct kb_index *index,
    int64_t article, struct kb_arena *arena, struct kb_err *err)
{
	sqlite3_stmt *st = kb_index_sql(index, KB_SQL_PASSAGES_OF);
	enum kb_status status = KB_OK;
	size_t k = 0, size = 16;
	int64_t *out;
	int rc;

	if (st == NULL)
		return kb_index_error(index, err);
	out = kb_arena_array(arena, size, sizeof(*out));
	if (out == NULL)
		return kb_err_nomem(err);
	sqlite3_bind_int64(st, 1, article);
	while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
		if (k == size) {
			int64_t *more = kb_arena_array(arena, size * 2,
			    sizeof(*more));

			if (more == NULL)
				break;
			memcpy(more, out, k * sizeof(*more));
			out = more;
			size *= 2;
		}
		out[k++] = sqlite3_column_int64(st, 0);
	}
	if (arena->failed)
		status = kb_err_nomem(err);
	else if (rc != SQLITE_DONE)
		status = kb_index_error(index, err);
	sqlite3_reset(st);
	*v = out;
	*n = k;
	return status;
}
