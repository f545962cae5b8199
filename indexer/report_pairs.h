/*
 * report_pairs: on the report's page, each duplicate laid beside the article
 * that it would be merged into, paragraph by paragraph (diff.h).  Bounded: the
 * most pressing pairs first, those behind the bounds are named with the
 * command that shows them.  The text of an article that is not for everyone
 * is never shown: a report is mailed around.  Used by report_html.c.
 */
#ifndef KB_INDEXER_REPORT_PAIRS_H
#define KB_INDEXER_REPORT_PAIRS_H

#include "article_text.h"
#include "out.h"
#include "rows.h"

struct kb_report_pairs {
	struct kb_store			*store;		/* borrowed */
	struct kb_article_reader	*reader;
	struct kb_rows			 members;
	size_t				 left;		/* pairs to show */
};

/* To be closed in any case. */
enum kb_status	kb_report_pairs_open(struct kb_report_pairs *out,
		    struct kb_store *store, struct kb_err *err);
void		kb_report_pairs_close(struct kb_report_pairs *pairs);

/* A cluster's pairs, most viewed member first; clusters in their order. */
enum kb_status	kb_report_pairs_write(struct kb_report_pairs *pairs,
		    int64_t cluster, struct kb_out *out, struct kb_err *err);

#endif /* KB_INDEXER_REPORT_PAIRS_H */
