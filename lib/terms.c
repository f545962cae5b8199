#include "terms.h"

#include <libstemmer.h>
#include <stdlib.h>
#include <utf8proc.h>

#include "hash.h"
#include "utf8.h"

static const struct {
	const char	*key, *algorithm;
} languages[] = {
	{ "ar", "arabic" }, { "ca", "catalan" }, { "da", "danish" },
	{ "de", "german" }, { "el", "greek" }, { "en", "english" },
	{ "es", "spanish" }, { "eu", "basque" }, { "fi", "finnish" },
	{ "fr", "french" }, { "ga", "irish" }, { "hi", "hindi" },
	{ "hu", "hungarian" }, { "hy", "armenian" }, { "id", "indonesian" },
	{ "it", "italian" }, { "lt", "lithuanian" }, { "ne", "nepali" },
	{ "nl", "dutch" }, { "no", "norwegian" }, { "pt", "portuguese" },
	{ "ro", "romanian" }, { "ru", "russian" }, { "sr", "serbian" },
	{ "sv", "swedish" }, { "ta", "tamil" }, { "tr", "turkish" },
	{ "yi", "yiddish" },
};

#define NLANGUAGES	(sizeof(languages) / sizeof(languages[0]))

/*
 * Words that were stemmed lately, each in the place of its hash: a text says
 * most of its words again and again.
 */
#define KNOWN	4096
#define SHORT	22		/* bytes of word and stem that fit */

struct known {
	unsigned char	lang;		/* of languages, and one more */
	unsigned char	nword, nstem;
	char		word[SHORT], stem[SHORT];
};

struct kb_stemmers {
	struct sb_stemmer	*v[NLANGUAGES];
	struct known		 known[KNOWN];
};

enum kb_status
kb_stemmers_new(struct kb_stemmers **out, struct kb_err *err)
{
	struct kb_stemmers *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return kb_err_nomem(err);
	*out = s;
	return KB_OK;
}

void
kb_stemmers_free(struct kb_stemmers *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < NLANGUAGES; i++)
		if (s->v[i] != NULL)
			sb_stemmer_delete(s->v[i]);
	free(s);
}

static size_t
language(const char *key)
{
	for (size_t i = 0; i < NLANGUAGES; i++)
		if (strcmp(languages[i].key, key) == 0)
			return i;
	return NLANGUAGES;
}

void
kb_lang_key(struct kb_str tag, char key[3])
{
	memcpy(key, tag.n == 0 ? "en" : "xx", 3);
	if (tag.n < 2 || (tag.n > 2 && tag.p[2] != '-' && tag.p[2] != '_'))
		return;
	key[0] = (char)(tag.p[0] | 0x20);
	key[1] = (char)(tag.p[1] | 0x20);
	if (memcmp(key, "nb", 2) == 0 || memcmp(key, "nn", 2) == 0)
		memcpy(key, "no", 2);
	if (language(key) == NLANGUAGES)
		memcpy(key, "xx", 2);
}

static bool
is_plain(unsigned char c)
{
	return (unsigned)c - 'a' < 26 || (unsigned)c - '0' < 10;
}

static void
add_byte(struct kb_term *out, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";

	if (c >= 0x80 || is_plain(c)) {
		if (out->n < KB_TERM_MAX)
			out->p[out->n++] = (char)c;
	} else if (out->n + 3 <= KB_TERM_MAX) {
		out->p[out->n++] = 'x';
		out->p[out->n++] = hex[c >> 4];
		out->p[out->n++] = hex[c & 15];
	}
}

/* Marks go after stemming: French and others stem with their accents. */
static void
strip_marks(struct kb_str s, struct kb_term *out)
{
	utf8proc_uint8_t *p = NULL;
	utf8proc_ssize_t n = 0;
	size_t i;

	out->n = 0;
	for (i = 0; i < s.n && is_plain((unsigned char)s.p[i]); i++)
		continue;
	if (i == s.n && s.n <= KB_WORD_MAX) {
		memcpy(out->p, s.p, s.n);
		out->n = s.n;
		return;
	}
	for (; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			break;
	if (i < s.n)
		n = utf8proc_map((const utf8proc_uint8_t *)s.p,
		    (utf8proc_ssize_t)s.n, &p, UTF8PROC_STABLE |
		    UTF8PROC_COMPOSE | UTF8PROC_STRIPMARK);
	if (n > 0)
		s = kb_str((const char *)p, (size_t)n);
	s.n = kb_utf8_floor(s, KB_WORD_MAX);
	for (i = 0; i < s.n; i++)
		add_byte(out, (unsigned char)s.p[i]);
	/* Escapes may have filled it in the middle of a character. */
	out->n = kb_utf8_valid(kb_str(out->p, out->n));
	free(p);
}

static enum kb_status
stem(struct kb_stemmers *stemmers, size_t lang, const struct kb_word *word,
    struct kb_term *out, struct kb_err *err)
{
	const sb_symbol *p;

	if (stemmers->v[lang] == NULL)
		stemmers->v[lang] = sb_stemmer_new(
		    languages[lang].algorithm, "UTF_8");
	if (stemmers->v[lang] == NULL)
		return kb_err_nomem(err);
	p = sb_stemmer_stem(stemmers->v[lang], (const sb_symbol *)word->norm,
	    (int)word->n);
	if (p == NULL)
		return kb_err_nomem(err);
	strip_marks(kb_str((const char *)p,
	    (size_t)sb_stemmer_length(stemmers->v[lang])), out);
	if (out->n == 0)
		strip_marks(kb_word_norm(word), out);
	return KB_OK;
}

/* In a known language. */
static enum kb_status
look_up(struct kb_stemmers *stemmers, size_t lang,
    const struct kb_word *word, struct kb_term *out, struct kb_err *err)
{
	struct known *k = &stemmers->known[kb_hash64(kb_word_norm(word), 0) %
	    KNOWN];
	enum kb_status status;

	if (k->lang == lang + 1 && k->nword == word->n &&
	    memcmp(k->word, word->norm, word->n) == 0) {
		memcpy(out->p, k->stem, k->nstem);
		out->n = k->nstem;
		return KB_OK;
	}
	status = stem(stemmers, lang, word, out, err);
	if (status != KB_OK || word->n > SHORT || out->n > SHORT)
		return status;
	k->lang = (unsigned char)(lang + 1);
	k->nword = (unsigned char)word->n;
	k->nstem = (unsigned char)out->n;
	memcpy(k->word, word->norm, word->n);
	memcpy(k->stem, out->p, out->n);
	return KB_OK;
}

static enum kb_status
term(struct kb_stemmers *stemmers, size_t lang, const struct kb_word *word,
    struct kb_term *out, struct kb_err *err)
{
	if (lang < NLANGUAGES)
		return look_up(stemmers, lang, word, out, err);
	strip_marks(kb_word_norm(word), out);
	return KB_OK;
}

enum kb_status
kb_term_stem(struct kb_stemmers *stemmers, const char *key,
    const struct kb_word *word, struct kb_term *out, struct kb_err *err)
{
	return term(stemmers, language(key), word, out, err);
}

void
kb_term_surface(const struct kb_word *word, struct kb_term *out)
{
	strip_marks(kb_word_norm(word), out);
}

bool
kb_term_special(struct kb_str text, const struct kb_word *w,
    struct kb_term *out)
{
	size_t n = w->end, i;

	if (w->end - w->start > 3)
		return false;
	if (text.n - n >= 2 && memcmp(text.p + n, "++", 2) == 0)
		n += 2;
	else if (n < text.n && text.p[n] == '#')
		n++;
	if (n > w->end && (n == text.n || text.p[n] == ' ' ||
	    text.p[n] == '\n' || strchr(".,;:!?)", text.p[n]) != NULL)) {
		out->n = 0;
		for (i = 0; i < w->n; i++)
			add_byte(out, (unsigned char)w->norm[i]);
		for (i = w->end; i < n; i++)
			add_byte(out, (unsigned char)text.p[i]);
		return true;
	}
	if (kb_str_eq(kb_word_norm(w), KB_STR("net")) && w->start > 0 &&
	    text.p[w->start - 1] == '.' && (w->start == 1 ||
	    text.p[w->start - 2] == ' ' || text.p[w->start - 2] == '\n')) {
		out->n = 0;
		add_byte(out, '.');
		for (i = 0; i < w->n; i++)
			add_byte(out, (unsigned char)w->norm[i]);
		return true;
	}
	return false;
}

static void
add_term(struct kb_buf *buf, const struct kb_term *t)
{
	if (buf == NULL || !kb_buf_reserve(buf, t->n + 1))
		return;
	if (buf->n > 0)
		buf->p[buf->n++] = ' ';
	kb_buf_add(buf, kb_str(t->p, t->n));
}

enum kb_status
kb_terms_add(struct kb_stemmers *stemmers, const char *key,
    struct kb_str text, struct kb_buf *stems, struct kb_buf *surface,
    struct kb_err *err)
{
	struct kb_words it = kb_words(text);
	struct kb_word w;
	struct kb_term t;
	enum kb_status status;
	size_t lang = language(key);

	while (kb_words_next(&it, &w)) {
		if (stems != NULL) {
			status = term(stemmers, lang, &w, &t, err);
			if (status != KB_OK)
				return status;
			add_term(stems, &t);
		}
		if (surface != NULL) {
			kb_term_surface(&w, &t);
			add_term(surface, &t);
		}
		if (kb_term_special(text, &w, &t)) {
			add_term(stems, &t);
			add_term(surface, &t);
		}
	}
	if ((stems != NULL && stems->failed) ||
	    (surface != NULL && surface->failed))
		return kb_err_nomem(err);
	return KB_OK;
}
