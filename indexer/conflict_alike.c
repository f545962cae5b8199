/*
 * Sentences that say nearly the same about their facts.
 */
#include "conflict_impl.h"
#include "words.h"

/* Words of a masked sentence that are compared. */
#define WORDS_MOST	64

/* Words with a meaning that one of two sentences may have for itself. */
#define OWN_MOST	1

struct wording {
	struct kb_word	v[WORDS_MOST];
	bool		met[WORDS_MOST];
	size_t		n;
};

static void
add_words(struct wording *w, struct kb_str s)
{
	struct kb_words it = kb_words(s);

	while (w->n < WORDS_MOST && kb_words_next(&it, &w->v[w->n]))
		w->met[w->n++] = false;
}

static void
wording_of(struct wording *w, const struct kb_claim *c, struct kb_str s)
{
	size_t at = 0;

	w->n = 0;
	for (size_t i = 0; i < c->nfacts; i++) {
		add_words(w, kb_str(s.p + at, c->facts[i].start - at));
		at = c->facts[i].end;
	}
	add_words(w, kb_str(s.p + at, s.n - at));
}

static size_t
meet(struct wording *a, struct wording *b)
{
	size_t n = 0;

	for (size_t i = 0; i < a->n; i++)
		for (size_t j = 0; j < b->n; j++) {
			if (b->met[j] || !kb_conflict_same_word(
			    kb_word_norm(&a->v[i]), kb_word_norm(&b->v[j])))
				continue;
			a->met[i] = b->met[j] = true;
			n++;
			break;
		}
	return n;
}

/* Too many words of its own, or one that tells of another case. */
static bool
goes_apart(const struct wording *w)
{
	size_t own = 0;

	for (size_t i = 0; i < w->n; i++) {
		struct kb_str s = kb_word_norm(&w->v[i]);

		if (w->met[i])
			continue;
		if (kb_conflict_qualifier(s))
			return true;
		own += !kb_facts_empty_word(s);
	}
	return own > OWN_MOST;
}

bool
kb_conflict_alike(const struct kb_claim *a, struct kb_str text_a,
    const struct kb_claim *b, struct kb_str text_b)
{
	struct wording x, y;
	size_t n;

	if (a->nfacts != b->nfacts || a->denials != b->denials)
		return false;
	for (size_t i = 0; i < a->nfacts; i++)
		if (a->facts[i].kind != b->facts[i].kind ||
		    a->facts[i].dim != b->facts[i].dim)
			return false;
	wording_of(&x, a, text_a);
	wording_of(&y, b, text_b);
	n = meet(&x, &y);
	return n * 8 >= (x.n + y.n) * 3 && !goes_apart(&x) && !goes_apart(&y);
}
