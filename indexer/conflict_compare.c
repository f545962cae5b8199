/*
 * Two articles about one thing, sentence by sentence.
 */
#include <stdlib.h>

#include "conflict_impl.h"
#include "offmap.h"

/* Facts that differ in one sentence: more of them are data of two cases. */
#define DIFFER_MOST	1

/* Conflicts of one pair: more of them are two versions of one thing. */
#define PAIR_MOST	6

/* Words of a line that may be what a case is called. */
#define LABEL_WORDS	6

struct match {
	uint64_t	mask;
	uint32_t	a, b;		/* claims */
};

struct comparing {
	const struct kb_reading	*a, *b;
	struct match		*v;	/* one to one, by place in a */
	size_t			 n;
	uint32_t		*of_a, *of_b;	/* claim to match, or
						   UINT32_MAX */
	bool			*told;		/* of a: has its conflict */
	size_t			 alike;	/* words of sentences that are the
					   same in both, and stand once */
	size_t			 shared;	/* however often they stand */
	size_t			 least;	/* words of the shorter article */
};



/* ---- equal masks ---- */

struct key {
	uint64_t	mask;
	uint32_t	values, claim;
};

static int
by_mask(const void *x, const void *y)
{
	const struct key *a = x, *b = y;

	if (a->mask != b->mask)
		return a->mask < b->mask ? -1 : 1;
	if (a->values != b->values)
		return a->values < b->values ? -1 : 1;
	return (a->claim > b->claim) - (a->claim < b->claim);
}

static int
by_place(const void *x, const void *y)
{
	const struct match *a = x, *b = y;

	return (a->a > b->a) - (a->a < b->a);
}

static struct key *
keys_of(const struct kb_claims *c)
{
	struct key *v = malloc((c->n + 1) * sizeof(*v));

	for (size_t i = 0; v != NULL && i < c->n; i++)
		v[i] = (struct key){ c->v[i].mask, c->v[i].values,
		    (uint32_t)i };
	if (v != NULL && c->n > 0)
		qsort(v, c->n, sizeof(*v), by_mask);
	return v;
}

static size_t
run_of(const struct key *v, size_t i, size_t n)
{
	size_t k = i;

	while (k < n && v[k].mask == v[i].mask)
		k++;
	return k - i;
}

/* Claims whose mask stands once in each. */
static void
match_up(struct comparing *c, const struct key *x, const struct key *y)
{
	size_t nx = c->a->claims.n, ny = c->b->claims.n, i = 0, j = 0;

	while (i < nx && j < ny) {
		size_t p = run_of(x, i, nx), q = run_of(y, j, ny);

		if (x[i].mask == y[j].mask) {
			if (p == 1 && q == 1)
				c->v[c->n++] = (struct match){ x[i].mask,
				    x[i].claim, y[j].claim };
			i += p;
			j += q;
		} else if (x[i].mask < y[j].mask) {
			i += p;
		} else {
			j += q;
		}
	}
	if (c->n > 0)
		qsort(c->v, c->n, sizeof(*c->v), by_place);
}

/* Words of sentences that both have, however often they do. */
static size_t
shared_words(const struct comparing *c, const struct key *x,
    const struct key *y)
{
	size_t nx = c->a->claims.n, ny = c->b->claims.n, i = 0, j = 0, n = 0;

	while (i < nx && j < ny) {
		bool one = x[i].mask == y[j].mask;

		if (one && x[i].values == y[j].values) {
			n += c->a->claims.v[x[i++].claim].words;
			j++;
		} else if (one ? x[i].values < y[j].values : x[i].mask <
		    y[j].mask) {
			i++;
		} else {
			j++;
		}
	}
	return n;
}

static void
release(struct comparing *c)
{
	free(c->v);
	free(c->of_a);
	free(c->of_b);
	free(c->told);
}

static size_t
words_of(const struct kb_claims *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		n += c->v[i].words;
	return n;
}

static bool
prepare(struct comparing *c)
{
	size_t nx = c->a->claims.n, ny = c->b->claims.n, x, y;
	struct key *kx = keys_of(&c->a->claims), *ky = keys_of(&c->b->claims);
	bool ok;

	c->v = calloc((nx < ny ? nx : ny) + 1, sizeof(*c->v));
	c->of_a = malloc((nx + 1) * sizeof(*c->of_a));
	c->of_b = malloc((ny + 1) * sizeof(*c->of_b));
	c->told = calloc(nx + 1, sizeof(*c->told));
	ok = kx != NULL && ky != NULL && c->v != NULL && c->of_a != NULL &&
	    c->of_b != NULL && c->told != NULL;
	if (ok) {
		match_up(c, kx, ky);
		c->shared = shared_words(c, kx, ky);
		memset(c->of_a, 0xff, nx * sizeof(*c->of_a));
		memset(c->of_b, 0xff, ny * sizeof(*c->of_b));
	}
	for (size_t i = 0; ok && i < c->n; i++) {
		const struct kb_claim *p = &c->a->claims.v[c->v[i].a];

		c->of_a[c->v[i].a] = c->of_b[c->v[i].b] = (uint32_t)i;
		if (p->values == c->b->claims.v[c->v[i].b].values)
			c->alike += p->words;
	}
	x = words_of(&c->a->claims);
	y = words_of(&c->b->claims);
	c->least = x < y ? x : y;
	free(kx);
	free(ky);
	return ok;
}

/* ---- context ---- */

static const struct kb_paragraph *
paragraph(const struct kb_reading *r, const struct kb_claim *c)
{
	return &r->text.paragraphs[c->paragraph];
}

/* Claims next to a match, on one side, are a match as well. */
static bool
follows(const struct comparing *c, const struct match *m, int step)
{
	size_t a = m->a, b = m->b;

	if (step < 0 ? a == 0 || b == 0 : a + 1 >= c->a->claims.n ||
	    b + 1 >= c->b->claims.n)
		return false;
	a = step < 0 ? a - 1 : a + 1;
	b = step < 0 ? b - 1 : b + 1;
	return c->of_a[a] != UINT32_MAX && c->of_a[a] == c->of_b[b] &&
	    c->a->claims.v[a].words >= 3;
}

/*
 * A short line of its own before it, which the other has neither as a line
 * nor as its heading.
 */
static bool
is_labelled(const struct kb_reading *r, uint32_t claim,
    const struct kb_reading *other, struct kb_str heading)
{
	const struct kb_claim *c = &r->claims.v[claim], *before;
	const struct kb_paragraph *p;

	if (claim == 0)
		return false;
	before = c - 1;
	p = paragraph(r, before);
	if (kb_str_find(heading, kb_str_trim(p->text), 0) != (size_t)-1)
		return false;
	for (size_t i = 0; i < other->claims.n; i++)
		if (other->claims.v[i].mask == before->mask &&
		    other->claims.v[i].values == before->values)
			return false;
	return before->words > 0 && (p->text.p[before->to - 1] ==
	    ':' || (before->words <= LABEL_WORDS && before->paragraph !=
	    c->paragraph && before->to == p->text.n));
}

static bool
same_context(const struct comparing *c, const struct match *m)
{
	const struct kb_claim *p = &c->a->claims.v[m->a];
	const struct kb_claim *q = &c->b->claims.v[m->b];
	struct kb_str x = paragraph(c->a, p)->heading;
	struct kb_str y = paragraph(c->b, q)->heading;
	bool before = follows(c, m, -1), after = follows(c, m, 1);

	if (!kb_conflict_same_heading(x, y, c->a->text.title,
	    c->b->text.title))
		return false;
	if (!before && (is_labelled(c->a, m->a, c->b, y) ||
	    is_labelled(c->b, m->b, c->a, x)))
		return false;
	return before || after || c->alike * 10 >= c->least * 3;
}

/*
 * A mask that many articles share, or that has a value for each, belongs to a
 * template.
 */
static bool
is_template(const struct kb_slots *slots, uint64_t mask)
{
	size_t lo = 0, hi = slots->n, articles = 0, values = 0;
	uint32_t first = 0, second = 0;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (slots->v[mid].mask < mask)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < slots->n && slots->v[lo].mask == mask; lo++) {
		const struct kb_slot *s = &slots->v[lo];

		articles += articles == 0 || s->article != s[-1].article;
		if (values == 0)
			first = s->values;
		else if (values == 1 && s->values != first)
			second = s->values;
		values += values == 0 || (values == 1 && s->values != first) ||
		    (values == 2 && s->values != first &&
		    s->values != second);
	}
	return articles > KB_CLASS_ARTICLES || values > 2;
}

/* ---- what is told ---- */

static void
fill_side(struct kb_conflicts *out, struct kb_conflict_side *s,
    const struct kb_reading *r, const struct kb_claim *c,
    const struct kb_fact *f)
{
	const struct kb_article_text *t = &r->text;
	const struct kb_paragraph *p = paragraph(r, c);
	struct kb_arena *arena = &out->arena;
	size_t at = 0;

	s->article = t->n;
	s->id = kb_arena_copy(arena, t->id);
	s->title = kb_arena_copy(arena, t->title);
	s->quote = kb_arena_copy(arena, kb_str(p->text.p + c->from, c->to -
	    c->from));
	if (f != NULL)
		s->fact = kb_str(s->quote.p + f->start, f->end - f->start);
	s->heading = kb_arena_copy(arena, p->heading);
	s->path = kb_arena_copy(arena, t->path);
	s->member = kb_arena_copy(arena, t->member);
	s->number = t->number;
	s->restricted = t->restricted;
	kb_paragraph_span(t, p, c->from, c->to, &at, &s->start, &s->end);
	s->passage = t->passages[at].n;
	s->field = kb_arena_copy(arena, t->passages[at].field);
}

static bool
add(struct kb_conflicts *out, const struct comparing *c,
    const struct match *m, enum kb_fact_kind kind, const struct kb_fact *f,
    const struct kb_fact *g)
{
	struct kb_conflict *k;

	if (out->n == out->size) {
		size_t size = out->size == 0 ? 64 : out->size * 2;

		k = realloc(out->v, size * sizeof(*k));
		if (k == NULL)
			return false;
		out->v = k;
		out->size = size;
	}
	c->told[m->a] = true;
	k = &out->v[out->n++];
	memset(k, 0, sizeof(*k));
	k->kind = kind;
	fill_side(out, &k->a, c->a, &c->a->claims.v[m->a], f);
	fill_side(out, &k->b, c->b, &c->b->claims.v[m->b], g);
	return true;
}

/* The first fact that differs; *n gets how many do. */
static size_t
differing(const struct kb_claim *a, const struct kb_claim *b, size_t *n)
{
	size_t first = 0;

	*n = 0;
	for (size_t i = 0; i < a->nfacts && i < b->nfacts; i++)
		if (!kb_fact_same(&a->facts[i], &b->facts[i])) {
			if ((*n)++ == 0)
				first = i;
		}
	return first;
}

static bool
is_candidate(const struct comparing *c, const struct match *m,
    const struct kb_slots *slots)
{
	const struct kb_claim *a = &c->a->claims.v[m->a];
	const struct kb_claim *b = &c->b->claims.v[m->b];

	return a->values != b->values && a->usable && b->usable &&
	    a->nfacts == b->nfacts && !is_template(slots, m->mask) &&
	    same_context(c, m);
}

static bool
judge(struct kb_conflicts *out, const struct comparing *c,
    const struct match *m)
{
	const struct kb_claim *a = &c->a->claims.v[m->a];
	const struct kb_claim *b = &c->b->claims.v[m->b];
	size_t n, i = differing(a, b, &n);

	if (n > DIFFER_MOST)
		return true;
	if (n > 0)
		return add(out, c, m, a->facts[i].kind, &a->facts[i],
		    &b->facts[i]);
	/* To deny needs more in common than a sentence. */
	if (a->denials % 2 == b->denials % 2 || a->denials + b->denials !=
	    1 || !(follows(c, m, -1) && follows(c, m, 1)))
		return true;
	return add(out, c, m, KB_FACT_NEGATION, a->denials > 0 ? &a->no :
	    NULL, b->denials > 0 ? &b->no : NULL);
}

/* ---- sentences that are near ---- */

static struct kb_str
text_of(const struct kb_reading *r, const struct kb_claim *c)
{
	return kb_str(paragraph(r, c)->text.p + c->from, c->to - c->from);
}

/*
 * The sentences before or behind a match, where they are none themselves but
 * say nearly the same.
 */
static bool
judge_beside(struct kb_conflicts *out, struct comparing *c,
    const struct match *m, int step, const struct kb_slots *slots)
{
	struct match near = { .mask = 0 };
	const struct kb_claim *a, *b;

	if (step < 0 ? m->a == 0 || m->b == 0 : m->a + 1 >=
	    c->a->claims.n || m->b + 1 >= c->b->claims.n)
		return true;
	near.a = step < 0 ? m->a - 1 : m->a + 1;
	near.b = step < 0 ? m->b - 1 : m->b + 1;
	a = &c->a->claims.v[near.a];
	b = &c->b->claims.v[near.b];
	if (c->of_a[near.a] != UINT32_MAX || c->of_b[near.b] != UINT32_MAX ||
	    a->nfacts == 0 || !a->usable || !b->usable ||
	    !kb_conflict_alike(a, text_of(c->a, a), b, text_of(c->b, b)) ||
	    is_template(slots, a->mask) || is_template(slots, b->mask) ||
	    !same_context(c, &near))
		return true;
	/* Looked at once, though it may stand between two matches. */
	c->of_a[near.a] = c->of_b[near.b] = UINT32_MAX - 1;
	return judge(out, c, &near);
}

/* ---- copies ---- */

/* Both are the first or the last sentence, or these say the same. */
static bool
same_beside(const struct comparing *c, size_t a, size_t b, int step)
{
	const struct kb_claims *x = &c->a->claims, *y = &c->b->claims;
	bool end_a = step < 0 ? a == 0 : a + 1 == x->n;
	bool end_b = step < 0 ? b == 0 : b + 1 == y->n;
	const struct kb_claim *p, *q;

	if (end_a || end_b)
		return end_a && end_b;
	p = step < 0 ? &x->v[a - 1] : &x->v[a + 1];
	q = step < 0 ? &y->v[b - 1] : &y->v[b + 1];
	return p->words > 0 && p->mask == q->mask && p->values == q->values;
}

/* The sentence of b in a's place, by that before or behind it; or none. */
static size_t
counterpart(const struct comparing *c, size_t a)
{
	size_t n = c->a->claims.n, b = (size_t)-1;

	if (a > 0 && c->of_a[a - 1] < c->n)
		b = (size_t)c->v[c->of_a[a - 1]].b + 1;
	else if (a + 1 < n && c->of_a[a + 1] < c->n)
		b = (size_t)c->v[c->of_a[a + 1]].b - 1;
	if (b >= c->b->claims.n || !same_beside(c, a, b, -1) ||
	    !same_beside(c, a, b, 1))
		return (size_t)-1;
	return b;
}

/*
 * Between the same sentences of two copies less is needed to tell that two
 * sentences speak of the same.
 */
static bool
judge_copy(struct kb_conflicts *out, const struct comparing *c, size_t a)
{
	size_t b = counterpart(c, a);
	const struct kb_claim *p, *q;
	struct match m = { .mask = 0 };
	struct kb_fact f, g;

	if (b == (size_t)-1 || c->told[a] || c->of_a[a] != c->of_b[b])
		return true;
	p = &c->a->claims.v[a];
	q = &c->b->claims.v[b];
	m = (struct match){ p->mask, (uint32_t)a, (uint32_t)b };
	if (p->mask == q->mask && p->values == q->values)
		return true;
	if ((c->shared + p->words) * 5 < c->least * 4 ||
	    !kb_conflict_copied(&f, &g, c->a, p, c->b, q) ||
	    !kb_conflict_same_heading(paragraph(c->a, p)->heading,
	    paragraph(c->b, q)->heading, c->a->text.title, c->b->text.title))
		return true;
	return add(out, c, &m, f.kind, f.value.n > 0 ? &f : NULL, g.value.n >
	    0 ? &g : NULL);
}

static int
by_places(const void *x, const void *y)
{
	const struct kb_conflict *a = x, *b = y;

	return (a->a.start > b->a.start) - (a->a.start < b->a.start);
}

enum kb_status
kb_conflict_compare(struct kb_conflicts *out, const struct kb_reading *a,
    const struct kb_reading *b, const struct kb_slots *slots,
    struct kb_err *err)
{
	struct comparing c = { .a = a, .b = b };
	size_t before = out->n;
	bool ok = prepare(&c);

	for (size_t i = 0; ok && i < c.n; i++)
		if (is_candidate(&c, &c.v[i], slots))
			ok = judge(out, &c, &c.v[i]);
	for (size_t i = 0; ok && i < c.n; i++)
		ok = judge_beside(out, &c, &c.v[i], -1, slots) &&
		    judge_beside(out, &c, &c.v[i], 1, slots);
	if (ok && kb_conflict_copies(&a->text, &b->text, slots,
	    c.shared))
		for (size_t i = 0; ok && i < a->claims.n; i++)
			ok = judge_copy(out, &c, i);
	release(&c);
	if (!ok || out->arena.failed)
		return kb_err_nomem(err);
	if (out->n - before > PAIR_MOST)
		out->n = before;
	if (out->n > before)
		qsort(out->v + before, out->n - before, sizeof(*out->v),
		    by_places);
	return KB_OK;
}
