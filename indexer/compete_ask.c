#include <stdlib.h>

#include "compete_impl.h"
#include "passage.h"
#include "question.h"
#include "rank.h"
#include "relation.h"
#include "sentence.h"

#define LEAD_WORDS	25	/* whole sentences until there are so many */
#define LEAD_MOST	60	/* words; a list without full stops */
#define TERMS_MOST	20
#define CANDIDATES	50	/* passages */
#define TITLE_COUNTS	2	/* times, as in the index */

size_t
kb_compete_find(const struct kb_compete *all, int64_t n)
{
	size_t low = 0, high = all->narticles;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (all->articles[mid].n < n)
			low = mid + 1;
		else
			high = mid;
	}
	return low < all->narticles && all->articles[low].n == n ? low :
	    KB_COMPETE_NOBODY;
}

/* ---- the question ---- */

static struct kb_str
first_words(struct kb_str text, size_t most)
{
	struct kb_words it = kb_words(text);
	struct kb_word w;
	size_t n = 0, end = 0;

	while (n < most && kb_words_next(&it, &w)) {
		n++;
		end = w.end;
	}
	return kb_str(text.p, end);
}

static struct kb_str
first_sentences(struct kb_str text)
{
	size_t at = kb_sentence_start(text, 0), end = at;

	text = kb_str(text.p + at, text.n - at);
	for (at = end = 0; at < text.n;) {
		end = kb_sentence_end(text, at);
		if (kb_words_count(kb_str(text.p, end)) >= LEAD_WORDS)
			break;
		at = kb_sentence_start(text, end);
	}
	return first_words(kb_str(text.p, end), LEAD_MOST);
}

/* What the article says of itself first: its description, or its text. */
static enum kb_status
read_lead(struct kb_compete_asker *k, int64_t article, struct kb_str *out,
    struct kb_err *err)
{
	struct kb_passage_row p = { 0 };
	enum kb_status status = KB_OK;
	int64_t *passages;
	size_t n = 0;

	*out = kb_str(NULL, 0);
	kb_rows_rewind(&k->lead, article);
	if (kb_rows_next(&k->lead, &status, err))
		*out = kb_arena_copy(&k->arena, first_words(kb_rows_text(
		    &k->lead, 0), LEAD_MOST));
	sqlite3_reset(k->lead.stmt);
	if (status != KB_OK || out->n > 0)
		return status;
	status = kb_passages_of(&passages, &n, k->index, article, &k->arena,
	    err);
	if (status == KB_OK && n > 0)
		status = kb_passage_get(&p, k->index, passages[0], &k->arena,
		    err);
	if (status == KB_OK && p.text.n > 0)
		*out = first_sentences(kb_str(p.text.p + p.lead, p.text.n -
		    p.lead));
	return status;
}

static int
by_weight(const void *a, const void *b)
{
	const struct kb_qterm *x = *(const struct kb_qterm *const *)a;
	const struct kb_qterm *y = *(const struct kb_qterm *const *)b;
	double wx = (double)x->count * x->idf, wy = (double)y->count * y->idf;

	if (wx != wy)
		return wx > wy ? -1 : 1;
	return (x > y) - (x < y);
}

/*
 * The weightiest terms whose postings together stay within the budget, as
 * the words of another question.
 */
static enum kb_status
cut(struct kb_compete_asker *k, const struct kb_question *q,
    struct kb_str *out)
{
	struct kb_qterm **order = kb_arena_array(&k->arena, q->nterms,
	    sizeof(struct kb_qterm *));
	int64_t postings = 0;
	struct kb_buf b = { 0 };
	size_t n = 0;

	for (size_t i = 0; order != NULL && i < q->nterms; i++)
		order[i] = &q->terms[i];
	if (order != NULL && q->nterms > 0)
		qsort(order, q->nterms, sizeof(struct kb_qterm *), by_weight);
	for (size_t i = 0; order != NULL && i < q->nterms && n < TERMS_MOST;
	    i++) {
		if (order[i]->df == 0 || postings + order[i]->df >
		    (int64_t)k->postings)
			continue;
		postings += order[i]->df;
		n++;
		for (size_t c = 0; c < order[i]->count && c < 4; c++) {
			kb_buf_add(&b, order[i]->word);
			kb_buf_addch(&b, ' ');
		}
	}
	*out = kb_arena_copy(&k->arena, kb_buf_str(&b));
	k->arena.failed |= b.failed;
	kb_buf_release(&b);
	return k->arena.failed ? KB_NOMEM : KB_OK;
}

static enum kb_status
make_question(struct kb_compete_asker *k, size_t i, struct kb_question *q,
    struct kb_err *err)
{
	const struct kb_compete_article *a = &k->all->articles[i];
	struct kb_buf b = { 0 };
	struct kb_str lead, text;
	enum kb_status status = read_lead(k, a->n, &lead, err);

	if (status != KB_OK)
		return status;
	for (int c = 0; c < TITLE_COUNTS; c++) {
		kb_buf_add(&b, a->title);
		kb_buf_addch(&b, '\n');
	}
	kb_buf_add(&b, lead);
	text = kb_arena_copy(&k->arena, kb_buf_str(&b));
	k->arena.failed |= b.failed;
	kb_buf_release(&b);
	status = kb_question_parse(q, text, k->index, &k->arena, err);
	if (status == KB_OK && cut(k, q, &text) != KB_OK)
		status = kb_err_nomem(err);
	if (status == KB_OK)
		status = kb_question_parse(q, text, k->index, &k->arena, err);
	return status;
}

/* ---- the reply ---- */

static bool
differs(struct kb_str a, struct kb_str b)
{
	return a.n > 0 && b.n > 0 && !kb_str_caseeq(kb_str_trim(a),
	    kb_str_trim(b));
}

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Behind the number of a chapter or step. */
static struct kb_str
without_number(struct kb_str title)
{
	size_t i = 0;

	while (i < title.n && (digit(title.p[i]) || title.p[i] == '.' ||
	    title.p[i] == ' '))
		i++;
	return i == 0 ? title : kb_str(title.p + i, title.n - i);
}

/* "New in 3.1" and "New in 3.2": the same but for numbers, and not the same. */
static bool
counted_apart(struct kb_str a, struct kb_str b)
{
	size_t i = 0, k = 0;

	a = without_number(a);
	b = without_number(b);
	if (kb_str_caseeq(a, b))
		return false;
	while (i < a.n && k < b.n) {
		if (digit(a.p[i]) && digit(b.p[k])) {
			while (i < a.n && (digit(a.p[i]) || a.p[i] == '.'))
				i++;
			while (k < b.n && (digit(b.p[k]) || b.p[k] == '.'))
				k++;
		} else if (a.p[i++] != b.p[k++]) {
			return false;
		}
	}
	return i == a.n && k == b.n;
}

/* Their paths tell, or what is declared of one product. */
static bool
versions(const struct kb_compete_article *a,
    const struct kb_compete_article *b)
{
	struct kb_doc x = { .place = a->where, .title = a->title,
	    .product = a->product, .version = a->version };
	struct kb_doc y = { .place = b->where, .title = b->title,
	    .product = b->product, .version = b->version };

	return kb_relation_versions(&x, &y);
}

/* What is not stated on both sides keeps nothing apart. */
bool
kb_compete_comparable(const struct kb_compete_article *a,
    const struct kb_compete_article *b)
{
	char x[3], y[3];

	kb_lang_key(a->lang, x);
	kb_lang_key(b->lang, y);
	return strcmp(x, y) == 0 && a->restricted == b->restricted &&
	    !differs(a->product, b->product) &&
	    !differs(a->version, b->version) &&
	    !differs(a->audience, b->audience) &&
	    !counted_apart(a->title, b->title) && !versions(a, b);
}

static bool
same_cluster(const struct kb_compete_article *a,
    const struct kb_compete_article *b)
{
	return a->cluster > 0 && a->cluster == b->cluster;
}

static void
read_reply(const struct kb_compete *all, size_t i, const struct kb_ranked *v,
    size_t n, struct kb_compete_reply *out)
{
	const struct kb_compete_article *a = &all->articles[i];
	double own = 0, other = 0;

	for (size_t k = 0; k < n; k++) {
		size_t j = kb_compete_find(all, v[k].key);

		if (j == KB_COMPETE_NOBODY)
			continue;
		if (j == i || same_cluster(a, &all->articles[j])) {
			own = own > 0 ? own : v[k].score;
		} else if (out->first == KB_COMPETE_NOBODY &&
		    kb_compete_comparable(a, &all->articles[j])) {
			out->first = j;
			other = v[k].score;
		}
	}
	if (out->first != KB_COMPETE_NOBODY)
		out->share = own > other ? other / own : 1;
}

enum kb_status
kb_compete_ask(struct kb_compete_asker *k, size_t i,
    struct kb_compete_reply *out, struct kb_err *err)
{
	struct kb_rank_opts how = { CANDIDATES, true };
	struct kb_ranked *v = NULL;
	struct kb_question q;
	size_t n = 0;
	enum kb_status status;

	*out = (struct kb_compete_reply){ KB_COMPETE_NOBODY, 0, false };
	kb_arena_reset(&k->arena);
	status = make_question(k, i, &q, err);
	if (status != KB_OK)
		return status;
	out->dear = q.nknown == 0;
	if (out->dear)
		return KB_OK;
	status = kb_rank(&v, &n, k->index, &q, &how, &k->arena, err);
	if (status == KB_OK)
		read_reply(k->all, i, v, n, out);
	return status;
}
