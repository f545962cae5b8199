/*
 * join_team: pieces of work for a few threads.  Contract: join_impl.h.
 */
#include "join_impl.h"

#include <stdlib.h>
#include <string.h>

struct team {
	kb_chunk_fn	*fn;
	void		*arg;
	size_t		 n, chunk;
	pthread_mutex_t	 lock;
	size_t		 next;		/* where the next piece begins */
	size_t		 failed_at;	/* the first piece that failed */
	enum kb_status	 status;
	struct kb_err	 err;
};

struct member {
	struct team	*team;
	unsigned	 who;
	pthread_t	 thread;
};

static bool
take(struct team *t, size_t *from)
{
	bool any;

	pthread_mutex_lock(&t->lock);
	any = t->next < t->n && t->status == KB_OK;
	*from = t->next;
	if (any)
		t->next = t->n - t->next > t->chunk ? t->next + t->chunk :
		    t->n;
	pthread_mutex_unlock(&t->lock);
	return any;
}

static void
fail(struct team *t, size_t from, enum kb_status status,
    const struct kb_err *err)
{
	pthread_mutex_lock(&t->lock);
	if (t->status == KB_OK || from < t->failed_at) {
		t->status = status;
		t->failed_at = from;
		t->err = *err;
	}
	pthread_mutex_unlock(&t->lock);
}

static void *
work(void *arg)
{
	struct member *m = arg;
	struct team *t = m->team;
	enum kb_status status;
	struct kb_err err;
	size_t from, to;

	while (take(t, &from)) {
		to = t->n - from > t->chunk ? from + t->chunk : t->n;
		memset(&err, 0, sizeof(err));
		status = t->fn(t->arg, m->who, from, to, &err);
		if (status != KB_OK)
			fail(t, from, status, &err);
	}
	return NULL;
}

enum kb_status
kb_team_run(unsigned threads, size_t n, size_t chunk, kb_chunk_fn *fn,
    void *arg, struct kb_err *err)
{
	struct team t = { .fn = fn, .arg = arg, .n = n, .chunk = chunk };
	struct member *members = calloc(threads, sizeof(*members));
	unsigned i, n_threads;

	if (members == NULL)
		return kb_err_nomem(err);
	pthread_mutex_init(&t.lock, NULL);
	for (i = 0; i < threads; i++)
		members[i] = (struct member){ .team = &t, .who = i };
	/* One is this thread; others that cannot be had are done without. */
	for (n_threads = 1; n_threads < threads && (n_threads - 1) * chunk < n;
	    n_threads++) {
		if (pthread_create(&members[n_threads].thread, NULL, work,
		    &members[n_threads]) != 0)
			break;
	}
	work(&members[0]);
	for (i = 1; i < n_threads; i++)
		pthread_join(members[i].thread, NULL);
	pthread_mutex_destroy(&t.lock);
	free(members);
	if (t.status != KB_OK && err != NULL)
		*err = t.err;
	return t.status;
}

/* ---- probing ---- */

#define PIECE	((size_t)64)	/* sets */

struct probing {
	kb_probe_fn		*fn;
	void			*arg;
	uint64_t		 most;
	struct kb_group_pairs	*pieces;
	bool			*done;
	size_t			 npieces;
	pthread_mutex_t		 lock;
	size_t			 whole;	/* pieces 0..whole are done */
	uint64_t		 weight; /* of those */
	bool			 enough;
};

/* Whether the pieces up to here are enough. */
static bool
finish(struct probing *p, size_t piece)
{
	bool enough;

	pthread_mutex_lock(&p->lock);
	p->done[piece] = true;
	while (!p->enough && p->whole < p->npieces && p->done[p->whole]) {
		p->weight += p->pieces[p->whole++].weight;
		p->enough = p->most > 0 && p->weight > p->most;
	}
	enough = p->enough;
	pthread_mutex_unlock(&p->lock);
	return enough;
}

static bool
is_enough(struct probing *p)
{
	bool enough;

	pthread_mutex_lock(&p->lock);
	enough = p->enough;
	pthread_mutex_unlock(&p->lock);
	return enough;
}

static enum kb_status
probe_piece(void *arg, unsigned who, size_t from, size_t to,
    struct kb_err *err)
{
	struct probing *p = arg;
	struct kb_group_pairs *out = &p->pieces[from / PIECE];
	enum kb_status status = KB_OK;

	if (is_enough(p))
		return KB_OK;
	for (; from < to && status == KB_OK; from++) {
		/* Nobody will want what comes behind this. */
		if (p->most > 0 && out->weight > p->most)
			break;
		status = p->fn(p->arg, who, (uint32_t)from, out, err);
	}
	if (status == KB_OK)
		finish(p, (to - 1) / PIECE);
	return status;
}

static enum kb_status
gather(struct kb_group_pairs *out, struct probing *p, struct kb_err *err)
{
	size_t i, n = 0;

	for (i = 0; i < p->whole; i++)
		n += p->pieces[i].n;
	out->v = malloc((n + 1) * sizeof(*out->v));
	if (out->v == NULL)
		return kb_err_nomem(err);
	for (i = 0; i < p->whole; i++) {
		if (p->pieces[i].n > 0)
			memcpy(out->v + out->n, p->pieces[i].v,
			    p->pieces[i].n * sizeof(*out->v));
		out->n += p->pieces[i].n;
		free(p->pieces[i].v);
		p->pieces[i].v = NULL;
	}
	out->size = out->n;
	out->weight = p->weight;
	out->cut = p->enough;
	return KB_OK;
}

enum kb_status
kb_team_probe(struct kb_group_pairs *out, unsigned threads, uint32_t n,
    uint64_t most, kb_probe_fn *fn, void *arg, struct kb_err *err)
{
	struct probing p = { .fn = fn, .arg = arg, .most = most };
	enum kb_status status;
	size_t i;

	p.npieces = ((size_t)n + PIECE - 1) / PIECE;
	p.pieces = calloc(p.npieces + 1, sizeof(*p.pieces));
	p.done = calloc(p.npieces + 1, sizeof(*p.done));
	pthread_mutex_init(&p.lock, NULL);
	status = p.pieces == NULL || p.done == NULL ? kb_err_nomem(err) :
	    kb_team_run(threads, n, PIECE, probe_piece, &p, err);
	if (status == KB_OK)
		status = gather(out, &p, err);
	for (i = 0; p.pieces != NULL && i < p.npieces; i++)
		free(p.pieces[i].v);
	pthread_mutex_destroy(&p.lock);
	free(p.pieces);
	free(p.done);
	return status;
}
