#include "join_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUF	((size_t)64 * 1024)	/* elements before a write */

static uint32_t
gcd(uint32_t a, uint32_t b)
{
	while (b != 0) {
		uint32_t r = a % b;

		a = b;
		b = r;
	}
	return a;
}

static enum kb_status
open_spool(struct kb_join *join, struct kb_err *err)
{
	static const char name[] = "/tmp-join-XXXXXX";
	size_t n = strlen(join->dir);
	enum kb_status status = KB_OK;
	char *path;

	path = malloc(n + sizeof(name));
	if (path == NULL)
		return kb_err_nomem(err);
	memcpy(path, join->dir, n);
	memcpy(path + n, name, sizeof(name));
	join->fd = mkstemp(path);
	if (join->fd < 0) {
		status = kb_err_set(err, KB_IO, "cannot create a temporary "
		    "file in '%s': %s", join->dir, strerror(errno));
	} else {
		unlink(path);
		(void)fcntl(join->fd, F_SETFD, FD_CLOEXEC);
	}
	free(path);
	return status;
}

enum kb_status
kb_join_new(struct kb_join **out, const char *dir, struct kb_ratio threshold,
    struct kb_err *err)
{
	struct kb_join *join;
	enum kb_status status;
	uint32_t d;

	if (threshold.of == 0 || threshold.count > threshold.of ||
	    threshold.count < threshold.of - threshold.count)
		return kb_err_set(err, KB_USAGE, "%lu/%lu is no threshold of "
		    "resemblance; give one from 1/2 to 1/1",
		    (unsigned long)threshold.count,
		    (unsigned long)threshold.of);
	join = calloc(1, sizeof(*join));
	if (join == NULL)
		return kb_err_nomem(err);
	d = gcd(threshold.count, threshold.of);
	join->t.count = threshold.count / d;
	join->t.of = threshold.of / d;
	join->fd = -1;
	join->dir = strdup(dir);
	join->buf = malloc(BUF * sizeof(*join->buf));
	if (join->dir == NULL || join->buf == NULL)
		status = kb_err_nomem(err);
	else
		status = open_spool(join, err);
	if (status != KB_OK) {
		kb_join_free(join);
		return status;
	}
	*out = join;
	return KB_OK;
}

void
kb_join_free(struct kb_join *join)
{
	if (join == NULL)
		return;
	if (join->fd >= 0)
		close(join->fd);
	free(join->dir);
	free(join->buf);
	free(join->scratch);
	free(join->sets);
	free(join);
}

enum kb_status
kb_spool_flush(struct kb_join *join, struct kb_err *err)
{
	const char *p = (const char *)join->buf;
	size_t left = join->nbuf * sizeof(*join->buf);

	while (left > 0) {
		ssize_t k = write(join->fd, p, left);

		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0) {
			join->failed = true;
			return kb_err_set(err, KB_IO, "cannot write a "
			    "temporary file in '%s': %s", join->dir,
			    k < 0 ? strerror(errno) : "no progress");
		}
		p += k;
		left -= (size_t)k;
	}
	join->nbuf = 0;
	return KB_OK;
}

static enum kb_status
spool(struct kb_join *join, const uint64_t *v, size_t n, struct kb_err *err)
{
	enum kb_status status;

	while (n > 0) {
		size_t k = BUF - join->nbuf < n ? BUF - join->nbuf : n;

		memcpy(join->buf + join->nbuf, v, k * sizeof(*v));
		join->nbuf += k;
		v += k;
		n -= k;
		if (join->nbuf == BUF) {
			status = kb_spool_flush(join, err);
			if (status != KB_OK)
				return status;
		}
	}
	return KB_OK;
}

/* Room for one more set, and for its elements in the scratch space. */
static enum kb_status
make_room(struct kb_join *join, size_t n, struct kb_err *err)
{
	void *p;

	if (join->nsets == join->sets_size) {
		size_t size = join->sets_size * 2 + 1024;

		if (size > SIZE_MAX / sizeof(*join->sets))
			return kb_err_nomem(err);
		p = realloc(join->sets, size * sizeof(*join->sets));
		if (p == NULL)
			return kb_err_nomem(err);
		join->sets = p;
		join->sets_size = size;
	}
	if (n > join->scratch_size) {
		size_t size = n + n / 2;

		p = realloc(join->scratch, size * sizeof(*join->scratch));
		if (p == NULL)
			return kb_err_nomem(err);
		join->scratch = p;
		join->scratch_size = size;
	}
	return KB_OK;
}

static size_t
dedup(uint64_t *v, size_t n)
{
	size_t i, k = 0;

	for (i = 0; i < n; i++) {
		if (k == 0 || v[i] != v[k - 1])
			v[k++] = v[i];
	}
	return k;
}

/* Sets that only seem equal cost a comparison later on, and nothing else. */
static uint64_t
fingerprint(const uint64_t *v, size_t n)
{
	uint64_t sum = n;
	size_t i;

	for (i = 0; i < n; i++) {
		uint64_t x = v[i] * UINT64_C(0xD6E8FEB86659FD93);

		sum += (x ^ x >> 32) * UINT64_C(0x9E3779B97F4A7C15);
	}
	return sum;
}

static enum kb_status
check_add(const struct kb_join *join, size_t n, struct kb_err *err)
{
	if (join->ran)
		return kb_err_set(err, KB_USAGE,
		    "no set can be added to a join that has run");
	if (join->failed)
		return kb_err_set(err, KB_IO, "a temporary file in '%s' "
		    "could not be written", join->dir);
	if (n > KB_JOIN_MAX_SET)
		return kb_err_set(err, KB_LIMIT, "set %zu has %zu elements; "
		    "at most %zu can be joined", join->nsets, n,
		    KB_JOIN_MAX_SET);
	if (join->nsets >= KB_JOIN_NONE - 1)
		return kb_err_set(err, KB_LIMIT, "more than %lu sets cannot "
		    "be joined", (unsigned long)KB_JOIN_NONE - 1);
	return KB_OK;
}

enum kb_status
kb_join_add(struct kb_join *join, const uint64_t *elements, size_t n,
    struct kb_err *err)
{
	struct kb_join_set *set;
	enum kb_status status;

	status = check_add(join, n, err);
	if (status == KB_OK)
		status = make_room(join, n, err);
	if (status != KB_OK)
		return status;
	if (n > 0) {
		memcpy(join->scratch, elements, n * sizeof(*elements));
		kb_sort_u64(join->scratch, n);
		n = dedup(join->scratch, n);
		status = spool(join, join->scratch, n, err);
		if (status != KB_OK)
			return status;
	}
	set = &join->sets[join->nsets];
	set->print = fingerprint(join->scratch, n);
	set->at = join->spooled;
	set->size = (uint32_t)n;
	set->leader = (uint32_t)join->nsets++;
	set->next = KB_JOIN_NONE;
	set->dense = KB_JOIN_NONE;
	join->spooled += n;
	if (set->size > join->largest)
		join->largest = set->size;
	return KB_OK;
}

static enum kb_status
read_at(const struct kb_join *join, uint64_t *buf, uint64_t at, size_t n,
    struct kb_err *err)
{
	char *p = (char *)buf;
	size_t left = n * sizeof(*buf);
	off_t from = (off_t)(at * sizeof(*buf));

	while (left > 0) {
		ssize_t k = pread(join->fd, p, left, from);

		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return kb_err_set(err, KB_IO, "cannot read back a "
			    "temporary file in '%s': %s", join->dir,
			    k < 0 ? strerror(errno) : "it was cut");
		p += k;
		from += k;
		left -= (size_t)k;
	}
	return KB_OK;
}

enum kb_status
kb_spool_fetch(const struct kb_join *join, struct kb_spool_view *view,
    const struct kb_join_set *set, const uint64_t **out, struct kb_err *err)
{
	size_t want = set->size > view->ahead ? set->size : view->ahead;
	enum kb_status status;

	if (set->at >= view->at &&
	    set->at + set->size <= view->at + view->n) {
		*out = view->buf + (set->at - view->at);
		return KB_OK;
	}
	if (want > join->spooled - set->at)
		want = (size_t)(join->spooled - set->at);
	if (want > view->size) {
		free(view->buf);
		view->n = view->size = 0;
		view->buf = malloc(want * sizeof(*view->buf));
		if (view->buf == NULL)
			return kb_err_nomem(err);
		view->size = want;
	}
	view->n = 0;
	status = read_at(join, view->buf, set->at, want, err);
	if (status != KB_OK)
		return status;
	view->at = set->at;
	view->n = want;
	*out = view->buf;
	return KB_OK;
}

void
kb_spool_view_release(struct kb_spool_view *view)
{
	free(view->buf);
	view->buf = NULL;
	view->n = view->size = 0;
}
