/*
 * similar_tally: counts by article.  Contract: similar_impl.h.
 */
#include "similar_impl.h"

#include <stdlib.h>
#include <string.h>

static struct kb_similar_met *
place_of(struct kb_similar_met *v, size_t size, uint32_t article)
{
	uint32_t h = article * UINT32_C(0x9E3779B1);
	size_t i = (h ^ h >> 15) & (size - 1);

	while (v[i].article != 0 && v[i].article != article)
		i = (i + 1) & (size - 1);
	return &v[i];
}

static bool
grow(struct kb_similar_tally *t)
{
	size_t size = t->size == 0 ? 256 : t->size * 2;
	struct kb_similar_met *v = calloc(size, sizeof(*v));

	if (v == NULL)
		return false;
	for (size_t i = 0; i < t->size; i++)
		if (t->v[i].article != 0)
			*place_of(v, size, t->v[i].article) = t->v[i];
	free(t->v);
	t->v = v;
	t->size = size;
	return true;
}

bool
kb_similar_tally_add(struct kb_similar_tally *t, uint32_t article,
    uint32_t times)
{
	struct kb_similar_met *m;

	if (t->n >= t->size / 2 && !grow(t))
		return false;
	m = place_of(t->v, t->size, article);
	t->n += m->article == 0;
	m->article = article;
	m->count = times < UINT32_MAX - m->count ? m->count + times :
	    UINT32_MAX;
	return true;
}

static int
by_article(const void *pa, const void *pb)
{
	const struct kb_similar_met *a = pa, *b = pb;

	return (a->article > b->article) - (a->article < b->article);
}

void
kb_similar_tally_list(struct kb_similar_tally *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->size; i++)
		if (t->v[i].article != 0)
			t->v[n++] = t->v[i];
	if (n > 0)
		qsort(t->v, n, sizeof(*t->v), by_article);
}

void
kb_similar_tally_release(struct kb_similar_tally *t)
{
	free(t->v);
	memset(t, 0, sizeof(*t));
}
