#include "words.h"

#include <stdint.h>
#include <stdlib.h>
#include <utf8proc.h>

#include "utf8.h"

enum class {
	OTHER,
	WORD,		/* letters, marks, digits */
	IGNORED,	/* soft hyphen, joiners: inside a word, dropped */
	PAIRED		/* scripts written without spaces */
};

static bool
ascii_word(unsigned char c)
{
	return (unsigned)(c | 0x20) - 'a' < 26 || (unsigned)c - '0' < 10;
}

static bool
is_paired(uint32_t c)
{
	return (c >= 0x3005 && c <= 0x3007) ||
	    (c >= 0x3041 && c <= 0x30ff && c != 0x30fb) ||
	    (c >= 0x3400 && c <= 0x4dbf) || (c >= 0x4e00 && c <= 0x9fff) ||
	    (c >= 0xf900 && c <= 0xfaff) || (c >= 0xff66 && c <= 0xff9d) ||
	    (c >= 0x20000 && c <= 0x3ffff);
}

static enum class
class_of(uint32_t c)
{
	if (c < 0x80)
		return ascii_word((unsigned char)c) ? WORD : OTHER;
	if (c == UINT32_MAX)
		return OTHER;
	if (is_paired(c))
		return PAIRED;
	switch (utf8proc_category((utf8proc_int32_t)c)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME:
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_NO:
		return WORD;
	case UTF8PROC_CATEGORY_CF:
		return c == 0xad || (c >= 0x200b && c <= 0x200d) ||
		    c == 0x2060 || c == 0xfeff ? IGNORED : OTHER;
	default:
		return OTHER;
	}
}

static bool
in_word(struct kb_str t, size_t at)
{
	uint32_t c;

	if (at >= t.n)
		return false;
	kb_utf8_next(t, at, &c);
	return class_of(c) == WORD;
}

/*
 * Bytes of an apostrophe at "at" that belongs to the word: a letter before
 * it (the caller knows) and one of the English endings behind it.
 */
static size_t
apostrophe(struct kb_str t, size_t at)
{
	static const char *const endings[] = {
		"s", "t", "d", "m", "ll", "re", "ve"
	};
	size_t k, i, n;

	if (t.p[at] == '\'')
		k = 1;
	else if (t.n - at >= 3 && memcmp(t.p + at, "\xe2\x80\x99", 3) == 0)
		k = 3;
	else
		return 0;
	for (i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		n = strlen(endings[i]);
		if (t.n - at - k >= n && kb_str_caseeq(
		    kb_str(t.p + at + k, n), kb_str(endings[i], n)) &&
		    !in_word(t, at + k + n))
			return k;
	}
	return 0;
}

static void
add_norm(struct kb_word *w, const char *p, size_t n)
{
	struct kb_str s = { p, n };

	if (n > KB_WORD_MAX - w->n)
		n = kb_utf8_floor(s, KB_WORD_MAX - w->n);
	memcpy(w->norm + w->n, p, n);
	w->n += n;
}

/* Fold a stretch with bytes outside ASCII. */
static void
fold(struct kb_word *w, const char *p, size_t n)
{
	utf8proc_uint8_t *out = NULL;
	utf8proc_ssize_t k;

	/* Nothing longer can survive the cut; and it bounds the work. */
	if (n > (size_t)KB_WORD_MAX * 8)
		n = kb_utf8_floor(kb_str(p, n), (size_t)KB_WORD_MAX * 8);
	k = utf8proc_map((const utf8proc_uint8_t *)p, (utf8proc_ssize_t)n,
	    &out, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT |
	    UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
	if (k > 0)
		add_norm(w, (const char *)out, (size_t)k);
	free(out);
}

static void
normalise(struct kb_str t, struct kb_word *w)
{
	size_t i, from;

	w->n = 0;
	for (i = w->start; i < w->end; i++)
		if ((unsigned char)t.p[i] >= 0x80)
			break;
	if (i == w->end) {
		for (i = w->start; i < w->end && w->n < KB_WORD_MAX; i++)
			if (t.p[i] != '\'')
				w->norm[w->n++] = t.p[i] >= 'A' &&
				    t.p[i] <= 'Z' ? (char)(t.p[i] + 32) :
				    t.p[i];
		return;
	}
	for (i = from = w->start; i < w->end; i++) {
		size_t k = t.p[i] == '\'' ? 1 : w->end - i >= 3 &&
		    memcmp(t.p + i, "\xe2\x80\x99", 3) == 0 ? 3 : 0;

		if (k == 0)
			continue;
		fold(w, t.p + from, i - from);
		from = i + k;
		i = from - 1;
	}
	fold(w, t.p + from, w->end - from);
}

/* Where the word that begins at "at" ends. */
static size_t
word_end(struct kb_str t, size_t at)
{
	bool letter = false;
	uint32_t c;
	size_t k;

	while (at < t.n) {
		unsigned char b = (unsigned char)t.p[at];

		if (ascii_word(b)) {
			letter = b > '9';
			at++;
			continue;
		}
		if (letter && (k = apostrophe(t, at)) > 0) {
			at += k;
			continue;
		}
		if (b < 0x80)
			break;
		k = kb_utf8_next(t, at, &c);
		switch (class_of(c)) {
		case WORD:
			letter = true;
			break;
		case IGNORED:
			break;
		default:
			return at;
		}
		at += k;
	}
	return at;
}

/* Pairs of a run: AB BC CD; a run of one gives itself. */
static void
next_pair(struct kb_words *it, struct kb_word *w)
{
	uint32_t c;
	size_t first = kb_utf8_next(it->text, it->at, &c), second = 0;

	if (it->at + first < it->pair)
		second = kb_utf8_next(it->text, it->at + first, &c);
	w->start = it->at;
	w->end = it->at + first + second;
	it->at += first;
	/* The last character was the second half of a pair already. */
	if (w->end >= it->pair) {
		it->at = it->pair;
		it->pair = 0;
	}
}

static void
begin_pairs(struct kb_words *it)
{
	size_t at = it->at, k;
	uint32_t c;

	while (at < it->text.n) {
		k = kb_utf8_next(it->text, at, &c);
		if (class_of(c) != PAIRED)
			break;
		at += k;
	}
	it->pair = at;
}

/*
 * A word of ASCII letters and digits alone, as most are.  False where an
 * apostrophe or a byte outside ASCII follows: then the word may go on.
 */
static bool
plain_word(struct kb_words *it, struct kb_word *w)
{
	const char *p = it->text.p;
	size_t at = it->at, end = it->text.n, n = 0;
	unsigned char c;

	for (; at < end && ascii_word((unsigned char)p[at]); at++) {
		/* A digit has this bit too. */
		if (n < KB_WORD_MAX)
			w->norm[n++] = (char)(p[at] | 0x20);
	}
	c = at < end ? (unsigned char)p[at] : ' ';
	if (c >= 0x80 || c == '\'')
		return false;
	w->start = it->at;
	w->end = it->at = at;
	w->n = n;
	return true;
}

/* Skip bytes that are in no word, and part it from others. */
static void
skip_others(struct kb_words *it)
{
	const char *p = it->text.p;
	size_t at = it->at, end = it->text.n;

	while (at < end && (unsigned char)p[at] < 0x80 &&
	    !ascii_word((unsigned char)p[at]))
		at++;
	it->at = at;
}

bool
kb_words_next(struct kb_words *it, struct kb_word *w)
{
	struct kb_str t = it->text;
	enum class class;
	uint32_t c;
	size_t k;

	for (;;) {
		if (it->pair > 0) {
			next_pair(it, w);
		} else {
			skip_others(it);
			if (it->at >= t.n)
				return false;
			if (ascii_word((unsigned char)t.p[it->at]) &&
			    plain_word(it, w))
				return true;
			k = kb_utf8_next(t, it->at, &c);
			class = class_of(c);
			if (class == PAIRED) {
				begin_pairs(it);
				continue;
			}
			if (class != WORD) {
				it->at += k;
				continue;
			}
			w->start = it->at;
			w->end = it->at = word_end(t, it->at);
		}
		normalise(t, w);
		if (w->n > 0)
			return true;
	}
}

size_t
kb_words_count(struct kb_str text)
{
	struct kb_words it = kb_words(text);
	struct kb_word w;
	size_t n = 0;

	while (kb_words_next(&it, &w))
		n++;
	return n;
}
