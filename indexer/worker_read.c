/*
 * worker_read: files through a worker, whatever it makes of itself.
 * Contract: worker.h.
 *
 * A worker sends in large pieces, so that when it fails nobody knows yet
 * which unit it was at.  Then the file is read again with a new one that is
 * careful: it says at once when a unit begins.  Frames that came before are
 * not sent again; a unit that a careful worker did not survive is passed
 * over by the next.
 */
#include "worker_impl.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "archive_members.h"
#include "input.h"
#include "utf8.h"

#define CPU_MS		60000
#define IDLE_MS		60000
#define WALL_MS		600000
#define DEATHS		16
#define MAX_PATH	((size_t)512 * 1024)
#define LEAST_UNIT	4	/* bytes of a file, unpacked: "<r/>" */

enum outcome {
	GOING_ON,
	AT_END,			/* of the file */
	FAILED,			/* the worker did: w->reason */
	STOPPED			/* by the caller's function, or for good */
};

/* ---- what is told ---- */

/* Text from a worker may hold anything. */
static void
clean(char *p)
{
	struct kb_str s = kb_str_c(p);
	uint32_t c;
	size_t i, k;

	for (i = 0; i < s.n; i += k) {
		k = kb_utf8_next(s, i, &c);
		if (c == UINT32_MAX || c < 0x20 || c == 0x7f)
			memset(p + i, '?', k);
	}
}

static enum kb_status
tell(const struct kb_worker *w, const struct kb_worker_fns *fns,
    enum kb_level level, const char *code, struct kb_err *err,
    const char *fmt, ...)
{
	struct kb_diag d = { .level = level, .code = code };
	char msg[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	clean(msg);
	d.message = kb_str_c(msg);
	if (w->unit.unit != 0 && level == KB_ERROR) {
		d.line = w->unit.line;
		d.start = d.end = w->unit.start;
	}
	return fns->tell(fns->arg, &d, err);
}

/* ---- messages ---- */

static enum outcome
nonsense(struct kb_worker *w, const char *what)
{
	snprintf(w->reason, sizeof(w->reason), "it sent %s", what);
	return FAILED;
}

static enum outcome
take_frame(struct kb_worker *w, const struct kb_wire_msg *m,
    const struct kb_worker_fns *fns, struct kb_err *err)
{
	bool bad = false;
	enum kb_status status = fns->frame(fns->arg, m->bytes, &bad, err);

	if (bad)
		return nonsense(w, "a record that does not hold together");
	if (status != KB_OK)
		return STOPPED;
	/* There may be something to tell beside the records. */
	if (w->sent[0].job.frames / 16 > w->sent[0].most + 4096)
		return nonsense(w, "more records than the file holds");
	w->sent[0].job.frames++;
	w->over = true;
	return GOING_ON;
}

static enum outcome
take_end(struct kb_worker *w, const struct kb_wire_msg *m,
    struct kb_err *why)
{
	if (m->unit != w->sent[0].job.number)
		return nonsense(w, "the end of another file");
	if (m->start != w->sent[0].job.frames)
		return nonsense(w, "an end before its time");
	if (m->status == KB_NOMEM) {
		snprintf(w->reason, sizeof(w->reason), "it needed more "
		    "memory than it may have");
		return FAILED;
	}
	if (m->status != KB_OK) {
		kb_err_set(why, m->status, "%.*s", KB_FMT(m->bytes));
		clean(why->msg);
	}
	return AT_END;
}

static enum outcome
take(struct kb_worker *w, const struct kb_wire_msg *m,
    const struct kb_worker_fns *fns, struct kb_err *why, struct kb_err *err)
{
	switch (m->kind) {
	case KB_WIRE_BEGIN:
		if (m->unit != w->unit.unit + 1)
			return nonsense(w, "records out of order");
		if (m->unit > w->sent[0].most)
			return nonsense(w, "more records than the file holds");
		w->unit = *m;
		w->unit.bytes = kb_str(NULL, 0);
		snprintf(w->member, sizeof(w->member), "%.*s",
		    KB_FMT(m->bytes));
		w->over = false;
		kb_worker_rewatch(w);
		return GOING_ON;
	case KB_WIRE_FRAME:
		return take_frame(w, m, fns, err);
	case KB_WIRE_END:
		return take_end(w, m, why);
	case KB_WIRE_HELLO:
		break;
	}
	return nonsense(w, "a message out of order");
}

/* The file's messages, from a worker that begins with it. */
static enum outcome
run(struct kb_worker *w, const struct kb_worker_fns *fns,
    struct kb_err *why, struct kb_err *err)
{
	struct kb_err nomem = { KB_OK, "" };
	uint32_t limit = w->opts.limits.cpu_ms;
	enum outcome outcome = GOING_ON;
	struct kb_wire_msg m;

	/* Nothing is lost by this one's end: the careful one takes over. */
	if (!w->sent[0].job.careful)
		limit /= 4;
	memset(&w->unit, 0, sizeof(w->unit));
	w->member[0] = '\0';
	w->over = false;
	kb_worker_rewatch(w);
	while (outcome == GOING_ON) {
		if (kb_worker_hear(w, &m, limit, &nomem))
			outcome = take(w, &m, fns, why, err);
		else
			outcome = nomem.status != KB_OK ? STOPPED : FAILED;
	}
	if (nomem.status != KB_OK && err != NULL)
		*err = nomem;
	return outcome;
}

/* ---- failures ---- */

/* The last message of the file: what is behind it stays unread. */
static enum kb_status
give_up(struct kb_worker *w, const struct kb_worker_fns *fns, bool *over,
    struct kb_err *err)
{
	const char *what = w->unit.whole || w->unit.unit == 0 ?
	    "this file" : "the rest of this file";

	*over = true;
	if (w->sent[0].deaths > w->opts.limits.deaths)
		return tell(w, fns, KB_ERROR, "quarantined", err, "%s was "
		    "left out: more than %u of its records were the end of "
		    "the process that read them; the last: %s", what,
		    w->opts.limits.deaths, w->reason);
	return tell(w, fns, KB_ERROR, "quarantined", err, "%s was left out; "
	    "of the process that read it: %s", what, w->reason);
}

static bool
is_skipped(const struct kb_job *j, uint64_t unit)
{
	return j->nskip > 0 && j->skip[j->nskip - 1] >= unit;
}

/* A worker is gone: what of the file's rest?  *over: nothing. */
static enum kb_status
judge(struct kb_worker *w, const struct kb_worker_fns *fns, bool *over,
    struct kb_err *err)
{
	struct kb_sent *s = &w->sent[0];
	struct kb_job *j = &s->job;
	uint64_t unit = w->unit.unit;

	if (!j->careful && !w->unit.whole && !s->over) {
		j->careful = true;
		return KB_OK;
	}
	s->deaths++;
	if (s->over || w->unit.whole || unit == 0 || w->over || is_skipped(j, unit) ||
	    s->deaths > w->opts.limits.deaths || j->nskip == KB_JOB_SKIPS)
		return give_up(w, fns, over, err);
	j->skip[j->nskip++] = unit;
	if (w->member[0] != '\0')
		return tell(w, fns, KB_ERROR, "quarantined", err, "a record of "
		    "'%s' was left out; of the process that read it: %s",
		    w->member, w->reason);
	return tell(w, fns, KB_ERROR, "quarantined", err, "record %llu was "
	    "left out; of the process that read it: %s",
	    (unsigned long long)unit, w->reason);
}

static enum kb_status
bring_up(struct kb_worker *w, struct kb_err *err)
{
	enum kb_status status = kb_worker_up(w, err);

	for (size_t i = 0; i < w->nsent && status == KB_OK; i++)
		if (!w->sent[i].posted && w->sent[i].fd >= 0)
			kb_worker_post(w, &w->sent[i]);
	return status;
}

static enum kb_status
read_on(struct kb_worker *w, const struct kb_worker_fns *fns,
    struct kb_err *why, struct kb_err *err)
{
	struct kb_err dead = { KB_OK, "" };
	enum kb_status status = KB_OK;
	bool over = false;

	while (!over) {
		status = bring_up(w, err);
		if (status != KB_OK)
			break;
		switch (run(w, fns, why, &dead)) {
		case FAILED:
			status = kb_worker_down(w, err);
			if (status == KB_OK)
				status = judge(w, fns, &over, err);
			if (status != KB_OK)
				return status;
			break;
		case STOPPED:
			if (err != NULL)
				*err = dead;
			(void)kb_worker_down(w, NULL);
			return dead.status;
		default:
			over = true;
		}
	}
	return status;
}

/* ---- files ---- */

/* Nobody says by chance that such a job is done. */
static uint64_t
new_number(struct kb_worker *w)
{
	uint64_t n;

	if (getrandom(&n, sizeof(n), GRND_NONBLOCK) != sizeof(n))
		n = ++w->numbers;
	return n;
}

/* How many units it may have, whatever is said of it. */
static uint64_t
most_units(const struct kb_sent *s)
{
	uint64_t size = (uint64_t)s->before.st_size;
	char head[512] = { 0 };
	bool packed;

	if (pread(s->fd, head, sizeof(head), 0) < 0)
		return 0;
	packed = memcmp(head, "\x1f\x8b", 2) == 0 ||
	    kb_archive_is(kb_str(head, sizeof(head)));
	if (packed)
		size = KB_INPUT_FREE + (size < UINT64_MAX / 1024 ? size *
		    KB_INPUT_RATIO : UINT64_MAX / 2);
	return size / LEAST_UNIT + 16;
}

void
kb_worker_send(struct kb_worker *w, struct kb_str path, int fd,
    const struct kb_err *why)
{
	struct kb_sent *s = &w->sent[w->nsent++];

	memset(s, 0, sizeof(*s));
	s->job.number = new_number(w);
	s->job.kind = (unsigned)w->opts.kind;
	s->job.path = path;
	s->fd = fd;
	if (why != NULL && fd < 0)
		s->why = *why;
	if (fd >= 0 && path.n > MAX_PATH) {
		kb_err_set(&s->why, KB_IO, "a path of %zu bytes is too long",
		    path.n);
		close(fd);
		s->fd = -1;
	}
	if (s->fd >= 0 && fstat(s->fd, &s->before) != 0)
		memset(&s->before, 0, sizeof(s->before));
	if (s->fd >= 0)
		s->most = most_units(s);
	if (w->pid != 0 && s->fd >= 0)
		kb_worker_post(w, s);
}

static bool
has_changed(const struct kb_sent *s)
{
	struct stat now;

	return fstat(s->fd, &now) == 0 && (now.st_size != s->before.st_size ||
	    now.st_mtim.tv_sec != s->before.st_mtim.tv_sec ||
	    now.st_mtim.tv_nsec != s->before.st_mtim.tv_nsec);
}

enum kb_status
kb_worker_receive(struct kb_worker *w, const struct kb_worker_fns *fns,
    struct kb_err *why, struct kb_err *err)
{
	struct kb_sent *s = &w->sent[0];
	enum kb_status status = KB_OK;

	if (s->fd < 0) {
		*why = s->why;
	} else {
		status = read_on(w, fns, why, err);
		if (status == KB_OK && has_changed(s))
			status = tell(w, fns, KB_WARNING, "changed", err,
			    "the file changed while it was read: what was "
			    "read of it may be neither the old nor the new");
		close(s->fd);
	}
	w->nsent--;
	memmove(w->sent, w->sent + 1, w->nsent * sizeof(*w->sent));
	return status;
}

/* ---- the handle ---- */

enum kb_status
kb_worker_new(struct kb_worker **out, struct kb_spawner *spawner,
    const struct kb_worker_opts *opts, struct kb_err *err)
{
	struct kb_worker *w = calloc(1, sizeof(*w));
	struct kb_worker_limits *most;

	if (w == NULL)
		return kb_err_nomem(err);
	w->spawner = spawner;
	w->opts = *opts;
	most = &w->opts.limits;
	most->cpu_ms = most->cpu_ms != 0 ? most->cpu_ms : CPU_MS;
	most->idle_ms = most->idle_ms != 0 ? most->idle_ms : IDLE_MS;
	most->wall_ms = most->wall_ms != 0 ? most->wall_ms : WALL_MS;
	most->deaths = most->deaths != 0 ? most->deaths : DEATHS;
	*out = w;
	return KB_OK;
}

void
kb_worker_free(struct kb_worker *w)
{
	if (w == NULL)
		return;
	(void)kb_worker_down(w, NULL);
	for (size_t i = 0; i < w->nsent; i++)
		if (w->sent[i].fd >= 0)
			close(w->sent[i].fd);
	kb_buf_release(&w->in);
	free(w);
}

enum kb_status
kb_worker_start(struct kb_worker *w, struct kb_sandbox_report *report,
    struct kb_err *err)
{
	enum kb_status status = kb_worker_up(w, err);

	if (status == KB_OK)
		*report = w->report;
	return status;
}
