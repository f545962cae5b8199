/*
 * relation: what two articles with much text in common are to each other.
 * Looks at the figures of a pair, at both lists of words, and at what the
 * articles are called; used by duplicates.c, for each pair of the join.
 *
 *	identical	the same words in the same order
 *	version		the same article for another version: by their names
 *	template	one text filled in for two subjects: different articles
 *	near		resemblance reaches the threshold, and none of these
 *	contained	one lies inside the other far enough, and none of these
 *
 * Two things tell a template from copies.
 *
 * What is their own: text that stands in many different articles says nothing
 * about two of them.  Copies of one article that differ stay few however
 * large the corpus is, a template has as many articles as it has; so the
 * number of articles, equal ones counted once, from which on text is common
 * has an upper bound that does not grow with the corpus (join.h).  Where less
 * than half of what is left of both is shared, it is the template that they
 * share.
 *
 * What they are about: the words of one title that the other does not have
 * are its name.  Copies have wordings changed anywhere; articles of a
 * template differ in their names.  So two texts are of two subjects when
 *   - each has words of its own name that the other text does not have at
 *     all, repeated, or at least a tenth of all words that the texts differ
 *     in (as bags: how much more often a word is in one of them); or
 *   - the names are at least half of all those words; or
 *   - the titles differ in nothing but signs that make names: C, C++, C#.
 * Of one that lies inside of another it is asked whether words of its name are
 * in itself and not in the other, repeated, or a tenth of what it has beside.
 */
#ifndef KB_INDEXER_RELATION_H
#define KB_INDEXER_RELATION_H

#include "corpus.h"

enum kb_relation {
	KB_RELATION_NONE, KB_RELATION_IDENTICAL, KB_RELATION_NEAR,
	KB_RELATION_CONTAINED, KB_RELATION_TEMPLATE, KB_RELATION_VERSION,
	KB_RELATION_N
};

/* "identical"; NULL for none. */
const char	*kb_relation_name(enum kb_relation relation);

/*
 * The names tell that these are one article for two versions: their paths
 * are the same but for versions in folders or versions with dots in file
 * names ("llvm-13/x.html" and "llvm-14/x.html", "v2" and "latest"), or the
 * titles are the same but for numbers and the source declares two versions of
 * one product.  A lone number in a path counts up to 99 and as a year, and
 * only where the titles are the same but for numbers: larger ones are ids.
 * Never for two products.
 */
bool		kb_relation_versions(const struct kb_doc *a,
		    const struct kb_doc *b);

/*
 * As told above, for two texts of which most is the same.  "words_*" are
 * lists of words as shingle.h makes them.  With "a_alone" it is asked of a,
 * which lies inside b.
 */
bool		kb_relation_subjects(struct kb_str title_a,
		    struct kb_str words_a, struct kb_str title_b,
		    struct kb_str words_b, bool a_alone);

/*
 * A judge for join.h, of two groups by the first articles of each; "corpus"
 * is a struct kb_corpus, and pair->a and pair->b are its docs.  Says near,
 * template or contained; two versions may be in one star, whatever it says.
 */
unsigned char	kb_relation_judge(void *corpus, const struct kb_pair *pair,
		    struct kb_str words_a, struct kb_str words_b);

/* What a pair of articles that the join hands out is in the end. */
enum kb_relation kb_relation_settle(const struct kb_corpus *corpus,
		    const struct kb_pair *pair);

/*
 * The newest version first: what an article's source declares beside a
 * product, else the first version in its path; numbers in their order,
 * "latest" and "stable" above them.  0 for none.  "text", if not NULL, gets
 * what it was read from.
 */
uint64_t	kb_relation_version(const struct kb_doc *doc,
		    struct kb_str *text);

#endif /* KB_INDEXER_RELATION_H */
