/*
 * similar_compare: a draft held against the words of articles.  Contract:
 * similar_impl.h.
 */
#include "similar_impl.h"

#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "join_impl.h"

static void
fill_starts(uint32_t *starts, struct kb_str words)
{
	size_t n = 0;

	for (size_t i = 0; i < words.n; i++)
		if (i == 0 || words.p[i - 1] == ' ')
			starts[n++] = (uint32_t)i;
}

static size_t
slot_of(const struct kb_similar_draft *d, uint64_t hash)
{
	return (size_t)(hash * d->secret >> d->shift);
}

static void
fill_slots(struct kb_similar_draft *d)
{
	const struct kb_shingles *s = &d->shingles;
	size_t n = 0, k;

	for (uint32_t i = 0; i < s->n; i++) {
		if (s->v[i] == 0)
			continue;
		d->sorted[n++] = s->v[i];
		k = slot_of(d, s->v[i]);
		while (d->slots[k] != 0)
			k = (k + 1) & d->mask;
		d->slots[k] = i + 1;
	}
	kb_sort_u64(d->sorted, n);
}

enum kb_status
kb_similar_draft_init(struct kb_similar_draft *d,
    const struct kb_shingling *how, struct kb_str words, struct kb_err *err)
{
	enum kb_status status;
	size_t size = 16, n;

	memset(d, 0, sizeof(*d));
	d->how = how;
	d->words = words;
	status = kb_shingles_make(&d->shingles, how, words, err);
	if (status != KB_OK)
		return status;
	n = d->shingles.distinct;
	while (size < n * 2)
		size *= 2;
	d->mask = size - 1;
	d->secret = kb_hash_secret();
	d->shift = 64 - (unsigned)__builtin_ctzll(size);
	d->sorted = calloc(n + 1, sizeof(*d->sorted));
	d->starts = calloc((size_t)d->shingles.words + 1,
	    sizeof(*d->starts));
	d->slots = calloc(size, sizeof(*d->slots));
	if (d->sorted == NULL || d->starts == NULL || d->slots == NULL)
		return kb_err_nomem(err);
	fill_starts(d->starts, words);
	fill_slots(d);
	return KB_OK;
}

void
kb_similar_draft_release(struct kb_similar_draft *d)
{
	kb_shingles_release(&d->shingles);
	free(d->sorted);
	free(d->starts);
	free(d->slots);
	memset(d, 0, sizeof(*d));
}

/* Does the draft have the run of words that begins at "at"? */
static bool
has_run(const struct kb_similar_draft *d, uint64_t hash, struct kb_str words,
    size_t at)
{
	unsigned width = d->how->width;
	struct kb_str run = { NULL, 0 };

	for (size_t k = slot_of(d, hash); d->slots[k] != 0;
	    k = (k + 1) & d->mask) {
		uint32_t place = d->slots[k] - 1;

		if (d->shingles.v[place] != hash)
			continue;
		if (run.p == NULL)
			run = kb_shingle_run(words, at, width);
		if (kb_str_eq(run, kb_shingle_run(d->words, d->starts[place],
		    width)))
			return true;
	}
	return false;
}

enum kb_status
kb_similar_draft_shared(const struct kb_similar_draft *d,
    struct kb_str words, uint32_t *size, uint32_t *shared,
    struct kb_err *err)
{
	struct kb_shingles s;
	enum kb_status status = kb_shingles_make(&s, d->how, words, err);
	uint32_t n = 0, place = 0;

	if (status != KB_OK)
		return status;
	for (size_t i = 0; i < words.n && place < s.n; i++) {
		if (i > 0 && words.p[i - 1] != ' ')
			continue;
		n += s.v[place] != 0 && has_run(d, s.v[place], words, i);
		place++;
	}
	*size = s.distinct;
	*shared = n;
	kb_shingles_release(&s);
	return KB_OK;
}
