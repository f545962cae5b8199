#include "tally.h"

#include <stdlib.h>

#include "utf8.h"

#define MAX_NAMES	512

struct kb_str
kb_tally_cut(struct kb_str s, size_t n)
{
	if (s.n > n)
		s.n = kb_utf8_floor(s, n);
	return kb_str_trim(s);
}

static bool
grow(struct kb_tally *t)
{
	struct kb_tally_entry *v;
	size_t size = t->size == 0 ? 16 : t->size * 2;

	if (t->n < t->size)
		return true;
	v = realloc(t->v, size * sizeof(*v));
	if (v == NULL)
		return false;
	t->v = v;
	t->size = size;
	return true;
}

void
kb_tally_add(struct kb_tally *t, struct kb_arena *arena, struct kb_str name,
    struct kb_str sample)
{
	uint32_t *at;

	name = kb_tally_cut(name, KB_TALLY_NAME);
	at = kb_table_get(&t->table, name);
	if (at != NULL) {
		t->v[*at].count++;
		return;
	}
	if (t->n == MAX_NAMES) {
		t->rest++;
		return;
	}
	name = kb_arena_copy(arena, name);
	if (!grow(t) || (at = kb_table_put(&t->table, name, NULL)) == NULL) {
		arena->failed = true;
		return;
	}
	*at = (uint32_t)t->n;
	t->v[t->n].name = name;
	t->v[t->n].sample = kb_arena_copy(arena, kb_tally_cut(sample,
	    KB_TALLY_SAMPLE));
	t->v[t->n++].count = 1;
}

static int
by_count(const void *pa, const void *pb)
{
	const struct kb_tally_entry *a = pa, *b = pb;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return kb_str_cmp(a->name, b->name);
}

void
kb_tally_sort(struct kb_tally *t)
{
	/* Places in the table do not move with the entries. */
	kb_table_release(&t->table);
	if (t->n > 1)
		qsort(t->v, t->n, sizeof(*t->v), by_count);
}

void
kb_tally_release(struct kb_tally *t)
{
	kb_table_release(&t->table);
	free(t->v);
	memset(t, 0, sizeof(*t));
}
