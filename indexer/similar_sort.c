/*
 * similar_sort: an external merge sort of 64-bit numbers.  Contract:
 * similar_impl.h.
 */
#include "similar_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "join_impl.h"
#include "store_file.h"

/* A sorted part of the file, read through a window of its own. */
struct run {
	uint64_t	 at, end;	/* in the file, in numbers */
	uint64_t	*buf;
	size_t		 next, n;	/* in buf */
};

struct kb_spill {
	char		*dir;		/* for messages */
	int		 fd;		/* -1: nothing was written yet */
	uint64_t	*buf;
	size_t		 n, size;	/* numbers */
	uint64_t	 written;
	struct run	*runs;		/* a heap by their first number */
	size_t		 nruns, runs_size;
};

enum kb_status
kb_spill_new(struct kb_spill **out, const char *dir, size_t memory,
    struct kb_err *err)
{
	struct kb_spill *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return kb_err_nomem(err);
	s->fd = -1;
	s->size = memory / sizeof(*s->buf) + 1;
	s->buf = malloc(s->size * sizeof(*s->buf));
	s->dir = strdup(dir);
	if (s->buf == NULL || s->dir == NULL) {
		kb_spill_free(s);
		return kb_err_nomem(err);
	}
	*out = s;
	return KB_OK;
}

void
kb_spill_free(struct kb_spill *s)
{
	if (s == NULL)
		return;
	if (s->fd >= 0)
		close(s->fd);
	free(s->dir);
	free(s->buf);
	free(s->runs);
	free(s);
}

static enum kb_status
fail(const struct kb_spill *s, const char *what, struct kb_err *err)
{
	return kb_err_set(err, KB_IO, "cannot %s a temporary file in '%s': "
	    "%s", what, s->dir, errno != 0 ? strerror(errno) :
	    "it ends early");
}

static enum kb_status
open_file(struct kb_spill *s, struct kb_err *err)
{
	static const char name[] = "/tmp-similar-XXXXXX";
	size_t n = strlen(s->dir);
	char *path = malloc(n + sizeof(name));

	if (path == NULL)
		return kb_err_nomem(err);
	memcpy(path, s->dir, n);
	memcpy(path + n, name, sizeof(name));
	s->fd = mkstemp(path);
	if (s->fd >= 0) {
		unlink(path);
		(void)fcntl(s->fd, F_SETFD, FD_CLOEXEC);
	}
	free(path);
	return s->fd >= 0 ? KB_OK : fail(s, "create", err);
}

/* What is held, as one more run of the file. */
static enum kb_status
write_run(struct kb_spill *s, struct kb_err *err)
{
	enum kb_status status = s->fd < 0 ? open_file(s, err) : KB_OK;
	struct run *runs;

	if (status != KB_OK)
		return status;
	if (s->nruns == s->runs_size) {
		s->runs_size = s->runs_size * 2 + 16;
		runs = realloc(s->runs, s->runs_size * sizeof(*runs));
		if (runs == NULL)
			return kb_err_nomem(err);
		s->runs = runs;
	}
	kb_sort_u64(s->buf, s->n);
	if (!kb_file_write(s->fd, kb_str((const char *)s->buf, s->n *
	    sizeof(*s->buf))))
		return fail(s, "write", err);
	s->runs[s->nruns++] = (struct run){ .at = s->written,
	    .end = s->written + s->n };
	s->written += s->n;
	s->n = 0;
	return KB_OK;
}

enum kb_status
kb_spill_add(struct kb_spill *s, uint64_t value, struct kb_err *err)
{
	enum kb_status status;

	if (s->n == s->size) {
		status = write_run(s, err);
		if (status != KB_OK)
			return status;
	}
	s->buf[s->n++] = value;
	return KB_OK;
}

/* ---- merging ---- */

struct sink {
	enum kb_status	(*fn)(void *arg, uint64_t value, struct kb_err *err);
	void		*arg;
	uint64_t	 last;
	bool		 any;
};

static enum kb_status
give(struct sink *k, uint64_t value, struct kb_err *err)
{
	if (k->any && value == k->last)
		return KB_OK;
	k->any = true;
	k->last = value;
	return k->fn(k->arg, value, err);
}

/* The next window of a run that has something left. */
static enum kb_status
fill(const struct kb_spill *s, struct run *r, size_t window,
    struct kb_err *err)
{
	size_t n = r->end - r->at < window ? (size_t)(r->end - r->at) :
	    window;
	ssize_t got;

	errno = 0;
	got = kb_file_pread(s->fd, r->buf, n * sizeof(*r->buf), r->at *
	    sizeof(*r->buf));
	if (got != (ssize_t)(n * sizeof(*r->buf)))
		return fail(s, "read", err);
	r->at += n;
	r->n = n;
	r->next = 0;
	return KB_OK;
}

static uint64_t
first(const struct run *r)
{
	return r->buf[r->next];
}

static void
sift_down(struct run *v, size_t n, size_t i)
{
	size_t child;

	while ((child = 2 * i + 1) < n) {
		struct run t = v[i];

		if (child + 1 < n && first(&v[child + 1]) < first(&v[child]))
			child++;
		if (first(&v[child]) >= first(&t))
			break;
		v[i] = v[child];
		v[child] = t;
		i = child;
	}
}

static enum kb_status
merge(struct kb_spill *s, struct sink *sink, struct kb_err *err)
{
	size_t window = s->size / s->nruns, n = s->nruns;
	enum kb_status status = KB_OK;

	if (window == 0)
		return kb_err_set(err, KB_LIMIT, "more than %zu parts to be "
		    "merged", s->size);
	for (size_t i = 0; i < n && status == KB_OK; i++) {
		s->runs[i].buf = s->buf + i * window;
		status = fill(s, &s->runs[i], window, err);
	}
	for (size_t i = n; status == KB_OK && i-- > 0;)
		sift_down(s->runs, n, i);
	while (status == KB_OK && n > 0) {
		struct run *r = &s->runs[0];

		status = give(sink, first(r), err);
		r->next++;
		if (status == KB_OK && r->next == r->n && r->at < r->end)
			status = fill(s, r, window, err);
		else if (r->next == r->n)
			*r = s->runs[--n];
		sift_down(s->runs, n, 0);
	}
	return status;
}

enum kb_status
kb_spill_sorted(struct kb_spill *s, enum kb_status (*fn)(void *arg,
    uint64_t value, struct kb_err *err), void *arg, struct kb_err *err)
{
	struct sink sink = { fn, arg, 0, false };
	enum kb_status status = KB_OK;

	if (s->nruns > 0) {
		if (s->n > 0)
			status = write_run(s, err);
		return status == KB_OK ? merge(s, &sink, err) : status;
	}
	kb_sort_u64(s->buf, s->n);
	for (size_t i = 0; i < s->n && status == KB_OK; i++)
		status = give(&sink, s->buf[i], err);
	return status;
}
