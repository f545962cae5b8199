/*
 * align_bags: texts as numbers.  Contract: align_impl.h.
 */
#include "align_impl.h"

#include <stdlib.h>

#include "sentence.h"
#include "utf8.h"
#include "words.h"

uint32_t
kb_symbols_put(struct kb_symbols *s, struct kb_str key)
{
	uint32_t *at = kb_table_get(&s->table, key);

	if (at != NULL)
		return *at;
	key = kb_arena_copy(s->arena, key);
	at = s->arena->failed ? NULL : kb_table_put(&s->table, key, NULL);
	if (at == NULL) {
		s->failed = true;
		return 0;
	}
	*at = s->n;
	return s->n++;
}

uint32_t
kb_symbols_get(const struct kb_symbols *s, struct kb_str key)
{
	const uint32_t *at = kb_table_get(&s->table, key);

	return at != NULL ? *at : KB_ALIGN_NONE;
}

void
kb_bags_init(struct kb_bags *bags, struct kb_arena *arena)
{
	memset(bags, 0, sizeof(*bags));
	bags->arena = bags->words.arena = bags->texts.arena = arena;
}

void
kb_bags_release(struct kb_bags *bags)
{
	kb_table_release(&bags->words.table);
	kb_table_release(&bags->texts.table);
	free(bags->ids);
	bags->ids = NULL;
}

bool
kb_bags_failed(const struct kb_bags *bags)
{
	return bags->words.failed || bags->texts.failed ||
	    bags->arena->failed;
}

static bool
add_id(struct kb_bags *bags, size_t n, uint32_t id)
{
	size_t size = bags->size == 0 ? 256 : bags->size * 2;
	uint32_t *v;

	if (n == bags->size) {
		v = realloc(bags->ids, size * sizeof(*v));
		if (v == NULL) {
			bags->words.failed = true;
			return false;
		}
		bags->ids = v;
		bags->size = size;
	}
	bags->ids[n] = id;
	return true;
}

static int
by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* Signs alone are a text, too: as a symbol that no word is. */
static size_t
add_signs(struct kb_bags *bags, struct kb_str text)
{
	uint32_t id = kb_symbols_put(&bags->words, kb_str_trim(text));

	return add_id(bags, 0, UINT32_MAX) && add_id(bags, 1, id) ? 2 : 0;
}

void
kb_bag_make(struct kb_bag *out, struct kb_bags *bags, struct kb_str text)
{
	struct kb_words it = kb_words(text);
	struct kb_word word;
	size_t n = 0, length;

	while (kb_words_next(&it, &word))
		if (add_id(bags, n, kb_symbols_put(&bags->words,
		    kb_word_norm(&word))))
			n++;
	memset(out, 0, sizeof(*out));
	length = n > 0 ? n : add_signs(bags, text);
	if (length > 0)
		out->text = kb_symbols_put(&bags->texts, kb_str(
		    (const char *)bags->ids, length * sizeof(*bags->ids)));
	out->sorted = kb_arena_array(bags->arena, n > 0 ? n : 1,
	    sizeof(*out->sorted));
	if (out->sorted == NULL || n == 0)
		return;
	memcpy(out->sorted, bags->ids, n * sizeof(*out->sorted));
	qsort(out->sorted, n, sizeof(*out->sorted), by_number);
	out->n = (uint32_t)n;
}

uint32_t
kb_bag_shared(struct kb_bags *bags, const struct kb_bag *a,
    const struct kb_bag *b)
{
	uint32_t i = 0, j = 0, shared = 0;

	while (i < a->n && j < b->n) {
		if (a->sorted[i] < b->sorted[j]) {
			i++;
		} else if (a->sorted[i] > b->sorted[j]) {
			j++;
		} else {
			shared++;
			i++;
			j++;
		}
	}
	bags->steps += (uint64_t)i + j + 1;
	return shared;
}

bool
kb_bag_unlike(const struct kb_bag *a, const struct kb_bag *b, double least)
{
	uint32_t small = a->n < b->n ? a->n : b->n;

	return 2.0 * small < least * ((double)a->n + b->n);
}

uint64_t
kb_align_weight(uint32_t shared, uint32_t size_a, uint32_t size_b)
{
	uint64_t all = (uint64_t)size_a + size_b;

	return all > 0 ? (uint64_t)shared * shared * 1024 / all : 0;
}

bool
kb_align_exact(struct kb_str a, struct kb_str b)
{
	size_t i = 0, j = 0, k;

	for (;;) {
		while (i < a.n && (k = kb_utf8_space(a, i)) > 0)
			i += k;
		while (j < b.n && (k = kb_utf8_space(b, j)) > 0)
			j += k;
		if (i == a.n || j == b.n)
			return i == a.n && j == b.n;
		if (a.p[i++] != b.p[j++])
			return false;
	}
}

bool
kb_align_sentence(struct kb_str text, size_t *at, size_t *from, size_t *to)
{
	*from = kb_sentence_start(text, *at);
	if (*from >= text.n)
		return false;
	*at = *to = kb_sentence_end(text, *from);
	return true;
}
