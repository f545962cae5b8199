/*
 * Who need not be asked: an article that has no other with a title near
 * enough to its own for the score that is wanted.
 */
#include <stdlib.h>

#include "compete_impl.h"
#include "table.h"

#define TERMS_MOST	64	/* of a title; a longer one is asked */
#define VISITS_MOST	4096	/* other titles; beyond, it is asked */

/* Sums are made in another order here than for the score. */
#define SLACK		1e-6

struct titles {
	struct kb_arena	 arena;
	struct kb_table	 table;		/* term to its number */
	double		*idf;		/* by number */
	size_t		 nterms, idf_size;
	uint32_t	*v;		/* terms of each title, rarest first */
	size_t		 n, size;
	size_t		*from;		/* in v, by article; one more at the
					   end */
	double		*mass;		/* of idf, by article */
	size_t		*post_from;	/* in post, by term; one more */
	uint32_t	*post;		/* articles */
	uint32_t	*met, *held;	/* the article + 1 for which an article
					   or a term was last seen */
};

static void
release(struct titles *t)
{
	kb_arena_release(&t->arena);
	kb_table_release(&t->table);
	free(t->idf);
	free(t->v);
	free(t->from);
	free(t->mass);
	free(t->post_from);
	free(t->post);
	free(t->met);
	free(t->held);
}

/* ---- terms ---- */

static enum kb_status
number_of(struct titles *t, struct kb_compete_asker *k, struct kb_str term,
    uint32_t *out, struct kb_err *err)
{
	uint32_t *at = kb_table_get(&t->table, term);

	if (at != NULL) {
		*out = *at;
		return KB_OK;
	}
	if (t->nterms == t->idf_size) {
		size_t size = t->idf_size == 0 ? 1024 : t->idf_size * 2;
		double *v = realloc(t->idf, size * sizeof(*v));

		if (v == NULL)
			return kb_err_nomem(err);
		t->idf = v;
		t->idf_size = size;
	}
	term = kb_arena_copy(&t->arena, term);
	at = t->arena.failed ? NULL : kb_table_put(&t->table, term, NULL);
	if (at == NULL)
		return kb_err_nomem(err);
	*out = *at = (uint32_t)t->nterms;
	return kb_compete_idf(k, term, &t->idf[t->nterms++], err);
}

static bool
put(struct titles *t, size_t first, uint32_t term)
{
	for (size_t i = first; i < t->n; i++)
		if (t->v[i] == term)
			return true;
	if (t->n == t->size) {
		size_t size = t->size == 0 ? 4096 : t->size * 2;
		uint32_t *v = realloc(t->v, size * sizeof(*v));

		if (v == NULL)
			return false;
		t->v = v;
		t->size = size;
	}
	t->v[t->n++] = term;
	return true;
}

/* As the score reads a title. */
static enum kb_status
read_title(struct titles *t, struct kb_compete_asker *k,
    const struct kb_compete_article *a, struct kb_err *err)
{
	struct kb_words it = kb_words(a->title);
	size_t first = t->n;
	enum kb_status status = KB_OK;
	struct kb_term term;
	struct kb_word w;
	uint32_t number = 0;
	char lang[3];

	kb_lang_key(a->lang, lang);
	while (status == KB_OK && t->n - first <= TERMS_MOST &&
	    kb_words_next(&it, &w)) {
		if (kb_stop_word(lang, kb_word_norm(&w)))
			continue;
		status = kb_term_stem(k->index->stemmers, lang, &w, &term,
		    err);
		if (status != KB_OK || term.n == 0)
			continue;
		status = number_of(t, k, kb_str(term.p, term.n), &number,
		    err);
		if (status == KB_OK && !put(t, first, number))
			status = kb_err_nomem(err);
	}
	return status;
}

/* Titles are short. */
static void
rarest_first(struct titles *t, size_t from, size_t to)
{
	for (size_t i = from + 1; i < to; i++) {
		uint32_t x = t->v[i];
		size_t j = i;

		for (; j > from && t->idf[t->v[j - 1]] < t->idf[x]; j--)
			t->v[j] = t->v[j - 1];
		t->v[j] = x;
	}
}

static enum kb_status
read_titles(struct titles *t, struct kb_compete_asker *k, struct kb_err *err)
{
	const struct kb_compete *all = k->all;
	enum kb_status status = KB_OK;

	t->from = calloc(all->narticles + 1, sizeof(*t->from));
	t->mass = calloc(all->narticles + 1, sizeof(*t->mass));
	t->met = calloc(all->narticles + 1, sizeof(*t->met));
	if (t->from == NULL || t->mass == NULL || t->met == NULL)
		return kb_err_nomem(err);
	for (size_t i = 0; i < all->narticles && status == KB_OK; i++) {
		t->from[i] = t->n;
		status = read_title(t, k, &all->articles[i], err);
		rarest_first(t, t->from[i], t->n);
		for (size_t j = t->from[i]; j < t->n; j++)
			t->mass[i] += t->idf[t->v[j]];
	}
	t->from[all->narticles] = t->n;
	return status;
}

static bool
turn_round(struct titles *t, size_t narticles)
{
	size_t *at;

	t->post_from = calloc(t->nterms + 2, sizeof(*t->post_from));
	t->post = calloc(t->n + 1, sizeof(*t->post));
	t->held = calloc(t->nterms + 1, sizeof(*t->held));
	if (t->post_from == NULL || t->post == NULL || t->held == NULL)
		return false;
	/* One ahead: what fills them moves each to where it belongs. */
	at = t->post_from + 1;
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i] + 1 < t->nterms)
			at[t->v[i] + 1]++;
	for (size_t i = 1; i < t->nterms; i++)
		at[i] += at[i - 1];
	for (size_t i = 0; i < narticles; i++)
		for (size_t j = t->from[i]; j < t->from[i + 1]; j++)
			t->post[at[t->v[j]]++] = (uint32_t)i;
	return true;
}

/* ---- who might be whose partner ---- */

static double
shared(const struct titles *t, size_t i, size_t j)
{
	double both = 0, all;

	for (size_t k = t->from[j]; k < t->from[j + 1]; k++)
		if (t->held[t->v[k]] == (uint32_t)i + 1)
			both += t->idf[t->v[k]];
	all = t->mass[i] + t->mass[j] - both;
	return all > 0 ? both / all : 0;
}

static double
at_best(const struct kb_compete *all, size_t i, size_t j, double title)
{
	double f[KB_COMPETE_N] = {
		[KB_COMPETE_ANSWER] = 1, [KB_COMPETE_BODY] = 1,
		[KB_COMPETE_TITLE] = title
	};

	f[KB_COMPETE_APART] = all->one_place ? 0.5 :
	    all->articles[i].place != all->articles[j].place;
	return kb_compete_score(f);
}

/*
 * Where none of the rarest terms of a title is shared, what is left of it is
 * too little: so the lists of frequent terms need not be read.
 */
static bool
has_partner(struct titles *t, const struct kb_compete *all, size_t i,
    double share, double least)
{
	double left = t->mass[i];
	size_t visits = 0;

	if (t->from[i + 1] - t->from[i] > TERMS_MOST)
		return true;
	for (size_t k = t->from[i]; k < t->from[i + 1]; k++)
		t->held[t->v[k]] = (uint32_t)i + 1;
	for (size_t k = t->from[i]; k < t->from[i + 1] && left + SLACK >=
	    share * t->mass[i]; k++) {
		uint32_t term = t->v[k];

		left -= t->idf[term];
		for (size_t p = t->post_from[term]; p < t->post_from[term + 1];
		    p++) {
			size_t j = t->post[p];

			if (j == i || t->met[j] == (uint32_t)i + 1)
				continue;
			t->met[j] = (uint32_t)i + 1;
			if (++visits > VISITS_MOST)
				return true;
			if (at_best(all, i, j, shared(t, i, j)) + SLACK >=
			    least && kb_compete_comparable(&all->articles[i],
			    &all->articles[j]))
				return true;
		}
	}
	return false;
}

/* The share of titles from which on a score can be reached at all. */
static double
least_share(double least)
{
	double f[KB_COMPETE_N] = {
		[KB_COMPETE_ANSWER] = 1, [KB_COMPETE_BODY] = 1,
		[KB_COMPETE_APART] = 1
	};
	double low = 0, high = 1;

	for (int i = 0; i < 30; i++) {
		f[KB_COMPETE_TITLE] = (low + high) / 2;
		if (kb_compete_score(f) < least)
			low = f[KB_COMPETE_TITLE];
		else
			high = f[KB_COMPETE_TITLE];
	}
	return low;
}

enum kb_status
kb_compete_choose(struct kb_compete_asker *k, double least, bool *ask,
    struct kb_err *err)
{
	const struct kb_compete *all = k->all;
	double share = least_share(least);
	struct titles t = { .n = 0 };
	enum kb_status status;

	if (share <= SLACK || all->narticles >= UINT32_MAX) {
		for (size_t i = 0; i < all->narticles; i++)
			ask[i] = true;
		return KB_OK;
	}
	status = read_titles(&t, k, err);
	if (status == KB_OK && !turn_round(&t, all->narticles))
		status = kb_err_nomem(err);
	for (size_t i = 0; i < all->narticles && status == KB_OK; i++)
		ask[i] = has_partner(&t, all, i, share, least);
	release(&t);
	return status;
}
