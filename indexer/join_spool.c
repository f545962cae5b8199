/*
 * join_spool: temporary files that are written once and read back.  Contract: join_impl.h.
 */
#include "join_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUF	((size_t)256 * 1024)	/* bytes before a write */

enum kb_status
kb_spool_open(struct kb_spool *spool, const char *dir, struct kb_err *err)
{
	static const char name[] = "/tmp-join-XXXXXX";
	size_t n = strlen(dir);
	enum kb_status status = KB_OK;
	char *path;

	spool->fd = -1;
	spool->dir = strdup(dir);
	spool->buf = malloc(BUF);
	path = malloc(n + sizeof(name));
	if (spool->dir == NULL || spool->buf == NULL || path == NULL) {
		free(path);
		return kb_err_nomem(err);
	}
	memcpy(path, dir, n);
	memcpy(path + n, name, sizeof(name));
	spool->fd = mkstemp(path);
	if (spool->fd < 0) {
		status = kb_err_set(err, KB_IO, "cannot create a temporary "
		    "file in '%s': %s", dir, strerror(errno));
	} else {
		unlink(path);
		(void)fcntl(spool->fd, F_SETFD, FD_CLOEXEC);
	}
	free(path);
	return status;
}

void
kb_spool_close(struct kb_spool *spool)
{
	/* All zero is a spool that was never opened. */
	if (spool->dir != NULL && spool->fd >= 0)
		close(spool->fd);
	free(spool->dir);
	free(spool->buf);
	memset(spool, 0, sizeof(*spool));
}

static enum kb_status
write_all(struct kb_spool *spool, const char *p, size_t n, off_t at,
    struct kb_err *err)
{
	while (n > 0) {
		ssize_t k = pwrite(spool->fd, p, n, at);

		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0) {
			spool->failed = true;
			return kb_err_set(err, KB_IO, "cannot write a "
			    "temporary file in '%s': %s", spool->dir,
			    k < 0 ? strerror(errno) : "no progress");
		}
		p += k;
		at += k;
		n -= (size_t)k;
	}
	return KB_OK;
}

enum kb_status
kb_spool_flush(struct kb_spool *spool, struct kb_err *err)
{
	enum kb_status status;

	status = write_all(spool, spool->buf, spool->nbuf,
	    (off_t)(spool->n - spool->nbuf), err);
	if (status == KB_OK)
		spool->nbuf = 0;
	return status;
}

enum kb_status
kb_spool_add(struct kb_spool *spool, const void *p, size_t n,
    struct kb_err *err)
{
	const char *from = p;
	enum kb_status status;

	while (n > 0) {
		size_t k = BUF - spool->nbuf < n ? BUF - spool->nbuf : n;

		memcpy(spool->buf + spool->nbuf, from, k);
		spool->nbuf += k;
		spool->n += k;
		from += k;
		n -= k;
		if (spool->nbuf == BUF) {
			status = kb_spool_flush(spool, err);
			if (status != KB_OK)
				return status;
		}
	}
	return KB_OK;
}

enum kb_status
kb_spool_read(const struct kb_spool *spool, void *out, uint64_t at, size_t n,
    struct kb_err *err)
{
	off_t from = (off_t)at;
	char *p = out;

	while (n > 0) {
		ssize_t k = pread(spool->fd, p, n, from);

		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return kb_err_set(err, KB_IO, "cannot read back a "
			    "temporary file in '%s': %s", spool->dir,
			    k < 0 ? strerror(errno) : "it was cut");
		p += k;
		from += k;
		n -= (size_t)k;
	}
	return KB_OK;
}
