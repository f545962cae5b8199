/*
 * relation_version: whether two articles are called the same but for a
 * version.  Contract: relation.h.
 */
#include "relation.h"
#include "words.h"

#define DIGITS_MOST	4	/* of a number; more are a date or an id */
#define SMALL_MOST	99	/* a lone number is a version up to here */

struct token {
	size_t	n;		/* bytes; 0: no version stands here */
	bool	strong;		/* nothing else is written like that */
};

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (unsigned char)c >= 0x80;
}

static size_t
run_of_letters(struct kb_str s)
{
	size_t n = 0;

	while (n < s.n && letter(s.p[n]))
		n++;
	return n;
}

/* What the newest or the next is called where versions have numbers. */
static bool
channel(struct kb_str word)
{
	static const char *const words[] = {
		"latest", "stable", "current", "main", "master", "trunk",
		"devel", "dev", "next", "nightly", "head", "edge", "lts",
		"snapshot"
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (kb_str_caseeq(word, kb_str_c(words[i])))
			return true;
	return false;
}

static bool
year_or_small(uint32_t v)
{
	return v <= SMALL_MOST || (v >= 1990 && v <= 2099);
}

static bool
joins(struct kb_str s, size_t at, bool folder)
{
	return at + 1 < s.n && digit(s.p[at + 1]) &&
	    (s.p[at] == '.' || (folder && s.p[at] == '_'));
}

/* "13", "1.74", in a folder "1_74_0", "3.11rc1"; "v" says what it is. */
static struct token
number(struct kb_str s, bool folder, bool v)
{
	struct token none = { 0, false }, t = none;
	size_t n = 0, digits, parts = 0;
	uint32_t value = 0;

	do {
		n += parts++ > 0;
		for (digits = 0; n < s.n && digit(s.p[n]); n++)
			if (++digits <= DIGITS_MOST)
				value = value * 10 + (uint32_t)(s.p[n] - '0');
		if (digits == 0 || digits > DIGITS_MOST)
			return none;
	} while (joins(s, n, folder));
	t.strong = v || parts > 1;
	if (t.strong)
		while (n < s.n && (digit(s.p[n]) || letter(s.p[n])))
			n++;
	else if (!folder || !year_or_small(value) || (n > 1 && s.p[0] == '0')
	    || (n < s.n && letter(s.p[n])))
		return none;
	t.n = n;
	return t;
}

/* The version at this place of a path, if one stands there. */
static struct token
version_at(struct kb_str path, size_t at, bool folder)
{
	struct token t = { 0, false };
	struct kb_str s = kb_str(path.p + at, path.n - at);
	bool inside = at > 0 && (digit(path.p[at - 1]) ||
	    letter(path.p[at - 1]));
	size_t n;

	if (s.n == 0 || (at > 0 && digit(path.p[at - 1])))
		return t;
	if (digit(s.p[0]))
		return !inside || folder ? number(s, folder, false) : t;
	if (inside)
		return t;
	if ((s.p[0] == 'v' || s.p[0] == 'V') && s.n > 1 && digit(s.p[1])) {
		t = number(kb_str(s.p + 1, s.n - 1), folder, true);
		t.n += t.n > 0;
		return t;
	}
	n = run_of_letters(s);
	if (folder && (n == s.n || !digit(s.p[n])) && channel(kb_str(s.p, n)))
		t = (struct token){ n, true };
	return t;
}

enum likeness {
	OTHER, WEAK, STRONG	/* the same but for versions: how surely */
};

static size_t
file_name(struct kb_str path)
{
	size_t n = path.n;

	while (n > 0 && path.p[n - 1] != '/')
		n--;
	return n;
}

static enum likeness
compare_paths(struct kb_str a, struct kb_str b)
{
	size_t i = 0, j = 0, file_a = file_name(a), file_b = file_name(b);
	enum likeness found = OTHER;

	while (i < a.n && j < b.n) {
		struct token x = version_at(a, i, i < file_a);
		struct token y = version_at(b, j, j < file_b);

		if (x.n == 0 || y.n == 0) {
			if (a.p[i++] != b.p[j++])
				return OTHER;
			continue;
		}
		if (!kb_str_eq(kb_str(a.p + i, x.n), kb_str(b.p + j, y.n)) &&
		    found != WEAK)
			found = (x.strong || y.strong) && i < file_a ?
			    STRONG : WEAK;
		i += x.n;
		j += y.n;
	}
	return i == a.n && j == b.n ? found : OTHER;
}

/* "13", "v2". */
static bool
is_number(const struct kb_word *w)
{
	size_t i = w->norm[0] == 'v' && w->n > 1;

	while (i < w->n && digit(w->norm[i]))
		i++;
	return i == w->n;
}

static bool
next_name(struct kb_words *it, struct kb_word *w)
{
	while (kb_words_next(it, w))
		if (!is_number(w))
			return true;
	return false;
}

/* The same words but for numbers; nothing is like no title. */
static bool
titles_alike(struct kb_str a, struct kb_str b)
{
	struct kb_words it_a = kb_words(a), it_b = kb_words(b);
	struct kb_word x, y;
	bool more_a, more_b;

	if (a.n == 0 || b.n == 0)
		return false;
	do {
		more_a = next_name(&it_a, &x);
		more_b = next_name(&it_b, &y);
	} while (more_a && more_b &&
	    kb_str_eq(kb_word_norm(&x), kb_word_norm(&y)));
	return !more_a && !more_b;
}

bool
kb_relation_versions(const struct kb_doc *a, const struct kb_doc *b)
{
	bool one_product = a->product.n > 0 &&
	    kb_str_caseeq(a->product, b->product);
	enum likeness paths;

	if (a->product.n > 0 && b->product.n > 0 && !one_product)
		return false;
	if (one_product && a->version.n > 0 && b->version.n > 0 &&
	    !kb_str_caseeq(a->version, b->version) &&
	    titles_alike(a->title, b->title))
		return true;
	paths = compare_paths(a->place, b->place);
	/* A file of many records does not name each. */
	if (paths == STRONG && a->number == 0 && b->number == 0)
		return true;
	return paths != OTHER && titles_alike(a->title, b->title);
}

/* ---- order ---- */

/* Four numbers of 16 bits; each is under 10,000. */
static uint64_t
number_key(struct kb_str s)
{
	uint64_t key = 0;
	size_t n = 0;

	for (int part = 0; part < 4; part++) {
		uint64_t v = 0;

		for (; n < s.n && digit(s.p[n]); n++)
			v = v < 10000 ? v * 10 + (uint64_t)(s.p[n] - '0') : v;
		key = key << 16 | (v < 0xffff ? v : 0xffff);
		n += n + 1 < s.n && digit(s.p[n + 1]);
	}
	return key;
}

static uint64_t
version_key(struct kb_str s)
{
	static const char *const newest[] = {
		"latest", "stable", "current", "lts"
	};

	if (s.n > 0 && (s.p[0] == 'v' || s.p[0] == 'V'))
		s = kb_str(s.p + 1, s.n - 1);
	for (size_t i = 0; i < sizeof(newest) / sizeof(newest[0]); i++)
		if (kb_str_caseeq(s, kb_str_c(newest[i])))
			return UINT64_MAX;
	return s.n > 0 && digit(s.p[0]) ? number_key(s) : 0;
}

uint64_t
kb_relation_version(const struct kb_doc *doc, struct kb_str *text)
{
	struct kb_str s = doc->version, place = doc->place;
	size_t end = file_name(place);
	struct token t = { 0, false };

	if (doc->product.n == 0 || version_key(s) == 0) {
		for (size_t i = 0; i < end && t.n == 0; i++)
			if ((t = version_at(place, i, true)).n > 0)
				s = kb_str(place.p + i, t.n);
		if (t.n == 0)
			s.n = 0;
	}
	if (text != NULL)
		*text = s;
	return version_key(s);
}
