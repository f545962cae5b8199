/*
 * Conflicts as findings of a build, and as rows of their own table.
 */
#include "conflict_find.h"

#include <stdlib.h>

#include "conflict.h"
#include "utf8.h"

/* Bytes of a quote in a message; all of it is in the table. */
#define QUOTE_MOST	((size_t)240)

static struct kb_str
cut(struct kb_arena *arena, struct kb_str s)
{
	if (s.n <= QUOTE_MOST)
		return s;
	return kb_arena_printf(arena, "%.*s\xe2\x80\xa6", (int)kb_utf8_floor(s,
	    QUOTE_MOST), s.p);
}

static int32_t
care(const struct kb_doc *d)
{
	int32_t day = d->bulk_modified ? 0 : d->modified != 0 ? d->modified :
	    d->created;

	return d->reviewed > day ? d->reviewed : day;
}

/*
 * Who owns the text that was looked at longer ago is asked first; a finding of
 * an article that everybody may read does not quote one that they may not.
 */
static enum kb_status
put_finding(struct kb_corpus *c, const struct kb_conflict *k,
    struct kb_err *err)
{
	uint32_t a = (uint32_t)k->a.article - 1;
	uint32_t b = (uint32_t)k->b.article - 1;
	bool first = a < c->ndocs && b < c->ndocs && care(&c->docs[a]) <
	    care(&c->docs[b]);
	const struct kb_conflict_side *own = first ? &k->a : &k->b;
	const struct kb_conflict_side *other = first ? &k->b : &k->a;
	struct kb_arena *arena = &c->arena;
	struct kb_finding *f;
	const struct kb_doc *d;

	if (a >= c->ndocs || b >= c->ndocs)
		return kb_err_set(err, KB_DAMAGED, "a conflict names an "
		    "article that there is not");
	f = kb_corpus_find(c, "conflict", KB_WARNING, first ? a : b);
	if (f == NULL)
		return kb_err_nomem(err);
	d = &c->docs[f->doc];
	f->start = own->field.n == 0 ? own->start : d->start;
	f->end = own->field.n == 0 ? own->end : d->end;
	f->line = d->line;
	if (other->restricted && !own->restricted) {
		f->message = kb_arena_printf(arena, "another %s in '%.*s', "
		    "which %.*s does not say: \"%.*s\"",
		    kb_fact_kind_name(k->kind), KB_FMT(own->id),
		    KB_FMT(other->id), KB_FMT(cut(arena, own->quote)));
	} else {
		f->message = kb_arena_printf(arena, "says \"%.*s\", but "
		    "'%.*s' (%.*s) says \"%.*s\"", KB_FMT(cut(arena,
		    own->quote)), KB_FMT(other->title), KB_FMT(other->id),
		    KB_FMT(cut(arena, other->quote)));
		f->threshold = kb_arena_copy(arena, other->fact);
	}
	f->value = kb_arena_copy(arena, own->fact);
	d = &c->docs[first ? b : a];
	f->evidence = kb_arena_printf(arena, "%s\n%.*s\n%.*s\n%.*s",
	    kb_fact_kind_name(k->kind), KB_FMT(d->declared.n > 0 ?
	    d->declared : d->title), KB_FMT(own->quote),
	    KB_FMT(other->quote));
	return arena->failed ? kb_err_nomem(err) : KB_OK;
}

/* ---- the table ---- */

static void
bind_text(sqlite3_stmt *st, int i, struct kb_str s)
{
	if (s.n == 0)
		sqlite3_bind_null(st, i);
	else
		sqlite3_bind_text64(st, i, s.p, s.n, SQLITE_STATIC,
		    SQLITE_UTF8);
}

static void
bind_side(sqlite3_stmt *st, int i, const struct kb_conflict_side *s)
{
	sqlite3_bind_int64(st, i, s->article);
	sqlite3_bind_int64(st, i + 1, s->passage);
	bind_text(st, i + 2, s->field);
	sqlite3_bind_int64(st, i + 3, (sqlite3_int64)s->start);
	sqlite3_bind_int64(st, i + 4, (sqlite3_int64)s->end);
	bind_text(st, i + 5, s->fact);
	bind_text(st, i + 6, s->quote);
}

static enum kb_status
fail(sqlite3 *db, struct kb_err *err)
{
	return kb_err_set(err, sqlite3_errcode(db) == SQLITE_NOMEM ?
	    KB_NOMEM : KB_IO, "cannot write conflicts into the index: %s",
	    sqlite3_errmsg(db));
}

static enum kb_status
put_rows(sqlite3 *db, const struct kb_conflicts *k, struct kb_err *err)
{
	enum kb_status status = KB_OK;
	sqlite3_stmt *st = NULL;

	if (sqlite3_prepare_v2(db, "INSERT INTO conflict VALUES(?1, ?2, ?3, "
	    "?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)", -1,
	    &st, NULL) != SQLITE_OK)
		return fail(db, err);
	for (size_t i = 0; i < k->n && status == KB_OK; i++) {
		sqlite3_bind_int64(st, 1, (sqlite3_int64)i + 1);
		bind_text(st, 2, kb_str_c(kb_fact_kind_name(k->v[i].kind)));
		bind_side(st, 3, &k->v[i].a);
		bind_side(st, 10, &k->v[i].b);
		if (sqlite3_step(st) != SQLITE_DONE)
			status = fail(db, err);
		sqlite3_reset(st);
	}
	sqlite3_finalize(st);
	return status;
}

/*
 * The caller's, and near duplicates with the articles that stand for them; to
 * be freed.
 */
static struct kb_conflict_pair *
all_pairs(const struct kb_corpus *c, const struct kb_conflict_pair *pairs,
    size_t npairs, size_t *n)
{
	struct kb_conflict_pair *v = calloc(npairs + c->ndocs + 1,
	    sizeof(*v));

	if (v != NULL && npairs > 0)
		memcpy(v, pairs, npairs * sizeof(*v));
	*n = npairs;
	for (size_t i = 0; v != NULL && i < c->ndocs; i++) {
		const struct kb_doc *d = &c->docs[i];

		if (d->canonical >= c->ndocs || d->relation == NULL ||
		    strcmp(d->relation, "near") != 0)
			continue;
		v[*n].a = (int64_t)i + 1;
		v[(*n)++].b = (int64_t)d->canonical + 1;
	}
	return v;
}

enum kb_status
kb_conflicts_find(struct kb_corpus *c, sqlite3 *db,
    const struct kb_conflict_pair *pairs, size_t npairs, struct kb_err *err)
{
	struct kb_conflicts k;
	size_t n;
	struct kb_conflict_pair *v = all_pairs(c, pairs, npairs, &n);
	enum kb_status status;

	if (v == NULL)
		return kb_err_nomem(err);
	status = kb_conflicts_run(&k, db, NULL, v, n, err);
	free(v);
	c->conflicts_cut = k.cut;
	if (status == KB_OK)
		status = put_rows(db, &k, err);
	for (size_t i = 0; i < k.n && status == KB_OK; i++)
		status = put_finding(c, &k.v[i], err);
	kb_conflicts_release(&k);
	return status;
}
