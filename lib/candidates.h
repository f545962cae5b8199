/*
 * candidates: the one interface between "which passages might answer" and
 * all that is said about them.  Whoever finds them (SQLite's FTS5 today, a
 * search cluster one day), grounding, trust, policy and confidence do not
 * know: they get passage numbers and scores.
 */
#ifndef KB_LIB_CANDIDATES_H
#define KB_LIB_CANDIDATES_H

#include <stdint.h>

#include "kb/index.h"
#include "question.h"

struct kb_candidate {
	int64_t	passage;	/* its number in the view */
	double	score;		/* for order alone; higher is better */
};

/*
 * Up to "limit" passages, best first; equal scores by passage number.  *v is
 * in "arena".  KB_LIMIT when the budget struck (what was found is lost);
 * KB_DAMAGED, KB_IO, KB_NOMEM.
 */
enum kb_status	kb_candidates_fts5(struct kb_index *index,
		    const struct kb_question *question, size_t limit,
		    struct kb_candidate **v, size_t *n,
		    struct kb_arena *arena, struct kb_err *err);

#endif /* KB_LIB_CANDIDATES_H */
