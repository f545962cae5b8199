/*
 * align_impl: what the parts of align share.  Words and texts become numbers,
 * so that comparing is comparing numbers, and exact.  Private to them.
 */
#ifndef KB_INDEXER_ALIGN_IMPL_H
#define KB_INDEXER_ALIGN_IMPL_H

#include "align.h"
#include "table.h"

/* Numbers for strings, from 0 in the order of their first coming. */
struct kb_symbols {
	struct kb_table		 table;
	struct kb_arena		*arena;		/* of the keys */
	uint32_t		 n;
	bool			 failed;	/* sticky */
};

uint32_t	kb_symbols_put(struct kb_symbols *symbols, struct kb_str key);
/* KB_ALIGN_NONE for a string that has no number. */
uint32_t	kb_symbols_get(const struct kb_symbols *symbols,
		    struct kb_str key);

/* The words of a text. */
struct kb_bag {
	uint32_t	*sorted;	/* their numbers, ascending */
	uint32_t	 n;		/* words */
	uint32_t	 text;		/* the number of their sequence */
};

struct kb_bags {
	struct kb_symbols	 words, texts;
	struct kb_arena		*arena;
	uint32_t		*ids;		/* scratch */
	size_t			 size;
	uint64_t		 steps;		/* that comparing took */
};

void		kb_bags_init(struct kb_bags *bags, struct kb_arena *arena);
void		kb_bags_release(struct kb_bags *bags);
bool		kb_bags_failed(const struct kb_bags *bags);

/* A text without words is as another one of the same bytes. */
void		kb_bag_make(struct kb_bag *out, struct kb_bags *bags,
		    struct kb_str text);

/* Words in common, with repetition. */
uint32_t	kb_bag_shared(struct kb_bags *bags, const struct kb_bag *a,
		    const struct kb_bag *b);

/* True if no more words in common could make the two this similar. */
bool		kb_bag_unlike(const struct kb_bag *a, const struct kb_bag *b,
		    double least);

/* 4 shared^2 / (size_a + size_b), scaled: words covered, times similarity. */
uint64_t	kb_align_weight(uint32_t shared, uint32_t size_a,
		    uint32_t size_b);

/* True if the bytes are the same but for white space. */
bool		kb_align_exact(struct kb_str a, struct kb_str b);

/* The next sentence at or behind *at; false at the end of the text. */
bool		kb_align_sentence(struct kb_str text, size_t *at,
		    size_t *from, size_t *to);

/*
 * A longest common subsequence, or a good one: match[i] is set to the place
 * in b of a[i]'s partner, or KB_ALIGN_NONE.  Symbols are below "symbols".
 * With "anchors" those that stand alone in both are matched first; without,
 * they are only when the whole takes too long.  *coarse is set if a part was
 * given up.
 */
struct kb_sequence {
	const uint32_t	*a, *b;
	size_t		 n, m;
	uint32_t	 symbols;
};

enum kb_status	kb_sequence_match(uint32_t *match,
		    const struct kb_sequence *seq, bool anchors,
		    bool *coarse, struct kb_err *err);

/* ---- paragraphs ---- */

#define KB_ALIGN_STEPS	((uint64_t)20000000)	/* of comparing words */

struct kb_align_side {
	const struct kb_article_text	*text;
	size_t				 n;
	struct kb_bag			*bags;
	uint32_t			*ids;	/* their texts */
	uint32_t			*match;	/* in the other side */
};

struct kb_aligner {
	struct kb_align_side	 a, b;
	struct kb_arena		 scratch;
	struct kb_bags		 bags;
	bool			*far;		/* a's that are matched out of
						   order, perhaps */
	bool			 coarse;
};

void		kb_align_pair(struct kb_aligner *x, uint32_t i, uint32_t j);

/* Words in common, or 0 where the two are not alike enough. */
uint32_t	kb_align_alike(struct kb_aligner *x, uint32_t i, uint32_t j,
		    double least);

/*
 * Match what is left over, wherever it stands; far[i] is then set for those
 * that are out of order.  Failures stay in x->scratch and x->bags.
 */
void		kb_align_far(struct kb_aligner *x);

#endif /* KB_INDEXER_ALIGN_IMPL_H */
