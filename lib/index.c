#include "kb/index.h"

#include <stdlib.h>

#include "handle.h"
#include "score.h"

static const char *const sql[KB_SQL_N] = {
	[KB_SQL_TERM] = "SELECT df FROM term WHERE term=?1",
	[KB_SQL_CANDIDATES] = "SELECT rowid, kb_score(fts, ?2) AS s FROM fts "
	    "WHERE fts MATCH ?1 ORDER BY s DESC, rowid LIMIT ?3",
	[KB_SQL_PASSAGE] = "SELECT article, seq, field, start, end, heading, "
	    "anchor, lead, map, text, context FROM passage WHERE n=?1",
	[KB_SQL_ARTICLE] = "SELECT id, title, url, path, member, number, "
	    "lang, owner, reviewed, modified, status, cluster, relation, "
	    "restricted "
	    "FROM article WHERE n=?1",
	[KB_SQL_FINDINGS] = "SELECT code, level, message FROM finding "
	    "WHERE article=?1 ORDER BY code, n",
	[KB_SQL_CLUSTER] = "SELECT n, id, title, relation, status, "
	    "restricted FROM article WHERE cluster=?1 ORDER BY id",
	[KB_SQL_PASSAGES_OF] = "SELECT n FROM passage WHERE article=?1 "
	    "ORDER BY seq",
	[KB_SQL_PLACE] = "SELECT heading, anchor FROM place WHERE passage=?1 "
	    "AND at<=?2 ORDER BY at DESC LIMIT 1",
	[KB_SQL_AT_ANCHOR] = "SELECT 1 FROM place WHERE passage=?1 AND "
	    "anchor=?2 LIMIT 1",
	[KB_SQL_BY_ID] = "SELECT n FROM article WHERE id=?1 UNION ALL "
	    "SELECT article FROM alias WHERE alias=?1 LIMIT 1",
};

/* The value of a key, cut to "size"; "" where there is none. */
static enum kb_status
meta(struct kb_index *x, const char *key, char *buf, size_t size,
    struct kb_err *err)
{
	enum kb_status status = KB_OK;
	sqlite3_stmt *st = NULL;
	size_t n = 0;
	int code = sqlite3_prepare_v2(kb_store_db(x->store),
	    "SELECT value FROM meta WHERE key=?1", -1, &st, NULL);

	if (code == SQLITE_OK) {
		sqlite3_bind_text(st, 1, key, -1, SQLITE_STATIC);
		code = sqlite3_step(st);
	}
	if (code == SQLITE_ROW) {
		n = (size_t)sqlite3_column_bytes(st, 0);
		n = n < size - 1 ? n : size - 1;
		if (n > 0)
			memcpy(buf, sqlite3_column_text(st, 0), n);
	} else if (code != SQLITE_DONE) {
		status = kb_store_error(x->store, err);
	}
	sqlite3_finalize(st);
	buf[n] = '\0';
	return status;
}

static enum kb_status
read_meta(struct kb_index *x, const char *path, struct kb_err *err)
{
	char passages[24], langs[256];
	struct kb_str rest, key;
	enum kb_status status = meta(x, "passages", passages,
	    sizeof(passages), err);

	if (status == KB_OK)
		status = meta(x, "langs", langs, sizeof(langs), err);
	if (status != KB_OK)
		return status;
	x->npassages = strtoll(passages, NULL, 10);
	rest = kb_str_c(langs);
	while (rest.n > 0 && kb_str_split(&rest, ' ', &key))
		if (key.n == 2 && x->nlangs < 32)
			memcpy(x->langs[x->nlangs++], key.p, 2);
	if (x->nlangs > 0 && x->npassages >= 0)
		return KB_OK;
	return kb_err_set(err, KB_DAMAGED, "'%s' says nothing of its "
	    "passages and languages; build it again", path);
}

/* "status" is what became of opening x->store. */
static enum kb_status
finish_open(struct kb_index **out, struct kb_index *x, const char *path,
    enum kb_status status, struct kb_err *err)
{
	if (status == KB_OK)
		status = kb_stemmers_new(&x->stemmers, err);
	if (status == KB_OK)
		status = kb_score_register(kb_store_db(x->store), err);
	if (status == KB_OK)
		status = read_meta(x, path, err);
	if (status != KB_OK) {
		kb_index_close(x);
		return status;
	}
	*out = x;
	return KB_OK;
}

enum kb_status
kb_index_open(struct kb_index **out, const char *path, const char *view,
    struct kb_err *err)
{
	struct kb_index *x = calloc(1, sizeof(*x));

	if (x == NULL)
		return kb_err_nomem(err);
	return finish_open(out, x, path, kb_store_open(&x->store, path, view,
	    0, err), err);
}

enum kb_status
kb_index_borrow(struct kb_index **out, sqlite3 *db, const char *name,
    struct kb_err *err)
{
	struct kb_index *x = calloc(1, sizeof(*x));

	if (x == NULL)
		return kb_err_nomem(err);
	return finish_open(out, x, name, kb_store_borrow(&x->store, db, name,
	    err), err);
}

void
kb_index_close(struct kb_index *x)
{
	if (x == NULL)
		return;
	for (int i = 0; i < KB_SQL_N; i++)
		sqlite3_finalize(x->st[i]);
	kb_stemmers_free(x->stemmers);
	kb_store_close(x->store);
	free(x);
}

const char *
kb_index_generation(const struct kb_index *x)
{
	return kb_store_generation(x->store);
}

const char *
kb_index_view(const struct kb_index *x)
{
	return kb_store_view(x->store);
}

sqlite3_stmt *
kb_index_sql(struct kb_index *x, int which)
{
	if (x->st[which] == NULL)
		sqlite3_prepare_v3(kb_store_db(x->store), sql[which], -1,
		    SQLITE_PREPARE_PERSISTENT, &x->st[which], NULL);
	return x->st[which];
}

enum kb_status
kb_index_error(struct kb_index *x, struct kb_err *err)
{
	return kb_store_error(x->store, err);
}
