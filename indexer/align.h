/*
 * align: two texts side by side.  Paragraphs first: equal ones that stand
 * alone in both are anchors (patience: their longest increasing chain), equal
 * neighbours of anchors join them, what is between two anchors is matched by
 * the words it shares, in order; what is left and equal or alike elsewhere has
 * moved.  Then sentences, and words, of any two texts.
 *   Equal means: the same words (lib/words.h), whatever the case, the signs
 * and the white space.  Results depend on the texts alone.  Every step has a
 * counted budget with a coarser way behind it, so that no input takes long.
 * Used by diff, plan, conflicts and the reports.
 *
 * E. W. Myers, An O(ND) Difference Algorithm and Its Variations,
 * Algorithmica 1 (1986); the anchors are B. Cohen's "patience diff".
 */
#ifndef KB_INDEXER_ALIGN_H
#define KB_INDEXER_ALIGN_H

#include "arena.h"
#include "article_text.h"
#include "kb/status.h"

#define KB_ALIGN_NONE	UINT32_MAX

enum kb_align_kind {
	KB_ALIGN_SAME,			/* the same words in the same order */
	KB_ALIGN_CHANGED,
	KB_ALIGN_ONLY_A,
	KB_ALIGN_ONLY_B
};

/* A row: a paragraph of a, of b, or one of each. */
struct kb_align_row {
	enum kb_align_kind	kind;
	uint32_t		a, b;	/* KB_ALIGN_NONE: none */
	bool			exact;	/* same, and in case and signs, too:
					   only white space and the numbers
					   of steps may differ */
	bool			moved;	/* same or changed, in another order */
	bool			elsewhere; /* only here, but each of its
					   sentences stands somewhere in the
					   other article: nothing is lost
					   without it */
	uint32_t		shared;	/* words in common, with repetition */
	uint32_t		size_a, size_b;	/* words of each */
};

/*
 * Every paragraph of both is in exactly one row.  Rows are in the order of a;
 * those of b alone stand behind the row of the paragraph that they follow
 * in b, and behind those of a alone that come next.  A moved row stands at its
 * place in a.
 */
struct kb_alignment {
	const struct kb_align_row *rows;
	size_t			 n;
	size_t			 counts[4];	/* rows, by kind */
	size_t			 moved;		/* of same and changed */
	bool			 coarse;	/* a budget ended: some rows
						   may be only here and only
						   there that could be one */
};

/* In "arena".  KB_NOMEM. */
enum kb_status	kb_align(struct kb_alignment *out,
		    const struct kb_article_text *a,
		    const struct kb_article_text *b,
		    struct kb_arena *arena, struct kb_err *err);

/* 2 shared / (size_a + size_b), 0 to 1; 1 for two without words. */
double		kb_align_similarity(const struct kb_align_row *row);

/* "same", "changed", "only-a", "only-b". */
const char	*kb_align_kind_name(enum kb_align_kind kind);

/*
 * A run of two texts: bytes [a_from, a_to) of the one and [b_from, b_to) of
 * the other.  In a run that is not the same one of them may be empty.
 */
struct kb_edit {
	bool	same;
	size_t	a_from, a_to, b_from, b_to;
};

/*
 * Two texts word by word: runs in order that together are all of both.  Runs
 * begin and end at words and signs; white space is part of the run before it,
 * and two texts that have nothing else have no run.
 * Words are the same by their normal form, signs by themselves (quotes, and
 * dashes, of any kind are one).  In "arena".  KB_NOMEM.
 */
enum kb_status	kb_align_words(const struct kb_edit **out, size_t *n,
		    struct kb_str a, struct kb_str b,
		    struct kb_arena *arena, struct kb_err *err);

/* Two sentences that say the same, or nearly: offsets as in struct kb_edit. */
struct kb_sentence_pair {
	size_t		a_from, a_to, b_from, b_to;
	uint32_t	shared, size_a, size_b;	/* words, as above */
	bool		exact;		/* the same, letter by letter, but for
					   white space */
};

/*
 * The sentences of two texts (lib/sentence.h; cells of a row count as one
 * sentence with their row), each in one pair at most, in the order of a:
 * equal ones first, then those of a similarity of at least "least" (0 to 1;
 * 0.5 is a good start), best first.  Sentences without a partner are left
 * out.  In "arena".  KB_NOMEM.
 */
enum kb_status	kb_align_sentences(const struct kb_sentence_pair **out,
		    size_t *n, struct kb_str a, struct kb_str b,
		    double least, struct kb_arena *arena,
		    struct kb_err *err);

#endif /* KB_INDEXER_ALIGN_H */
