/*
 * compete: articles that answer the same question in different words, found
 * by asking the index.  Every article's title and its first sentences are put
 * as a question; two articles that rank each other first (themselves, their
 * clusters of duplicates, and what is for another product, version, language
 * or audience left out; titles that differ in numbers alone are versions, and
 * so are paths, as relation.h reads them) are a candidate.  A score says how
 * likely it is that a reader with one question would be served by either.
 *   Comes after retrieval and stands on its interface (question.h, rank.h):
 * who finds the passages is not known here.  Used by kb-index competing
 * and by builds that are told to (compete_find.h).
 */
#ifndef KB_INDEXER_COMPETE_H
#define KB_INDEXER_COMPETE_H

#include "arena.h"
#include "handle.h"
#include "kb/status.h"

struct kb_compete_opts {
	/*
	 * What one question may cost: postings (passages that hold a term,
	 * added up over its terms).  The terms that tell the most are asked;
	 * an article all of whose terms are more frequent is not asked and
	 * counted as dear.  0: KB_COMPETE_POSTINGS.
	 */
	unsigned	postings;
	double		least;		/* pairs below this score are left
					   out, and articles that can be in
					   no other are not asked; 0: none */
};

#define KB_COMPETE_POSTINGS	6000

/* What the command shows unless asked for more; see bench/competing.sh. */
#define KB_COMPETE_LIKELY	0.6

struct kb_compete_article {
	int64_t		n;		/* its number in the index */
	struct kb_str	id, title;
	struct kb_str	lang, product, version, audience;
	bool		restricted;
	int64_t		cluster;	/* 0: none */
	struct kb_str	where;		/* id if that is a path, else path */
	uint64_t	place;		/* hash of export and category, or
					   folder where none is stated */
};

/* What speaks for a pair and against it; all 0 to 1 and symmetric. */
enum kb_compete_feature {
	KB_COMPETE_ANSWER,	/* how well each answers the other's question:
				   its BM25F score as a share of what the
				   asker itself gets, geometric mean */
	KB_COMPETE_TITLE,	/* idf mass that the titles share (Jaccard) */
	KB_COMPETE_COVER,	/* share of a title's idf mass that is in the
				   other's text; the lesser of the two */
	KB_COMPETE_FOCUS,	/* the same, a term counted by how often the
				   other has it, as a share of the own rate */
	KB_COMPETE_BODY,	/* cosine of the texts, (1 + ln tf) * idf */
	KB_COMPETE_HEADING,	/* idf mass that the headings share */
	KB_COMPETE_LENGTH,	/* the shorter as a share of the longer */
	KB_COMPETE_LINKED,	/* 1: one links to the other; 0 */
	KB_COMPETE_APART,	/* 1: in different exports or categories (where
				   none is stated, folders); 0: in one; 1/2
				   where all articles are in one */
	KB_COMPETE_N
};

const char	*kb_compete_feature_name(enum kb_compete_feature feature);

struct kb_competing {
	size_t	a, b;			/* in articles; a's id first bytewise */
	double	score;			/* 0 to 1 */
	double	answer_a, answer_b;	/* b's score for a's question as a
					   share of a's own, and vice versa */
	double	feature[KB_COMPETE_N];
};

struct kb_compete {
	struct kb_arena			 arena;	/* what the rest points to */
	bool				 one_place; /* all articles in one */
	struct kb_compete_article	*articles; /* by number */
	size_t				 narticles; /* that were compared */
	size_t				 dear;	/* of them: not asked */
	size_t				 asked;
	struct kb_competing		*pairs;	/* best first, then by ids */
	size_t				 npairs;
	size_t				 ncandidates; /* of those asked, before
						   "least" */
};

/*
 * Find the pairs in an index that is open "nindex" times, once a thread; the
 * result does not depend on how often.  All zero is a valid *out; to release
 * in any case.  Errors: KB_DAMAGED, KB_IO, KB_NOMEM.
 */
enum kb_status	kb_compete_run(struct kb_compete *out,
		    struct kb_index *const *index, size_t nindex,
		    const struct kb_compete_opts *opts, struct kb_err *err);
void		kb_compete_release(struct kb_compete *compete);

/* The score of a pair from its features. */
double		kb_compete_score(const double feature[KB_COMPETE_N]);

#endif /* KB_INDEXER_COMPETE_H */
