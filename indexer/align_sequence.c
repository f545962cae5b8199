/*
 * align_sequence: a longest common subsequence of two sequences of numbers.
 * Contract: align_impl.h.
 */
#include "align_impl.h"

#include <stdlib.h>

#define EDITS	1500		/* of one stretch, at most */
#define STEPS	((uint64_t)8000000)	/* of one call */

/* Stretches [a0, a1) and [b0, b1). */
struct stretch {
	size_t	a0, a1, b0, b1;
};

struct matcher {
	const struct kb_sequence	*seq;
	uint32_t			*match;
	int32_t				*v;	/* furthest x, by diagonal */
	int32_t				*trace;	/* v before each edit */
	size_t				 size;	/* of trace */
	uint64_t			 steps;
	bool				 coarse;
	bool				 failed; /* no memory */
};

static struct stretch
trim(struct matcher *m, struct stretch s)
{
	const struct kb_sequence *q = m->seq;

	while (s.a0 < s.a1 && s.b0 < s.b1 && q->a[s.a0] == q->b[s.b0])
		m->match[s.a0++] = (uint32_t)s.b0++;
	while (s.a0 < s.a1 && s.b0 < s.b1 && q->a[s.a1 - 1] ==
	    q->b[s.b1 - 1])
		m->match[--s.a1] = (uint32_t)--s.b1;
	return s;
}

/* ---- Myers' greedy algorithm, with the trace kept ---- */

/* Keep diagonals -(d-1), -(d-3) ... d-1, as they are before edit d. */
static bool
keep(struct matcher *m, const int32_t *v, size_t d)
{
	size_t at = d * (d - 1) / 2, size = m->size;
	int32_t *more;

	while (at + d > size)
		size = size == 0 ? 4096 : size * 2;
	if (size > m->size) {
		more = realloc(m->trace, size * sizeof(*more));
		if (more == NULL) {
			m->failed = true;
			return false;
		}
		m->trace = more;
		m->size = size;
	}
	for (size_t i = 0; i < d; i++)
		m->trace[at + i] = v[2 * (ptrdiff_t)i - (ptrdiff_t)d + 1];
	return true;
}

/* Walk back from the end with d edits, and note the diagonals. */
static void
walk_back(struct matcher *m, struct stretch s, size_t edits)
{
	ptrdiff_t x = (ptrdiff_t)(s.a1 - s.a0), y = (ptrdiff_t)(s.b1 - s.b0);

	for (ptrdiff_t d = (ptrdiff_t)edits; d > 0; d--) {
		const int32_t *row = m->trace + d * (d - 1) / 2;
		ptrdiff_t k = x - y, i = (k + d) / 2, from, to;

		/* row[i - 1] is diagonal k - 1, row[i] is k + 1. */
		if (k == -d || (k != d && row[i - 1] < row[i])) {
			from = row[i];
			to = from - (k + 1);
		} else {
			from = row[i - 1];
			to = from - (k - 1);
		}
		while (x > from && y > to) {
			x--;
			y--;
			m->match[s.a0 + (size_t)x] = (uint32_t)(s.b0 +
			    (size_t)y);
		}
		x = from;
		y = to;
	}
	while (x > 0 && y > 0) {
		x--;
		y--;
		m->match[s.a0 + (size_t)x] = (uint32_t)(s.b0 + (size_t)y);
	}
}

/* True when it is matched; false when that takes too long. */
static bool
myers(struct matcher *m, struct stretch s)
{
	const uint32_t *a = m->seq->a + s.a0, *b = m->seq->b + s.b0;
	ptrdiff_t an = (ptrdiff_t)(s.a1 - s.a0),
	    bn = (ptrdiff_t)(s.b1 - s.b0), x, y;
	int32_t *v = m->v + EDITS + 1;

	v[1] = 0;
	for (ptrdiff_t d = 0; d <= EDITS && m->steps < STEPS; d++) {
		if (d > 0 && !keep(m, v, (size_t)d))
			return false;
		for (ptrdiff_t k = -d; k <= d; k += 2) {
			x = k == -d || (k != d && v[k - 1] < v[k + 1]) ?
			    v[k + 1] : v[k - 1] + 1;
			y = x - k;
			while (x < an && y < bn && a[x] == b[y]) {
				x++;
				y++;
				m->steps++;
			}
			m->steps++;
			v[k] = (int32_t)x;
			if (x >= an && y >= bn) {
				walk_back(m, s, (size_t)d);
				return true;
			}
		}
	}
	return false;
}

/* ---- anchors ---- */

struct anchor {
	uint32_t	a, b;
	uint32_t	before;		/* in the chain that ends here */
};

/* Where a symbol stands; twice or more: nowhere. */
static void
note_places(uint32_t *where, const uint32_t *v, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		where[v[i]] = KB_ALIGN_NONE;
	for (size_t i = from; i < to; i++)
		where[v[i]] = where[v[i]] == KB_ALIGN_NONE ? (uint32_t)i :
		    KB_ALIGN_NONE - 1;
}

/* Symbols that stand once in both stretches, by their place in a. */
static size_t
find_anchors(struct matcher *m, struct stretch s, struct anchor *out)
{
	const struct kb_sequence *q = m->seq;
	size_t bytes = ((size_t)q->symbols + 1) * sizeof(uint32_t), n = 0;
	uint32_t *in_a = malloc(bytes), *in_b = malloc(bytes);

	m->failed |= in_a == NULL || in_b == NULL;
	if (!m->failed) {
		memset(in_b, 0xff, bytes);
		note_places(in_a, q->a, s.a0, s.a1);
		note_places(in_b, q->b, s.b0, s.b1);
		for (size_t i = s.a0; i < s.a1; i++) {
			uint32_t at = in_b[q->a[i]];

			if (in_a[q->a[i]] == (uint32_t)i &&
			    at < KB_ALIGN_NONE - 1)
				out[n++] = (struct anchor){ (uint32_t)i, at,
				    KB_ALIGN_NONE };
		}
	}
	free(in_a);
	free(in_b);
	return n;
}

/* Match the longest chain of anchors that ascends in b, too. */
static void
match_chain(struct matcher *m, struct anchor *v, size_t n, uint32_t *ends)
{
	size_t length = 0, lo, hi, mid;
	uint32_t i;

	for (i = 0; i < n; i++) {
		for (lo = 0, hi = length; lo < hi;) {
			mid = lo + (hi - lo) / 2;
			if (v[ends[mid]].b < v[i].b)
				lo = mid + 1;
			else
				hi = mid;
		}
		v[i].before = lo > 0 ? ends[lo - 1] : KB_ALIGN_NONE;
		ends[lo] = i;
		length += lo == length;
	}
	i = length > 0 ? ends[length - 1] : KB_ALIGN_NONE;
	for (; i != KB_ALIGN_NONE; i = v[i].before)
		m->match[v[i].a] = v[i].b;
}

static void
match_rest(struct matcher *m, struct stretch s)
{
	s = trim(m, s);
	if (s.a0 < s.a1 && s.b0 < s.b1 && !myers(m, s))
		m->coarse = true;
}

/* What lies between the matches of a stretch. */
static void
match_between(struct matcher *m, struct stretch s)
{
	struct stretch gap = s;

	for (size_t i = s.a0; i <= s.a1 && !m->failed; i++) {
		if (i < s.a1 && m->match[i] == KB_ALIGN_NONE)
			continue;
		gap.a1 = i;
		gap.b1 = i < s.a1 ? m->match[i] : s.b1;
		match_rest(m, gap);
		gap.a0 = i + 1;
		gap.b0 = gap.b1 + 1;
	}
}

static void
patience(struct matcher *m, struct stretch s)
{
	struct anchor *v = malloc((s.a1 - s.a0 + 1) * sizeof(*v));
	uint32_t *ends = malloc((s.a1 - s.a0 + 1) * sizeof(*ends));

	m->failed |= v == NULL || ends == NULL;
	if (!m->failed)
		match_chain(m, v, find_anchors(m, s, v), ends);
	free(v);
	free(ends);
	match_between(m, s);
}

enum kb_status
kb_sequence_match(uint32_t *match, const struct kb_sequence *seq,
    bool anchors, bool *coarse, struct kb_err *err)
{
	struct matcher m = { .seq = seq, .match = match };
	struct stretch s = { 0, seq->n, 0, seq->m };

	for (size_t i = 0; i < seq->n; i++)
		match[i] = KB_ALIGN_NONE;
	s = trim(&m, s);
	if (s.a0 == s.a1 || s.b0 == s.b1)
		return KB_OK;
	m.v = malloc((2 * (size_t)EDITS + 3) * sizeof(*m.v));
	m.failed = m.v == NULL;
	if (!m.failed && (anchors || !myers(&m, s)))
		patience(&m, s);
	free(m.v);
	free(m.trace);
	*coarse |= m.coarse;
	return m.failed ? kb_err_nomem(err) : KB_OK;
}
