/*
 * compete_impl: what the files of compete share.
 */
#ifndef KB_INDEXER_COMPETE_IMPL_H
#define KB_INDEXER_COMPETE_IMPL_H

#include "compete.h"
#include "rows.h"

#define KB_COMPETE_NOBODY	SIZE_MAX

/* What came back for one article's question. */
struct kb_compete_reply {
	size_t	first;		/* KB_COMPETE_NOBODY: nobody, or not asked */
	double	share;		/* its score as a share of the own; at most 1 */
	bool	dear;		/* not asked */
};

/* One thread's: an open index and its statements. */
struct kb_compete_asker {
	struct kb_index		*index;
	struct kb_compete	*all;	/* read only */
	unsigned		 postings;
	struct kb_rows		 lead, links;
	struct kb_arena		 arena;	/* of one article or pair */
};

/* The article's place by its number, or KB_COMPETE_NOBODY. */
size_t		kb_compete_find(const struct kb_compete *all, int64_t n);

/*
 * ask[i]: whether article i could be in a pair of a score of "least" or more.
 * Where that is not, no other article that it may be compared with has a
 * title that shares enough with its own, whatever the texts say.
 */
enum kb_status	kb_compete_choose(struct kb_compete_asker *asker,
		    double least, bool *ask, struct kb_err *err);

/* What is stated of both does not keep them apart. */
bool		kb_compete_comparable(const struct kb_compete_article *a,
		    const struct kb_compete_article *b);

/* idf of a term of the index. */
enum kb_status	kb_compete_idf(struct kb_compete_asker *asker,
		    struct kb_str term, double *out, struct kb_err *err);

/* Ask for article "i".  The arena is reset. */
enum kb_status	kb_compete_ask(struct kb_compete_asker *asker, size_t i,
		    struct kb_compete_reply *out, struct kb_err *err);

/*
 * Fill in the features of a pair whose a, b and answers are set.  The arena
 * is reset.
 */
enum kb_status	kb_compete_compare(struct kb_compete_asker *asker,
		    struct kb_competing *pair, struct kb_err *err);

#endif /* KB_INDEXER_COMPETE_IMPL_H */
