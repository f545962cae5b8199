#include "compete.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "compete_impl.h"
#include "hash.h"

const char *
kb_compete_feature_name(enum kb_compete_feature feature)
{
	static const char *const names[KB_COMPETE_N] = {
		"answer", "title", "cover", "focus", "body", "heading",
		"length", "linked", "apart"
	};

	return (size_t)feature < KB_COMPETE_N ? names[feature] : "unknown";
}

/* ---- the articles ---- */

/*
 * Of a cluster of duplicates its canonical speaks.  What is not served
 * competes with nobody, and what has no title asks nothing.
 */
static const char of_articles[] =
"SELECT n, id, title, lang, product, version, audience, restricted,"
"  ifnull(cluster, 0), source, path, category FROM article"
"  WHERE status = 0 AND title IS NOT NULL AND words > 0"
"  AND (cluster IS NULL OR cluster = n) ORDER BY n";

static struct kb_str
keep(struct kb_compete *all, const struct kb_rows *rows, int column)
{
	struct kb_str s = kb_rows_text(rows, column);

	return s.n > 0 ? kb_arena_copy(&all->arena, s) : kb_str(NULL, 0);
}

/* An export of files under made-up names may know their paths as ids. */
static struct kb_str
where(struct kb_compete *all, const struct kb_compete_article *a,
    const struct kb_rows *rows)
{
	if (a->id.n > 0 && memchr(a->id.p, '/', a->id.n) != NULL)
		return a->id;
	return keep(all, rows, 10);
}

/* A category is what its authors filed it under, a folder often is. */
static uint64_t
place_of(const struct kb_rows *rows)
{
	uint64_t h = kb_hash64(kb_rows_text(rows, 9), 0);
	struct kb_str path = kb_rows_text(rows, 10);

	if (!kb_rows_is_null(rows, 11))
		return kb_hash64(kb_rows_text(rows, 11), h);
	while (path.n > 0 && path.p[path.n - 1] != '/')
		path.n--;
	return kb_hash64(path, h);
}

static bool
make_room(struct kb_compete *all, size_t *size)
{
	size_t more = *size == 0 ? 1024 : *size * 2;
	struct kb_compete_article *v;

	if (all->narticles < *size)
		return true;
	v = realloc(all->articles, more * sizeof(*v));
	if (v == NULL)
		return false;
	all->articles = v;
	*size = more;
	return true;
}

static enum kb_status
load(struct kb_compete *all, struct kb_store *store, struct kb_err *err)
{
	struct kb_rows rows;
	enum kb_status status = kb_rows_open(&rows, store, of_articles, err);
	size_t size = 0;

	all->one_place = true;
	while (status == KB_OK && kb_rows_next(&rows, &status, err)) {
		struct kb_compete_article *a;

		if (!make_room(all, &size)) {
			status = kb_err_nomem(err);
			break;
		}
		a = &all->articles[all->narticles++];
		a->n = kb_rows_int(&rows, 0);
		a->id = keep(all, &rows, 1);
		a->title = keep(all, &rows, 2);
		a->lang = keep(all, &rows, 3);
		a->product = keep(all, &rows, 4);
		a->version = keep(all, &rows, 5);
		a->audience = keep(all, &rows, 6);
		a->restricted = kb_rows_int(&rows, 7) != 0;
		a->cluster = kb_rows_int(&rows, 8);
		a->where = where(all, a, &rows);
		a->place = place_of(&rows);
		all->one_place &= a->place == all->articles[0].place;
	}
	kb_rows_close(&rows);
	return status == KB_OK && all->arena.failed ? kb_err_nomem(err) :
	    status;
}

/* ---- asking and comparing, in threads ---- */

struct work {
	struct kb_compete		*all;
	struct kb_compete_reply		*replies;
	pthread_mutex_t			 lock;
	size_t				 next, n;
	bool				 comparing;
	bool				*ask;
	enum kb_status			 status;
	struct kb_err			 err;	/* of the least number */
	size_t				 failed;
};

struct worker {
	struct work			*work;
	struct kb_compete_asker		 asker;
};

static size_t
take(struct work *w)
{
	size_t i;

	pthread_mutex_lock(&w->lock);
	i = w->status == KB_OK && w->next < w->n ? w->next++ : w->n;
	pthread_mutex_unlock(&w->lock);
	return i;
}

static void
fail(struct work *w, size_t i, enum kb_status status,
    const struct kb_err *why)
{
	pthread_mutex_lock(&w->lock);
	if (w->status == KB_OK || i < w->failed) {
		w->status = status;
		w->err = *why;
		w->failed = i;
	}
	pthread_mutex_unlock(&w->lock);
}

static void *
work(void *arg)
{
	struct worker *me = arg;
	struct work *w = me->work;
	struct kb_err why = { KB_OK, "" };
	enum kb_status status;
	size_t i;

	while ((i = take(w)) < w->n) {
		if (w->comparing) {
			status = kb_compete_compare(&me->asker,
			    &w->all->pairs[i], &why);
		} else if (w->ask[i]) {
			status = kb_compete_ask(&me->asker, i, &w->replies[i],
			    &why);
		} else {
			w->replies[i].first = KB_COMPETE_NOBODY;
			continue;
		}
		if (status != KB_OK)
			fail(w, i, status, &why);
	}
	return NULL;
}

/* The caller's thread is one of them: a second one is a help, no need. */
static enum kb_status
work_through(struct work *w, struct worker *workers, size_t nworkers,
    size_t n, struct kb_err *err)
{
	pthread_t *threads = calloc(nworkers, sizeof(*threads));
	size_t started = 0;

	if (threads == NULL)
		return kb_err_nomem(err);
	w->next = 0;
	w->n = n;
	while (started + 1 < nworkers && pthread_create(&threads[started],
	    NULL, work, &workers[started + 1]) == 0)
		started++;
	work(&workers[0]);
	while (started > 0)
		pthread_join(threads[--started], NULL);
	free(threads);
	if (w->status != KB_OK && err != NULL)
		*err = w->err;
	return w->status;
}

/* ---- pairs ---- */

static bool
mutual(const struct work *w, size_t i)
{
	size_t j = w->replies[i].first;

	return j != KB_COMPETE_NOBODY && i < j && w->replies[j].first == i;
}

static enum kb_status
pair_up(struct work *w, struct kb_err *err)
{
	struct kb_compete *all = w->all;
	size_t n = 0;

	for (size_t i = 0; i < all->narticles; i++) {
		n += mutual(w, i);
		all->dear += w->replies[i].dear;
		all->asked += w->ask[i] && !w->replies[i].dear;
	}
	all->pairs = calloc(n + 1, sizeof(*all->pairs));
	if (all->pairs == NULL)
		return kb_err_nomem(err);
	for (size_t i = 0; i < all->narticles; i++) {
		struct kb_competing *p = &all->pairs[all->npairs];
		size_t j = w->replies[i].first;

		if (!mutual(w, i))
			continue;
		p->a = i;
		p->b = j;
		if (kb_str_cmp(all->articles[i].id, all->articles[j].id) > 0) {
			p->a = j;
			p->b = i;
		}
		p->answer_a = w->replies[p->a].share;
		p->answer_b = w->replies[p->b].share;
		all->npairs++;
	}
	all->ncandidates = all->npairs;
	return KB_OK;
}

/* Ids are unique; articles are in the order of numbers, not of ids. */
struct ordered {
	struct kb_competing	pair;
	struct kb_str		a, b;
};

static int
by_score(const void *x, const void *y)
{
	const struct ordered *p = x, *q = y;
	int k;

	if (p->pair.score != q->pair.score)
		return p->pair.score > q->pair.score ? -1 : 1;
	k = kb_str_cmp(p->a, q->a);
	return k != 0 ? k : kb_str_cmp(p->b, q->b);
}

static enum kb_status
order(struct kb_compete *all, double least, struct kb_err *err)
{
	struct ordered *v = calloc(all->npairs + 1, sizeof(*v));
	size_t n = 0;

	if (v == NULL)
		return kb_err_nomem(err);
	for (size_t i = 0; i < all->npairs; i++) {
		const struct kb_competing *p = &all->pairs[i];

		if (p->score < least)
			continue;
		v[n++] = (struct ordered){ *p, all->articles[p->a].id,
		    all->articles[p->b].id };
	}
	qsort(v, n, sizeof(*v), by_score);
	for (size_t i = 0; i < n; i++)
		all->pairs[i] = v[i].pair;
	all->npairs = n;
	free(v);
	return KB_OK;
}

/* ---- the run ---- */

static enum kb_status
prepare(struct worker *v, struct work *w, struct kb_index *const *index,
    size_t n, unsigned postings, struct kb_err *err)
{
	enum kb_status status = KB_OK;

	for (size_t i = 0; i < n && status == KB_OK; i++) {
		struct kb_compete_asker *k = &v[i].asker;

		v[i].work = w;
		k->index = index[i];
		k->all = w->all;
		k->postings = postings;
		status = kb_rows_open(&k->lead, index[i]->store, "SELECT "
		    "description FROM article WHERE n=?1", err);
		if (status == KB_OK)
			status = kb_rows_open(&k->links, index[i]->store,
			    "SELECT 1 FROM link WHERE article=?1 AND "
			    "target=?2 LIMIT 1", err);
	}
	return status;
}

enum kb_status
kb_compete_run(struct kb_compete *out, struct kb_index *const *index,
    size_t nindex, const struct kb_compete_opts *opts, struct kb_err *err)
{
	struct work w = { .all = out, .lock = PTHREAD_MUTEX_INITIALIZER };
	struct worker *workers = calloc(nindex, sizeof(*workers));
	enum kb_status status;

	status = workers == NULL ? kb_err_nomem(err) :
	    load(out, index[0]->store, err);
	if (status == KB_OK) {
		w.replies = calloc(out->narticles + 1, sizeof(*w.replies));
		w.ask = calloc(out->narticles + 1, sizeof(*w.ask));
		status = w.replies == NULL || w.ask == NULL ?
		    kb_err_nomem(err) : prepare(workers, &w, index, nindex,
		    opts->postings > 0 ? opts->postings :
		    KB_COMPETE_POSTINGS, err);
	}
	if (status == KB_OK)
		status = kb_compete_choose(&workers[0].asker, opts->least,
		    w.ask, err);
	if (status == KB_OK)
		status = work_through(&w, workers, nindex, out->narticles,
		    err);
	if (status == KB_OK)
		status = pair_up(&w, err);
	w.comparing = true;
	if (status == KB_OK)
		status = work_through(&w, workers, nindex, out->npairs, err);
	if (status == KB_OK)
		status = order(out, opts->least, err);
	for (size_t i = 0; workers != NULL && i < nindex; i++) {
		kb_rows_close(&workers[i].asker.lead);
		kb_rows_close(&workers[i].asker.links);
		kb_arena_release(&workers[i].asker.arena);
	}
	pthread_mutex_destroy(&w.lock);
	free(w.replies);
	free(w.ask);
	free(workers);
	return status;
}

void
kb_compete_release(struct kb_compete *c)
{
	kb_arena_release(&c->arena);
	free(c->articles);
	free(c->pairs);
	memset(c, 0, sizeof(*c));
}
