/*
 * join_range: the elements of one range, counted by their hashes and told
 * apart by their words.  Contract: join_impl.h.
 */
#include "join_impl.h"

#include <stdlib.h>

#include "hash.h"

/* ---- by hashes ---- */

enum kb_status
kb_tallies_begin(struct kb_tallies *t, const struct kb_join *join, size_t n,
    struct kb_err *err)
{
	unsigned log = 4;

	while ((UINT64_C(1) << log) < (uint64_t)n + n / 4)
		log++;
	t->secret = join->secret;
	t->shift = 64 - log;
	t->mask = (uint32_t)((UINT64_C(1) << log) - 1);
	if (t->size <= t->mask) {
		free(t->v);
		t->size = 0;
		t->v = kb_join_table(((size_t)t->mask + 1) * sizeof(*t->v));
		if (t->v == NULL)
			return kb_err_nomem(err);
		t->size = (size_t)t->mask + 1;
	} else {
		memset(t->v, 0, ((size_t)t->mask + 1) * sizeof(*t->v));
	}
	if (n > t->slots_size) {
		free(t->slots);
		t->slots_size = 0;
		t->slots = malloc(n * sizeof(*t->slots));
		if (t->slots == NULL)
			return kb_err_nomem(err);
		t->slots_size = n;
	}
	return KB_OK;
}

void
kb_tallies_release(struct kb_tallies *t)
{
	free(t->v);
	free(t->slots);
	memset(t, 0, sizeof(*t));
}

/* ---- by words ---- */

enum kb_status
kb_classes_begin(struct kb_classes *c, const struct kb_join *join, size_t n,
    struct kb_err *err)
{
	size_t size = 16;

	c->end = join->map + join->map_n;
	c->secret = join->secret;
	c->width = join->opts.shingling.width;
	c->n = 0;
	while (size < n * 2)
		size *= 2;
	if (n > c->size) {
		free(c->v);
		c->size = 0;
		c->v = malloc(n * 2 * sizeof(*c->v));
		if (c->v == NULL)
			return kb_err_nomem(err);
		c->size = n * 2;
	}
	if (size > c->slots_size) {
		free(c->slots);
		c->slots_size = 0;
		c->slots = malloc(size * sizeof(*c->slots));
		if (c->slots == NULL)
			return kb_err_nomem(err);
		c->slots_size = size;
	}
	memset(c->slots, 0, size * sizeof(*c->slots));
	c->mask = size - 1;
	c->shift = 64 - (unsigned)__builtin_ctzll(size);
	return KB_OK;
}

void
kb_classes_release(struct kb_classes *c)
{
	free(c->v);
	free(c->slots);
	memset(c, 0, sizeof(*c));
}

static bool
same_words(const struct kb_class *c, const char *p, const char *end)
{
	if (c->p == p)
		return true;
	if (c->n >= (size_t)(end - p) || memcmp(c->p, p, c->n) != 0)
		return false;
	return kb_run_ends(p + c->n, c->brief);
}

/*
 * What is met first has its hash alone; others that share it are found by a
 * second one, so that many of them take no more time.
 */
#define OTHERS	(UINT64_C(1) << 63)

static uint64_t
other_key(const char *p, unsigned width)
{
	static const uint64_t key[2] = { UINT64_C(0x67726f756e647300),
	    UINT64_C(0x6b65657065720001) };
	bool brief;

	return kb_hash_keyed(kb_str(p, kb_run_length(p, width, &brief)), key) |
	    OTHERS;
}

/* The slot of these words by this key, or the free one at the end. */
static uint64_t
slot_of(const struct kb_classes *c, uint64_t key, const char *p, bool *met)
{
	uint64_t i = key * c->secret >> c->shift;

	*met = false;
	for (; c->slots[i] != 0; i = (i + 1) & c->mask) {
		const struct kb_class *at = &c->v[c->slots[i] - 1];

		if (at->key != key)
			continue;
		if (same_words(at, p, c->end))
			break;
		*met = true;
		if (key < OTHERS)
			break;
	}
	return i;
}

uint32_t
kb_classes_find(struct kb_classes *c, uint32_t hash, const char *p)
{
	struct kb_class *new;
	uint64_t key = hash, i;
	bool met;

	i = slot_of(c, key, p, &met);
	if (met) {
		key = other_key(p, c->width);
		i = slot_of(c, key, p, &met);
	}
	if (c->slots[i] != 0)
		return c->slots[i] - 1;
	new = &c->v[c->n++];
	*new = (struct kb_class){ .key = key, .p = p };
	new->n = kb_run_length(p, c->width, &new->brief);
	c->slots[i] = (uint32_t)c->n;
	return (uint32_t)c->n - 1;
}
