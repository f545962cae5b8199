/*
 * rank: candidates put together: passages to articles, articles of one
 * cluster to one group, in the order of their best passage.
 */
#ifndef KB_LIB_RANK_H
#define KB_LIB_RANK_H

#include "arena.h"
#include "handle.h"
#include "passage.h"
#include "question.h"

struct kb_rank_opts {
	size_t	candidates;	/* passages to look at */
	bool	collapse;	/* one group a cluster, else an article */
};

struct kb_ranked {
	int64_t			key;		/* cluster or article */
	struct kb_article_row	article;	/* of the best passage */
	int64_t			passage;
	double			score;
};

/*
 * Groups by descending score, then passage number.  Articles that are not
 * published are among them: what may be served is the caller's to say.
 * Errors as kb_candidates_fts5().
 */
enum kb_status	kb_rank(struct kb_ranked **v, size_t *n,
		    struct kb_index *index, const struct kb_question *q,
		    const struct kb_rank_opts *opts, struct kb_arena *arena,
		    struct kb_err *err);

#endif /* KB_LIB_RANK_H */
