/*
 * words: text cut into words, the one way for everything: passages' lengths,
 * shingles, search terms, questions.
 *
 * A word is a maximal run of letters, marks and digits (Unicode general
 * categories L, M, N).  An apostrophe between letters stays inside where an
 * English ending follows ("don't", "user's"); runs of Chinese and Japanese
 * characters become overlapping pairs.  The normal form is NFKC with case
 * folding and without default-ignorable characters (utf8proc), apostrophes
 * dropped: "Don't" is dont, "USER's" is users.
 */
#ifndef KB_LIB_WORDS_H
#define KB_LIB_WORDS_H

#include "kb/str.h"

#define KB_WORD_MAX	64	/* bytes of a normal form; longer are cut */

struct kb_word {
	size_t	start, end;		/* in the text */
	size_t	n;			/* bytes of norm, 1 to KB_WORD_MAX */
	char	norm[KB_WORD_MAX];
};

struct kb_words {
	struct kb_str	text;
	size_t		at;
	size_t		pair;		/* end of a run of pairs, or 0 */
};

static inline struct kb_words
kb_words(struct kb_str text)
{
	struct kb_words it = { text, 0, 0 };
	return it;
}

/* The next word, or false at the end.  Bytes that are no UTF-8 part words. */
bool	kb_words_next(struct kb_words *it, struct kb_word *word);

/* How many words the text has. */
size_t	kb_words_count(struct kb_str text);

static inline struct kb_str
kb_word_norm(const struct kb_word *word)
{
	return kb_str(word->norm, word->n);
}

#endif /* KB_LIB_WORDS_H */
