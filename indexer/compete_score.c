#include <math.h>

#include "compete_impl.h"
#include "passage.h"
#include "question.h"
#include "table.h"

#define PASSAGES_MOST	200	/* of an article; a book says enough by then */

/* The terms of a text, each with its frequency. */
struct bag {
	struct kb_table	 table;		/* to a place in the arrays */
	struct kb_str	*terms;
	double		*tf, *idf;
	size_t		 n, size;
	double		 words;
};

struct article {
	const struct kb_compete_article *row;
	struct bag	 title, text, headings;	/* text: the title, too */
};

static void
release(struct article *a)
{
	kb_table_release(&a->title.table);
	kb_table_release(&a->text.table);
	kb_table_release(&a->headings.table);
}

/* ---- terms ---- */

static bool
grow(struct bag *b, struct kb_arena *arena)
{
	size_t size = b->size == 0 ? 64 : b->size * 2;
	struct kb_str *terms = kb_arena_array(arena, size, sizeof(*terms));
	double *tf = kb_arena_array(arena, size, sizeof(*tf));
	double *idf = kb_arena_array(arena, size, sizeof(*idf));

	if (terms == NULL || tf == NULL || idf == NULL)
		return false;
	if (b->n > 0) {
		memcpy(terms, b->terms, b->n * sizeof(*terms));
		memcpy(tf, b->tf, b->n * sizeof(*tf));
		memcpy(idf, b->idf, b->n * sizeof(*idf));
	}
	b->terms = terms;
	b->tf = tf;
	b->idf = idf;
	b->size = size;
	return true;
}

enum kb_status
kb_compete_idf(struct kb_compete_asker *k, struct kb_str term, double *out,
    struct kb_err *err)
{
	sqlite3_stmt *st = kb_index_sql(k->index, KB_SQL_TERM);
	int64_t df = 0;
	int rc;

	if (st == NULL)
		return kb_index_error(k->index, err);
	sqlite3_bind_text64(st, 1, term.p, term.n, SQLITE_STATIC,
	    SQLITE_UTF8);
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW)
		df = sqlite3_column_int64(st, 0);
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		return kb_index_error(k->index, err);
	*out = kb_idf(k->index->npassages, df);
	return KB_OK;
}

static enum kb_status
add_term(struct kb_compete_asker *k, struct bag *b, struct kb_str term,
    struct kb_err *err)
{
	uint32_t *at = kb_table_get(&b->table, term);
	bool room = b->n < b->size;

	b->words++;
	if (at != NULL) {
		b->tf[*at]++;
		return KB_OK;
	}
	if (!room && !grow(b, &k->arena))
		return kb_err_nomem(err);
	term = kb_arena_copy(&k->arena, term);
	at = k->arena.failed ? NULL : kb_table_put(&b->table, term, NULL);
	if (at == NULL)
		return kb_err_nomem(err);
	*at = (uint32_t)b->n;
	b->terms[b->n] = term;
	b->tf[b->n] = 1;
	return kb_compete_idf(k, term, &b->idf[b->n++], err);
}

static enum kb_status
add_text(struct kb_compete_asker *k, struct bag *b, const char *lang,
    struct kb_str text, struct kb_err *err)
{
	struct kb_words it = kb_words(text);
	struct kb_word w;
	struct kb_term term;
	enum kb_status status = KB_OK;

	while (status == KB_OK && kb_words_next(&it, &w)) {
		if (kb_stop_word(lang, kb_word_norm(&w)))
			continue;
		status = kb_term_stem(k->index->stemmers, lang, &w, &term,
		    err);
		if (status == KB_OK && term.n > 0)
			status = add_term(k, b, kb_str(term.p, term.n), err);
	}
	return status;
}

static enum kb_status
read_article(struct kb_compete_asker *k, struct article *a,
    struct kb_err *err)
{
	struct kb_passage_row p;
	int64_t *v = NULL;
	size_t n = 0;
	char lang[3];
	enum kb_status status;

	kb_lang_key(a->row->lang, lang);
	status = add_text(k, &a->title, lang, a->row->title, err);
	if (status == KB_OK)
		status = add_text(k, &a->text, lang, a->row->title, err);
	if (status == KB_OK)
		status = kb_passages_of(&v, &n, k->index, a->row->n,
		    &k->arena, err);
	for (size_t i = 0; i < n && i < PASSAGES_MOST && status == KB_OK;
	    i++) {
		status = kb_passage_get(&p, k->index, v[i], &k->arena, err);
		if (status == KB_OK)
			status = add_text(k, &a->text, lang, p.text, err);
		if (status == KB_OK)
			status = add_text(k, &a->headings, lang, p.heading,
			    err);
	}
	return status;
}

/* ---- features ---- */

static double
rate(const struct bag *b, struct kb_str term)
{
	const uint32_t *at = kb_table_get(&b->table, term);

	return at != NULL && b->words > 0 ? b->tf[*at] / b->words : 0;
}

/* Share of the idf mass of two sets of terms that is in both. */
static double
overlap(const struct bag *a, const struct bag *b)
{
	double shared = 0, all = 0;

	for (size_t i = 0; i < a->n; i++) {
		all += a->idf[i];
		if (kb_table_get(&b->table, a->terms[i]) != NULL)
			shared += a->idf[i];
	}
	for (size_t i = 0; i < b->n; i++)
		if (kb_table_get(&a->table, b->terms[i]) == NULL)
			all += b->idf[i];
	return all > 0 ? shared / all : 0;
}

static double
cover(const struct bag *title, const struct bag *text)
{
	double held = 0, all = 0;

	for (size_t i = 0; i < title->n; i++) {
		all += title->idf[i];
		if (kb_table_get(&text->table, title->terms[i]) != NULL)
			held += title->idf[i];
	}
	return all > 0 ? held / all : 0;
}

static double
focus(const struct article *a, const struct article *b)
{
	double held = 0, all = 0;

	for (size_t i = 0; i < a->title.n; i++) {
		double own = rate(&a->text, a->title.terms[i]);
		double other = rate(&b->text, a->title.terms[i]);

		all += a->title.idf[i];
		held += a->title.idf[i] * (other < own ? other / own : 1);
	}
	return all > 0 ? held / all : 0;
}

static double
weight(const struct bag *b, size_t i)
{
	return (1 + log(b->tf[i])) * b->idf[i];
}

static double
cosine(const struct bag *a, const struct bag *b)
{
	double dot = 0, x = 0, y = 0;

	for (size_t i = 0; i < a->n; i++) {
		const uint32_t *at = kb_table_get(&b->table, a->terms[i]);

		x += weight(a, i) * weight(a, i);
		if (at != NULL)
			dot += weight(a, i) * weight(b, *at);
	}
	for (size_t i = 0; i < b->n; i++)
		y += weight(b, i) * weight(b, i);
	return x > 0 && y > 0 ? dot / sqrt(x * y) : 0;
}

static double
least(double a, double b)
{
	return a < b ? a : b;
}

static enum kb_status
linked(struct kb_compete_asker *k, int64_t from, int64_t to, double *out,
    struct kb_err *err)
{
	enum kb_status status = KB_OK;

	kb_rows_rewind(&k->links, from);
	sqlite3_bind_int64(k->links.stmt, 2, to);
	if (kb_rows_next(&k->links, &status, err))
		*out = 1;
	sqlite3_reset(k->links.stmt);
	return status;
}

static void
measure(const struct article *a, const struct article *b,
    struct kb_competing *p)
{
	double *f = p->feature, x = a->text.words, y = b->text.words;

	f[KB_COMPETE_ANSWER] = sqrt(p->answer_a * p->answer_b);
	f[KB_COMPETE_TITLE] = overlap(&a->title, &b->title);
	f[KB_COMPETE_COVER] = least(cover(&a->title, &b->text),
	    cover(&b->title, &a->text));
	f[KB_COMPETE_FOCUS] = least(focus(a, b), focus(b, a));
	f[KB_COMPETE_BODY] = cosine(&a->text, &b->text);
	f[KB_COMPETE_HEADING] = overlap(&a->headings, &b->headings);
	f[KB_COMPETE_LENGTH] = x > 0 && y > 0 ? least(x, y) / (x + y -
	    least(x, y)) : 0;
}

/*
 * A logistic regression on the pairs of bench/competing.tsv that are marked
 * "fit".  What it has learned: pages of one chapter whose texts are alike are
 * told apart by their authors, and so are pages that link to each other; the
 * same text in two places under like titles is rarely meant.
 */
double
kb_compete_score(const double f[KB_COMPETE_N])
{
	double apart = f[KB_COMPETE_APART];
	double agree = f[KB_COMPETE_ANSWER] * f[KB_COMPETE_BODY];

	return 1 / (1 + exp(2.98 + 1.65 * f[KB_COMPETE_LINKED] - apart *
	    (2.11 + 0.98 * agree + 3.70 * agree * f[KB_COMPETE_TITLE])));
}

enum kb_status
kb_compete_compare(struct kb_compete_asker *k, struct kb_competing *p,
    struct kb_err *err)
{
	struct article a = { .row = &k->all->articles[p->a] };
	struct article b = { .row = &k->all->articles[p->b] };
	enum kb_status status;

	kb_arena_reset(&k->arena);
	status = read_article(k, &a, err);
	if (status == KB_OK)
		status = read_article(k, &b, err);
	if (status == KB_OK)
		status = linked(k, a.row->n, b.row->n,
		    &p->feature[KB_COMPETE_LINKED], err);
	if (status == KB_OK)
		status = linked(k, b.row->n, a.row->n,
		    &p->feature[KB_COMPETE_LINKED], err);
	if (status == KB_OK) {
		p->feature[KB_COMPETE_APART] = k->all->one_place ? 0.5 :
		    a.row->place != b.row->place;
		measure(&a, &b, p);
		p->score = kb_compete_score(p->feature);
	}
	release(&a);
	release(&b);
	return status;
}
