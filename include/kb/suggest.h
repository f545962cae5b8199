/*
 * suggest: grounded suggestions for a question, or an honest "no answer".
 *
 * Everything a suggestion says can be checked: the quote stands in the
 * article at the span, byte for byte what a reader of the source extracts
 * there.  Confidence is the share of the question's idf mass that the
 * passage covers (idf = ln(1 + (N - df + 0.5) / (df + 0.5)), N passages, of
 * which df hold the term; Robertson and Sparck Jones, with Lucene's + 1): 0
 * to 1, not yet calibrated to a probability of being right.
 */
#ifndef KB_SUGGEST_H
#define KB_SUGGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kb/article.h"
#include "kb/index.h"
#include "kb/status.h"
#include "kb/str.h"

#ifdef __cplusplus
extern "C" {
#endif

#define KB_CONFIDENCE_ANSWER	0.6	/* below it nothing is answered */
#define KB_QUESTION_MAX		65536	/* bytes; the rest is not read */

struct kb_suggest_opts {
	size_t		top;		/* suggestions at most; 0: 3 */
	double		threshold;	/* 0: KB_CONFIDENCE_ANSWER */
	unsigned	budget;		/* thousands of SQLite's steps; 0: the
					   default of 20,000 */
	bool		any_status;	/* drafts and retired ones, too */
	bool		any_audience;	/* those that are not for everyone, too:
					   only where all who see the answer
					   may read all articles */
};

enum kb_reason {
	KB_REASON_NONE,			/* answered */
	KB_REASON_NO_KNOWN_TERM,	/* no word of it is in the index */
	KB_REASON_NO_HIT,		/* nothing that may be served matches */
	KB_REASON_LOW_CONFIDENCE,
	KB_REASON_WITHHELD,		/* only articles that are not served:
					   drafts, expired, retired, not for
					   everyone */
	KB_REASON_BUDGET
};

const char	*kb_reason_name(enum kb_reason reason);	/* "no_hit", ... */

enum kb_policy {
	KB_POLICY_SERVE,
	KB_POLICY_WARN,			/* show its findings beside it */
	KB_POLICY_WITHHOLD
};

const char	*kb_policy_name(enum kb_policy policy);

/* Where text stands; see docs/FORMAT.md, "Spans". */
struct kb_span {
	const char	*path;
	const char	*member;	/* NULL: none */
	int64_t		 record;	/* 0: the file is one record */
	const char	*field;		/* NULL: offsets count in the file */
	uint64_t	 start, end;	/* bytes, half-open */
	const char	*context;	/* in which the passage around it is
					   read; NULL: none is known */
};

struct kb_trust {
	const char	*owner;		/* NULL: none; so below */
	int32_t		 reviewed, modified;	/* yyyymmdd, 0: unknown */
	enum kb_article_status status;
	enum kb_policy	 policy;
	const char	*const *findings; /* codes, sorted */
	const char	*const *messages; /* beside them */
	size_t		 nfindings;
	const char	*canonical;	/* id, where the article is a
					   duplicate of another */
};

struct kb_also {			/* other members of its cluster */
	const char	*id, *title, *relation;
};

struct kb_suggestion {
	const char	*id;
	const char	*title, *url;	/* NULL: none */
	const char	*passage_id;	/* ID#pN */
	const char	*heading;	/* path of headings above the quote, or
					   NULL */
	const char	*anchor;	/* nearest before the quote, or NULL */
	const char	*text;		/* of the passage */
	const char	*quote;		/* stands in text */
	struct kb_span	 span;		/* of the quote */
	double		 score;		/* BM25F; only for order */
	double		 confidence;	/* of this passage */
	struct kb_trust	 trust;
	const struct kb_also *also;
	size_t		 nalso;
};

struct kb_answer {
	char		 query_id[17];
	bool		 answered;
	enum kb_reason	 reason;
	double		 confidence;	/* of the best passage */
	struct kb_suggestion *suggestions; /* empty unless answered */
	size_t		 nsuggestions;
	struct kb_suggestion *near;	/* for a person, when not answered */
	size_t		 nnear;
};

/*
 * Answer a question.  "opts" may be NULL.  On success *out is the caller's,
 * to release with kb_answer_free(); it does not borrow from the index.
 * Running out of budget is an answer (unanswered, KB_REASON_BUDGET), not an
 * error.  Errors: KB_DAMAGED, KB_IO, KB_NOMEM.
 */
enum kb_status	kb_suggest(struct kb_answer **out, struct kb_index *index,
		    struct kb_str question,
		    const struct kb_suggest_opts *opts, struct kb_err *err);
void		kb_answer_free(struct kb_answer *answer);

#ifdef __cplusplus
}
#endif

#endif /* KB_SUGGEST_H */
