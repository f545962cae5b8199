#include "shingle.h"

#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "words.h"

#define MAX_WORDS	((size_t)1 << 28)
#define SHORT		16	/* bytes of most words */
#define LANES		4	/* hashes that are made at the same time */

void
kb_shingle_words(struct kb_buf *list, struct kb_str text)
{
	struct kb_words it = kb_words(text);
	struct kb_word w;

	while (kb_words_next(&it, &w)) {
		if ((list->failed || list->size - list->n < KB_WORD_MAX + 2) &&
		    !kb_buf_reserve(list, KB_WORD_MAX + 1))
			return;
		if (list->n > 0)
			list->p[list->n++] = ' ';
		/* A copy of a fixed size is a few instructions. */
		memcpy(list->p + list->n, w.norm, w.n > SHORT ? w.n : SHORT);
		list->n += w.n;
		list->p[list->n] = '\0';
	}
}

static struct kb_str
next_word(struct kb_str list, size_t *at)
{
	const char *from = list.p + *at;
	const char *end = memchr(from, ' ', list.n - *at);
	size_t n = end != NULL ? (size_t)(end - from) : list.n - *at;

	*at += n + (end != NULL);
	return kb_str(from, n);
}

struct kb_str
kb_shingle_run(struct kb_str list, size_t at, unsigned width)
{
	size_t end = at;
	const char *p;

	for (; width > 0; width--) {
		p = memchr(list.p + end, ' ', list.n - end);
		if (p == NULL)
			return kb_str(list.p + at, list.n - at);
		end = (size_t)(p - list.p) + 1;
	}
	return kb_str(list.p + at, end - 1 - at);
}

/* ---- hashes ---- */

static uint64_t
mix(uint64_t x)
{
	x = (x ^ x >> 32) * UINT64_C(0xD6E8FEB86659FD93);
	return x ^ x >> 29;
}

/* 0 stands for a run that was there before. */
static uint64_t
not_zero(const struct kb_shingling *how, uint64_t x)
{
	if (how->mask != 0)
		x &= how->mask;
	return x != 0 ? x : 1;
}

static uint64_t
combine(const struct kb_shingling *how, const uint64_t *words, unsigned n)
{
	uint64_t h = n;
	unsigned i;

	if (how->keyed)
		return not_zero(how, kb_hash_keyed(kb_str((const char *)words,
		    n * sizeof(*words)), how->key));
	for (i = 0; i < n; i++)
		h = mix(h + words[i]) * UINT64_C(0x9E3779B97F4A7C15);
	return not_zero(how, mix(h));
}

/* Each waits for the one before it; several runs do not. */
static void
combine_lanes(const struct kb_shingling *how, uint64_t *v)
{
	uint64_t h[LANES];
	unsigned i, k;

	for (k = 0; k < LANES; k++)
		h[k] = how->width;
	for (i = 0; i < how->width; i++) {
		for (k = 0; k < LANES; k++)
			h[k] = mix(h[k] + v[i + k]) *
			    UINT64_C(0x9E3779B97F4A7C15);
	}
	for (k = 0; k < LANES; k++)
		v[k] = not_zero(how, mix(h[k]));
}

static uint64_t
hash_word(const struct kb_shingling *how, struct kb_str list, size_t *at)
{
	uint64_t bytes, parts;
	struct kb_str w;
	unsigned n;

	if (!how->keyed && list.n - *at >= 8) {
		bytes = kb_list_load(list.p + *at);
		parts = kb_list_parts(bytes);
		if (parts != 0) {
			n = (unsigned)__builtin_ctzll(parts) / 8;
			*at += n + 1;
			return kb_hash64_short(bytes &
			    ((UINT64_C(1) << 8 * n) - 1), n);
		}
	}
	w = next_word(list, at);
	return how->keyed ? kb_hash_keyed(w, how->key) : kb_hash64(w, 0);
}

size_t
kb_shingles_hash(uint64_t *v, const struct kb_shingling *how,
    struct kb_str list)
{
	size_t at = 0, words = 0, n, i = 0;

	/* A run's hash takes the place of its first word's. */
	while (at < list.n)
		v[words++] = hash_word(how, list, &at);
	if (words == 0)
		return 0;
	if (words < how->width) {
		v[0] = combine(how, v, (unsigned)words);
		return 1;
	}
	n = words - how->width + 1;
	for (; !how->keyed && i + LANES <= n; i += LANES)
		combine_lanes(how, v + i);
	for (; i < n; i++)
		v[i] = combine(how, v + i, how->width);
	return n;
}

/* ---- which of them are new ---- */

struct seen {
	const struct kb_shingling	*how;
	struct kb_shingles		*s;
	struct kb_str			 list;
	uint32_t			*slots;	/* place + 1, or 0 */
	uint64_t			 secret;
	unsigned			 shift;
	uint32_t			 mask;
	uint32_t			*starts; /* of words; NULL at first */
	size_t				 unlike; /* runs of one hash that
						    differed */
	bool				 failed;
};

static struct kb_str
run_at(const struct seen *seen, uint32_t place)
{
	return kb_shingle_run(seen->list, seen->starts[place],
	    seen->how->width);
}

static bool
find_starts(struct seen *seen)
{
	size_t at = 0;
	uint32_t n = 0;

	if (seen->starts != NULL)
		return true;
	seen->starts = malloc(((size_t)seen->s->words + 1) *
	    sizeof(*seen->starts));
	if (seen->starts == NULL)
		return false;
	while (at < seen->list.n) {
		seen->starts[n++] = (uint32_t)at;
		next_word(seen->list, &at);
	}
	return true;
}

/* Whether the runs at two places of one hash are the same words. */
static bool
same_run(struct seen *seen, uint32_t x, uint32_t y)
{
	if (!find_starts(seen)) {
		seen->failed = true;
		return true;
	}
	return kb_str_eq(run_at(seen, x), run_at(seen, y));
}

static bool
is_new(struct seen *seen, uint32_t place)
{
	struct kb_shingles *s = seen->s;
	uint64_t h = s->v[place];
	uint32_t i = (uint32_t)(h * seen->secret >> seen->shift);

	for (; seen->slots[i] != 0; i = (i + 1) & seen->mask) {
		if (s->v[seen->slots[i] - 1] != h)
			continue;
		/* Made to collide: the join tells them apart, in time. */
		if (seen->unlike > (size_t)s->n * 8)
			return true;
		seen->unlike++;
		if (same_run(seen, seen->slots[i] - 1, place)) {
			seen->unlike--;
			return false;
		}
		s->collided = true;
	}
	seen->slots[i] = place + 1;
	return true;
}

static enum kb_status
mark_repeated(struct kb_shingles *s, const struct kb_shingling *how,
    struct kb_str list, struct kb_err *err)
{
	struct seen seen = { .how = how, .s = s, .list = list,
	    .secret = kb_hash_secret() };
	size_t size = 16;
	uint64_t x;

	while (size < (size_t)s->n * 2)
		size *= 2;
	seen.slots = calloc(size, sizeof(*seen.slots));
	if (seen.slots == NULL)
		return kb_err_nomem(err);
	seen.mask = (uint32_t)(size - 1);
	seen.shift = 64 - (unsigned)__builtin_ctzll(size);
	for (uint32_t i = 0; i < s->n; i++) {
		if (!is_new(&seen, i)) {
			s->v[i] = 0;
			continue;
		}
		s->distinct++;
		x = s->v[i] * UINT64_C(0xD6E8FEB86659FD93);
		s->print += (x ^ x >> 32) * UINT64_C(0x9E3779B97F4A7C15);
	}
	s->print += s->distinct;
	free(seen.slots);
	free(seen.starts);
	return seen.failed ? kb_err_nomem(err) : KB_OK;
}

static size_t
count_words(struct kb_str list)
{
	size_t n = list.n > 0, i;

	for (i = 0; i + 8 <= list.n; i += 8)
		n += (kb_list_parts(kb_list_load(list.p + i)) >> 7) *
		    UINT64_C(0x0101010101010101) >> 56;
	for (; i < list.n; i++)
		n += list.p[i] == ' ';
	return n;
}

enum kb_status
kb_shingles_make(struct kb_shingles *out, const struct kb_shingling *how,
    struct kb_str list, struct kb_err *err)
{
	struct kb_shingles s = { 0 };
	enum kb_status status;
	size_t words;

	if (how->width == 0 || how->width > KB_SHINGLE_MAX_WIDTH)
		return kb_err_set(err, KB_USAGE, "a shingle of %u words "
		    "cannot be made; give a width from 1 to %u", how->width,
		    KB_SHINGLE_MAX_WIDTH);
	words = count_words(list);
	if (words >= MAX_WORDS || list.n > UINT32_MAX)
		return kb_err_set(err, KB_LIMIT, "an article of %zu words is "
		    "too long to be compared", words);
	s.v = malloc((words + 1) * sizeof(*s.v));
	if (s.v == NULL)
		return kb_err_nomem(err);
	s.words = (uint32_t)words;
	s.n = (uint32_t)kb_shingles_hash(s.v, how, list);
	s.text = kb_hash64(list, 0);
	status = mark_repeated(&s, how, list, err);
	if (status != KB_OK) {
		free(s.v);
		return status;
	}
	*out = s;
	return KB_OK;
}

void
kb_shingles_release(struct kb_shingles *s)
{
	free(s->v);
	memset(s, 0, sizeof(*s));
}
