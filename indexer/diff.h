/*
 * diff: two articles of an index side by side, as evidence that they are
 * duplicates and of where they are not: in the terminal, as JSON, and on the
 * report's page.  What is laid side by side is align.h's business.
 * Used by cmd_diff.c and report_pairs.c.
 */
#ifndef KB_INDEXER_DIFF_H
#define KB_INDEXER_DIFF_H

#include "align.h"
#include "out.h"

struct kb_diff {
	struct kb_article_text	a, b;
	struct kb_alignment	align;
	/* What the build says of the two. */
	bool			known;		/* they are a pair */
	struct kb_str		relation;
	int64_t			shared, size_a, size_b;	/* shingles */
};

/* How the terminal's form is written. */
struct kb_diff_look {
	bool	colours;
	bool	full;		/* nothing is folded */
	size_t	context;	/* same paragraphs around a change */
	size_t	width;		/* cells of a line; 0: never broken */
};

/*
 * Read both articles and align them; all in "arena".  "store" and "reader"
 * are of one index.  Errors are those of article_text.h and align.h.
 */
enum kb_status	kb_diff_make(struct kb_diff *out, struct kb_store *store,
		    struct kb_article_reader *reader, int64_t a, int64_t b,
		    struct kb_arena *arena, struct kb_err *err);

/*
 * How many rows from "at" on need not be shown: those that are the same, in
 * their place, and further than "context" rows from all that are not.  0, or
 * 2 and more.
 */
size_t		kb_diff_fold(const struct kb_diff *diff, size_t at,
		    size_t context);

/* The resemblance of a known pair, 0 to 1. */
double		kb_diff_resemblance(const struct kb_diff *diff);

/* "4 paragraphs the same, 1 changed, 1 only in the second, 1 moved". */
void		kb_diff_summary(const struct kb_diff *diff, const char *first,
		    const char *second, struct kb_buf *out);

/*
 * Write it.  In JSON as docs/FORMAT.md tells; "ascii" for a terminal.
 * KB_NOMEM.
 */
enum kb_status	kb_diff_text(const struct kb_diff *diff,
		    const struct kb_diff_look *look, struct kb_out *out,
		    struct kb_err *err);
enum kb_status	kb_diff_json(const struct kb_diff *diff, bool ascii,
		    struct kb_out *out, struct kb_err *err);
/* A block for an HTML page, in the report's style (report_style.h). */
enum kb_status	kb_diff_html(const struct kb_diff *diff, struct kb_out *out,
		    struct kb_err *err);

#endif /* KB_INDEXER_DIFF_H */
