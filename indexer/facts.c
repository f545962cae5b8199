#include "facts.h"

#include "date_names.h"
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
	return norm.n < 2 || (kb_fact_word(norm, NULL) & KB_FACT_EMPTY) != 0;
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

	if (t.p[at] <= ' ' || strchr("fespzbFESPZB", t.p[at]) == NULL)
		return false;
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

/* Signs without which there is no fact of some kinds, wherever one looks. */
static void
look_ahead(struct kb_fact_scan *s)
{
	struct kb_str t = s->t;

	s->plain = true;
	for (size_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.p[i];

		if (c == ' ' || (c >= 'a' && c <= 'z'))
			continue;
		if (c == '/' || c == '\\' || (c == '.' && i + 1 < t.n &&
		    (kb_fact_wordy(t.p[i + 1]) || t.p[i + 1] == '-' ||
		    t.p[i + 1] == '_' || t.p[i + 1] == '.')))
			s->pieces = true;
		s->joints |= c == '>' || c >= 0x80;
		s->keys |= c == '+';
		/* What parts words here and not there, and begins options. */
		s->plain &= !kb_fact_digit((char)c) && c != '\'' &&
		    (c != '-' || (i > 0 && kb_fact_letter(t.p[i - 1])));
	}
	s->plain &= !s->pieces && !s->joints && !s->keys;
}

static bool
find_at(struct kb_fact *out, const struct kb_fact_scan *s, size_t at)
{
	char c = s->t.p[at];

	return (s->joints && kb_fact_menu(out, s, at)) ||
	    (s->pieces && (kb_fact_url(out, s, at) ||
	    kb_fact_path(out, s, at))) ||
	    ((s->keys || c == '-') && kb_fact_command(out, s, at)) ||
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
	size_t end = at, money = kb_fact_money(s->t, at);

	if (money > 0)
		return at + money;
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
		if (c == '(' || c == ')' || c == ';' || c == '|')
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
static void
mask_word(struct masking *m, const struct kb_word *w, unsigned what,
    size_t base)
{
	struct kb_facts *out = m->out;
	struct kb_str norm = kb_word_norm(w), rest;

	if ((what & KB_FACT_DENIES) != 0) {
		kb_fact_word(norm, &rest);
		if (out->denials++ == 0)
			out->no = (struct kb_fact){ .kind = KB_FACT_NEGATION,
			    .start = base + w->start, .end = base + w->end,
			    .value = KB_STR("not") };
		norm = rest;
		what = kb_fact_word(norm, NULL);
	}
	if (norm.n == 0 || (what & (KB_FACT_ARTICLE | KB_FACT_HELPER)) != 0)
		return;
	if (norm.n > 3 && norm.p[norm.n - 1] == 's' &&
	    norm.p[norm.n - 2] != 's') {
		norm.n--;
		what = kb_fact_word(norm, NULL);
	}
	mix(out, norm);
	out->words++;
	out->content += norm.n >= 2 && (what & KB_FACT_EMPTY) == 0;
}

static void
mask_words(struct masking *m, size_t from, size_t to)
{
	struct kb_words it = kb_words(kb_str(m->t.p + from, to - from));
	struct kb_word w;

	while (kb_words_next(&it, &w))
		mask_word(m, &w, kb_fact_word(kb_word_norm(&w), NULL), from);
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

static bool
is_date(struct kb_str word)
{
	int month;

	switch (kb_date_word(word, &month)) {
	case KB_DATE_MONTH:
	case KB_DATE_MAR:
	case KB_DATE_WEEKDAY:
		return true;
	default:
		return false;
	}
}

/*
 * Most sentences have no sign of a fact: words alone can be one there.  False
 * if one may be, and the scan has to tell.
 */
static bool
mask_plain(struct kb_facts *out, struct kb_str t)
{
	struct masking m = { .out = out, .t = t };
	struct kb_words it = kb_words(t);
	struct kb_word w;
	bool one = false;

	out->mask = 1;
	while (kb_words_next(&it, &w)) {
		unsigned what = kb_fact_word(kb_word_norm(&w), NULL);
		char c = t.p[w.start];

		if ((what & KB_FACT_COUNT) != 0 ||
		    (one && (what & KB_FACT_UNIT) != 0) ||
		    (c >= 'A' && c <= 'Z' && is_date(kb_word_norm(&w))))
			return false;
		one = (what & KB_FACT_ONE) != 0;
		mask_word(&m, &w, what, 0);
	}
	return true;
}

enum kb_status
kb_facts_find(struct kb_facts *out, struct kb_str sentence, bool comma,
    struct kb_arena *arena, struct kb_err *err)
{
	struct kb_fact_scan s = { .t = sentence, .arena = arena,
	    .comma = comma };

	memset(out, 0, sizeof(*out));
	look_ahead(&s);
	if (s.plain && mask_plain(out, sentence))
		return KB_OK;
	memset(out, 0, sizeof(*out));
	scan(out, &s);
	mask(out, sentence);
	return arena->failed ? kb_err_nomem(err) : KB_OK;
}
