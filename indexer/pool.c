#include "pool.h"

#include <pthread.h>
#include <stdlib.h>

#include "frame.h"

#define AHEAD	((size_t)64 * 1024 * 1024)

/* One file's results, until their turn. */
struct slot {
	struct kb_prepared	*first, *last;
	size_t			 bytes;
	bool			 done;
	struct kb_err		 why;	/* status KB_OK: read well */
	struct kb_err		 fatal;	/* the run cannot go on */
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

/* One reader: its worker, and what the frames of one file go through. */
struct reading {
	struct kb_prepare	 how;
	enum kb_job_kind	 kind;
	struct pool		*pool;	/* NULL: no threads, straight on */
	struct kb_worker	*worker;
	size_t			 sent[KB_WORKER_AHEAD];	/* files */
	size_t			 nsent;
	size_t			 file;	/* being received */
	kb_pool_fn		*fn;
	void			*arg;
	const struct kb_file	*at;
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
hand_over(struct reading *r, struct kb_prepared *item, struct kb_err *err)
{
	if (r->pool != NULL)
		return queue(r->pool, r->file, item, err);
	return r->fn(r->arg, r->at, item, NULL, err);
}

static enum kb_status
on_frame(void *arg, struct kb_str frame, bool *nonsense, struct kb_err *err)
{
	struct reading *r = arg;
	struct kb_prepared *item;
	enum kb_status status;

	if (r->kind == KB_JOB_EXTRACT)
		status = kb_prepare(&item, &r->how, frame, err);
	else
		status = kb_prepare_raw(&item, frame, err);
	*nonsense = status == KB_INPUT;
	return status == KB_OK ? hand_over(r, item, err) : status;
}

/* A record that is none, in a frame, as the readers make them. */
static enum kb_status
on_tell(void *arg, const struct kb_diag *diag, struct kb_err *err)
{
	struct reading *r = arg;
	struct kb_arena arena = { 0 };
	struct kb_record *rec = kb_record_new(&arena);
	struct kb_prepared *item;
	struct kb_buf frame = { 0 };
	struct kb_diag_sink sink;
	enum kb_status status;

	if (rec != NULL) {
		rec->dropped = true;
		rec->drop_reason = KB_STR("unreadable");
		sink = kb_record_sink(rec);
		sink.fn(sink.arg, diag);
		kb_frame_write(rec, &frame);
	}
	status = arena.failed ? kb_err_nomem(err) : kb_buf_check(&frame, err);
	if (status == KB_OK)
		status = kb_prepare(&item, &r->how, kb_buf_str(&frame), err);
	kb_buf_release(&frame);
	kb_arena_release(&arena);
	return status == KB_OK ? hand_over(r, item, err) : status;
}

/* ---- one reader ---- */

static enum kb_status
reading_init(struct reading *r, const struct kb_pool_opts *opts,
    struct kb_spawner *spawner, struct kb_err *err)
{
	struct kb_worker_opts how = { opts->kind, opts->profiles,
	    opts->limits, opts->furniture, opts->marked };
	enum kb_status status;

	r->how.metadata = opts->metadata;
	r->how.shingling = opts->shingling;
	r->kind = opts->kind;
	status = kb_stemmers_new(&r->how.stemmers, err);
	if (status == KB_OK)
		status = kb_worker_new(&r->worker, spawner, &how, err);
	return status;
}

static void
reading_release(struct reading *r)
{
	kb_worker_free(r->worker);
	kb_stemmers_free(r->how.stemmers);
}

static void
send_file(struct reading *r, const struct kb_files *files, size_t i)
{
	struct kb_err why = { KB_OK, "" };
	int fd = -1;

	if (kb_files_open(&files->v[i], &fd, &why) != KB_OK)
		fd = -1;
	kb_worker_send(r->worker, files->v[i].path, fd, &why);
	r->sent[r->nsent++] = i;
}

/* The file that was sent first; r->file is its number. */
static enum kb_status
receive_file(struct reading *r, const struct kb_files *files,
    struct kb_err *why, struct kb_err *err)
{
	const struct kb_worker_fns fns = { r, on_frame, on_tell };

	r->file = r->sent[0];
	r->at = &files->v[r->file];
	r->how.path = r->at->path;
	r->nsent--;
	memmove(r->sent, r->sent + 1, r->nsent * sizeof(*r->sent));
	memset(why, 0, sizeof(*why));
	return kb_worker_receive(r->worker, &fns, why, err);
}

/* ---- threads ---- */

/*
 * The next file for a reader, which has "waiting" already, or files->n.
 * Near the end nobody takes a second one that another could begin with.
 */
static size_t
next_file(struct pool *p, size_t waiting)
{
	size_t n = p->files->n, file = n;

	pthread_mutex_lock(&p->lock);
	if (!p->stop && p->next < n && (waiting == 0 || (waiting <
	    KB_WORKER_AHEAD && n - p->next >= p->opts->threads)))
		file = p->next++;
	pthread_mutex_unlock(&p->lock);
	return file;
}

static void
file_done(struct pool *p, size_t file, const struct kb_err *why,
    const struct kb_err *fatal)
{
	pthread_mutex_lock(&p->lock);
	p->slots[file].why = *why;
	p->slots[file].fatal = *fatal;
	p->slots[file].done = true;
	pthread_cond_signal(&p->more);
	pthread_mutex_unlock(&p->lock);
}

static void *
reader(void *arg)
{
	struct reading *r = arg;
	struct pool *p = r->pool;
	struct kb_err why = { KB_OK, "" }, fatal = { KB_OK, "" };
	size_t file;

	for (;;) {
		while ((file = next_file(p, r->nsent)) < p->files->n)
			send_file(r, p->files, file);
		if (r->nsent == 0)
			break;
		/* Nothing goes on behind a failure, but all are told. */
		if (fatal.status == KB_OK) {
			(void)receive_file(r, p->files, &why, &fatal);
		} else {
			r->file = r->sent[0];
			r->nsent--;
			memmove(r->sent, r->sent + 1, r->nsent *
			    sizeof(*r->sent));
		}
		file_done(p, r->file, &why, &fatal);
	}
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
	if (s->fatal.status != KB_OK) {
		if (err != NULL)
			*err = s->fatal;
		return s->fatal.status;
	}
	return fn(arg, &p->files->v[file], NULL,
	    s->why.status != KB_OK ? &s->why : NULL, err);
}

static enum kb_status
run_straight(struct reading *r, const struct kb_files *files,
    struct kb_err *err)
{
	enum kb_status status = KB_OK;
	struct kb_err why;
	size_t next = 0;

	while (status == KB_OK && (next < files->n || r->nsent > 0)) {
		while (next < files->n && r->nsent < KB_WORKER_AHEAD)
			send_file(r, files, next++);
		status = receive_file(r, files, &why, err);
		if (status == KB_OK)
			status = r->fn(r->arg, r->at, NULL, why.status !=
			    KB_OK ? &why : NULL, err);
	}
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

static enum kb_status
run_threads(struct pool *p, struct reading *readings, pthread_t *threads,
    kb_pool_fn *fn, void *arg, struct kb_err *err)
{
	unsigned n = p->opts->threads, started = 0;
	enum kb_status status = KB_OK;

	while (started < n && pthread_create(&threads[started], NULL, reader,
	    &readings[started]) == 0)
		started++;
	if (started == 0)
		status = kb_err_set(err, KB_IO, "cannot start a thread");
	for (size_t i = 0; i < p->files->n && status == KB_OK; i++)
		status = consume(p, i, fn, arg, err);
	pthread_mutex_lock(&p->lock);
	p->stop = true;
	pthread_cond_broadcast(&p->less);
	pthread_mutex_unlock(&p->lock);
	while (started > 0)
		pthread_join(threads[--started], NULL);
	drop_rest(p);
	return status;
}

static enum kb_status
run_pool(const struct kb_files *files, const struct kb_pool_opts *opts,
    struct reading *readings, kb_pool_fn *fn, void *arg, struct kb_err *err)
{
	struct pool p = { .files = files, .opts = opts };
	pthread_t *threads = calloc(opts->threads, sizeof(*threads));
	enum kb_status status;

	p.most = AHEAD * opts->threads;
	p.slots = calloc(files->n + 1, sizeof(*p.slots));
	pthread_mutex_init(&p.lock, NULL);
	pthread_cond_init(&p.more, NULL);
	pthread_cond_init(&p.less, NULL);
	for (unsigned i = 0; i < opts->threads; i++)
		readings[i].pool = &p;
	if (threads != NULL && p.slots != NULL)
		status = run_threads(&p, readings, threads, fn, arg, err);
	else
		status = kb_err_nomem(err);
	pthread_cond_destroy(&p.less);
	pthread_cond_destroy(&p.more);
	pthread_mutex_destroy(&p.lock);
	free(p.slots);
	free(threads);
	return status;
}

enum kb_status
kb_pool_run(const struct kb_files *files, const struct kb_pool_opts *opts,
    kb_pool_fn *fn, void *arg, struct kb_err *err)
{
	struct kb_worker_opts how = { opts->kind, opts->profiles,
	    opts->limits, opts->furniture, opts->marked };
	unsigned n = opts->threads > 1 ? opts->threads : 1;
	struct kb_sandbox_report report;
	struct kb_spawner *spawner = NULL;
	struct reading *r;
	enum kb_status status;

	if (files->n == 0)
		return KB_OK;
	r = calloc(n, sizeof(*r));
	if (r == NULL)
		return kb_err_nomem(err);
	status = kb_spawner_new(&spawner, &how, err);
	for (unsigned i = 0; i < n && status == KB_OK; i++) {
		r[i].fn = fn;
		r[i].arg = arg;
		status = reading_init(&r[i], opts, spawner, err);
	}
	if (status == KB_OK)
		status = kb_worker_start(r[0].worker, &report, err);
	if (status == KB_OK && opts->started != NULL)
		opts->started(opts->started_arg, &report);
	if (status == KB_OK)
		status = n > 1 ? run_pool(files, opts, r, fn, arg, err) :
		    run_straight(&r[0], files, err);
	for (unsigned i = 0; i < n; i++)
		reading_release(&r[i]);
	free(r);
	kb_spawner_free(spawner);
	return status;
}
