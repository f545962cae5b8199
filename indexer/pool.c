#include "pool.h"

#include <pthread.h>
#include <stdlib.h>

#include "extract.h"
#include "input.h"

#define AHEAD	((size_t)64 * 1024 * 1024)

/* One file's results, until their turn. */
struct slot {
	struct kb_prepared	*first, *last;
	size_t			 bytes;
	bool			 done;
	struct kb_err		 why;	/* status KB_OK: read well */
};

struct pool {
	const struct kb_files		*files;
	const struct kb_pool_opts	*opts;
	pthread_mutex_t			 lock;
	pthread_cond_t			 more;	/* a slot got something */
	pthread_cond_t			 less;	/* the consumer took it */
	struct slot			*slots;
	size_t				 next;	/* file to be taken */
	size_t				 turn;	/* file being consumed */
	size_t				 bytes;	/* waiting in all slots */
	size_t				 most;	/* of them ahead of their
						   turn */
	bool				 stop;
};

/* What the frames of one file go through. */
struct reading {
	struct kb_prepare	 how;
	struct pool		*pool;	/* NULL: no threads, straight on */
	size_t			 file;
	kb_pool_fn		*fn;
	void			*arg;
	const struct kb_file	*at;
	bool			 stopped;	/* by fn, not by the file */
};

static enum kb_status
queue(struct pool *p, size_t file, struct kb_prepared *item,
    struct kb_err *err)
{
	struct slot *s = &p->slots[file];

	pthread_mutex_lock(&p->lock);
	/* The file whose turn it is must go on, or nobody would. */
	while (!p->stop && (file == p->turn ? s->bytes > AHEAD :
	    p->bytes > p->most))
		pthread_cond_wait(&p->less, &p->lock);
	if (p->stop) {
		pthread_mutex_unlock(&p->lock);
		kb_prepared_free(item);
		return kb_err_set(err, KB_LIMIT, "stopped");
	}
	if (s->last != NULL)
		s->last->next = item;
	else
		s->first = item;
	s->last = item;
	s->bytes += item->bytes;
	p->bytes += item->bytes;
	if (file == p->turn)
		pthread_cond_signal(&p->more);
	pthread_mutex_unlock(&p->lock);
	return KB_OK;
}

static enum kb_status
on_frame(void *arg, struct kb_str frame, struct kb_err *err)
{
	struct reading *r = arg;
	struct kb_prepared *item;
	enum kb_status status = kb_prepare(&item, &r->how, frame, err);

	if (status != KB_OK)
		return status;
	if (r->pool != NULL)
		return queue(r->pool, r->file, item, err);
	status = r->fn(r->arg, r->at, item, NULL, err);
	r->stopped = status != KB_OK;
	return status;
}

static enum kb_status
read_file(struct reading *r, const struct kb_pool_opts *opts,
    const struct kb_file *file, struct kb_err *err)
{
	struct kb_extract_opts how = { opts->profiles, file->path };
	struct kb_input *in;
	enum kb_status status;
	int fd;

	status = kb_files_open(file, &fd, err);
	if (status == KB_OK)
		status = kb_input_open_fd(&in, fd, file->path.p, err);
	if (status != KB_OK)
		return status;
	r->at = file;
	r->how.path = file->path;
	status = kb_extract(in, &how, on_frame, r, err);
	kb_input_close(in);
	return status;
}

static void *
worker(void *arg)
{
	struct pool *p = arg;
	struct reading r = { .pool = p };
	struct kb_err why;
	enum kb_status status;

	r.how.metadata = p->opts->metadata;
	status = kb_stemmers_new(&r.how.stemmers, &why);
	for (;;) {
		pthread_mutex_lock(&p->lock);
		r.file = p->next < p->files->n && !p->stop ? p->next++ :
		    p->files->n;
		pthread_mutex_unlock(&p->lock);
		if (r.file == p->files->n)
			break;
		if (status == KB_OK) {
			memset(&why, 0, sizeof(why));
			why.status = read_file(&r, p->opts,
			    &p->files->v[r.file], &why);
		}
		pthread_mutex_lock(&p->lock);
		p->slots[r.file].why = why;
		p->slots[r.file].done = true;
		pthread_cond_signal(&p->more);
		pthread_mutex_unlock(&p->lock);
	}
	kb_stemmers_free(r.how.stemmers);
	return NULL;
}

/* The slot's first, or NULL; the lock is held. */
static struct kb_prepared *
take(struct pool *p, struct slot *s)
{
	struct kb_prepared *item = s->first;

	if (item == NULL)
		return NULL;
	s->first = item->next;
	if (s->first == NULL)
		s->last = NULL;
	s->bytes -= item->bytes;
	p->bytes -= item->bytes;
	item->next = NULL;
	pthread_cond_broadcast(&p->less);
	return item;
}

/* All of the file whose turn it is. */
static enum kb_status
consume(struct pool *p, size_t file, kb_pool_fn *fn, void *arg,
    struct kb_err *err)
{
	struct slot *s = &p->slots[file];
	enum kb_status status = KB_OK;
	bool done = false;

	while (status == KB_OK && !done) {
		struct kb_prepared *item;

		pthread_mutex_lock(&p->lock);
		if (p->turn != file) {
			p->turn = file;
			pthread_cond_broadcast(&p->less);
		}
		while (s->first == NULL && !s->done)
			pthread_cond_wait(&p->more, &p->lock);
		item = take(p, s);
		done = item == NULL;
		pthread_mutex_unlock(&p->lock);
		if (item != NULL)
			status = fn(arg, &p->files->v[file], item, NULL, err);
	}
	if (status != KB_OK)
		return status;
	if (s->why.status == KB_NOMEM) {
		if (err != NULL)
			*err = s->why;
		return KB_NOMEM;
	}
	return fn(arg, &p->files->v[file], NULL,
	    s->why.status != KB_OK ? &s->why : NULL, err);
}

static enum kb_status
run_straight(const struct kb_files *files, const struct kb_pool_opts *opts,
    kb_pool_fn *fn, void *arg, struct kb_err *err)
{
	struct reading r = { .fn = fn, .arg = arg };
	enum kb_status status;

	r.how.metadata = opts->metadata;
	status = kb_stemmers_new(&r.how.stemmers, err);
	for (size_t i = 0; i < files->n && status == KB_OK; i++) {
		struct kb_err why = { KB_OK, "" };

		status = read_file(&r, opts, &files->v[i], &why);
		if (!r.stopped && status != KB_NOMEM)
			status = fn(arg, &files->v[i], NULL, status != KB_OK ?
			    &why : NULL, err);
		else if (err != NULL)
			*err = why;
	}
	kb_stemmers_free(r.how.stemmers);
	return status;
}

static void
drop_rest(struct pool *p)
{
	for (size_t i = 0; i < p->files->n; i++) {
		struct kb_prepared *item = p->slots[i].first, *next;

		for (; item != NULL; item = next) {
			next = item->next;
			kb_prepared_free(item);
		}
	}
}

enum kb_status
kb_pool_run(const struct kb_files *files, const struct kb_pool_opts *opts,
    kb_pool_fn *fn, void *arg, struct kb_err *err)
{
	struct pool p = { .files = files, .opts = opts };
	unsigned n = opts->threads, started = 0;
	enum kb_status status = KB_OK;
	pthread_t *threads;

	if (n <= 1)
		return run_straight(files, opts, fn, arg, err);
	p.most = AHEAD * n;
	p.slots = calloc(files->n + 1, sizeof(*p.slots));
	threads = calloc(n, sizeof(*threads));
	if (p.slots == NULL || threads == NULL) {
		free(p.slots);
		free(threads);
		return kb_err_nomem(err);
	}
	pthread_mutex_init(&p.lock, NULL);
	pthread_cond_init(&p.more, NULL);
	pthread_cond_init(&p.less, NULL);
	while (started < n && pthread_create(&threads[started], NULL, worker,
	    &p) == 0)
		started++;
	if (started == 0)
		status = kb_err_set(err, KB_IO, "cannot start a thread");
	for (size_t i = 0; i < files->n && status == KB_OK; i++)
		status = consume(&p, i, fn, arg, err);
	pthread_mutex_lock(&p.lock);
	p.stop = true;
	pthread_cond_broadcast(&p.less);
	pthread_mutex_unlock(&p.lock);
	while (started > 0)
		pthread_join(threads[--started], NULL);
	drop_rest(&p);
	pthread_cond_destroy(&p.less);
	pthread_cond_destroy(&p.more);
	pthread_mutex_destroy(&p.lock);
	free(p.slots);
	free(threads);
	return status;
}
