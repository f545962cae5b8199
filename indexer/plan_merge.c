/*
 * A member laid beside what is kept.  Contract: plan.h.
 */
#include "plan.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "facts.h"
#include "utf8.h"
#include "words.h"

struct place {			/* of a member's paragraph */
	enum kb_align_kind	kind;
	uint32_t		kept;
	bool			exact, elsewhere;
};

struct merge {
	struct kb_plan			*p;
	struct kb_plan_cluster		*c;
	struct kb_plan_member		*m;
	size_t				 member;
	const struct kb_article_text	*text;
	struct place			*places;
	unsigned char			*fates;
	bool				 apart;	/* about two things, maybe */
};

/* ---- what words do not say ---- */

/*
 * Signs that change what a text says: of sums, money, code, paths, and a
 * minus in front of a number.  Stops, quotes and brackets come and go.
 */
static bool
is_strong(struct kb_str s, size_t at, size_t next, uint32_t c)
{
	if (c < 0x80 && c != 0 && strchr("$%+*/=<>&|@#^~_\\", (int)c) != NULL)
		return true;
	if (c == '-')
		return next < s.n && s.p[next] >= '0' && s.p[next] <= '9' &&
		    (at == 0 || s.p[at - 1] == ' ' || s.p[at - 1] == '(');
	if (c < 0x80 || c > 0x10ffff)
		return false;
	switch (utf8proc_category((utf8proc_int32_t)c)) {
	case UTF8PROC_CATEGORY_SC:
	case UTF8PROC_CATEGORY_SM:
		return true;
	default:
		return false;
	}
}

/* The next strong sign at or after *at, or 0. */
static uint32_t
next_strong(struct kb_str s, size_t *at)
{
	uint32_t c;
	size_t from;

	while (*at < s.n) {
		from = *at;
		*at += kb_utf8_next(s, from, &c);
		if (is_strong(s, from, *at, c))
			return c;
	}
	return 0;
}

static bool
strong_signs_differ(struct kb_str a, struct kb_str b)
{
	size_t i = 0, k = 0;
	uint32_t c;

	do {
		c = next_strong(a, &i);
		if (next_strong(b, &k) != c)
			return true;
	} while (c != 0);
	return false;
}

static bool
has_strong(struct kb_str s)
{
	size_t at = 0;

	return next_strong(s, &at) != 0;
}

static bool
is_code(const struct kb_paragraph *q)
{
	return q->text.n > 0 && memchr(q->text.p, '\n', q->text.n) != NULL;
}

static bool
has_digit(struct kb_str s, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (s.p[i] >= '0' && s.p[i] <= '9')
			return true;
	return false;
}

static bool
has_word(struct kb_str title, struct kb_str norm)
{
	struct kb_words it = kb_words(title);
	struct kb_word word;

	while (kb_words_next(&it, &word))
		if (kb_str_eq(kb_word_norm(&word), norm))
			return true;
	return false;
}

/* Whether a run has a word that one title has and the other has not. */
static bool
names(struct kb_str s, size_t from, size_t to, struct kb_str title,
    struct kb_str other)
{
	struct kb_words it = kb_words(kb_str(s.p + from, to - from));
	struct kb_word word;
	struct kb_str norm;

	while (kb_words_next(&it, &word)) {
		norm = kb_word_norm(&word);
		if (!kb_facts_empty_word(norm) && has_word(title, norm) &&
		    !has_word(other, norm))
			return true;
	}
	return false;
}

/* Whether digits are among the words that differ, and those of the titles. */
static enum kb_status
compare_words(struct merge *g, struct kb_str a, struct kb_str b, bool *out,
    struct kb_err *err)
{
	struct kb_str kept = g->c->keep.title, other = g->m->article.title;
	bool in_a = false, in_b = false;
	const struct kb_edit *v;
	size_t n;
	enum kb_status status = kb_align_words(&v, &n, a, b, &g->p->scratch,
	    err);

	for (size_t i = 0; status == KB_OK && i < n; i++) {
		if (v[i].same)
			continue;
		*out |= has_digit(a, v[i].a_from, v[i].a_to) ||
		    has_digit(b, v[i].b_from, v[i].b_to);
		in_a |= names(a, v[i].a_from, v[i].a_to, kept, other);
		in_b |= names(b, v[i].b_from, v[i].b_to, other, kept);
	}
	g->apart |= in_a && in_b;
	return status;
}

static bool
has_fact(const struct kb_facts *facts, const struct kb_fact *one)
{
	for (size_t i = 0; i < facts->n; i++)
		if (kb_fact_same(&facts->v[i], one))
			return true;
	return false;
}

/* A fact that the other lacks may be a detail; two that differ are not. */
static bool
contradict(const struct kb_facts *a, const struct kb_facts *b)
{
	bool a_own = false, b_own = false;

	for (size_t i = 0; i < a->n; i++)
		a_own |= !has_fact(b, &a->v[i]);
	for (size_t i = 0; i < b->n; i++)
		b_own |= !has_fact(a, &b->v[i]);
	return (a_own && b_own) || (a->denials > 0) != (b->denials > 0);
}

static enum kb_status
sentences_differ(struct merge *g, struct kb_str a, struct kb_str b,
    const struct kb_sentence_pair *pair, bool *out, struct kb_err *err)
{
	bool comma = kb_facts_comma(g->m->article.lang);
	struct kb_facts x, y;
	enum kb_status status;

	status = kb_facts_find(&x, kb_str(a.p + pair->a_from, pair->a_to -
	    pair->a_from), comma, &g->p->scratch, err);
	if (status == KB_OK)
		status = kb_facts_find(&y, kb_str(b.p + pair->b_from,
		    pair->b_to - pair->b_from), comma, &g->p->scratch, err);
	if (status == KB_OK)
		*out |= contradict(&x, &y);
	return status;
}

static enum kb_status
facts_differ(struct merge *g, struct kb_str a, struct kb_str b, bool *out,
    struct kb_err *err)
{
	const struct kb_sentence_pair *v;
	size_t n = 0;
	enum kb_status status;

	*out = strong_signs_differ(a, b);
	status = compare_words(g, a, b, out, err);
	if (status == KB_OK && !*out)
		status = kb_align_sentences(&v, &n, a, b, 0.5,
		    &g->p->scratch, err);
	for (size_t i = 0; i < n && status == KB_OK; i++)
		if (!v[i].exact)
			status = sentences_differ(g, a, b, &v[i], out, err);
	return status;
}

/* ---- items ---- */

static struct kb_plan_item *
new_item(struct merge *g)
{
	struct kb_plan_cluster *c = g->c;

	if (c->nitems == c->items_size) {
		size_t size = c->items_size == 0 ? 16 : c->items_size * 2;
		struct kb_plan_item *v = kb_arena_array(&g->p->arena, size,
		    sizeof(*v));

		if (v == NULL)
			return NULL;
		if (c->nitems > 0)
			memcpy(v, c->items, c->nitems * sizeof(*v));
		c->items = v;
		c->items_size = size;
	}
	return &c->items[c->nitems++];
}

/* What two paragraphs have in common that say the same. */
static struct kb_str
key_of(struct merge *g, const struct kb_paragraph *q)
{
	struct kb_words it = kb_words(kb_paragraph_words(q));
	struct kb_word word;
	struct kb_buf b = { 0 };
	struct kb_str key;

	while (kb_words_next(&it, &word)) {
		kb_buf_add(&b, kb_word_norm(&word));
		kb_buf_addch(&b, ' ');
	}
	/* Without words, or where signs count, it is as it is written. */
	if (b.n == 0 || is_code(q))
		kb_buf_add(&b, q->text);
	key = kb_arena_copy(&g->p->arena, kb_buf_str(&b));
	g->p->arena.failed |= b.failed;
	kb_buf_release(&b);
	return key;
}

/* Whether an earlier member adds it: then *out is that item. */
static bool
is_added(struct merge *g, const struct kb_paragraph *q, size_t *out)
{
	bool fresh = false;
	uint32_t *at = kb_table_put(&g->p->added, key_of(g, q), &fresh);
	const struct kb_plan_item *first;

	if (at == NULL) {
		g->p->arena.failed = true;
		return false;
	}
	if (fresh) {
		*at = (uint32_t)g->c->nitems;
		return false;
	}
	first = &g->c->items[*at];
	*out = *at;
	/* Twice in one article is twice meant. */
	return first->member != g->member && !strong_signs_differ(first->text,
	    q->text);
}

static enum kb_status
add_item(struct merge *g, size_t i, enum kb_plan_fate fate, uint32_t kept,
    struct kb_err *err)
{
	const struct kb_paragraph *q = &g->text->paragraphs[i];
	size_t at, again = 0;
	struct kb_plan_item *item;
	enum kb_status status = KB_OK;

	if (fate == KB_FATE_ADD && is_added(g, q, &again))
		fate = KB_FATE_AGAIN;
	g->fates[i] = (unsigned char)fate;
	item = new_item(g);
	if (item == NULL)
		return kb_err_nomem(err);
	*item = (struct kb_plan_item){ .fate = fate, .member = g->member,
	    .paragraph = (uint32_t)i, .number = q->number, .head = q->head,
	    .code = is_code(q), .kept = kept, .again = again };
	item->seq = kb_paragraph_passage(g->text, q, 0, &at)->seq;
	item->text = kb_arena_copy(&g->p->arena, q->text);
	item->heading = kb_arena_copy(&g->p->arena, q->heading);
	if (fate == KB_FATE_DECIDE)
		status = facts_differ(g, kb_paragraph_words(
		    &g->c->text.paragraphs[kept]), kb_paragraph_words(q),
		    &item->facts, err);
	return status == KB_OK && g->p->arena.failed ? kb_err_nomem(err) :
	    status;
}

/* ---- fates ---- */

static enum kb_plan_fate
fate_of(const struct merge *g, size_t i)
{
	const struct place *at = &g->places[i];
	const struct kb_paragraph *q = &g->text->paragraphs[i], *k;

	if (at->kind == KB_ALIGN_ONLY_B)
		return at->elsewhere && !has_strong(kb_paragraph_words(q)) &&
		    !is_code(q) ? KB_FATE_ELSEWHERE : KB_FATE_ADD;
	if (at->kind == KB_ALIGN_CHANGED)
		return KB_FATE_DECIDE;
	k = &g->c->text.paragraphs[at->kept];
	if (!at->exact && (is_code(q) || is_code(k) ||
	    strong_signs_differ(kb_paragraph_words(k),
	    kb_paragraph_words(q))))
		return KB_FATE_DECIDE;
	return KB_FATE_SAME;
}

static bool
is_there(enum kb_plan_fate fate)
{
	return fate == KB_FATE_SAME || fate == KB_FATE_ELSEWHERE;
}

/* Behind what it follows in the member. */
static enum kb_status
settle(struct merge *g, struct kb_err *err)
{
	enum kb_status status = KB_OK;
	uint32_t kept = KB_PLAN_TOP;

	for (size_t i = 0; i < g->text->nparagraphs && status == KB_OK; i++) {
		enum kb_plan_fate fate = fate_of(g, i);

		if (g->places[i].kept != KB_ALIGN_NONE)
			kept = g->places[i].kept;
		g->fates[i] = (unsigned char)fate;
		if (fate == KB_FATE_SAME)
			g->m->signs += !g->places[i].exact;
		else if (fate != KB_FATE_ELSEWHERE)
			status = add_item(g, i, fate, kept, err);
	}
	return status;
}

static void
doubt(struct merge *g)
{
	static const char why[] = "they may be about two things: the texts "
	    "differ in the words that the titles differ in";
	struct kb_plan_member *m = g->m;

	if (!kb_plan_goes(m))
		return;
	m->verdict = KB_PLAN_ASK;
	m->why = m->why.n == 0 ? KB_STR(why) : kb_arena_printf(
	    &g->p->arena, "%.*s; and %s", KB_FMT(m->why), why);
}

static void
withhold(struct merge *g)
{
	for (size_t i = 0; i < g->text->nparagraphs; i++) {
		enum kb_plan_fate fate = g->m->verdict == KB_PLAN_LIST ?
		    KB_FATE_WITHHELD : fate_of(g, i);

		g->fates[i] = (unsigned char)(is_there(fate) ? fate :
		    KB_FATE_WITHHELD);
	}
}

static bool
has_own(const struct merge *g)
{
	for (size_t i = 0; i < g->text->nparagraphs; i++)
		if (!is_there(fate_of(g, i)))
			return true;
	return false;
}

/* Nothing new would be shown; that it is shown already is worth a look. */
static void
reconsider(struct merge *g)
{
	bool lost = kb_audience_covers(&g->c->keep.audience,
	    &g->m->article.audience) == KB_COVER_NO;

	g->m->verdict = lost ? KB_PLAN_STAY : KB_PLAN_ASK;
	g->m->why = kb_arena_printf(&g->p->arena, "every paragraph of it is "
	    "in %.*s already, which more people may read%s",
	    KB_FMT(g->c->keep.id), lost ? ", though not all who may read "
	    "this one" : "");
}

static enum kb_status
lay_beside(struct merge *g, struct kb_err *err)
{
	struct kb_alignment al;
	enum kb_status status = kb_align(&al, &g->c->text, g->text,
	    &g->p->scratch, err);

	if (status != KB_OK)
		return status;
	g->m->coarse = al.coarse;
	for (size_t i = 0; i < al.n; i++) {
		const struct kb_align_row *r = &al.rows[i];

		if (r->b != KB_ALIGN_NONE)
			g->places[r->b] = (struct place){ r->kind, r->a,
			    r->exact, r->elsewhere };
	}
	return KB_OK;
}

enum kb_status
kb_plan_merge(struct kb_plan *p, struct kb_plan_cluster *c, size_t member,
    const struct kb_article_text *text, struct kb_err *err)
{
	struct merge g = { p, c, &c->members[member], member, text, NULL,
	    NULL, false };
	enum kb_status status = KB_OK;

	g.fates = kb_arena_array(&p->arena, text->nparagraphs + 1, 1);
	g.places = kb_arena_array(&p->scratch, text->nparagraphs + 1,
	    sizeof(*g.places));
	if (g.fates == NULL || g.places == NULL)
		return kb_err_nomem(err);
	g.m->fates = g.fates;
	g.m->nparagraphs = text->nparagraphs;
	if (g.m->verdict != KB_PLAN_LIST)
		status = lay_beside(&g, err);
	if (status == KB_OK && g.m->verdict == KB_PLAN_REFUSE && !has_own(&g))
		reconsider(&g);
	if (status == KB_OK && (g.m->verdict == KB_PLAN_REFUSE ||
	    g.m->verdict == KB_PLAN_LIST))
		withhold(&g);
	else if (status == KB_OK)
		status = settle(&g, err);
	if (g.apart)
		doubt(&g);
	for (size_t i = 0; i < text->nparagraphs; i++)
		g.m->counts[g.fates[i]]++;
	return status;
}

/* ---- order ---- */

static int
by_place(const void *pa, const void *pb)
{
	const struct kb_plan_item *a = pa, *b = pb;
	uint64_t x = a->kept == KB_PLAN_TOP ? 0 : (uint64_t)a->kept + 1;
	uint64_t y = b->kept == KB_PLAN_TOP ? 0 : (uint64_t)b->kept + 1;

	if (x != y)
		return x < y ? -1 : 1;
	if ((a->fate == KB_FATE_DECIDE) != (b->fate == KB_FATE_DECIDE))
		return a->fate == KB_FATE_DECIDE ? -1 : 1;
	if (a->member != b->member)
		return a->member < b->member ? -1 : 1;
	return (a->paragraph > b->paragraph) - (a->paragraph < b->paragraph);
}

enum kb_status
kb_plan_order(struct kb_plan *p, struct kb_plan_cluster *c,
    struct kb_err *err)
{
	size_t *now;

	kb_table_release(&p->added);
	if (c->nitems == 0)
		return KB_OK;
	now = kb_arena_array(&p->arena, c->nitems, sizeof(*now));
	if (now == NULL)
		return kb_err_nomem(err);
	for (size_t i = 0; i < c->nitems; i++)
		c->items[i].was = i;
	qsort(c->items, c->nitems, sizeof(*c->items), by_place);
	for (size_t i = 0; i < c->nitems; i++)
		now[c->items[i].was] = i;
	for (size_t i = 0; i < c->nitems; i++)
		if (c->items[i].fate == KB_FATE_AGAIN)
			c->items[i].again = now[c->items[i].again];
	return KB_OK;
}
