/*
 * Two texts, as they stand in an index or a draft: laid side by side, their
 * facts, their shingles, and what Markdown makes of them.
 *
 *	how a 0x00 b
 *
 * "how": bits 0-1 the width of a shingle, 2 a key, 3 few bits of a hash, 4 a
 * comma in numbers, 5-6 the least similarity of sentences.
 */
#include "fuzz.h"

#include "align.h"
#include "cli.h"
#include "facts.h"
#include "markdown.h"
#include "out.h"
#include "shingle.h"
#include "utf8.h"

#define MOST	1024	/* bytes of each text: a slow count is slow */

static struct kb_arena arena;

/* ---- paragraphs ---- */

/* As an index says it: UTF-8, and a line is a paragraph. */
static struct kb_article_text
article(struct kb_str s)
{
	static const struct kb_text_part part;
	struct kb_paragraph *v;
	struct kb_article_text out = { .n = 1 };
	struct kb_str line;

	s.n = kb_utf8_valid(s);
	v = kb_arena_array(&arena, s.n + 1, sizeof(*v));
	MUST(v != NULL);
	while (kb_str_split(&s, '\n', &line)) {
		struct kb_paragraph p = { .text = line, .parts = &part,
		    .nparts = 1, .head = line.n > 0 && line.p[0] == '#' };

		if (line.n == 0)
			continue;
		if (line.n > 3 && line.p[0] >= '0' && line.p[0] <= '9' &&
		    line.p[1] == '.' && line.p[2] == ' ')
			p.number = 3;
		v[out.nparagraphs++] = p;
	}
	out.paragraphs = v;
	return out;
}

static bool
same_words(struct kb_str a, struct kb_str b)
{
	struct kb_buf x = { 0 }, y = { 0 };
	bool same;

	kb_shingle_words(&x, a);
	kb_shingle_words(&y, b);
	same = kb_str_eq(kb_buf_str(&x), kb_buf_str(&y));
	kb_buf_release(&x);
	kb_buf_release(&y);
	return same;
}

static void
check_row(const struct kb_align_row *r, const struct kb_article_text *a,
    const struct kb_article_text *b)
{
	double s = kb_align_similarity(r);

	MUST(r->kind <= KB_ALIGN_ONLY_B && kb_align_kind_name(r->kind));
	MUST((r->a == KB_ALIGN_NONE) == (r->kind == KB_ALIGN_ONLY_B));
	MUST((r->b == KB_ALIGN_NONE) == (r->kind == KB_ALIGN_ONLY_A));
	MUST(r->a == KB_ALIGN_NONE || r->a < a->nparagraphs);
	MUST(r->b == KB_ALIGN_NONE || r->b < b->nparagraphs);
	MUST(s >= 0 && s <= 1);
	MUST(!r->exact || r->kind == KB_ALIGN_SAME);
	MUST(!r->moved || r->kind < KB_ALIGN_ONLY_A);
	MUST(!r->elsewhere || r->kind >= KB_ALIGN_ONLY_A);
	if (r->kind == KB_ALIGN_SAME) {
		MUST(r->shared == r->size_a && r->shared == r->size_b);
		MUST(same_words(kb_paragraph_words(&a->paragraphs[r->a]),
		    kb_paragraph_words(&b->paragraphs[r->b])));
	}
	if (r->kind == KB_ALIGN_CHANGED)
		MUST(r->shared <= r->size_a && r->shared <= r->size_b);
}

static void
check_alignment(const struct kb_alignment *al,
    const struct kb_article_text *a, const struct kb_article_text *b)
{
	size_t counts[4] = { 0 }, moved = 0, last = 0, in_a = 0, in_b = 0;
	bool *met = kb_arena_array(&arena, b->nparagraphs + 1, sizeof(*met));

	MUST(met != NULL);
	memset(met, 0, (b->nparagraphs + 1) * sizeof(*met));
	for (size_t i = 0; i < al->n; i++) {
		const struct kb_align_row *r = &al->rows[i];

		check_row(r, a, b);
		counts[r->kind]++;
		moved += r->moved;
		if (r->a != KB_ALIGN_NONE) {
			MUST(in_a == 0 || r->a > last);
			last = r->a;
			in_a++;
		}
		if (r->b != KB_ALIGN_NONE) {
			MUST(!met[r->b]);
			met[r->b] = true;
			in_b++;
		}
	}
	MUST(in_a == a->nparagraphs && in_b == b->nparagraphs);
	MUST(memcmp(counts, al->counts, sizeof(counts)) == 0);
	MUST(moved == al->moved);
}

static void
paragraphs(struct kb_str s, struct kb_str t)
{
	struct kb_article_text a = article(s), b = article(t);
	struct kb_alignment al;

	MUST(kb_align(&al, &a, &b, &arena, NULL) == KB_OK);
	check_alignment(&al, &a, &b);
	MUST(kb_align(&al, &b, &a, &arena, NULL) == KB_OK);
	check_alignment(&al, &b, &a);
	MUST(kb_align(&al, &a, &a, &arena, NULL) == KB_OK);
	check_alignment(&al, &a, &a);
	for (size_t i = 0; i < al.n && !al.coarse; i++)
		MUST(al.rows[i].exact && !al.rows[i].moved);
}

/* ---- words and sentences ---- */

static struct kb_str
slice(struct kb_str s, size_t from, size_t to)
{
	MUST(from <= to && to <= s.n);
	return kb_str(s.p + from, to - from);
}

static void
words(struct kb_str a, struct kb_str b)
{
	const struct kb_edit *v = NULL;
	size_t n = 0, i = 0, j = 0;

	MUST(kb_align_words(&v, &n, a, b, &arena, NULL) == KB_OK);
	for (size_t k = 0; k < n; k++) {
		struct kb_str x = slice(a, v[k].a_from, v[k].a_to);
		struct kb_str y = slice(b, v[k].b_from, v[k].b_to);

		MUST(v[k].a_from == i && v[k].b_from == j);
		MUST(v[k].same ? x.n > 0 && y.n > 0 : x.n + y.n > 0);
		MUST(!v[k].same || same_words(x, y));
		i = v[k].a_to;
		j = v[k].b_to;
	}
	if (n == 0)
		MUST(same_words(a, KB_STR("")) && same_words(b, KB_STR("")));
	else
		MUST(i == a.n && j == b.n);
}

static void
sentences(struct kb_str a, struct kb_str b, double least)
{
	const struct kb_sentence_pair *v = NULL;
	size_t n = 0;

	MUST(kb_align_sentences(&v, &n, a, b, least, &arena, NULL) == KB_OK);
	for (size_t i = 0; i < n; i++) {
		const struct kb_sentence_pair *p = &v[i];
		double sum = (double)p->size_a + p->size_b;

		MUST(p->a_from < p->a_to && p->b_from < p->b_to);
		slice(a, p->a_from, p->a_to);
		slice(b, p->b_from, p->b_to);
		MUST(i == 0 || v[i - 1].a_to <= p->a_from);
		MUST(p->shared <= p->size_a && p->shared <= p->size_b);
		MUST(sum == 0 || 2.0 * p->shared / sum >= least - 1e-9);
		for (size_t k = 0; k < i; k++)
			MUST(v[k].b_to <= p->b_from || p->b_to <= v[k].b_from);
	}
}

/* ---- facts ---- */

static void
facts(struct kb_str s, bool comma)
{
	struct kb_facts f;

	MUST(kb_facts_find(&f, s, comma, &arena, NULL) == KB_OK);
	MUST(f.n <= KB_FACTS_MAX && f.content <= f.words);
	for (size_t i = 0; i < f.n; i++) {
		const struct kb_fact *v = &f.v[i];

		MUST(v->start < v->end && v->end <= s.n);
		MUST(i == 0 || f.v[i - 1].end <= v->start);
		MUST(v->kind < KB_FACT_NEGATION && v->value.n > 0);
		MUST(kb_fact_kind_name(v->kind) != NULL);
		fuzz_touch(v->value);
		fuzz_touch(v->alt);
		for (size_t k = 0; k <= i; k++)
			MUST(kb_fact_same(v, &f.v[k]) ==
			    kb_fact_same(&f.v[k], v));
		MUST(kb_fact_same(v, v));
	}
	if (f.denials > 0)
		MUST(f.no.kind == KB_FACT_NEGATION &&
		    f.no.start < f.no.end && f.no.end <= s.n);
}

/* ---- shingles ---- */

static int
by_words(const void *a, const void *b)
{
	return kb_str_cmp(*(const struct kb_str *)a,
	    *(const struct kb_str *)b);
}

/* How many different runs there are, by looking at each. */
static size_t
slow_count(struct kb_str list, unsigned width, size_t n)
{
	struct kb_str *runs = calloc(n + 1, sizeof(*runs));
	size_t at = 0, distinct = 0;

	MUST(runs != NULL);
	for (size_t i = 0; i < n; i++) {
		runs[i] = kb_shingle_run(list, at, width);
		while (at < list.n && list.p[at] != ' ')
			at++;
		at++;
	}
	qsort(runs, n, sizeof(*runs), by_words);
	for (size_t i = 0; i < n; i++)
		distinct += i == 0 || !kb_str_eq(runs[i - 1], runs[i]);
	free(runs);
	return distinct;
}

static void
check_shingles(const struct kb_shingles *s, const struct kb_shingling *how,
    struct kb_str list)
{
	size_t words = list.n > 0, shown = 0;
	uint64_t *v;

	for (size_t i = 0; i < list.n; i++)
		words += list.p[i] == ' ';
	MUST(s->words == words);
	MUST(s->n == (words == 0 ? 0 : words < how->width ? 1 :
	    words - how->width + 1));
	v = calloc(words + 1, sizeof(*v));
	MUST(v != NULL && kb_shingles_hash(v, how, list) == s->n);
	for (size_t i = 0; i < s->n; i++) {
		MUST(s->v[i] == 0 || s->v[i] == v[i]);
		shown += s->v[i] != 0;
	}
	free(v);
	MUST(shown == s->distinct);
	if (words < how->width)
		MUST(s->distinct == s->n);
	else
		MUST(s->distinct == slow_count(list, how->width, s->n));
}

static void
shingles(struct kb_str a, struct kb_str b, uint8_t bits)
{
	static const unsigned widths[] = { 5, 1, 2, KB_SHINGLE_MAX_WIDTH };
	struct kb_shingling how = { .width = widths[bits & 3],
	    .keyed = (bits & 4) != 0, .key = { 1, 2 },
	    .mask = (bits & 8) != 0 ? UINT64_C(0xfff0) : 0 };
	struct kb_shingles s, again;
	struct kb_buf list = { 0 };

	kb_shingle_words(&list, a);
	kb_shingle_words(&list, b);
	MUST(kb_shingles_make(&s, &how, kb_buf_str(&list), NULL) == KB_OK);
	check_shingles(&s, &how, kb_buf_str(&list));
	MUST(kb_shingles_make(&again, &how, kb_buf_str(&list), NULL) ==
	    KB_OK);
	MUST(s.print == again.print && s.text == again.text);
	kb_shingles_release(&again);
	kb_shingles_release(&s);
	kb_buf_release(&list);
}

/* ---- Markdown ---- */

static bool
is_punct(char c)
{
	return c > ' ' && c < 0x7f && !((c >= '0' && c <= '9') ||
	    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
}

static bool
in_word(struct kb_str s, size_t i)
{
	return i < s.n && !is_punct(s.p[i]) && s.p[i] != ' ';
}

/* A sign without a backslash in front that would be markup. */
static bool
is_active(struct kb_str s, size_t i)
{
	struct kb_str rest = kb_str(s.p + i, s.n - i);

	if (strchr("`*[]<|~$@", s.p[i]) != NULL)
		return true;
	if (s.p[i] == '_')
		return i == 0 || !in_word(s, i - 1) || !in_word(s, i + 1);
	if (s.p[i] == '&')
		return i + 1 < s.n && (unsigned char)s.p[i + 1] < 0x80 &&
		    (in_word(s, i + 1) || s.p[i + 1] == '#');
	return kb_str_has_prefix(rest, KB_STR("://")) ||
	    (rest.n > 3 && kb_str_caseeq(kb_str(rest.p, 4), KB_STR("www.")));
}

/* One line, without markup; "plain" is what a reader sees. */
static void
check_inline(struct kb_str s, struct kb_buf *plain)
{
	MUST(kb_utf8_valid(s) == s.n);
	for (size_t i = 0; i < s.n; i++) {
		MUST((unsigned char)s.p[i] >= ' ' && s.p[i] != 0x7f);
		if (s.p[i] == '\\') {
			i++;
			MUST(i < s.n && is_punct(s.p[i]));
		} else {
			MUST(!is_active(s, i));
		}
		kb_buf_addch(plain, s.p[i]);
	}
}

/* What would make a line something else than a paragraph. */
static void
check_begin(struct kb_str s)
{
	size_t i = 0;

	MUST(s.n == 0 || strchr(" #+-=>:", s.p[0]) == NULL);
	while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
		i++;
	MUST(i == 0 || i == s.n || (s.p[i] != '.' && s.p[i] != ')'));
}

static void
markdown_text(struct kb_str s, struct kb_str wanted)
{
	struct kb_buf out = { 0 }, plain = { 0 };

	kb_md_line(&out, s, 0);
	check_inline(kb_buf_str(&out), &plain);
	MUST(kb_str_eq(kb_buf_str(&plain), wanted));
	kb_buf_clear(&out);
	kb_buf_clear(&plain);
	kb_md_block(&out, s);
	check_inline(kb_buf_str(&out), &plain);
	check_begin(kb_buf_str(&out));
	MUST(kb_str_eq(kb_buf_str(&plain), wanted));
	kb_buf_clear(&out);
	kb_buf_clear(&plain);
	kb_md_line(&out, s, 12);
	check_inline(kb_buf_str(&out), &plain);
	MUST(kb_out_width(kb_buf_str(&plain)) <= 12);
	kb_buf_release(&out);
	kb_buf_release(&plain);
}

static size_t
ticks(struct kb_str s, size_t at)
{
	size_t n = 0;

	while (at + n < s.n && s.p[at + n] == '`')
		n++;
	return n;
}

static void
markdown_verbatim(struct kb_str s, struct kb_str wanted)
{
	struct kb_buf out = { 0 };
	struct kb_str v;
	size_t n, k;

	kb_md_verbatim(&out, s);
	v = kb_buf_str(&out);
	MUST((v.n == 0) == (wanted.n == 0));
	if (v.n > 0) {
		n = ticks(v, 0);
		MUST(n > 0 && v.n >= wanted.n + 2 * n);
		v = kb_str(v.p + n, v.n - 2 * n);
		for (size_t i = 0; i < v.n; i += k > 0 ? k : 1) {
			k = ticks(v, i);
			MUST(k != n);
		}
		MUST(kb_str_eq(kb_str_trim(v), wanted));
	}
	kb_buf_release(&out);
}

static void
markdown_code(struct kb_str s)
{
	struct kb_buf out = { 0 };
	struct kb_str rest, line, last;
	size_t n;

	kb_md_code(&out, "> ", s);
	rest = kb_buf_str(&out);
	MUST(kb_utf8_valid(rest) == rest.n);
	MUST(kb_str_split(&rest, '\n', &line));
	MUST(kb_str_has_prefix(line, KB_STR("> ```")));
	n = ticks(line, 2);
	MUST(n + 2 == line.n);
	last = line;
	while (kb_str_split(&rest, '\n', &line) && rest.n > 0) {
		MUST(kb_str_has_prefix(line, KB_STR("> ")));
		for (size_t i = 2; i < line.n; i++)
			MUST(ticks(line, i) < n);
	}
	MUST(kb_str_eq(line, last));
	kb_buf_release(&out);
}

static void
markdown_link(struct kb_str text, struct kb_str url)
{
	struct kb_buf out = { 0 }, plain = { 0 };
	struct kb_str s;
	size_t end;

	kb_md_link(&out, text, url);
	s = kb_buf_str(&out);
	if (!kb_str_has_prefix(s, KB_STR("["))) {
		check_inline(s, &plain);
	} else {
		MUST(kb_str_has_suffix(s, KB_STR(">)")));
		for (end = 1; end + 2 < s.n && s.p[end] != ']'; end++)
			end += s.p[end] == '\\';
		check_inline(slice(s, 1, end), &plain);
		s = slice(s, end, s.n - 2);
		MUST(s.n > 7 && kb_str_caseeq(kb_str(s.p, 7),
		    KB_STR("](<http")));
		for (size_t i = 3; i < s.n; i++)
			MUST(s.p[i] > ' ' && s.p[i] < 0x7f &&
			    strchr("<>\\", s.p[i]) == NULL);
	}
	kb_buf_release(&out);
	kb_buf_release(&plain);
}

static void
markdown(struct kb_str a, struct kb_str b)
{
	struct kb_buf line = { 0 };

	a = kb_str_trim(a);
	kb_out_line(&line, a);
	markdown_text(a, kb_buf_str(&line));
	markdown_verbatim(a, kb_buf_str(&line));
	markdown_code(a);
	markdown_link(a, b);
	kb_buf_release(&line);
}

/* ---- the target ---- */

void
fuzz_init(void)
{
}

void
fuzz_one(struct kb_str bytes)
{
	uint8_t bits = fuzz_byte(&bytes);
	struct kb_str a, b;

	if (!kb_str_split(&bytes, '\0', &a))
		a = kb_str("", 0);
	b = bytes.p != NULL ? bytes : kb_str("", 0);
	a.n = a.n < MOST ? a.n : MOST;
	b.n = b.n < MOST ? b.n : MOST;
	paragraphs(a, b);
	words(a, b);
	sentences(a, b, (double)(bits >> 5 & 3) / 3);
	facts(a, (bits & 16) != 0);
	shingles(a, b, bits);
	markdown(a, b);
	kb_arena_reset(&arena);
}

static struct kb_buf before;

/* Each file and the one before it, in pieces that are not too long. */
static void
take_file(struct kb_str bytes)
{
	struct kb_buf b = { 0 };

	bytes.n = bytes.n < 600 ? bytes.n : 600;
	kb_buf_add(&b, kb_buf_str(&before));
	kb_buf_addch(&b, '\0');
	kb_buf_add(&b, bytes);
	fuzz_seed_as((uint8_t)(fuzz_written * 37), kb_buf_str(&b));
	kb_buf_clear(&before);
	kb_buf_add(&before, bytes);
	kb_buf_release(&b);
}

void
fuzz_seeds(void)
{
	static const char *const seeds[] = {
		"1. Open the lid.\n2. Take out 5 GB.\n# End\nWait ten minutes."
		"|2. Take out 5,120 MB. Close it.\n1. Open the lid.\nIt won't.",
		"Port 443, not 80. Set /etc/a.conf to --wait=3. File > Open."
		"|Port 80. Version 6.2.1 of 1 March 2027, 10:30 am. $5.00",
		"*a* _b_ `c` [d](e) <f> &amp; www.g.h http://i j@k ~~l~~ | $m$"
		"|https://example.com/a b<c>\"d",
		"# a\n- b\n+ c\n1. d\n2) e\n> f\n=== \n: g\n``` h\n    i|",
		"\xe4\xb8\xad\xe6\x96\x87\xe5\xad\x97 caf\xc3\xa9 \xff\xfe|"
		"\xe4\xb8\xad\xe6\x96\x87 cafe\xcc\x81",
		"a b c d e f a b c d e f a b c d e|a b c d e f g h",
	};
	struct kb_buf b = { 0 };

	fuzz_seed(KB_STR(""));
	for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++) {
		kb_buf_clear(&b);
		kb_buf_addc(&b, seeds[i]);
		for (size_t k = 0; k < b.n && i != 2; k++)
			b.p[k] = b.p[k] == '|' ? '\0' : b.p[k];
		fuzz_seed_as((uint8_t)(i * 21), kb_buf_str(&b));
	}
	fuzz_files("corpora/helpdesk", ".html", take_file);
	kb_buf_release(&b);
	kb_buf_release(&before);
}
