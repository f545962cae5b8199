/*
 * align_words: two texts word by word.  Contract: align.h.
 */
#include "align_impl.h"

#include "utf8.h"
#include "words.h"

#define TIE_WORDS	3	/* a tie of more words is never given up */
#define SLIDE		200	/* tokens, each way */

struct token {
	uint32_t	from, to;	/* in the text */
	bool		word;
};

struct tokens {
	struct kb_str		 text;
	struct token		*v;
	uint32_t		*ids;
	size_t			 n, size;
};

struct differ {
	struct kb_arena		 scratch;
	struct kb_symbols	 symbols;
	struct tokens		 a, b;
	uint32_t		*match;		/* of a's in b */
	uint32_t		*back;		/* of b's in a */
};

/* ---- tokens ---- */

static void
add_token(struct differ *d, struct tokens *t, size_t from, size_t to,
    struct kb_str key, bool word)
{
	size_t size = t->size == 0 ? 64 : t->size * 2;
	struct token *v;
	uint32_t *ids;

	if (t->n == t->size) {
		v = kb_arena_array(&d->scratch, size, sizeof(*v));
		ids = kb_arena_array(&d->scratch, size, sizeof(*ids));
		if (v == NULL || ids == NULL)
			return;
		if (t->n > 0) {
			memcpy(v, t->v, t->n * sizeof(*v));
			memcpy(ids, t->ids, t->n * sizeof(*ids));
		}
		t->v = v;
		t->ids = ids;
		t->size = size;
	}
	t->v[t->n] = (struct token){ (uint32_t)from, (uint32_t)to, word };
	t->ids[t->n++] = kb_symbols_put(&d->symbols, key);
}

/* One sign for all quotes, one for all dashes: editors change them. */
static struct kb_str
sign_key(struct kb_str sign, uint32_t c)
{
	if (c == '\'' || c == '"' || c == '`' || c == 0xb4 || c == 0xab ||
	    c == 0xbb || (c >= 0x2018 && c <= 0x201f) || c == 0x2039 ||
	    c == 0x203a)
		return KB_STR("\"");
	if (c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212)
		return KB_STR("-");
	return sign;
}

static bool
is_invisible(uint32_t c)
{
	return c == 0xad || (c >= 0x200b && c <= 0x200f) ||
	    (c >= 0x2060 && c <= 0x2064) || c == 0xfeff;
}

/* The signs between two words. */
static void
add_signs(struct differ *d, struct tokens *t, size_t from, size_t to)
{
	uint32_t c;
	size_t k;

	for (; from < to; from += k) {
		k = kb_utf8_space(t->text, from);
		if (k > 0)
			continue;
		k = kb_utf8_next(t->text, from, &c);
		if (!is_invisible(c))
			add_token(d, t, from, from + k, sign_key(
			    kb_str(t->text.p + from, k), c), false);
	}
}

/* Chinese and Japanese: words.h makes pairs of them, that overlap. */
static bool
is_wide(uint32_t c)
{
	return (c >= 0x2e80 && c <= 0x9fff) || (c >= 0xf900 && c <= 0xfaff) ||
	    (c >= 0x20000 && c <= 0x3ffff);
}

static void
add_wide(struct differ *d, struct tokens *t, size_t from, size_t to)
{
	uint32_t c;
	size_t k;

	for (; from < to; from += k) {
		k = kb_utf8_next(t->text, from, &c);
		add_token(d, t, from, from + k, kb_str(t->text.p + from, k),
		    true);
	}
}

static void
cut(struct differ *d, struct tokens *t, struct kb_str text)
{
	struct kb_words it = kb_words(text);
	struct kb_word w;
	size_t done = 0;
	uint32_t c;

	t->text = text;
	while (kb_words_next(&it, &w) && !d->scratch.failed) {
		if (w.start > done)
			add_signs(d, t, done, w.start);
		kb_utf8_next(text, w.start, &c);
		if (is_wide(c))
			add_wide(d, t, w.start > done ? w.start : done,
			    w.end);
		else
			add_token(d, t, w.start, w.end, kb_word_norm(&w),
			    true);
		done = w.end;
	}
	add_signs(d, t, done, text.n);
}

/* ---- where an insertion is put, when it could be in several places ---- */

/* How good a place the gap before token i is to cut at. */
static int
cut_quality(const struct tokens *t, size_t i)
{
	struct kb_str before;

	if (i == 0 || i == t->n)
		return 3;
	if (memchr(t->text.p + t->v[i - 1].to, '\n', t->v[i].from -
	    t->v[i - 1].to) != NULL)
		return 3;
	before = kb_str(t->text.p + t->v[i - 1].from, t->v[i - 1].to -
	    t->v[i - 1].from);
	if (before.n == 1 && strchr(".!?", before.p[0]) != NULL)
		return 3;
	if (t->v[i - 1].word)
		return 1;
	return before.n == 1 && strchr(",;:)]", before.p[0]) != NULL ? 2 : 0;
}

/*
 * Tokens [from, to) of t are in t alone, and both sides of the gap in the
 * other text touch.  Move the run to the best place that says the same.
 */
static void
slide(struct tokens *t, uint32_t *match, uint32_t *back, size_t from,
    size_t to)
{
	size_t left = 0, right = 0, best, k;
	int quality;

	/* Neighbours that are matched one after the other. */
	while (left < SLIDE && from - left > 0 && t->ids[from - left - 1] ==
	    t->ids[to - left - 1] && match[from - left - 1] !=
	    KB_ALIGN_NONE && (left == 0 || match[from - left - 1] + 1 ==
	    match[from - left]))
		left++;
	while (right < SLIDE && to + right < t->n && t->ids[to + right] ==
	    t->ids[from + right] && match[to + right] != KB_ALIGN_NONE &&
	    (right == 0 || match[to + right] == match[to + right - 1] + 1))
		right++;
	if (left + right == 0)
		return;
	best = from;
	quality = cut_quality(t, from);
	for (k = from - left; k <= from + right; k++) {
		if (cut_quality(t, k) > quality) {
			quality = cut_quality(t, k);
			best = k;
		}
	}
	for (; from > best; from--, to--) {
		match[to - 1] = match[from - 1];
		match[from - 1] = KB_ALIGN_NONE;
		back[match[to - 1]] = (uint32_t)(to - 1);
	}
	for (; from < best; from++, to++) {
		match[from] = match[to];
		match[to] = KB_ALIGN_NONE;
		back[match[from]] = (uint32_t)from;
	}
}

static void
slide_all(struct tokens *t, const struct tokens *o, uint32_t *match,
    uint32_t *back)
{
	size_t i, from, before, after;

	for (i = 0; i < t->n; i++) {
		if (match[i] != KB_ALIGN_NONE)
			continue;
		from = i;
		while (i < t->n && match[i] == KB_ALIGN_NONE)
			i++;
		before = from > 0 ? (size_t)match[from - 1] + 1 : 0;
		after = i < t->n ? match[i] : o->n;
		if (before == after)
			slide(t, match, back, from, i);
		/* It may have moved on to the right. */
		while (i < t->n && match[i] == KB_ALIGN_NONE)
			i++;
	}
}

/* ---- runs ---- */

struct run {
	bool	same;
	size_t	a0, a1, b0, b1;		/* tokens */
};

static size_t
words_in(const struct tokens *t, size_t from, size_t to)
{
	size_t n = 0;

	for (; from < to && n <= TIE_WORDS; from++)
		n += t->v[from].word;
	return n;
}

static size_t
most(const struct run *r)
{
	return r->a1 - r->a0 > r->b1 - r->b0 ? r->a1 - r->a0 : r->b1 - r->b0;
}

/*
 * A word or two in common between two larger changes are there by chance:
 * changes that read as one are one.
 */
static bool
by_chance(const struct differ *d, const struct run *before,
    const struct run *tie, const struct run *after)
{
	size_t words = words_in(&d->a, tie->a0, tie->a1);
	size_t n = tie->a1 - tie->a0;

	if (words == 0)
		return n < most(before) && n < most(after);
	return words <= TIE_WORDS && 2 * n <= most(before) &&
	    2 * n <= most(after);
}

static size_t
add_run(const struct differ *d, struct run *v, size_t n, struct run r)
{
	v[n++] = r;
	while (n >= 3 && !v[n - 1].same && v[n - 2].same &&
	    by_chance(d, &v[n - 3], &v[n - 2], &v[n - 1])) {
		v[n - 3].a1 = v[n - 1].a1;
		v[n - 3].b1 = v[n - 1].b1;
		n -= 2;
	}
	return n;
}

static size_t
make_runs(const struct differ *d, struct run *v)
{
	size_t i = 0, j = 0, n = 0;
	struct run r;

	while (i < d->a.n || j < d->b.n) {
		r = (struct run){ false, i, i, j, j };
		while (i < d->a.n && d->match[i] == j) {
			r.same = true;
			i++;
			j++;
		}
		while (!r.same && i < d->a.n && d->match[i] == KB_ALIGN_NONE)
			i++;
		while (!r.same && j < d->b.n && d->back[j] == KB_ALIGN_NONE)
			j++;
		r.a1 = i;
		r.b1 = j;
		n = add_run(d, v, n, r);
	}
	return n;
}

static size_t
offset(const struct tokens *t, size_t i)
{
	return i == 0 ? 0 : i < t->n ? t->v[i].from : t->text.n;
}

static struct kb_edit *
make_edits(const struct differ *d, const struct run *v, size_t n,
    struct kb_arena *arena)
{
	struct kb_edit *out = kb_arena_array(arena, n > 0 ? n : 1,
	    sizeof(*out));

	for (size_t i = 0; i < n && out != NULL; i++) {
		out[i].same = v[i].same;
		out[i].a_from = offset(&d->a, v[i].a0);
		out[i].b_from = offset(&d->b, v[i].b0);
	}
	for (size_t i = 0; i < n && out != NULL; i++) {
		bool last = i + 1 == n;

		out[i].a_to = last ? d->a.text.n : out[i + 1].a_from;
		out[i].b_to = last ? d->b.text.n : out[i + 1].b_from;
	}
	return out;
}

static enum kb_status
run_differ(struct differ *d, const struct kb_edit **out, size_t *n,
    struct kb_arena *arena, struct kb_err *err)
{
	struct kb_sequence seq = { d->a.ids, d->b.ids, d->a.n, d->b.n,
	    d->symbols.n };
	struct kb_edit *edits;
	struct run *runs;
	enum kb_status status;
	bool coarse = false;

	d->match = kb_arena_array(&d->scratch, d->a.n + 1,
	    sizeof(*d->match));
	d->back = kb_arena_array(&d->scratch, d->b.n + 1, sizeof(*d->back));
	runs = kb_arena_array(&d->scratch, d->a.n + d->b.n + 1,
	    sizeof(*runs));
	if (d->scratch.failed || d->symbols.failed)
		return kb_err_nomem(err);
	status = kb_sequence_match(d->match, &seq, false, &coarse, err);
	if (status != KB_OK)
		return status;
	memset(d->back, 0xff, d->b.n * sizeof(*d->back));
	for (size_t i = 0; i < d->a.n; i++)
		if (d->match[i] != KB_ALIGN_NONE)
			d->back[d->match[i]] = (uint32_t)i;
	slide_all(&d->a, &d->b, d->match, d->back);
	slide_all(&d->b, &d->a, d->back, d->match);
	*n = make_runs(d, runs);
	edits = make_edits(d, runs, *n, arena);
	if (edits == NULL)
		return kb_err_nomem(err);
	*out = edits;
	return KB_OK;
}

enum kb_status
kb_align_words(const struct kb_edit **out, size_t *n, struct kb_str a,
    struct kb_str b, struct kb_arena *arena, struct kb_err *err)
{
	struct differ d = { .symbols = { .n = 0 } };
	enum kb_status status;

	if (a.n > UINT32_MAX || b.n > UINT32_MAX)
		return kb_err_set(err, KB_LIMIT, "a text of %zu bytes is too "
		    "long to be compared", a.n > b.n ? a.n : b.n);
	d.symbols.arena = &d.scratch;
	cut(&d, &d.a, a);
	cut(&d, &d.b, b);
	status = run_differ(&d, out, n, arena, err);
	kb_table_release(&d.symbols.table);
	kb_arena_release(&d.scratch);
	return status;
}
