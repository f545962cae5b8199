/*
 * similar_report: what `kb-index similar` says of a draft, as text or JSON.
 * Used by cmd_similar.c.
 */
#ifndef KB_INDEXER_SIMILAR_REPORT_H
#define KB_INDEXER_SIMILAR_REPORT_H

#include "json.h"
#include "kb/article.h"
#include "out.h"
#include "rows.h"
#include "similar.h"
#include "similar_input.h"

struct kb_similar_report {
	struct kb_store		*store;		/* borrowed, as the next */
	struct kb_similar	*similar;
	struct kb_ratio		 least;		/* what was looked for */
	struct kb_ratio		 near;		/* from here on: a copy */
	size_t			 limit;		/* hits that are told */
	bool			 json;
	int32_t			 as_of;		/* the index's day, or 0 */
	struct kb_out		 out;
	struct kb_json		 writer;
	struct kb_rows		 articles, by_id;
	size_t			 drafts, found;	/* told; with another article
						   that is similar */
};

/* The fields above "out" are set. */
enum kb_status	kb_similar_report_begin(struct kb_similar_report *report,
		    struct kb_err *err);
enum kb_status	kb_similar_report_draft(struct kb_similar_report *report,
		    const struct kb_draft *draft,
		    const struct kb_similar_hits *hits, struct kb_err *err);

/* Writes the rest; the exit code of writing. */
int		kb_similar_report_end(struct kb_similar_report *report);

#endif /* KB_INDEXER_SIMILAR_REPORT_H */
