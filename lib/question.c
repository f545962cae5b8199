#include "question.h"

#include <math.h>
#include <stdlib.h>

#include "handle.h"
#include "kb/suggest.h"
#include "table.h"

struct parsing {
	struct kb_question	*q;
	struct kb_index		*index;
	struct kb_arena		*arena;
	struct kb_table		 seen;
	size_t			 size;
	bool			 with_stops;
};

double
kb_idf(int64_t n, int64_t df)
{
	if (df > n)
		df = n;
	return log(1 + ((double)(n - df) + 0.5) / ((double)df + 0.5));
}

/* ---- which lines are the question ---- */

static bool
is_quoted(struct kb_str line)
{
	line = kb_str_trim(line);
	return line.n > 0 && line.p[0] == '>';
}

/* Without quoted lines, if anything is left then. */
static struct kb_str
own_words(struct kb_str text, struct kb_arena *arena)
{
	struct kb_buf buf = { 0 };
	struct kb_str rest = text, line, out;

	while (rest.n > 0 && kb_str_split(&rest, '\n', &line)) {
		if (is_quoted(line))
			continue;
		kb_buf_add(&buf, line);
		kb_buf_addch(&buf, '\n');
	}
	out = kb_arena_copy(arena, kb_buf_str(&buf));
	arena->failed |= buf.failed;
	kb_buf_release(&buf);
	return kb_words_count(out) > 0 ? out : text;
}

/* ---- terms ---- */

static enum kb_status
look_up(struct parsing *p, struct kb_qterm *t, struct kb_err *err)
{
	sqlite3_stmt *st = kb_index_sql(p->index, KB_SQL_TERM);
	int rc;

	if (st == NULL)
		return kb_index_error(p->index, err);
	for (size_t i = 0; i < t->nvariants; i++) {
		sqlite3_bind_text64(st, 1, t->variants[i].p,
		    t->variants[i].n, SQLITE_STATIC, SQLITE_UTF8);
		rc = sqlite3_step(st);
		if (rc == SQLITE_ROW && sqlite3_column_int64(st, 0) > t->df)
			t->df = sqlite3_column_int64(st, 0);
		if (rc != SQLITE_ROW && rc != SQLITE_DONE) {
			enum kb_status s = kb_index_error(p->index, err);

			sqlite3_reset(st);
			return s;
		}
		sqlite3_reset(st);
	}
	t->idf = kb_idf(p->index->npassages, t->df);
	return KB_OK;
}

static void
add_variant(struct kb_qterm *t, const struct kb_term *term,
    struct kb_arena *arena)
{
	struct kb_str v = kb_str(term->p, term->n);

	for (size_t i = 0; i < t->nvariants; i++)
		if (kb_str_eq(t->variants[i], v))
			return;
	if (t->nvariants < KB_TERM_VARIANTS && v.n > 0)
		t->variants[t->nvariants++] = kb_arena_copy(arena, v);
}

static enum kb_status
make_term(struct parsing *p, const struct kb_word *w, struct kb_qterm *t,
    struct kb_err *err)
{
	struct kb_term term;
	enum kb_status status = KB_OK;

	memset(t, 0, sizeof(*t));
	t->word = kb_arena_copy(p->arena, kb_word_norm(w));
	t->count = 1;
	for (size_t i = 0; i < p->index->nlangs && status == KB_OK; i++) {
		status = kb_term_stem(p->index->stemmers,
		    p->index->langs[i], w, &term, err);
		if (status == KB_OK)
			add_variant(t, &term, p->arena);
	}
	return status == KB_OK ? look_up(p, t, err) : status;
}

static struct kb_qterm *
new_term(struct parsing *p)
{
	struct kb_qterm *v;

	if (p->q->nterms == p->size) {
		size_t size = p->size == 0 ? 64 : p->size * 2;

		v = kb_arena_array(p->arena, size, sizeof(*v));
		if (v == NULL)
			return NULL;
		if (p->q->nterms > 0)
			memcpy(v, p->q->terms, p->q->nterms * sizeof(*v));
		p->q->terms = v;
		p->size = size;
	}
	return &p->q->terms[p->q->nterms++];
}

static bool
is_stop(const struct parsing *p, struct kb_str norm)
{
	for (size_t i = 0; i < p->index->nlangs; i++)
		if (kb_stop_word(p->index->langs[i], norm))
			return true;
	return false;
}

static enum kb_status
take_word(struct parsing *p, const struct kb_word *w, struct kb_err *err)
{
	struct kb_str norm = kb_word_norm(w);
	struct kb_qterm *t;
	enum kb_status status;
	uint32_t *at = kb_table_get(&p->seen, norm);

	if (at != NULL) {
		p->q->terms[*at].count++;
		return KB_OK;
	}
	if (!p->with_stops && is_stop(p, norm))
		return KB_OK;
	t = new_term(p);
	if (t == NULL)
		return kb_err_nomem(err);
	status = make_term(p, w, t, err);
	if (status != KB_OK)
		return status;
	/* Two words with one stem are one term: print, printing. */
	for (size_t i = 0; i + 1 < p->q->nterms; i++)
		if (t->nvariants > 0 && p->q->terms[i].nvariants > 0 &&
		    kb_str_eq(p->q->terms[i].variants[0], t->variants[0])) {
			p->q->terms[i].count++;
			p->q->nterms--;
			return KB_OK;
		}
	at = kb_table_put(&p->seen, t->word, NULL);
	if (at == NULL)
		return kb_err_nomem(err);
	*at = (uint32_t)p->q->nterms - 1;
	return KB_OK;
}

/* "c++", ".net": one more term beside the word's own. */
static enum kb_status
take_special(struct parsing *p, const struct kb_term *special,
    struct kb_err *err)
{
	struct kb_str name = kb_str(special->p, special->n);
	struct kb_qterm *t;

	for (size_t i = 0; i < p->q->nterms; i++)
		if (kb_str_eq(p->q->terms[i].word, name)) {
			p->q->terms[i].count++;
			return KB_OK;
		}
	t = new_term(p);
	if (t == NULL)
		return kb_err_nomem(err);
	memset(t, 0, sizeof(*t));
	t->count = 1;
	add_variant(t, special, p->arena);
	t->word = t->variants[0];
	return look_up(p, t, err);
}

static enum kb_status
take_words(struct parsing *p, struct kb_str text, struct kb_err *err)
{
	struct kb_words it = kb_words(text);
	struct kb_word w;
	struct kb_term special;
	enum kb_status status = KB_OK;

	while (status == KB_OK && kb_words_next(&it, &w) &&
	    p->q->nterms < 4096) {
		status = take_word(p, &w, err);
		if (status == KB_OK && kb_term_special(text, &w, &special))
			status = take_special(p, &special, err);
	}
	return status;
}

/* ---- the expression ---- */

static void
add_quoted(struct kb_buf *b, struct kb_str term, bool first)
{
	kb_buf_addc(b, first ? "\"" : " OR \"");
	/* Terms hold letters and digits alone: there is nothing to escape. */
	kb_buf_add(b, term);
	kb_buf_addch(b, '"');
}

static void
write_match(struct parsing *p)
{
	struct kb_question *q = p->q;
	struct kb_buf b = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < q->nterms; i++)
		n += q->terms[i].df > 0 ? q->terms[i].nvariants : 0;
	if (n == 0)
		return;
	q->phrases = kb_arena_array(p->arena, n, sizeof(*q->phrases));
	if (q->phrases == NULL)
		return;
	kb_buf_addc(&b, "{title heading body} : (");
	for (size_t i = 0; i < q->nterms; i++) {
		const struct kb_qterm *t = &q->terms[i];

		for (size_t k = 0; t->df > 0 && k < t->nvariants; k++) {
			add_quoted(&b, t->variants[k], q->nphrases == 0);
			q->phrases[q->nphrases++] = (uint32_t)i;
		}
	}
	kb_buf_addch(&b, ')');
	p->arena->failed |= b.failed;
	q->match = kb_arena_copy(p->arena, kb_buf_str(&b));
	kb_buf_release(&b);
}

static int
by_weight(const void *a, const void *b)
{
	const struct kb_qterm *x = *(const struct kb_qterm *const *)a;
	const struct kb_qterm *y = *(const struct kb_qterm *const *)b;
	double wx = (double)x->count * x->idf, wy = (double)y->count * y->idf;

	if ((x->df > 0) != (y->df > 0))
		return x->df > 0 ? -1 : 1;
	if (wx != wy)
		return wx > wy ? -1 : 1;
	return (x > y) - (x < y);
}

static int
by_place(const void *a, const void *b)
{
	const struct kb_qterm *x = *(const struct kb_qterm *const *)a;
	const struct kb_qterm *y = *(const struct kb_qterm *const *)b;

	return (x > y) - (x < y);
}

/* A pasted ticket: its weightiest terms, still in their order. */
static void
keep_weightiest(struct parsing *p)
{
	struct kb_question *q = p->q;
	struct kb_qterm **order, *kept;

	if (q->nterms <= KB_QUESTION_TERMS)
		return;
	order = kb_arena_array(p->arena, q->nterms, sizeof(struct kb_qterm *));
	kept = kb_arena_array(p->arena, KB_QUESTION_TERMS, sizeof(*kept));
	if (order == NULL || kept == NULL)
		return;
	for (size_t i = 0; i < q->nterms; i++)
		order[i] = &q->terms[i];
	qsort(order, q->nterms, sizeof(struct kb_qterm *), by_weight);
	qsort(order, KB_QUESTION_TERMS, sizeof(struct kb_qterm *), by_place);
	for (size_t i = 0; i < KB_QUESTION_TERMS; i++)
		kept[i] = *order[i];
	q->terms = kept;
	q->nterms = KB_QUESTION_TERMS;
}

enum kb_status
kb_question_parse(struct kb_question *out, struct kb_str text,
    struct kb_index *index, struct kb_arena *arena, struct kb_err *err)
{
	struct parsing p = { .q = out, .index = index, .arena = arena };
	enum kb_status status;

	memset(out, 0, sizeof(*out));
	if (text.n > KB_QUESTION_MAX)
		text.n = KB_QUESTION_MAX;
	text = own_words(text, arena);
	status = take_words(&p, text, err);
	if (status == KB_OK && out->nterms == 0) {
		p.with_stops = true;
		status = take_words(&p, text, err);
	}
	if (status == KB_OK) {
		keep_weightiest(&p);
		for (size_t i = 0; i < out->nterms; i++) {
			/* Function words alone ask for nothing. */
			if (!p.with_stops)
				out->mass += out->terms[i].idf;
			out->nknown += out->terms[i].df > 0;
		}
		write_match(&p);
	}
	kb_table_release(&p.seen);
	if (status == KB_OK && arena->failed)
		status = kb_err_nomem(err);
	return status;
}
