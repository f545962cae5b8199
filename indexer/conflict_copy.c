/*
 * Articles that are copies of one text, and what may differ between them.
 */
#include "conflict_impl.h"
#include "facts_impl.h"
#include "hash.h"
#include "words.h"

/* Words in common: less is a form that many texts fill in. */
#define COPY_WORDS	50

uint32_t
kb_conflict_title(struct kb_str title)
{
	struct kb_words it = kb_words(title);
	struct kb_word w;
	uint64_t h = 1;

	while (kb_words_next(&it, &w))
		h = kb_hash64(kb_word_norm(&w), h);
	return (uint32_t)(h ^ h >> 32);
}

static size_t
titles_like(const struct kb_slots *slots, uint32_t title)
{
	size_t lo = 0, hi = slots->ntitles, n = 0;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (slots->titles[mid] < title)
			lo = mid + 1;
		else
			hi = mid;
	}
	while (lo + n < slots->ntitles && slots->titles[lo + n] == title &&
	    n <= KB_COPIES)
		n++;
	return n;
}

bool
kb_conflict_copies(const struct kb_article_text *a,
    const struct kb_article_text *b, const struct kb_slots *slots,
    size_t shared)
{
	return a->title.n > 0 && kb_str_caseeq(a->title, b->title) &&
	    shared >= COPY_WORDS && !kb_conflict_parallel(a, b) &&
	    titles_like(slots, kb_conflict_title(a->title)) <= KB_COPIES;
}

static struct kb_str
text_of(const struct kb_reading *r, const struct kb_claim *c)
{
	return kb_str(r->text.paragraphs[c->paragraph].text.p + c->from,
	    c->to - c->from);
}

/* ---- rows of tables ---- */

/* The number of cells, and in *first the bytes of the first. */
static size_t
cells(struct kb_str row, size_t *first)
{
	size_t n = 1, at = 0;

	*first = row.n;
	while ((at = kb_str_find(row, KB_STR(" | "), at)) != (size_t)-1) {
		if (n++ == 1)
			*first = at;
		at += 3;
	}
	return n;
}

/* Of one name, with one fact in another cell that is not the same. */
static bool
row_differs(struct kb_fact *f, struct kb_fact *g, const struct kb_claim *p,
    struct kb_str s, const struct kb_claim *q, struct kb_str t)
{
	size_t name, other, n = 0, at = 0;

	if (p->mask != q->mask || p->nfacts != q->nfacts || p->content == 0 ||
	    cells(s, &name) != cells(t, &other) || name != other ||
	    memcmp(s.p, t.p, name) != 0)
		return false;
	for (size_t i = 0; i < p->nfacts; i++)
		if (!kb_fact_same(&p->facts[i], &q->facts[i])) {
			n++;
			at = i;
		}
	if (n != 1 || p->facts[at].kind == KB_FACT_DATE)
		return false;
	*f = p->facts[at];
	*g = q->facts[at];
	return true;
}

/* ---- numbers of names ---- */

/* Figures at "at", with points between them. */
static size_t
figures(struct kb_str t, size_t at)
{
	size_t n = 0;

	while (at + n < t.n && (kb_fact_digit(t.p[at + n]) || (n > 0 &&
	    t.p[at + n] == '.' && at + n + 1 < t.n &&
	    kb_fact_digit(t.p[at + n + 1]))))
		n++;
	return n;
}

/*
 * Where both texts have a number behind the same text, and what follows is
 * the same as well: their bytes in *n and *k; else false.
 */
static bool
one_number(struct kb_str s, struct kb_str t, size_t *at, size_t *n,
    size_t *k)
{
	size_t i = 0;

	while (i < s.n && i < t.n && s.p[i] == t.p[i])
		i++;
	while (i > 0 && (kb_fact_digit(s.p[i - 1]) || s.p[i - 1] == '.'))
		i--;
	*at = i;
	*n = figures(s, i);
	*k = figures(t, i);
	return *n > 0 && *k > 0 && kb_str_eq(kb_str(s.p + i + *n, s.n - i -
	    *n), kb_str(t.p + i + *k, t.n - i - *k));
}

/* "name" as it stands, not in a longer number or word. */
static bool
says(struct kb_str text, struct kb_str name)
{
	size_t at = 0;

	for (; (at = kb_str_find(text, name, at)) != (size_t)-1; at++) {
		size_t end = at + name.n;

		if ((at == 0 || !kb_fact_wordy(text.p[at - 1])) &&
		    !(end < text.n && kb_fact_wordy(text.p[end])) &&
		    !(end + 1 < text.n && text.p[end] == '.' &&
		    kb_fact_digit(text.p[end + 1])))
			return true;
	}
	return false;
}

static bool
article_says(const struct kb_article_text *t, struct kb_str name)
{
	bool found = says(t->title, name);

	for (size_t i = 0; i < t->nparagraphs && !found; i++)
		found = says(t->paragraphs[i].text, name);
	return found;
}

/*
 * "Windows 11" may tell which case a text is for.  It does not where the
 * other text knows that case, too.
 */
static bool
name_differs(struct kb_fact *f, struct kb_fact *g,
    const struct kb_article_text *a, struct kb_str s,
    const struct kb_article_text *b, struct kb_str t)
{
	size_t at, n, k, name;

	if (!one_number(s, t, &at, &n, &k) ||
	    !kb_facts_named(s, at, at + n, &name) ||
	    !kb_facts_named(t, at, at + k, &name) ||
	    !(article_says(b, kb_str(s.p + name, at + n - name)) ||
	    article_says(a, kb_str(t.p + name, at + k - name))))
		return false;
	*f = (struct kb_fact){ .kind = memchr(s.p + at, '.', n) != NULL ?
	    KB_FACT_VERSION : KB_FACT_NUMBER, .start = name, .end = at + n,
	    .value = kb_str(s.p + name, at + n - name) };
	*g = *f;
	g->end = at + k;
	g->value = kb_str(t.p + name, at + k - name);
	return true;
}

/* ---- sentences ---- */

static bool
sentence_differs(struct kb_fact *f, struct kb_fact *g,
    const struct kb_claim *p, const struct kb_claim *q)
{
	size_t n = 0, at = 0;

	memset(f, 0, sizeof(*f));
	memset(g, 0, sizeof(*g));
	for (size_t i = 0; i < p->nfacts; i++)
		if (!kb_fact_same(&p->facts[i], &q->facts[i])) {
			n++;
			at = i;
		}
	if (n == 1) {
		*f = p->facts[at];
		*g = q->facts[at];
		return true;
	}
	f->kind = g->kind = KB_FACT_NEGATION;
	if (n > 0 || p->denials + q->denials != 1)
		return false;
	*(p->denials > 0 ? f : g) = p->denials > 0 ? p->no : q->no;
	return true;
}

bool
kb_conflict_copied(struct kb_fact *f, struct kb_fact *g,
    const struct kb_reading *a, const struct kb_claim *p,
    const struct kb_reading *b, const struct kb_claim *q)
{
	struct kb_str s = text_of(a, p), t = text_of(b, q);

	if (p->row || q->row)
		return p->row && q->row && row_differs(f, g, p, s, q, t);
	if (!p->loose || !q->loose)
		return false;
	if (p->mask == q->mask && p->nfacts == q->nfacts)
		return sentence_differs(f, g, p, q);
	return name_differs(f, g, &a->text, s, &b->text, t);
}
