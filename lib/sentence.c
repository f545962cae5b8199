#include "sentence.h"

#include "utf8.h"

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

size_t
kb_sentence_start(struct kb_str t, size_t at)
{
	/* A bar between two cells of a row is nobody's text. */
	while (at < t.n) {
		size_t n = kb_utf8_space(t, at);

		if (n == 0 && t.p[at] == '|' && at + 1 < t.n &&
		    t.p[at + 1] == ' ' && (at == 0 || is_space(t.p[at - 1])))
			n = 1;
		if (n == 0)
			break;
		at += n;
	}
	return at;
}

/* The word before the stop at "dot" cannot end a sentence. */
static bool
abbreviated(struct kb_str t, size_t from, size_t dot)
{
	static const char *const known[] = {
		"e.g", "i.e", "etc", "vs", "cf", "approx", "no", "nr", "fig",
		"mr", "mrs", "ms", "dr", "prof", "st", "inc", "ltd", "co",
		"dept", "ext", "tel", "min", "max", "incl", "resp", "ca",
		"z.b", "d.h", "u.a", "bzw", "usw", "p.ex", "ej", "a.m", "p.m"
	};
	size_t at = dot;
	struct kb_str word;

	while (at > from && !is_space(t.p[at - 1]) && t.p[at - 1] != '(')
		at--;
	word = kb_str(t.p + at, dot - at);
	if (word.n == 1 && (is_upper(word.p[0]) || at == from))
		return true;	/* an initial, or a list's number */
	if (at == from && (word.n == 2 || word.n == 3) &&
	    is_digit(word.p[0]) && is_digit(word.p[word.n - 1]))
		return true;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (kb_str_caseeq(word, kb_str_c(known[i])))
			return true;
	return false;
}

/*
 * Bytes of a closing quote or bracket at "at": also those that close in one
 * language what they open in another, for nothing opens right behind a stop.
 */
static size_t
closing(struct kb_str t, size_t at)
{
	static const char *const known[] = {
		")", "]", "}", "\"", "'",
		"\xe2\x80\x9d", "\xe2\x80\x99",	/* U+201D, U+2019 */
		"\xe2\x80\x9c", "\xe2\x80\x98",	/* U+201C, U+2018 */
		"\xc2\xbb", "\xc2\xab",		/* U+00BB, U+00AB */
		"\xe3\x80\x8d", "\xe3\x80\x8f",	/* U+300D, U+300F */
		"\xef\xbc\x89", "\xe3\x80\x91",	/* U+FF09, U+3011 */
		"\xe3\x80\x8b", "\xe3\x80\x89"	/* U+300B, U+3009 */
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		size_t n = strlen(known[i]);

		if (t.n - at >= n && memcmp(t.p + at, known[i], n) == 0)
			return n;
	}
	return 0;
}

/* Bytes of a full-width full stop, question or exclamation mark. */
static size_t
wide_stop(struct kb_str t, size_t at)
{
	if (t.n - at >= 3 && (memcmp(t.p + at, "\xe3\x80\x82", 3) == 0 ||
	    memcmp(t.p + at, "\xef\xbc\x81", 3) == 0 ||
	    memcmp(t.p + at, "\xef\xbc\x9f", 3) == 0))
		return 3;
	return 0;
}

static size_t
trim_end(struct kb_str t, size_t from, size_t end)
{
	while (end > from + 1) {
		size_t last = kb_utf8_floor(t, end - 1);

		if (last <= from || kb_utf8_space(t, last) == 0)
			break;
		end = last;
	}
	return end;
}

size_t
kb_sentence_end(struct kb_str t, size_t from)
{
	size_t i, k, end;

	for (i = from; i < t.n; i++) {
		char c = t.p[i];

		if (c == '\n' && i > from)
			return trim_end(t, from, i);
		if (wide_stop(t, i) > 0) {
			end = i;
			while ((k = wide_stop(t, end)) > 0 ||
			    (k = closing(t, end)) > 0)
				end += k;
			return end;
		}
		if (c != '.' && c != '!' && c != '?')
			continue;
		end = i + 1;
		while (end < t.n && (t.p[end] == '.' || t.p[end] == '!' ||
		    t.p[end] == '?'))
			end++;
		while ((k = closing(t, end)) > 0)
			end += k;
		if (end == t.n)
			return end;
		if (!is_space(t.p[end])) {
			i = end - 1;
			continue;
		}
		k = kb_sentence_start(t, end);
		if (k < t.n && is_lower(t.p[k]) && t.p[end] != '\n')
			continue;
		if (c == '.' && t.p[end] != '\n' && abbreviated(t, from, i))
			continue;
		return end;
	}
	return trim_end(t, from, t.n);
}

size_t
kb_sentence_end_mapped(struct kb_str t, const struct kb_offmap *map,
    size_t from)
{
	size_t end = kb_sentence_end(t, from), whole;

	while ((whole = kb_offmap_whole(map, end)) != end && whole < t.n)
		end = kb_sentence_end(t, whole);
	return whole < t.n ? end : t.n;
}
