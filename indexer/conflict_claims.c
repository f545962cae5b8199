/*
 * From an article to its masked sentences.
 */
#include <stdlib.h>

#include "conflict_impl.h"
#include "hash.h"
#include "sentence.h"
#include "words.h"

/* Code units of a sentence beyond which it is data. */
#define SENTENCE_MOST	((size_t)600)

/* Of the signs of code, so many end a menu's label, too. */
#define DOTS		2

/* Of the words below, so many refer to another text. */
#define REFERRING	12

static bool
has_any(struct kb_str s, const char *const *words, size_t n)
{
	struct kb_words it = kb_words(s);
	struct kb_word w;

	while (kb_words_next(&it, &w))
		for (size_t i = 0; i < n; i++)
			if (words[i][0] == w.norm[0] && kb_str_eq(
			    kb_word_norm(&w), kb_str_c(words[i])))
				return true;
	return false;
}

/* Titles of texts that tell what was, not what is. */
static bool
is_chronicle(struct kb_str title)
{
	static const char *const phrases[] = {
		" release note", " releases ", " changelog ", " change log ",
		" changes ", " version history ", " revision history ",
		" what s new ", " whats new ", " new in ", " new features ",
		" news ", " announcement", " minutes of ", " newsletter ",
		" roadmap ", " license ", " licence agreement ",
		" copyright ", " acknowledg", " bibliography ",
		" blog ", " incident report", " postmortem",
		" versionshinweise "
	};
	char text[400] = " ";
	struct kb_words it = kb_words(title);
	struct kb_word w;
	size_t n = 1;

	while (kb_words_next(&it, &w) && n + w.n + 2 < sizeof(text)) {
		memcpy(text + n, w.norm, w.n);
		n += w.n;
		text[n++] = ' ';
	}
	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++)
		if (kb_str_find(kb_str(text, n), kb_str_c(phrases[i]), 0) !=
		    (size_t)-1)
			return true;
	return false;
}

bool
kb_conflict_is_article(const struct kb_article_text *t)
{
	return (t->status == KB_ARTICLE_PUBLISHED ||
	    t->status == KB_ARTICLE_REVIEW) && !is_chronicle(t->title);
}

/* "Select File > Save As..." */
static bool
has_menu(struct kb_str s)
{
	static const char *const joints[] = {
		" > ", " \xe2\x86\x92 ", " \xe2\x80\xba ", " \xe2\x96\xb8 "
	};

	for (size_t i = 0; i < sizeof(joints) / sizeof(joints[0]); i++)
		if (kb_str_find(s, kb_str_c(joints[i]), 0) != (size_t)-1)
			return true;
	return false;
}

/* Signs that prose does not have. */
static bool
is_code(struct kb_str s)
{
	static const char *const signs[] = {
		"...", "\xe2\x80\xa6", "{", "}", "();", "==", "::", " = ",
		";;", "->", "=>", "</", "/>", "&&", "||", "[", "]", "`", "\":",
		"':", "INFO", "DEBUG", "WARN"
	};
	size_t i = 0;

	if (s.n == 0 || s.p[s.n - 1] == ';')
		return true;
	/* Also behind the number of its line. */
	while (i < s.n && (s.p[i] == ' ' || (s.p[i] >= '0' && s.p[i] <= '9')))
		i++;
	if (i < s.n && strchr("$#%", s.p[i]) != NULL &&
	    (s.p[i] != '%' || i == 0))
		return true;
	i = 0;
	for (; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (memchr(s.p, signs[i][0], s.n) != NULL &&
		    kb_str_find(s, kb_str_c(signs[i]), 0) != (size_t)-1 &&
		    !(i < DOTS && has_menu(s)))
			return true;
	/* "grant_access: ...", also as an item of a list in plain text. */
	while (s.n > 0 && strchr("+-*. 0123456789", s.p[0]) != NULL)
		s = kb_str(s.p + 1, s.n - 1);
	for (i = 0; i < s.n && (s.p[i] == '_' || s.p[i] == '-' ||
	    s.p[i] == '.' || (s.p[i] >= 'a' && s.p[i] <= 'z')); i++)
		continue;
	return i > 0 && i < s.n && (s.p[i] == ':' || s.p[i] == '=');
}

/* Sentences about the text itself, about other texts, and about a day. */
static bool
is_aside(const struct kb_claim *c, struct kb_str s, bool copies)
{
	static const char *const words[] = {
		"see", "refer", "following", "below", "above", "listed",
		"siehe", "folgende", "folgenden", "voir", "deprecated",
		"added", "copyright", "updated", "reviewed", "published",
		"released", "figure", "table", "example", "examples",
		"suppose", "assume", "imagine", "say", "might",
		"changelog"
	};
	/* Copies refer to the same text in the same words. */
	const char *const *from = copies ? words + REFERRING : words;
	size_t n = sizeof(words) / sizeof(words[0]) - (copies ? REFERRING :
	    0), at = 0;

	/* Nobody asks: it differs in nothing, or the other says so, too. */
	if (c->values == 0)
		return false;
	/* Between the facts: "example" in a host's name tells nothing. */
	for (size_t i = 0; i < c->nfacts; i++) {
		if (has_any(kb_str(s.p + at, c->facts[i].start - at), from,
		    n))
			return true;
		at = c->facts[i].end;
	}
	return has_any(kb_str(s.p + at, s.n - at), from, n) ||
	    kb_str_find(s, KB_STR("\xc2\xa9"), 0) != (size_t)-1;
}

static bool
is_row(struct kb_str paragraph)
{
	return memchr(paragraph.p, '|', paragraph.n) != NULL &&
	    kb_str_find(paragraph, KB_STR(" | "), 0) != (size_t)-1;
}

static bool
is_usable(const struct kb_claim *c, struct kb_str sentence)
{
	/* Without one small word it is no sentence of a person. */
	return c->words >= KB_CLAIM_WORDS && c->content >= KB_CLAIM_CONTENT &&
	    c->words > c->content && !is_aside(c, sentence, false);
}

static uint32_t
values_of(const struct kb_facts *f)
{
	uint64_t h = f->denials % 2;

	if (f->n == 0 && f->denials == 0)
		return 0;
	for (size_t i = 0; i < f->n; i++)
		h = kb_hash64(f->v[i].value, h + 1);
	h ^= h >> 32;
	return (uint32_t)h != 0 ? (uint32_t)h : 1;
}

static struct kb_claim *
add(struct kb_claims *c)
{
	if (c->n == c->size) {
		size_t size = c->size == 0 ? 64 : c->size * 2;
		struct kb_claim *v = realloc(c->v, size * sizeof(*v));

		if (v == NULL)
			return NULL;
		c->v = v;
		c->size = size;
	}
	memset(&c->v[c->n], 0, sizeof(c->v[c->n]));
	return &c->v[c->n++];
}

static enum kb_status
take(struct kb_reading *r, size_t paragraph, size_t from, size_t to,
    bool prose, bool usable, struct kb_arena *arena, struct kb_err *err)
{
	struct kb_str s = r->text.paragraphs[paragraph].text;
	struct kb_claim *c = add(&r->claims);
	struct kb_fact *v;
	struct kb_facts f;

	if (c == NULL)
		return kb_err_nomem(err);
	s = kb_str(s.p + from, to - from);
	prose = prose && s.n <= SENTENCE_MOST && !is_code(s);
	if (usable && !prose)
		return KB_OK;
	if (kb_facts_find(&f, s, r->comma, arena, err) != KB_OK)
		return KB_NOMEM;
	v = kb_arena_array(arena, f.n + 1, sizeof(*v));
	if (v == NULL)
		return kb_err_nomem(err);
	memcpy(v, f.v, f.n * sizeof(*v));
	c->paragraph = paragraph;
	c->from = from;
	c->to = to;
	c->facts = v;
	c->nfacts = f.n;
	c->no = f.no;
	c->denials = f.denials;
	c->mask = f.mask;
	c->words = f.words;
	c->content = f.content;
	c->values = values_of(&f);
	c->usable = prose && !f.more && is_usable(c, s);
	c->row = is_row(r->text.paragraphs[paragraph].text);
	c->loose = c->usable || (!usable && prose && !f.more &&
	    !is_aside(c, s, true));
	return KB_OK;
}

/* A row of a table and a stretch of code are one claim, never usable. */
static enum kb_status
take_paragraph(struct kb_reading *r, size_t i, bool usable,
    struct kb_arena *arena, struct kb_err *err)
{
	const struct kb_paragraph *p = &r->text.paragraphs[i];
	bool row = is_row(p->text);
	bool prose = !row && memchr(p->text.p, '\n', p->text.n) == NULL;
	enum kb_status status = KB_OK;
	size_t at = kb_sentence_start(p->text, p->number), end;

	while (at < p->text.n && status == KB_OK) {
		end = row ? p->text.n : kb_sentence_end(p->text, at);
		status = take(r, i, at, end, prose, usable, arena, err);
		at = kb_sentence_start(p->text, end);
	}
	return status;
}

enum kb_status
kb_claims_make(struct kb_reading *r, bool usable, struct kb_arena *arena,
    struct kb_err *err)
{
	enum kb_status status = KB_OK;

	r->comma = kb_facts_comma(r->text.lang);
	r->claims.n = 0;
	for (size_t i = 0; i < r->text.nparagraphs && status == KB_OK; i++)
		if (!r->text.paragraphs[i].head &&
		    r->text.paragraphs[i].text.n > 0)
			status = take_paragraph(r, i, usable, arena, err);
	return status;
}
