/*
 * terms: from words to what the full-text index holds.  A term is a word's
 * stem (Snowball, by libstemmer), its marks stripped, anything but letters
 * and digits escaped into letters and digits; it can be MATCHed by a stock
 * sqlite3 with tokenize=ascii.
 */
#ifndef KB_LIB_TERMS_H
#define KB_LIB_TERMS_H

#include "buf.h"
#include "kb/status.h"
#include "words.h"

/* Stemmers by language; for one thread at a time. */
struct kb_stemmers;

enum kb_status	kb_stemmers_new(struct kb_stemmers **out,
		    struct kb_err *err);
void		kb_stemmers_free(struct kb_stemmers *stemmers);

/*
 * The two letters under which a language tag ("en-GB", "de_AT", "") is
 * stemmed: "en" for an empty one; "xx" where there is no stemmer.
 */
void		kb_lang_key(struct kb_str tag, char key[3]);

#define KB_TERM_MAX	(KB_WORD_MAX * 2)

struct kb_term {
	size_t	n;
	char	p[KB_TERM_MAX];
};

/* The term of a word in a language given by its key.  KB_NOMEM. */
enum kb_status	kb_term_stem(struct kb_stemmers *stemmers, const char *key,
		    const struct kb_word *word, struct kb_term *out,
		    struct kb_err *err);

/* The term of a word as it stands, for the surface columns. */
void		kb_term_surface(const struct kb_word *word,
		    struct kb_term *out);

/*
 * "c++", "C#", ".net": a word whose neighbours are part of its name.  True
 * if there is one more term for the word at this place in the text.
 */
bool		kb_term_special(struct kb_str text, const struct kb_word *word,
		    struct kb_term *out);

/*
 * Append the terms of a text to "stems" and "surface" (either may be NULL),
 * separated by spaces, as the columns of the index want them.
 */
enum kb_status	kb_terms_add(struct kb_stemmers *stemmers, const char *key,
		    struct kb_str text, struct kb_buf *stems,
		    struct kb_buf *surface, struct kb_err *err);

/*
 * A word that carries the grammar of a question rather than its subject, in
 * the language of the key (en, de, fr, es; others have none).
 */
bool		kb_stop_word(const char *key, struct kb_str norm);

/* All of them, each between two spaces; empty where a language has none. */
struct kb_str	kb_stop_words(const char *key);

#endif /* KB_LIB_TERMS_H */
