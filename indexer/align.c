#include "align_impl.h"

#include <stdlib.h>

#define ALIKE		0.5	/* least similarity of neighbours */
#define ALONE		(1.0 / 3) /* of two that nothing else stands beside */
#define CELLS		((size_t)250000)	/* of a table of a gap */

const char *
kb_align_kind_name(enum kb_align_kind kind)
{
	static const char *const names[] = {
		"same", "changed", "only-a", "only-b"
	};

	return names[kind];
}

double
kb_align_similarity(const struct kb_align_row *r)
{
	double all = (double)r->size_a + r->size_b;

	return all > 0 ? 2.0 * r->shared / all : 1;
}

void
kb_align_pair(struct kb_aligner *x, uint32_t i, uint32_t j)
{
	x->a.match[i] = j;
	x->b.match[j] = i;
}

static bool
fill_side(struct kb_aligner *x, struct kb_align_side *s,
    const struct kb_article_text *text)
{
	s->text = text;
	s->n = text->nparagraphs;
	s->bags = kb_arena_array(&x->scratch, s->n + 1, sizeof(*s->bags));
	s->ids = kb_arena_array(&x->scratch, s->n + 1, sizeof(*s->ids));
	s->match = kb_arena_array(&x->scratch, s->n + 1, sizeof(*s->match));
	if (x->scratch.failed)
		return false;
	for (size_t i = 0; i < s->n; i++) {
		kb_bag_make(&s->bags[i], &x->bags,
		    kb_paragraph_words(&text->paragraphs[i]));
		s->ids[i] = s->bags[i].text;
		s->match[i] = KB_ALIGN_NONE;
	}
	return !kb_bags_failed(&x->bags);
}

static enum kb_status
match_equal(struct kb_aligner *x, struct kb_err *err)
{
	struct kb_sequence seq = { x->a.ids, x->b.ids, x->a.n, x->b.n,
	    x->bags.texts.n };
	enum kb_status status;

	status = kb_sequence_match(x->a.match, &seq, true, &x->coarse, err);
	for (uint32_t i = 0; i < x->a.n && status == KB_OK; i++)
		if (x->a.match[i] != KB_ALIGN_NONE)
			x->b.match[x->a.match[i]] = i;
	return status;
}

/* ---- changed paragraphs between two that are matched ---- */

struct gap {
	uint32_t	a0, an, b0, bn;
};

uint32_t
kb_align_alike(struct kb_aligner *x, uint32_t i, uint32_t j, double least)
{
	const struct kb_bag *p = &x->a.bags[i], *q = &x->b.bags[j];
	uint32_t shared;

	x->bags.steps++;
	if (x->a.text->paragraphs[i].head != x->b.text->paragraphs[j].head ||
	    kb_bag_unlike(p, q, least))
		return 0;
	shared = kb_bag_shared(&x->bags, p, q);
	return 2.0 * shared >= least * ((double)p->n + q->n) ? shared : 0;
}

static uint64_t
weight(struct kb_aligner *x, const struct gap *g, uint32_t i, uint32_t j)
{
	uint32_t shared = kb_align_alike(x, g->a0 + i, g->b0 + j, g->an == 1 &&
	    g->bn == 1 ? ALONE : ALIKE);

	return kb_align_weight(shared, x->a.bags[g->a0 + i].n,
	    x->b.bags[g->b0 + j].n);
}

/*
 * The matching of a gap, in order, that covers most: a table as for a longest
 * common subsequence, with weights.
 */
static void
match_gap(struct kb_aligner *x, const struct gap *g)
{
	size_t width = (size_t)g->bn + 1, cells = ((size_t)g->an + 1) * width;
	uint64_t *best = calloc(cells, sizeof(*best));
	uint64_t *weights = calloc(cells, sizeof(*weights)), with;
	uint32_t i, j;

	x->bags.words.failed |= best == NULL || weights == NULL;
	if (x->bags.words.failed)
		goto done;
	for (i = 1; i <= g->an; i++) {
		for (j = 1; j <= g->bn; j++) {
			size_t at = i * width + j;

			weights[at] = weight(x, g, i - 1, j - 1);
			with = best[at - width - 1] + weights[at];
			best[at] = best[at - width] > best[at - 1] ?
			    best[at - width] : best[at - 1];
			if (weights[at] > 0 && with > best[at])
				best[at] = with;
		}
	}
	for (i = g->an, j = g->bn; i > 0 && j > 0;) {
		size_t at = i * width + j;

		if (best[at] == best[at - width]) {
			i--;
		} else if (best[at] == best[at - 1]) {
			j--;
		} else {
			i--;
			j--;
			kb_align_pair(x, g->a0 + i, g->b0 + j);
		}
	}
done:
	free(best);
	free(weights);
}

/* Words of a gap's two sides. */
static uint64_t
cost(const struct kb_aligner *x, const struct gap *g)
{
	uint64_t a = 0, b = 0;

	for (uint32_t i = 0; i < g->an; i++)
		a += x->a.bags[g->a0 + i].n;
	for (uint32_t j = 0; j < g->bn; j++)
		b += x->b.bags[g->b0 + j].n;
	return a * g->bn + b * g->an;
}

static void
match_gaps(struct kb_aligner *x)
{
	struct gap g = { 0, 0, 0, 0 };

	for (uint32_t i = 0; i <= x->a.n && !x->bags.words.failed; i++) {
		if (i < x->a.n && x->a.match[i] == KB_ALIGN_NONE)
			continue;
		g.an = i - g.a0;
		g.bn = (i < x->a.n ? x->a.match[i] : (uint32_t)x->b.n) -
		    g.b0;
		if (g.an > 0 && g.bn > 0) {
			/* Too long: kb_align_far() does what it can. */
			if ((size_t)g.an > CELLS / g.bn || cost(x, &g) +
			    x->bags.steps > KB_ALIGN_STEPS)
				x->coarse = true;
			else
				match_gap(x, &g);
		}
		g.b0 += g.bn + 1;
		g.a0 = i + 1;
	}
}

/* ---- sentences that stand elsewhere ---- */

/* All of a side's sentences, as the numbers of their words. */
static void
note_sentences(struct kb_bags *sentences, const struct kb_align_side *s)
{
	struct kb_bag bag;
	size_t at, from, to;

	for (size_t i = 0; i < s->n; i++) {
		struct kb_str text = kb_paragraph_words(
		    &s->text->paragraphs[i]);

		for (at = 0; kb_align_sentence(text, &at, &from, &to);)
			kb_bag_make(&bag, sentences, kb_str(text.p + from,
			    to - from));
	}
}

/* Sentences below "known" are the other side's. */
static bool
stands_elsewhere(struct kb_bags *other, uint32_t known, struct kb_str text)
{
	struct kb_bag bag;
	size_t at = 0, from, to;

	while (kb_align_sentence(text, &at, &from, &to)) {
		kb_bag_make(&bag, other, kb_str(text.p + from, to - from));
		if (bag.text >= known)
			return false;
	}
	return true;
}

static bool
any_alone(const struct kb_align_side *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->match[i] == KB_ALIGN_NONE)
			return true;
	return false;
}

/* elsewhere[i] for the paragraphs of s that have no partner. */
static bool
find_elsewhere(struct kb_aligner *x, const struct kb_align_side *s,
    const struct kb_align_side *other, bool *elsewhere)
{
	struct kb_arena arena = { 0 };
	struct kb_bags bags;
	uint32_t known;
	bool ok;

	if (!any_alone(s))
		return true;
	kb_bags_init(&bags, &arena);
	note_sentences(&bags, other);
	known = bags.texts.n;
	for (size_t i = 0; i < s->n; i++)
		if (s->match[i] == KB_ALIGN_NONE)
			elsewhere[i] = stands_elsewhere(&bags, known,
			    kb_paragraph_words(&s->text->paragraphs[i]));
	ok = !kb_bags_failed(&bags);
	kb_bags_release(&bags);
	kb_arena_release(&arena);
	return ok;
}

/* ---- rows ---- */

struct rows {
	struct kb_align_row	*v;
	size_t			 n;
	const bool		*elsewhere_a, *elsewhere_b;
	size_t			 counts[4], moved;
};

static void
add_row(struct rows *rows, struct kb_align_row row)
{
	rows->counts[row.kind]++;
	rows->moved += row.moved;
	rows->v[rows->n++] = row;
}

static void
add_pair(struct kb_aligner *x, struct rows *rows, uint32_t i)
{
	struct kb_align_row r = { .a = i, .b = x->a.match[i],
	    .moved = x->far[i] };
	const struct kb_bag *p = &x->a.bags[i], *q = &x->b.bags[r.b];

	r.kind = p->text == q->text ? KB_ALIGN_SAME : KB_ALIGN_CHANGED;
	r.exact = r.kind == KB_ALIGN_SAME && kb_align_exact(
	    kb_paragraph_words(&x->a.text->paragraphs[i]),
	    kb_paragraph_words(&x->b.text->paragraphs[r.b]));
	r.size_a = p->n;
	r.size_b = q->n;
	r.shared = kb_bag_shared(&x->bags, p, q);
	add_row(rows, r);
}

/* b's own paragraphs from j on. */
static void
add_following(struct kb_aligner *x, struct rows *rows, size_t j)
{
	for (; j < x->b.n && x->b.match[j] == KB_ALIGN_NONE; j++)
		add_row(rows, (struct kb_align_row){
		    .kind = KB_ALIGN_ONLY_B, .a = KB_ALIGN_NONE,
		    .b = (uint32_t)j, .elsewhere = rows->elsewhere_b[j],
		    .size_b = x->b.bags[j].n });
}

static void
add_rows(struct kb_aligner *x, struct rows *rows)
{
	size_t next = 0;	/* of b, behind the last pair */

	for (uint32_t i = 0; i < x->a.n; i++) {
		if (x->a.match[i] == KB_ALIGN_NONE) {
			add_row(rows, (struct kb_align_row){
			    .kind = KB_ALIGN_ONLY_A, .a = i,
			    .b = KB_ALIGN_NONE,
			    .elsewhere = rows->elsewhere_a[i],
			    .size_a = x->a.bags[i].n });
			continue;
		}
		add_following(x, rows, next);
		add_pair(x, rows, i);
		next = (size_t)x->a.match[i] + 1;
	}
	add_following(x, rows, next);
}

static enum kb_status
make_rows(struct kb_aligner *x, struct kb_alignment *out,
    struct kb_arena *arena, struct kb_err *err)
{
	bool *a = kb_arena_array(&x->scratch, x->a.n + 1, sizeof(*a));
	bool *b = kb_arena_array(&x->scratch, x->b.n + 1, sizeof(*b));
	struct rows rows = { .elsewhere_a = a, .elsewhere_b = b };

	rows.v = kb_arena_array(arena, x->a.n + x->b.n + 1, sizeof(*rows.v));
	if (rows.v == NULL || x->scratch.failed ||
	    !find_elsewhere(x, &x->a, &x->b, a) ||
	    !find_elsewhere(x, &x->b, &x->a, b))
		return kb_err_nomem(err);
	add_rows(x, &rows);
	out->rows = rows.v;
	out->n = rows.n;
	memcpy(out->counts, rows.counts, sizeof(out->counts));
	out->moved = rows.moved;
	out->coarse = x->coarse;
	return KB_OK;
}

enum kb_status
kb_align(struct kb_alignment *out, const struct kb_article_text *a,
    const struct kb_article_text *b, struct kb_arena *arena,
    struct kb_err *err)
{
	struct kb_aligner x = { .coarse = false };
	enum kb_status status = KB_OK;

	kb_bags_init(&x.bags, &x.scratch);
	x.far = kb_arena_array(&x.scratch, a->nparagraphs + 1,
	    sizeof(*x.far));
	if (x.far == NULL || !fill_side(&x, &x.a, a) ||
	    !fill_side(&x, &x.b, b))
		status = kb_err_nomem(err);
	if (status == KB_OK)
		status = match_equal(&x, err);
	if (status == KB_OK) {
		match_gaps(&x);
		kb_align_far(&x);
		if (kb_bags_failed(&x.bags))
			status = kb_err_nomem(err);
	}
	if (status == KB_OK)
		status = make_rows(&x, out, arena, err);
	kb_bags_release(&x.bags);
	kb_arena_release(&x.scratch);
	return status;
}
