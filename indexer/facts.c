#include "facts.h"

#include "facts_impl.h"
#include "hash.h"
#include "terms.h"
#include "words.h"

/* ---- small things ---- */

const char *
kb_fact_kind_name(enum kb_fact_kind kind)
{
	static const char *const names[] = {
		"number", "version", "port", "path", "command", "url",
		"menu", "date", "negation"
	};

	return names[kind];
}

bool
kb_facts_comma(struct kb_str lang)
{
	static const char *const tags[] = {
		"de", "fr", "es", "it", "pt", "nl", "da", "sv", "no", "nb",
		"fi", "pl", "cs", "sk", "hu", "ro", "ru", "uk", "tr", "el",
		"id"
	};

	return KB_FACT_IN(kb_fact_letters(lang, 0), tags);
}

/* Lower case, blanks and the signs between the steps of a menu as one. */
struct kb_str
kb_fact_fold(struct kb_arena *arena, struct kb_str s)
{
	struct kb_str out = kb_arena_copy(arena, s);
	char *p = (char *)(uintptr_t)out.p;

	for (size_t i = 0; i < out.n; i++)
		if (p[i] >= 'A' && p[i] <= 'Z')
			p[i] += 32;
	return out;
}

bool
kb_facts_empty_word(struct kb_str norm)
{
	static const char *const more[] = {
		"can", "will", "shall", "may", "must", "should", "please",
		"also", "then", "now", "it", "its", "you", "your", "we", "our",
		"us", "they", "them", "their", "this", "that", "these",
		"those", "there", "here", "as", "so", "if", "than"
	};

	/* None is as long, and most words that are asked about are. */
	if (norm.n > 12)
		return false;
	return norm.n < 2 || kb_stop_word("en", norm) ||
	    kb_stop_word("de", norm) || KB_FACT_IN(norm, more);
}

/* "--reloc" and "--relocations": options may be shortened. */
static bool
same_option(struct kb_str a, struct kb_str b)
{
	size_t i = 0;

	while (i < a.n && i < b.n && a.p[i] == b.p[i])
		i++;
	return a.n > 2 && a.p[0] == '-' && a.p[1] == '-' && i >= 6;
}

static bool
same_text(struct kb_str a, struct kb_str b)
{
	return a.n > 0 && kb_str_eq(a, b);
}

bool
kb_fact_same(const struct kb_fact *a, const struct kb_fact *b)
{
	struct kb_str x = a->alt.n > 0 ? a->alt : a->value;
	struct kb_str y = b->alt.n > 0 ? b->alt : b->value;

	if (a->kind != b->kind || a->dim != b->dim)
		return false;
	if (kb_str_eq(a->value, b->value) || same_text(x, y))
		return true;
	if (a->kind == KB_FACT_COMMAND && same_option(a->value, b->value))
		return true;
	/* A date without its year is the same day. */
	if (a->kind == KB_FACT_DATE && a->dim == 'd' && a->value.n == 10 &&
	    b->value.n == 10 && (memcmp(a->value.p, "0000", 4) == 0 ||
	    memcmp(b->value.p, "0000", 4) == 0))
		return memcmp(a->value.p + 5, b->value.p + 5, 5) == 0;
	return false;
}

/* ---- finding ---- */

/* What follows these is made up to show something. */
static bool
begins_sample(struct kb_str t, size_t at)
{
	static const char *const words[] = {
		"for example", "e.g", "for instance", "such as", "example",
		"examples", "z. b.", "z.b.", "zum beispiel", "par exemple",
		"por ejemplo", "beispiel", "sample"
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t n;

		if (words[i][0] != (t.p[at] | 32))
			continue;
		n = strlen(words[i]);
		if (t.n - at >= n && kb_str_caseeq(kb_str(t.p + at, n),
		    kb_str_c(words[i])) && !(at + n < t.n &&
		    (kb_fact_wordy(t.p[at + n]) || (t.p[at + n] == '.' &&
		    at + n + 1 < t.n && kb_fact_wordy(t.p[at + n + 1])))))
			return true;
	}
	return false;
}

static bool
find_at(struct kb_fact *out, const struct kb_fact_scan *s, size_t at)
{
	return kb_fact_menu(out, s, at) || kb_fact_url(out, s, at) ||
	    kb_fact_path(out, s, at) || kb_fact_command(out, s, at) ||
	    kb_fact_date(out, s, at) || kb_fact_number(out, s, at);
}

/* Placeholders are there to be replaced. */
static bool
is_placeholder(const struct kb_fact *f, struct kb_str t)
{
	static const char *const words[] = {
		"your", "foo", "bar", "xxx", "<", "{", "$", "username",
		"path/to", "*"
	};
	struct kb_str raw = { t.p + f->start, f->end - f->start };

	if (f->kind != KB_FACT_PATH && f->kind != KB_FACT_URL &&
	    f->kind != KB_FACT_COMMAND)
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (kb_str_find(raw, kb_str_c(words[i]), 0) != (size_t)-1)
			return true;
	return false;
}

static void
over_word(struct kb_fact_scan *s, size_t from, size_t to)
{
	s->before = s->last;
	s->last = kb_str(s->t.p + from, to - from);
	s->last_at = from;
}

/* The end of what stands at "at" when it is no fact: a word, or a sign. */
static size_t
skip(struct kb_fact_scan *s, size_t at)
{
	size_t end = at;

	while (end < s->t.n && kb_fact_wordy(s->t.p[end]))
		end++;
	if (end > at)
		over_word(s, at, end);
	else
		end++;
	/* "1.5" that is no fact is none in parts, either. */
	while (end > at && end + 1 < s->t.n && kb_fact_digit(s->t.p[end -
	    1]) && strchr(".,-:", s->t.p[end]) != NULL &&
	    kb_fact_digit(s->t.p[end + 1]))
		for (end++; end < s->t.n && kb_fact_wordy(s->t.p[end]); end++)
			continue;
	return end;
}

static void
scan(struct kb_facts *out, struct kb_fact_scan *s)
{
	struct kb_str t = s->t;
	struct kb_fact f;
	bool sample = false;

	for (size_t at = 0; at < t.n; ) {
		unsigned char c = (unsigned char)t.p[at];

		if (c == ' ' || (c >= '\t' && c <= '\r')) {
			at++;
			continue;
		}
		if (c == '(' || c == ')' || c == ';')
			s->last = s->before = kb_str(NULL, 0);
		sample = sample || begins_sample(t, at);
		s->joined = s->last.n > 0 && at <= s->last_at + s->last.n + 1;
		if (sample || !find_at(&f, s, at) || is_placeholder(&f, t)) {
			at = skip(s, at);
			continue;
		}
		if (out->n == KB_FACTS_MAX) {
			out->more = true;
			return;
		}
		out->v[out->n++] = f;
		over_word(s, at, f.end);
		at = f.end;
	}
}

/* ---- the mask ---- */

struct masking {
	struct kb_facts	*out;
	struct kb_str	 t;
};

static void
mix(struct kb_facts *out, struct kb_str s)
{
	out->mask = kb_hash64(s, out->mask);
}

/* "doesn't" denies as "not" does; what is left of "can't" is "can". */
static bool
denies(struct kb_str norm, struct kb_str *rest)
{
	static const char *const words[] = {
		"not", "never", "no", "dont", "doesnt", "didnt", "nicht",
		"kein", "keine", "keinen", "nie", "niemals", "jamais"
	};
	static const struct { const char *from, *rest; } joined[] = {
		{ "cannot", "can" }, { "cant", "can" }, { "wont", "will" },
		{ "isnt", "is" }, { "arent", "are" }, { "wasnt", "was" },
		{ "shouldnt", "should" }, { "mustnt", "must" },
		{ "hasnt", "has" }, { "havent", "have" },
		{ "couldnt", "could" }, { "wouldnt", "would" }
	};

	*rest = kb_str(NULL, 0);
	if (KB_FACT_IN(norm, words))
		return true;
	for (size_t i = 0; i < sizeof(joined) / sizeof(joined[0]); i++)
		if (kb_str_eq(norm, kb_str_c(joined[i].from))) {
			*rest = kb_str_c(joined[i].rest);
			return true;
		}
	return false;
}

/* Words that an edit adds and removes without a change of meaning. */
static bool
is_article(struct kb_str norm)
{
	static const char *const words[] = { "a", "an", "the", "any" };

	return KB_FACT_IN(norm, words);
}

static void
mask_word(struct masking *m, const struct kb_word *w, size_t base)
{
	static const char *const does[] = { "do", "does", "did" };
	struct kb_facts *out = m->out;
	struct kb_str norm = kb_word_norm(w), rest;
	bool helper = KB_FACT_IN(norm, does);

	if (denies(norm, &rest)) {
		if (out->denials++ == 0)
			out->no = (struct kb_fact){ .kind = KB_FACT_NEGATION,
			    .start = base + w->start, .end = base + w->end,
			    .value = KB_STR("not") };
		norm = rest;
	}
	if (norm.n == 0 || is_article(norm) || helper)
		return;
	if (norm.n > 3 && norm.p[norm.n - 1] == 's' &&
	    norm.p[norm.n - 2] != 's')
		norm.n--;
	mix(out, norm);
	out->words++;
	out->content += !kb_facts_empty_word(norm);
}

static void
mask_words(struct masking *m, size_t from, size_t to)
{
	struct kb_words it = kb_words(kb_str(m->t.p + from, to - from));
	struct kb_word w;

	while (kb_words_next(&it, &w))
		mask_word(m, &w, from);
}

static void
mask(struct kb_facts *out, struct kb_str t)
{
	struct masking m = { .out = out, .t = t };
	size_t at = 0;

	out->mask = 1;
	for (size_t i = 0; i < out->n; i++) {
		const struct kb_fact *f = &out->v[i];
		char mark[3] = { 1, (char)(f->kind + 1), f->dim };

		mask_words(&m, at, f->start);
		mix(out, kb_str(mark, sizeof(mark)));
		at = f->end;
	}
	mask_words(&m, at, t.n);
}

enum kb_status
kb_facts_find(struct kb_facts *out, struct kb_str sentence, bool comma,
    struct kb_arena *arena, struct kb_err *err)
{
	struct kb_fact_scan s = { .t = sentence, .arena = arena,
	    .comma = comma };

	memset(out, 0, sizeof(*out));
	scan(out, &s);
	mask(out, sentence);
	return arena->failed ? kb_err_nomem(err) : KB_OK;
}
