/*
 * join_sketch: small pictures of sets, by which most that are no pair are
 * told without a merge.  Contract: join_impl.h.
 */
#include "join_impl.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK		4u		/* words compared at once */
#define MIN_LOG		8u		/* bits: one block */
#define MAX_WORDS	(1u << (KB_SKETCH_MAX_LOG - 6))

/* As many bits as elements tell strangers from partners that differ in few. */
static unsigned
log_of(uint32_t size)
{
	unsigned log = MIN_LOG;

	while (log < KB_SKETCH_MAX_LOG && UINT32_C(1) << log < size)
		log++;
	return log;
}

static uint64_t *
sketch_of(const struct kb_sketches *s, unsigned log, uint32_t number)
{
	return s->v + s->base[log] +
	    ((size_t)(number - s->first[log]) << (log - 6));
}

/* Sets stand by size, so those of one width stand together. */
static size_t
lay_out(struct kb_sketches *s, const struct kb_dense *dense)
{
	unsigned log;
	uint32_t i = 0;
	size_t n = 0;

	for (log = 0; log <= KB_SKETCH_MAX_LOG; log++) {
		s->first[log] = i;
		s->base[log] = n;
		while (i < dense->nsets && log_of(dense->sets[i].size) <= log)
			i++;
		if (log >= MIN_LOG)
			n += (size_t)(i - s->first[log]) << (log - 6);
	}
	s->first[log] = i;
	return n;
}

static void
draw(uint64_t *out, unsigned log, const uint32_t *ids, uint32_t n)
{
	uint32_t mask = (UINT32_C(1) << log) - 1, i, bit;

	for (i = 0; i < n; i++) {
		bit = ids[i] * UINT32_C(0x9E3779B1) >>
		    (32 - KB_SKETCH_MAX_LOG) & mask;
		out[bit >> 6] ^= UINT64_C(1) << (bit & 63);
	}
}

enum kb_status
kb_sketches_make(struct kb_sketches *out, const struct kb_dense *dense,
    struct kb_ratio t, struct kb_err *err)
{
	unsigned log;
	uint32_t i;
	size_t n;

	out->t = t;
	if ((uint64_t)t.count * 4 < (uint64_t)t.of * 3)
		return KB_OK;
	n = lay_out(out, dense);
	out->v = calloc(n + 1, sizeof(*out->v));
	out->sizes = malloc(((size_t)dense->nsets + 1) * sizeof(*out->sizes));
	out->stored = malloc(((size_t)dense->nsets + 1) *
	    sizeof(*out->stored));
	if (out->v == NULL || out->sizes == NULL || out->stored == NULL)
		return kb_err_nomem(err);
	for (i = 0; i < dense->nsets; i++) {
		const struct kb_dense_set *set = &dense->sets[i];

		out->sizes[i] = set->size;
		out->stored[i] = set->n;
		log = log_of(set->size);
		draw(sketch_of(out, log, i), log, dense->ids + set->at,
		    set->n);
	}
	return KB_OK;
}

void
kb_sketches_release(struct kb_sketches *s)
{
	free(s->v);
	free(s->sizes);
	free(s->stored);
	memset(s, 0, sizeof(*s));
}

/* ---- comparing ---- */

/* How many bits of each nibble are set. */
static inline uint64_t
nibbles(uint64_t v)
{
	const uint64_t two = UINT64_C(0x3333333333333333);

	v -= v >> 1 & UINT64_C(0x5555555555555555);
	return (v & two) + (v >> 2 & two);
}

static inline uint64_t
bytes(uint64_t v)
{
	const uint64_t four = UINT64_C(0x0F0F0F0F0F0F0F0F);

	return (v & four) + (v >> 4 & four);
}

/* Bits in which two blocks differ; by hand, as not all processors count. */
static inline uint32_t
differ(const uint64_t *x, const uint64_t *y)
{
	const uint64_t eight = UINT64_C(0x00FF00FF00FF00FF);
	uint64_t sum = bytes(nibbles(x[0] ^ y[0]) + nibbles(x[1] ^ y[1])) +
	    bytes(nibbles(x[2] ^ y[2]) + nibbles(x[3] ^ y[3]));

	sum = (sum & eight) + (sum >> 8 & eight);
	return (uint32_t)(sum * UINT64_C(0x0001000100010001) >> 48);
}

static bool
within(const uint64_t *x, const uint64_t *y, uint32_t nwords, uint32_t most)
{
	uint32_t k, sum = 0;

	for (k = 0; k < nwords && sum <= most; k += BLOCK)
		sum += differ(x + k, y + k);
	return sum <= most;
}

/* Half the width: a bit is the parity of two. */
static void
fold(uint64_t *out, const uint64_t *v, uint32_t nwords)
{
	uint32_t k;

	for (k = 0; k < nwords / 2; k++)
		out[k] = v[k] ^ v[k + nwords / 2];
}

struct scan {
	const struct kb_sketches *s;
	const uint64_t	*x;
	uint32_t	 size, stored;	/* of the one that looks */
	uint32_t	*list;
	uint32_t	 nlist;
};

/* Sets from..to, whose sketches are as wide as c->x. */
static void
scan_width(struct scan *c, unsigned log, uint32_t from, uint32_t to)
{
	uint32_t nwords = UINT32_C(1) << (log - 6), size = 0, least = 0, i;
	const uint64_t *y;

	if (from >= to)
		return;
	y = sketch_of(c->s, log, from);
	for (i = from; i < to; i++, y += nwords) {
		uint32_t n = c->s->stored[i];

		if (c->s->sizes[i] != size) {
			size = c->s->sizes[i];
			least = kb_join_overlap(c->s->t, c->size, size);
		}
		if (n < least || c->stored < least ||
		    !within(c->x, y, nwords, n + c->stored - 2 * least))
			continue;
		c->list[c->nlist++] = i;
	}
}

uint32_t
kb_sketches_blocks(const struct kb_sketches *s, uint32_t number)
{
	if (s->v == NULL || s->sizes[number] > 1u << KB_SKETCH_MAX_LOG)
		return 0;
	return (1u << (log_of(s->sizes[number]) - 6)) / BLOCK;
}

uint32_t
kb_sketches_scan(const struct kb_sketches *s, uint32_t number,
    uint32_t from, uint32_t *list)
{
	unsigned log = log_of(s->sizes[number]);
	uint64_t half[MAX_WORDS / 2];
	struct scan c = { .s = s, .size = s->sizes[number],
	    .stored = s->stored[number], .list = list };
	uint32_t wide = s->first[log];

	if (from < wide) {
		fold(half, sketch_of(s, log, number),
		    UINT32_C(1) << (log - 6));
		c.x = half;
		scan_width(&c, log - 1, from, wide);
		from = wide;
	}
	c.x = sketch_of(s, log, number);
	scan_width(&c, log, from, number);
	return c.nlist;
}
