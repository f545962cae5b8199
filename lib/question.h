/*
 * question: a question as the retrieval modules see it: its terms with their
 * weights, and the expression that FTS5 is asked.
 *
 * A word is stemmed in every language that the view holds; the variants are
 * one term.  Function words are left out unless there is nothing else.
 * Quoted lines of a pasted mail ("> ...") are left out when other text is
 * there.  Of a long question the KB_QUESTION_TERMS terms of the greatest
 * weight are kept.
 */
#ifndef KB_LIB_QUESTION_H
#define KB_LIB_QUESTION_H

#include "arena.h"
#include "kb/status.h"
#include "kb/index.h"
#include "kb/str.h"
#include "terms.h"

#define KB_QUESTION_TERMS	48
#define KB_TERM_VARIANTS	8

struct kb_qterm {
	struct kb_str	word;		/* its normal form */
	struct kb_str	variants[KB_TERM_VARIANTS];
	size_t		nvariants;
	size_t		count;		/* in the question */
	int64_t		df;		/* passages that hold a variant (the
					   greatest of them); 0: unknown */
	double		idf;
};

struct kb_question {
	struct kb_qterm	*terms;		/* in the order of the question */
	size_t		 nterms;
	size_t		 nknown;	/* with df > 0 */
	double		 mass;		/* sum of idf; 0 for function words
					   alone: no passage covers them */
	struct kb_str	 match;		/* empty if no term is known */
	uint32_t	*phrases;	/* of match, in order: whose term */
	size_t		 nphrases;
};

/* Everything is in "arena". */
enum kb_status	kb_question_parse(struct kb_question *out,
		    struct kb_str text, struct kb_index *index,
		    struct kb_arena *arena, struct kb_err *err);

/* idf of a term in df of n passages; df 0 gives the greatest. */
double		kb_idf(int64_t n, int64_t df);

#endif /* KB_LIB_QUESTION_H */
