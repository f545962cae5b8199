/*
 * worker_talk: a worker's process as its owner sees it: messages, clocks,
 * its end.  Contract: worker_impl.h.
 */
#include "worker_impl.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHUNK		((size_t)256 * 1024)
#define KEEP		((size_t)8 * 1024 * 1024)	/* of the buffer */
#define TICK_MS		250
#define BYTES_A_MS	10	/* of a file: a hundredth of what is read in
				   it when it is packed as tightly as may be */

/* ---- time ---- */

static uint64_t
clock_ms(clockid_t clock)
{
	struct timespec t;

	if (clock_gettime(clock, &t) != 0)
		return 0;
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void
kb_worker_rewatch(struct kb_worker *w)
{
	w->watch.fresh = true;
	w->watch.silent = w->watch.idle = 0;
}

static bool
overrun(struct kb_worker *w, const char *what, uint64_t ms)
{
	snprintf(w->reason, sizeof(w->reason), "it %s %g s: a clock decided",
	    what, (double)ms / 1000);
	return true;
}

/*
 * Whether the file's time is over: who says something now and then, or that
 * something new began, has not all the time there is.
 */
static bool
file_too_long(struct kb_worker *w, uint64_t cpu, uint64_t step)
{
	const struct kb_worker_limits *most = &w->opts.limits;
	struct kb_sent *s = &w->sent[0];
	uint64_t lives = most->deaths + 2;

	if (w->nsent == 0)
		return false;
	s->stood += cpu > w->watch.counted ? 0 : step;
	s->spent += cpu > w->watch.counted ? cpu - w->watch.counted : 0;
	w->watch.counted = cpu;
	s->over = s->spent > lives * most->cpu_ms +
	    (uint64_t)s->before.st_size / BYTES_A_MS ||
	    s->stood > lives * most->idle_ms;
	if (s->over)
		snprintf(w->reason, sizeof(w->reason), "it took %llu s, and "
		    "stood still for %llu s, in all: a clock decided",
		    (unsigned long long)s->spent / 1000,
		    (unsigned long long)s->stood / 1000);
	return s->over;
}

/*
 * Whether its time is over.  Steps are counted, not the time that passed:
 * when this process was stopped, its workers may have been, too.
 */
static bool
too_long(struct kb_worker *w, uint32_t limit)
{
	const struct kb_worker_limits *most = &w->opts.limits;
	struct kb_watch *t = &w->watch;
	uint64_t now = clock_ms(CLOCK_MONOTONIC), cpu = clock_ms(t->clock);
	uint64_t step = now - t->at;

	if (step > 4 * TICK_MS)
		step = 4 * TICK_MS;
	t->at = now;
	if (file_too_long(w, cpu, step))
		return true;
	if (t->fresh) {
		t->cpu_from = t->cpu = cpu;
		t->fresh = false;
		step = 0;
	}
	t->silent += step;
	t->idle = cpu > t->cpu ? 0 : t->idle + step;
	t->cpu = cpu;
	if (cpu > t->cpu_from + limit)
		return overrun(w, "took more processor time than", limit);
	if (t->idle > most->idle_ms)
		return overrun(w, "stood still for", most->idle_ms);
	if (t->silent > most->wall_ms)
		return overrun(w, "said nothing for", most->wall_ms);
	return false;
}

/* ---- messages ---- */

/* More bytes behind those that are there. */
static bool
receive(struct kb_worker *w, uint32_t limit, struct kb_err *err)
{
	ssize_t n;

	if (w->used > 0) {
		memmove(w->in.p, w->in.p + w->used, w->in.n - w->used);
		w->in.n -= w->used;
		w->used = 0;
	}
	if (w->in.n == 0 && w->in.size > KEEP)
		kb_buf_release(&w->in);
	if (!kb_buf_reserve(&w->in, CHUNK)) {
		kb_err_nomem(err);
		return false;
	}
	for (;;) {
		n = recv(w->sock, w->in.p + w->in.n, CHUNK, 0);
		if (n > 0 || (n == 0) || (errno != EAGAIN &&
		    errno != EINTR))
			break;
		if (too_long(w, limit))
			return false;
	}
	if (n <= 0)
		return false;
	w->in.n += (size_t)n;
	w->watch.silent = w->watch.idle = 0;
	/* Who talks all the time is looked at now and then all the same. */
	return clock_ms(CLOCK_MONOTONIC_COARSE) < w->watch.at + TICK_MS ||
	    !too_long(w, limit);
}

bool
kb_worker_hear(struct kb_worker *w, struct kb_wire_msg *out, uint32_t limit,
    struct kb_err *err)
{
	struct kb_str rest;

	for (;;) {
		rest = w->in.n == 0 ? kb_str("", 0) : kb_str(w->in.p +
		    w->used, w->in.n - w->used);
		switch (kb_wire_next(&rest, out)) {
		case KB_WIRE_OK:
			w->used = w->in.n - rest.n;
			return true;
		case KB_WIRE_GARBAGE:
			snprintf(w->reason, sizeof(w->reason),
			    "it sent what is no message");
			return false;
		case KB_WIRE_MORE:
			if (!receive(w, limit, err))
				return false;
		}
	}
}

void
kb_worker_post(struct kb_worker *w, struct kb_sent *s)
{
	union {
		struct cmsghdr	align;
		char		room[CMSG_SPACE(sizeof(int))];
	} control;
	struct kb_buf b = { 0 };
	struct iovec iov[2];
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 2,
	    .msg_control = &control, .msg_controllen = sizeof(control) };
	struct cmsghdr *c;
	uint32_t n;

	s->posted = true;
	kb_job_put(&b, &s->job);
	n = (uint32_t)b.n;
	iov[0] = (struct iovec){ &n, sizeof(n) };
	iov[1] = (struct iovec){ b.p, b.n };
	memset(&control, 0, sizeof(control));
	c = CMSG_FIRSTHDR(&msg);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(s->fd));
	memcpy(CMSG_DATA(c), &s->fd, sizeof(s->fd));
	/* Part of it may have been read by a worker that is no more. */
	lseek(s->fd, 0, SEEK_SET);
	if (b.failed || sendmsg(w->sock, &msg, MSG_NOSIGNAL) !=
	    (ssize_t)(sizeof(n) + b.n))
		shutdown(w->sock, SHUT_WR);
	kb_buf_release(&b);
}

/* ---- beginning and end ---- */

static void
say_signal(char *out, size_t size, int sig)
{
	static const struct {
		int		sig;
		const char	*what;
	} known[] = {
		{ SIGSYS, "it tried what the sandbox forbids" },
		{ SIGSEGV, "segmentation fault" },
		{ SIGBUS, "bus error" },
		{ SIGFPE, "arithmetic error" },
		{ SIGILL, "illegal instruction" },
		{ SIGABRT, "it gave up" },
		{ SIGXCPU, "the system's limit of time" },
		{ SIGKILL, "perhaps for want of memory" }
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].sig == sig) {
			snprintf(out, size, "it was ended by signal %d: %s",
			    sig, known[i].what);
			return;
		}
	snprintf(out, size, "it was ended by signal %d", sig);
}

enum kb_status
kb_worker_down(struct kb_worker *w, struct kb_err *err)
{
	enum kb_status status;
	int how = 0;

	if (w->pid == 0)
		return KB_OK;
	/*
	 * Its socket stays open until it is dead: one that is dying has a
	 * reason of its own, one that was only cut off would have none.
	 */
	status = kb_spawner_reap(w->spawner, w->pid, &how, err);
	close(w->sock);
	w->pid = 0;
	kb_buf_clear(&w->in);
	w->used = 0;
	for (size_t i = 0; i < w->nsent; i++)
		w->sent[i].posted = false;
	if (w->reason[0] != '\0')
		return status;
	if (WIFSIGNALED(how))
		say_signal(w->reason, sizeof(w->reason), WTERMSIG(how));
	else
		snprintf(w->reason, sizeof(w->reason), "it ended by itself, "
		    "exit code %d", WEXITSTATUS(how));
	return status;
}

static enum kb_status
no_worker(struct kb_worker *w, struct kb_err *err)
{
	enum kb_status status = kb_worker_down(w, err);

	if (status == KB_OK)
		status = kb_err_set(err, KB_IO, "a process that reads did "
		    "not come up: %s", w->reason);
	return status;
}

enum kb_status
kb_worker_up(struct kb_worker *w, struct kb_err *err)
{
	const struct timeval tick = { 0, TICK_MS * 1000 };
	struct kb_wire_msg msg;
	enum kb_status status;

	if (w->pid != 0)
		return KB_OK;
	status = kb_spawner_spawn(w->spawner, &w->pid, &w->sock, err);
	if (status != KB_OK)
		return status;
	w->reason[0] = '\0';
	w->watch.counted = 0;
	setsockopt(w->sock, SOL_SOCKET, SO_RCVTIMEO, &tick, sizeof(tick));
	if (clock_getcpuclockid(w->pid, &w->watch.clock) != 0)
		return no_worker(w, err);
	kb_worker_rewatch(w);
	if (!kb_worker_hear(w, &msg, w->opts.limits.cpu_ms, NULL) ||
	    msg.kind != KB_WIRE_HELLO)
		return no_worker(w, err);
	w->report = msg.report;
	return KB_OK;
}
