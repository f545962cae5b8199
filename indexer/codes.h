/*
 * codes: every kind of finding that there is: what it means to the people
 * who keep the articles, what they should do, and how much it weighs.  The
 * rules take their weights from here; the reports their words.
 */
#ifndef KB_INDEXER_CODES_H
#define KB_INDEXER_CODES_H

#include "kb/str.h"

#define KB_CODES_MAX_WEIGHT	10

struct kb_code {
	const char	*code;		/* "near-duplicate" */
	const char	*action;	/* one verb: retire, merge, assign,
					   review, fix */
	double		 weight;	/* 1 to KB_CODES_MAX_WEIGHT */
	const char	*meaning;	/* a clause without a full stop */
	const char	*remedy;	/* the same, as an imperative */
};

/* All of them, in the order of their names; *n gets how many. */
const struct kb_code	*kb_codes(size_t *n);

/* Never NULL: unknown codes get a generic entry, whose code is "other". */
const struct kb_code	*kb_code_find(struct kb_str code);

/* The weight of a code, known or not: what a priority starts from. */
double			 kb_code_weight(const char *code);

#endif /* KB_INDEXER_CODES_H */
