/*
 * Competing articles as findings of a build.
 */
#include "compete_find.h"

#include <math.h>
#include <stdlib.h>

#include "compete.h"
#include "trust.h"

static bool
is_sure(const struct kb_compete *all, const struct kb_competing *p)
{
	/* Where one is not stated, the two may be about different ones. */
	return p->score >= KB_COMPETE_SURE &&
	    all->articles[p->a].product.n > 0 &&
	    all->articles[p->b].product.n > 0;
}

/*
 * Both are for the same readers as far as is stated (compete.h), so that the
 * title of the other may be told.
 */
static enum kb_status
put_finding(struct kb_corpus *c, const struct kb_competing *p, uint32_t doc,
    uint32_t other, struct kb_err *err)
{
	const struct kb_doc *own = &c->docs[doc], *d = &c->docs[other];
	struct kb_arena *arena = &c->arena;
	struct kb_finding *f = kb_corpus_find(c, "competing", KB_WARNING, doc);

	if (f == NULL)
		return kb_err_nomem(err);
	f->start = own->start;
	f->end = own->end;
	f->line = own->line;
	f->message = kb_arena_printf(arena, "seems to answer the same question "
	    "as '%.*s' (%.*s): asked for by its title and first sentences, "
	    "each finds the other first; titles are alike by %.0f%%, texts "
	    "by %.0f%%", KB_FMT(d->title), KB_FMT(d->id),
	    100 * p->feature[KB_COMPETE_TITLE],
	    100 * p->feature[KB_COMPETE_BODY]);
	f->value = kb_arena_printf(arena, "%.2f", p->score);
	f->threshold = kb_arena_printf(arena, "%.2f", KB_COMPETE_SURE);
	/* Scores change with the rest of the base: they are no evidence. */
	f->evidence = kb_arena_copy(arena, d->declared.n > 0 ? d->declared :
	    d->title);
	return arena->failed ? kb_err_nomem(err) : KB_OK;
}

static enum kb_status
fail(sqlite3 *db, struct kb_err *err)
{
	return kb_err_set(err, sqlite3_errcode(db) == SQLITE_NOMEM ?
	    KB_NOMEM : KB_IO, "cannot write competing articles into the "
	    "index: %s", sqlite3_errmsg(db));
}

static enum kb_status
put_row(sqlite3 *db, sqlite3_stmt *st, const struct kb_competing *p,
    uint32_t doc, uint32_t other, struct kb_err *err)
{
	sqlite3_bind_int64(st, 1, (sqlite3_int64)doc + 1);
	sqlite3_bind_int64(st, 2, (sqlite3_int64)other + 1);
	sqlite3_bind_int64(st, 3, lround(1000 * p->score));
	sqlite3_bind_int64(st, 4, lround(1000 *
	    p->feature[KB_COMPETE_TITLE]));
	sqlite3_bind_int64(st, 5, lround(1000 *
	    p->feature[KB_COMPETE_BODY]));
	if (sqlite3_step(st) != SQLITE_DONE)
		return fail(db, err);
	sqlite3_reset(st);
	return KB_OK;
}

static enum kb_status
put_findings(struct kb_corpus *c, const struct kb_compete *all, sqlite3 *db,
    struct kb_err *err)
{
	sqlite3_stmt *st = NULL;
	uint32_t *rank = calloc(c->ndocs + 1, sizeof(*rank));
	enum kb_status status = rank == NULL ? kb_err_nomem(err) :
	    kb_trust_rank(c, rank, err);

	if (status == KB_OK && sqlite3_prepare_v2(db, "INSERT INTO competing "
	    "VALUES(?1, ?2, ?3, ?4, ?5)", -1, &st, NULL) != SQLITE_OK)
		status = fail(db, err);
	for (size_t i = 0; i < all->npairs && status == KB_OK; i++) {
		const struct kb_competing *p = &all->pairs[i];
		uint32_t a = (uint32_t)all->articles[p->a].n - 1;
		uint32_t b = (uint32_t)all->articles[p->b].n - 1;
		bool first;

		if (!is_sure(all, p))
			continue;
		if (a >= c->ndocs || b >= c->ndocs) {
			status = kb_err_set(err, KB_DAMAGED, "a pair of "
			    "competing articles names one that there is not");
			break;
		}
		first = rank[a] < rank[b];
		status = put_finding(c, p, first ? b : a, first ? a : b, err);
		if (status == KB_OK)
			status = put_row(db, st, p, first ? b : a,
			    first ? a : b, err);
	}
	sqlite3_finalize(st);
	free(rank);
	return status;
}

static enum kb_status
give_pairs(const struct kb_compete *all, struct kb_conflict_pair **pairs,
    size_t *npairs, struct kb_err *err)
{
	struct kb_conflict_pair *v = calloc(all->npairs + 1, sizeof(*v));

	if (v == NULL)
		return kb_err_nomem(err);
	for (size_t i = 0; i < all->npairs; i++) {
		v[i].a = all->articles[all->pairs[i].a].n;
		v[i].b = all->articles[all->pairs[i].b].n;
	}
	*pairs = v;
	*npairs = all->npairs;
	return KB_OK;
}

enum kb_status
kb_compete_build(struct kb_corpus *c, sqlite3 *db,
    struct kb_conflict_pair **pairs, size_t *npairs, struct kb_err *err)
{
	struct kb_compete_opts opts = { .least = KB_COMPETE_LIKELY };
	struct kb_compete all = { .npairs = 0 };
	struct kb_index *index = NULL;
	enum kb_status status = kb_index_borrow(&index, db, "being built",
	    err);

	/* Others cannot see the transaction that this connection is in. */
	if (status == KB_OK)
		status = kb_compete_run(&all, &index, 1, &opts, err);
	if (status == KB_OK)
		status = put_findings(c, &all, db, err);
	if (status == KB_OK)
		status = give_pairs(&all, pairs, npairs, err);
	kb_compete_release(&all);
	kb_index_close(index);
	return status;
}
