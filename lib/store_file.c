#include "store_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK	16384

/* Close on a way out that must not lose the errno that led there. */
static void
close_quietly(int fd)
{
	int saved = errno;

	close(fd);
	errno = saved;
}

int
kb_file_open(int dir, const char *name, uint64_t *size)
{
	struct stat st;
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) != 0)
		goto fail;
	if (!S_ISREG(st.st_mode)) {
		errno = EINVAL;
		goto fail;
	}
	*size = (uint64_t)st.st_size;
	return fd;
fail:
	close_quietly(fd);
	return -1;
}

ssize_t
kb_file_pread(int fd, void *p, size_t n, uint64_t at)
{
	size_t got = 0;

	while (got < n) {
		ssize_t k = pread(fd, (char *)p + got, n - got,
		    (off_t)(at + got));

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return -1;
		if (k == 0)
			break;
		got += (size_t)k;
	}
	return (ssize_t)got;
}

bool
kb_file_write(int fd, struct kb_str s)
{
	while (s.n > 0) {
		ssize_t k = write(fd, s.p, s.n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return false;
		s = kb_str(s.p + k, s.n - (size_t)k);
	}
	return true;
}

bool
kb_file_sync(int fd)
{
	int rc;

	do
		rc = fsync(fd);
	while (rc != 0 && errno == EINTR);
	return rc == 0;
}

bool
kb_file_sync_dir(int dir)
{
	return kb_file_sync(dir) || errno == EINVAL;
}

bool
kb_file_create(int dir, const char *name, struct kb_str s)
{
	int fd = openat(dir, name,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

	if (fd < 0)
		return false;
	if (!kb_file_write(fd, s) || !kb_file_sync(fd)) {
		close_quietly(fd);
		return false;
	}
	return close(fd) == 0;
}

bool
kb_file_slurp(struct kb_buf *out, int dir, const char *name, size_t cap)
{
	uint64_t size;
	ssize_t k = -1;
	int fd = kb_file_open(dir, name, &size);

	if (fd < 0)
		return false;
	if (size > cap)
		errno = EFBIG;
	else if (!kb_buf_reserve(out, (size_t)size))
		errno = ENOMEM;
	else
		k = kb_file_pread(fd, out->p + out->n, (size_t)size, 0);
	close_quietly(fd);
	if (k < 0)
		return false;
	out->n += (size_t)k;
	out->p[out->n] = '\0';
	return true;
}

static bool
same_bytes(int a, int b, uint64_t size)
{
	char pa[CHUNK], pb[CHUNK];

	for (uint64_t at = 0; at < size; at += CHUNK) {
		size_t n = size - at < CHUNK ? (size_t)(size - at) : CHUNK;

		if (kb_file_pread(a, pa, n, at) != (ssize_t)n ||
		    kb_file_pread(b, pb, n, at) != (ssize_t)n ||
		    memcmp(pa, pb, n) != 0)
			return false;
	}
	return true;
}

bool
kb_file_same(int dir, const char *a, const char *b)
{
	uint64_t na, nb;
	bool same = false;
	int fa, fb = -1;

	fa = kb_file_open(dir, a, &na);
	if (fa >= 0)
		fb = kb_file_open(dir, b, &nb);
	if (fb >= 0)
		same = na == nb && same_bytes(fa, fb, na);
	if (fa >= 0)
		close(fa);
	if (fb >= 0)
		close(fb);
	return same;
}
