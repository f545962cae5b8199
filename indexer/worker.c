/*
 * worker: the side that parses.  From here on nothing may be opened, and a
 * failure may end the process: the other side tells what of.  Contract:
 * worker.h.
 */
#include "worker.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "utf8.h"
#include "worker_job.h"
#include "worker_wire.h"

#define BATCH		((size_t)64 * 1024)
#define LONG_UNIT	((uint64_t)64 * 1024)	/* bytes */
#define MAX_JOB		((size_t)1 << 20)
#define MEMORY		((uint64_t)4 << 30)
#define JOB_SECONDS	3600

typedef enum kb_status job_fn(struct kb_input *in,
    const struct kb_extract_opts *opts, enum kb_status (*fn)(void *arg,
    struct kb_str frame, struct kb_err *err), void *arg, struct kb_err *err);

/* In the order of enum kb_job_kind. */
static job_fn *const kinds[] = {
	kb_extract, kb_extract_survey
};

struct work {
	int		 sock;
	struct kb_job	 job;
	uint64_t	 unit;		/* of this file, so far */
	uint64_t	 frames;
	struct kb_buf	 out;		/* to be sent */
};

void	(*kb_worker_fault)(struct kb_str path, uint64_t unit, int sock);

/* Who cannot be talked to has no work. */
static void
send_all(int sock, struct kb_str s)
{
	ssize_t n;

	while (s.n > 0) {
		n = send(sock, s.p, s.n, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			_exit(0);
		s.p += n;
		s.n -= (size_t)n;
	}
}

static void
flush(struct work *w)
{
	if (w->out.failed)
		_exit(1);
	send_all(w->sock, kb_buf_str(&w->out));
	kb_buf_clear(&w->out);
}

static enum kb_status
on_frame(void *arg, struct kb_str frame, struct kb_err *err)
{
	const struct kb_wire_msg msg = { .kind = KB_WIRE_FRAME };
	struct work *w = arg;

	if (frame.n > KB_WIRE_MAX_FRAME)
		return kb_err_set(err, KB_LIMIT, "a record takes more than "
		    "%zu MiB when it is read", KB_WIRE_MAX_FRAME >> 20);
	/* They were received from the worker before this one. */
	if (w->frames++ < w->job.frames)
		return KB_OK;
	kb_wire_put(&w->out, &msg);
	if (frame.n >= BATCH) {
		flush(w);
		send_all(w->sock, frame);
		return KB_OK;
	}
	kb_buf_add(&w->out, frame);
	if (w->out.n >= BATCH)
		flush(w);
	return KB_OK;
}

static bool
on_unit(void *arg, const struct kb_extract_unit *unit)
{
	struct kb_wire_msg msg = { .kind = KB_WIRE_BEGIN };
	struct work *w = arg;

	msg.unit = ++w->unit;
	msg.start = unit->start;
	msg.line = unit->line;
	msg.whole = unit->whole;
	msg.bytes = unit->member;
	msg.bytes.n = kb_utf8_floor(msg.bytes, KB_WIRE_MAX_NAME);
	kb_wire_put(&w->out, &msg);
	if (w->job.careful || unit->size >= LONG_UNIT || w->out.n >= BATCH)
		flush(w);
	for (size_t i = 0; i < w->job.nskip; i++)
		if (w->job.skip[i] == w->unit)
			return false;
	if (kb_worker_fault != NULL)
		kb_worker_fault(w->job.path, w->unit, w->sock);
	return true;
}

/*
 * The parent watches the time.  Should it be stopped itself, the kernel
 * ends a worker that goes on and on.
 */
static void
more_time(void)
{
	struct timespec used;
	struct rlimit r;

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) != 0 ||
	    getrlimit(RLIMIT_CPU, &r) != 0)
		return;
	r.rlim_cur = (rlim_t)used.tv_sec + JOB_SECONDS;
	setrlimit(RLIMIT_CPU, &r);
}

static void
work(struct work *w, const struct kb_worker_opts *opts, int fd)
{
	struct kb_extract_opts how = { .profiles = opts->profiles,
	    .path = w->job.path, .unit = on_unit, .unit_arg = w,
	    .furniture = opts->furniture, .marked = opts->marked };
	struct kb_wire_msg msg = { .kind = KB_WIRE_END };
	struct kb_err why = { KB_OK, "" };
	struct kb_input *in = NULL;

	more_time();
	w->unit = w->frames = 0;
	msg.status = kb_input_open_fd(&in, fd, w->job.path.p, &why);
	if (msg.status == KB_OK)
		msg.status = kinds[w->job.kind](in, &how, on_frame, w, &why);
	kb_input_close(in);
	msg.unit = w->job.number;
	msg.start = w->frames;
	if (msg.status != KB_OK)
		msg.bytes = kb_str_c(why.msg);
	kb_wire_put(&w->out, &msg);
	flush(w);
}

/* ---- what is asked ---- */

/* The length of a job's bytes, with its descriptor; false at the end. */
static bool
receive_head(int sock, uint32_t *n, int *fd)
{
	union {
		struct cmsghdr	align;
		char		room[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec iov = { n, sizeof(*n) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
	    .msg_control = &control, .msg_controllen = sizeof(control) };
	struct cmsghdr *c;
	ssize_t got;

	do {
		got = recvmsg(sock, &msg, MSG_CMSG_CLOEXEC | MSG_WAITALL);
	} while (got < 0 && errno == EINTR);
	c = got == (ssize_t)sizeof(*n) ? CMSG_FIRSTHDR(&msg) : NULL;
	if (c == NULL || c->cmsg_type != SCM_RIGHTS || c->cmsg_len !=
	    CMSG_LEN(sizeof(int)))
		return false;
	memcpy(fd, CMSG_DATA(c), sizeof(*fd));
	return *n <= MAX_JOB;
}

static bool
receive_all(int sock, char *p, size_t n)
{
	ssize_t got;

	while (n > 0) {
		got = recv(sock, p, n, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		p += got;
		n -= (size_t)got;
	}
	return true;
}

static bool
receive_job(struct work *w, struct kb_buf *bytes, int *fd)
{
	uint32_t n;

	kb_buf_clear(bytes);
	if (!receive_head(w->sock, &n, fd) || !kb_buf_reserve(bytes, n) ||
	    !receive_all(w->sock, bytes->p, n))
		return false;
	bytes->n = n;
	bytes->p[n] = '\0';
	return kb_job_get(kb_buf_str(bytes), &w->job) && w->job.kind <
	    sizeof(kinds) / sizeof(kinds[0]);
}

void
kb_worker_main(int sock, const struct kb_worker_opts *opts)
{
	struct kb_wire_msg hello = { .kind = KB_WIRE_HELLO };
	struct work w = { .sock = sock };
	struct kb_buf bytes = { 0 };
	int fd;

	kb_sandbox_enter(&hello.report, opts->limits.memory != 0 ?
	    opts->limits.memory : MEMORY);
	kb_wire_put(&w.out, &hello);
	flush(&w);
	while (receive_job(&w, &bytes, &fd))
		work(&w, opts, fd);
	_exit(0);
}
