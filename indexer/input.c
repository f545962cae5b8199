#include "input.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define RAW		((size_t)64 * 1024)
#define PEEK		((size_t)4096)

/* What is awaited in a gzip stream. */
enum phase {
	MEMBER,			/* inside a member */
	BETWEEN,		/* behind one: another, zeros or the end */
	FINISHED
};

struct kb_input {
	char		*name;
	int		 fd;		/* -1: from memory or a source */
	struct kb_str	 all, mem;	/* memory, what is left of it */
	struct kb_input_source from;	/* read NULL: none */
	char		*raw;		/* read, not yet given out */
	size_t		 raw_at, raw_n;
	uint64_t	 raw_total;	/* bytes that came from the source */
	bool		 raw_eof;
	bool		 gzip;
	enum phase	 phase;
	z_stream	 z;
	bool		 z_open;
	uint64_t	 out_total;
	char		 head[PEEK];	/* decoded, looked at, not used up */
	size_t		 head_at, head_n;
	struct kb_err	 failed;	/* sticky */
};

static enum kb_status
fail(struct kb_input *in, struct kb_err *err)
{
	if (err != NULL)
		*err = in->failed;
	return in->failed.status;
}

static enum kb_status
source(struct kb_input *in, char *p, size_t n, size_t *got)
{
	ssize_t k;

	if (in->from.read != NULL) {
		if (in->from.read(in->from.arg, p, n, got, &in->failed) !=
		    KB_OK)
			return in->failed.status;
	} else if (in->fd < 0) {
		*got = n < in->mem.n ? n : in->mem.n;
		if (*got > 0)
			memcpy(p, in->mem.p, *got);
		in->mem.p += *got;
		in->mem.n -= *got;
	} else {
		do {
			k = read(in->fd, p, n < SSIZE_MAX ? n : SSIZE_MAX);
		} while (k < 0 && errno == EINTR);
		if (k < 0)
			return kb_err_set(&in->failed, KB_IO,
			    "cannot read '%s': %s", in->name,
			    strerror(errno));
		*got = (size_t)k;
	}
	in->raw_total += *got;
	in->raw_eof = *got == 0;
	return KB_OK;
}

static enum kb_status
raw_fill(struct kb_input *in)
{
	enum kb_status st;
	size_t got;

	if (in->raw_at == in->raw_n)
		in->raw_at = in->raw_n = 0;
	if (in->raw_eof || in->raw_n == RAW)
		return KB_OK;
	st = source(in, in->raw + in->raw_n, RAW - in->raw_n, &got);
	if (st == KB_OK)
		in->raw_n += got;
	return st;
}

static enum kb_status
broken(struct kb_input *in, const char *what)
{
	uint64_t at = in->raw_total - (in->raw_n - in->raw_at);

	return kb_err_set(&in->failed, KB_INPUT,
	    "%s: broken gzip at byte %llu: %s", in->name,
	    (unsigned long long)at, what);
}

static enum kb_status
sniff(struct kb_input *in)
{
	enum kb_status st = KB_OK;

	in->raw = malloc(RAW);
	if (in->raw == NULL)
		return kb_err_nomem(&in->failed);
	while (st == KB_OK && in->raw_n < 2 && !in->raw_eof)
		st = raw_fill(in);
	if (st != KB_OK)
		return st;
	in->gzip = in->raw_n >= 2 && memcmp(in->raw, "\x1f\x8b", 2) == 0;
	if (!in->gzip)
		return KB_OK;
	if (inflateInit2(&in->z, 16 + MAX_WBITS) != Z_OK)
		return kb_err_nomem(&in->failed);
	in->z_open = true;
	return KB_OK;
}

static enum kb_status
open_common(struct kb_input **out, int fd, struct kb_str mem,
    const struct kb_input_source *from, const char *name, struct kb_err *err)
{
	struct kb_input *in = calloc(1, sizeof(*in));
	enum kb_status st;

	if (in == NULL) {
		if (fd >= 0)
			close(fd);
		return kb_err_nomem(err);
	}
	in->fd = fd;
	in->all = in->mem = mem.p != NULL ? mem : kb_str("", 0);
	if (from != NULL)
		in->from = *from;
	in->name = strdup(name);
	st = in->name != NULL ? sniff(in) : kb_err_nomem(&in->failed);
	if (st != KB_OK) {
		fail(in, err);
		kb_input_close(in);
		return st;
	}
	*out = in;
	return KB_OK;
}

enum kb_status
kb_input_open_fd(struct kb_input **out, int fd, const char *name,
    struct kb_err *err)
{
	if (fd < 0)
		return kb_err_set(err, KB_USAGE, "no descriptor for '%s'",
		    name);
	return open_common(out, fd, kb_str(NULL, 0), NULL, name, err);
}

enum kb_status
kb_input_open_mem(struct kb_input **out, struct kb_str bytes,
    const char *name, struct kb_err *err)
{
	return open_common(out, -1, bytes, NULL, name, err);
}

enum kb_status
kb_input_open_source(struct kb_input **out,
    const struct kb_input_source *from, const char *name, struct kb_err *err)
{
	return open_common(out, -1, kb_str(NULL, 0), from, name, err);
}

void
kb_input_close(struct kb_input *in)
{
	if (in == NULL)
		return;
	if (in->fd >= 0)
		close(in->fd);
	if (in->z_open)
		inflateEnd(&in->z);
	free(in->raw);
	free(in->name);
	free(in);
}

const char *
kb_input_name(const struct kb_input *in)
{
	return in->name;
}

bool
kb_input_is_gzip(const struct kb_input *in)
{
	return in->gzip;
}

/* ---- going back, and looking at what is not decoded ---- */

static enum kb_status
seek_to(struct kb_input *in, uint64_t at, struct kb_err *err)
{
	if (at <= INT64_MAX && lseek(in->fd, (off_t)at, SEEK_SET) >= 0)
		return KB_OK;
	return kb_err_set(err, KB_IO, "cannot go back in '%s': %s", in->name,
	    strerror(errno));
}

enum kb_status
kb_input_rewind(struct kb_input *in, struct kb_err *err)
{
	enum kb_status st = KB_OK;

	if (in->from.read != NULL)
		st = in->from.rewind != NULL ? in->from.rewind(in->from.arg,
		    err) : kb_err_set(err, KB_IO, "%s can be read only once",
		    in->name);
	else if (in->fd >= 0)
		st = seek_to(in, 0, err);
	if (st != KB_OK)
		return st;
	if (in->z_open && inflateReset(&in->z) != Z_OK)
		return kb_err_nomem(err);
	in->mem = in->all;
	in->raw_at = in->raw_n = in->head_at = in->head_n = 0;
	in->raw_total = in->out_total = 0;
	in->raw_eof = false;
	in->phase = MEMBER;
	memset(&in->failed, 0, sizeof(in->failed));
	return KB_OK;
}

bool
kb_input_raw_size(struct kb_input *in, uint64_t *size)
{
	off_t was, end;

	if (in->from.read != NULL)
		return false;
	*size = in->all.n;
	if (in->fd < 0)
		return true;
	was = lseek(in->fd, 0, SEEK_CUR);
	end = was >= 0 ? lseek(in->fd, 0, SEEK_END) : -1;
	if (end < 0 || lseek(in->fd, was, SEEK_SET) < 0)
		return false;
	*size = (uint64_t)end;
	return true;
}

enum kb_status
kb_input_raw_read(struct kb_input *in, uint64_t at, char *p, size_t n,
    size_t *got, struct kb_err *err)
{
	enum kb_status st = KB_OK;

	if (in->fd >= 0) {
		st = seek_to(in, at, err);
	} else {
		at = at < in->all.n ? at : in->all.n;
		in->mem = kb_str(in->all.p + at, in->all.n - (size_t)at);
	}
	if (st == KB_OK && (st = source(in, p, n, got)) != KB_OK)
		fail(in, err);
	return st;
}

/* Behind a member: decide what follows it. */
static enum kb_status
between(struct kb_input *in)
{
	const unsigned char *p;
	enum kb_status st;

	while (in->raw_n - in->raw_at < 2 && !in->raw_eof)
		if ((st = raw_fill(in)) != KB_OK)
			return st;
	p = (const unsigned char *)in->raw + in->raw_at;
	if (in->raw_n == in->raw_at) {
		in->phase = FINISHED;
	} else if (p[0] == 0) {
		/* Padding, as tapes have it: nothing but zeros may follow. */
		while (in->raw_at < in->raw_n && in->raw[in->raw_at] == 0)
			in->raw_at++;
		if (in->raw_at < in->raw_n)
			return broken(in, "garbage behind the last member");
	} else if (in->raw_n - in->raw_at >= 2 && p[0] == 0x1f &&
	    p[1] == 0x8b) {
		if (inflateReset(&in->z) != Z_OK)
			return broken(in, "no new member can begin");
		in->phase = MEMBER;
	} else {
		return broken(in, "garbage behind the last member");
	}
	return KB_OK;
}

static enum kb_status
inflate_some(struct kb_input *in, char *p, size_t n, size_t *got)
{
	enum kb_status st;
	uInt room = n < UINT_MAX ? (uInt)n : UINT_MAX;
	int rc;

	if (in->raw_at == in->raw_n && (st = raw_fill(in)) != KB_OK)
		return st;
	in->z.next_in = (Bytef *)in->raw + in->raw_at;
	in->z.avail_in = (uInt)(in->raw_n - in->raw_at);
	in->z.next_out = (Bytef *)p;
	in->z.avail_out = room;
	rc = inflate(&in->z, Z_NO_FLUSH);
	in->raw_at = in->raw_n - in->z.avail_in;
	*got = room - in->z.avail_out;
	in->out_total += *got;
	if (rc == Z_STREAM_END)
		in->phase = BETWEEN;
	else if (rc == Z_MEM_ERROR)
		return kb_err_nomem(&in->failed);
	else if (rc != Z_OK && rc != Z_BUF_ERROR)
		return broken(in, in->z.msg != NULL ? in->z.msg :
		    "not deflate");
	else if (*got == 0 && in->raw_eof && in->raw_at == in->raw_n)
		return broken(in, "it ends too early");
	return KB_OK;
}

static enum kb_status
decode(struct kb_input *in, char *p, size_t n, size_t *got)
{
	enum kb_status st = KB_OK;
	uint64_t most;

	*got = 0;
	while (st == KB_OK && *got == 0 && in->phase != FINISHED) {
		if (in->phase == MEMBER)
			st = inflate_some(in, p, n, got);
		else
			st = between(in);
	}
	most = in->raw_total > UINT64_MAX / KB_INPUT_RATIO ? UINT64_MAX :
	    in->raw_total * KB_INPUT_RATIO;
	if (st == KB_OK && in->out_total > KB_INPUT_FREE && in->out_total > most)
		st = kb_err_set(&in->failed, KB_LIMIT,
		    "%s: gzip grows to more than %d times its size",
		    in->name, KB_INPUT_RATIO);
	return st;
}

static enum kb_status
next_bytes(struct kb_input *in, char *p, size_t n, size_t *got)
{
	if (in->gzip)
		return decode(in, p, n, got);
	if (in->raw_at == in->raw_n)
		return source(in, p, n, got);
	*got = in->raw_n - in->raw_at;
	if (*got > n)
		*got = n;
	memcpy(p, in->raw + in->raw_at, *got);
	in->raw_at += *got;
	return KB_OK;
}

enum kb_status
kb_input_read(struct kb_input *in, char *p, size_t n, size_t *got,
    struct kb_err *err)
{
	size_t k = in->head_n - in->head_at;

	if (k > 0 || n == 0) {
		if (k > n)
			k = n;
		memcpy(p, in->head + in->head_at, k);
		in->head_at += k;
		*got = k;
		return KB_OK;
	}
	if (in->failed.status == KB_OK &&
	    next_bytes(in, p, n, &k) == KB_OK) {
		*got = k;
		return KB_OK;
	}
	return fail(in, err);
}

enum kb_status
kb_input_slurp(struct kb_input *in, size_t cap, struct kb_buf *buf,
    struct kb_err *err)
{
	size_t got, room, n = 0;
	enum kb_status st;
	char extra;

	for (;;) {
		if (!kb_buf_reserve(buf, RAW))
			return kb_err_nomem(err);
		room = cap - n < RAW ? cap - n : RAW;
		if (room == 0)
			st = kb_input_read(in, &extra, 1, &got, err);
		else
			st = kb_input_read(in, buf->p + buf->n, room, &got,
			    err);
		if (st != KB_OK || got == 0)
			break;
		if (room == 0)
			return kb_err_set(err, KB_LIMIT,
			    "%s: more than %zu bytes", in->name, cap);
		buf->n += got;
		n += got;
	}
	buf->p[buf->n] = '\0';
	return st;
}

enum kb_status
kb_input_peek(struct kb_input *in, size_t n, struct kb_str *out,
    struct kb_err *err)
{
	size_t got = 1;

	if (n > PEEK)
		n = PEEK;
	if (in->head_n - in->head_at < n && in->head_at > 0) {
		memmove(in->head, in->head + in->head_at,
		    in->head_n - in->head_at);
		in->head_n -= in->head_at;
		in->head_at = 0;
	}
	while (got > 0 && in->head_n - in->head_at < n &&
	    in->failed.status == KB_OK) {
		if (next_bytes(in, in->head + in->head_n, PEEK - in->head_n,
		    &got) != KB_OK)
			break;
		in->head_n += got;
	}
	/* What was read before a failure is still given out. */
	if (in->failed.status != KB_OK && in->head_n == in->head_at)
		return fail(in, err);
	*out = kb_str(in->head + in->head_at, in->head_n - in->head_at);
	if (out->n > n)
		out->n = n;
	return KB_OK;
}
