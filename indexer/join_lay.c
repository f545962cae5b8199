/*
 * join_lay: elements laid down by ranges of hashes.  Contract: join_impl.h.
 *
 * An element is 64 bits: 32 of its hash, how far its set is from that of the
 * element before it (10), and where in its set's words it begins (22).  What
 * has no room there stands apart:
 *	distance FAR	32 bits of a set's number; the distance of what
 *			follows counts from it
 *	place LONG	the place is the next 64 bits
 * Streams are written in blocks; the last one of each stays in memory, and is
 * small until the first is full: a few articles need no more.
 */
#include "join_impl.h"

#include <stdlib.h>
#include <sys/mman.h>

#define SMALL	8u
#define BLOCK	512u			/* elements: 4 KB */

#define FAR	((uint64_t)1023)
#define LONG	((UINT64_C(1) << 22) - 1)

struct kb_lay_end {
	uint32_t	n;		/* in the block at hand */
	uint32_t	set;		/* of the last element */
};

struct kb_lay_chain {
	uint32_t	head, tail;	/* blocks in the spool */
	uint32_t	n;
};

#define LARGE_PAGE	((size_t)2 * 1024 * 1024)

void *
kb_join_table(size_t n)
{
	void *p;

	if (n < LARGE_PAGE)
		return calloc(n, 1);
	if (posix_memalign(&p, LARGE_PAGE, n) != 0)
		return NULL;
	(void)madvise(p, n, MADV_HUGEPAGE);
	memset(p, 0, n);
	return p;
}

enum kb_status
kb_lay_open(struct kb_lay *lay, const char *dir, struct kb_err *err)
{
	lay->block = SMALL;
	lay->v = malloc(KB_LAY_RANGES * SMALL * sizeof(*lay->v));
	lay->ends = calloc(KB_LAY_RANGES, sizeof(*lay->ends));
	lay->chains = calloc(KB_LAY_RANGES, sizeof(*lay->chains));
	if (lay->v == NULL || lay->ends == NULL || lay->chains == NULL)
		return kb_err_nomem(err);
	return kb_spool_open(&lay->spool, dir, err);
}

void
kb_lay_close(struct kb_lay *lay)
{
	kb_spool_close(&lay->spool);
	free(lay->v);
	free(lay->ends);
	free(lay->chains);
	free(lay->next);
	memset(lay, 0, sizeof(*lay));
}

/* ---- writing ---- */

static enum kb_status
grow(struct kb_lay *lay, struct kb_err *err)
{
	uint64_t *v = kb_join_table(KB_LAY_RANGES * BLOCK * sizeof(*v));
	size_t r;

	if (v == NULL)
		return kb_err_nomem(err);
	for (r = 0; r < KB_LAY_RANGES; r++)
		memcpy(v + r * BLOCK, lay->v + r * SMALL,
		    SMALL * sizeof(*v));
	free(lay->v);
	lay->v = v;
	lay->block = BLOCK;
	return KB_OK;
}

static enum kb_status
write_block(struct kb_lay *lay, size_t range, struct kb_err *err)
{
	struct kb_lay_chain *chain = &lay->chains[range];
	size_t size = lay->size * 2 + 1024;
	uint32_t block = (uint32_t)lay->nblocks;
	void *p;

	if (lay->nblocks == UINT32_MAX)
		return kb_err_set(err, KB_LIMIT, "too many shingles to be "
		    "compared at once");
	if (lay->nblocks == lay->size) {
		p = realloc(lay->next, size * sizeof(*lay->next));
		if (p == NULL)
			return kb_err_nomem(err);
		lay->next = p;
		lay->size = size;
	}
	if (chain->n++ == 0)
		chain->head = block;
	else
		lay->next[chain->tail] = block;
	chain->tail = block;
	lay->nblocks++;
	lay->ends[range].n = 0;
	return kb_spool_add(&lay->spool, lay->v + range * BLOCK,
	    BLOCK * sizeof(*lay->v), err);
}

static enum kb_status
put(struct kb_lay *lay, size_t range, uint64_t v, struct kb_err *err)
{
	struct kb_lay_end *end = &lay->ends[range];
	enum kb_status status = KB_OK;

	if (end->n == lay->block && lay->block == SMALL)
		status = grow(lay, err);
	else if (end->n == lay->block)
		status = write_block(lay, range, err);
	if (status == KB_OK)
		lay->v[range * lay->block + end->n++] = v;
	return status;
}

/* What does not fit, or has no room in the block. */
static enum kb_status
put_any(struct kb_lay *lay, size_t range, uint32_t set, uint64_t hash,
    uint32_t at, struct kb_err *err)
{
	struct kb_lay_end *end = &lay->ends[range];
	enum kb_status status = KB_OK;
	uint64_t far = set - end->set;

	if (far >= FAR) {
		status = put(lay, range, (uint64_t)set << 32 | FAR << 22,
		    err);
		far = 0;
	}
	end->set = set;
	if (status == KB_OK)
		status = put(lay, range, hash << 32 | far << 22 |
		    (at < LONG ? at : LONG), err);
	if (status == KB_OK && at >= LONG)
		status = put(lay, range, at, err);
	return status;
}

enum kb_status
kb_lay_add(struct kb_lay *lay, uint32_t set, const uint64_t *v,
    const uint32_t *starts, size_t n, struct kb_err *err)
{
	enum kb_status status = KB_OK;
	size_t i;

	for (i = 0; i < n && status == KB_OK; i++) {
		uint64_t h = v[i] * UINT64_C(0x9E3779B97F4A7C15);
		size_t range = (size_t)(h >> (64 - KB_LAY_LOG));
		struct kb_lay_end *end = &lay->ends[range];
		uint32_t far = set - end->set;

		if (v[i] == 0)
			continue;
		h = h << KB_LAY_LOG >> 32;
		if (end->n == lay->block || far >= FAR || starts[i] >= LONG) {
			status = put_any(lay, range, set, h, starts[i], err);
			continue;
		}
		end->set = set;
		lay->v[range * lay->block + end->n++] = h << 32 |
		    (uint64_t)far << 22 | starts[i];
	}
	return status;
}

/* ---- reading ---- */

static enum kb_status
range_room(struct kb_range *out, size_t n, struct kb_err *err)
{
	if (n >= UINT32_C(1) << 30)
		return kb_err_set(err, KB_LIMIT, "too many shingles of one "
		    "hash to be compared");
	if (n <= out->size)
		return KB_OK;
	free(out->v);
	out->size = 0;
	out->v = kb_join_table((n + n / 4) * sizeof(*out->v));
	if (out->v == NULL)
		return kb_err_nomem(err);
	out->size = n + n / 4;
	return KB_OK;
}

/* What was read last. */
struct stream {
	uint32_t	set;
	bool		is_long;	/* its place comes next */
};

static void
decode(struct stream *s, struct kb_range *out, const uint64_t *v, size_t n,
    const unsigned char *take)
{
	size_t i = 0, k = out->n;

	for (; i < n; i++) {
		uint64_t far = v[i] >> 22 & FAR, at = v[i] & LONG;

		if (s->is_long) {
			out->v[k].at = (uint32_t)v[i];
			k += take[s->set] != 0;
			s->is_long = false;
			continue;
		}
		if (far == FAR) {
			s->set = (uint32_t)(v[i] >> 32);
			continue;
		}
		s->set += (uint32_t)far;
		out->v[k] = (struct kb_laid){ s->set, (uint32_t)at,
		    (uint32_t)(v[i] >> 32) };
		s->is_long = at == LONG;
		k += take[s->set] != 0 && !s->is_long;
	}
	out->n = k;
}

enum kb_status
kb_lay_read(const struct kb_lay *lay, struct kb_range *out, size_t range,
    const unsigned char *take, struct kb_err *err)
{
	const struct kb_lay_chain *chain = &lay->chains[range];
	uint32_t i, block = chain->head, last = lay->ends[range].n;
	struct stream s = { 0 };
	uint64_t raw[BLOCK];
	enum kb_status status;

	status = range_room(out, (size_t)chain->n * BLOCK + last, err);
	out->n = 0;
	for (i = 0; i < chain->n && status == KB_OK; i++) {
		status = kb_spool_read(&lay->spool, raw, (uint64_t)block *
		    sizeof(raw), sizeof(raw), err);
		if (status == KB_OK)
			decode(&s, out, raw, BLOCK, take);
		if (i + 1 < chain->n)
			block = lay->next[block];
	}
	if (status == KB_OK)
		decode(&s, out, lay->v + range * lay->block, last, take);
	return status;
}

void
kb_range_release(struct kb_range *range)
{
	free(range->v);
	memset(range, 0, sizeof(*range));
}
