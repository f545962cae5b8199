/*
 * survey: a first look at a sample of the files, to learn what the pages of a
 * site have in common (furniture.h) before any is read.  A folder at the top
 * with enough pages is a group, all others are one.  The sample is chosen by
 * the hash of the path: it depends on nothing but the names of the files.
 */
#ifndef KB_INDEXER_SURVEY_H
#define KB_INDEXER_SURVEY_H

#include "furniture.h"
#include "pool.h"
#include "walk.h"

#define KB_SURVEY_FOLDER	32	/* pages that make a folder a group */

/* Of a group's pages one in so many, but between these. */
#define KB_SURVEY_SHARE		24
#define KB_SURVEY_LEAST		24
#define KB_SURVEY_MOST		64

/*
 * The files to look at, in the order of "files" (sorted); *out is to be
 * released, its paths are borrowed.  The groups are told to "f".  None where
 * there are too few pages to learn from.
 */
enum kb_status	kb_survey_choose(struct kb_files *out,
		    const struct kb_files *files, struct kb_furniture *f,
		    struct kb_err *err);

/*
 * Choose, look and learn, by workers with these options (but for the kind of
 * job).  *out is the caller's, also where nothing was learned.  A file that
 * cannot be read is passed over: the run itself will say so.  Errors:
 * KB_NOMEM, KB_IO.
 */
enum kb_status	kb_survey_run(struct kb_furniture **out,
		    const struct kb_files *files,
		    const struct kb_pool_opts *opts, struct kb_err *err);

#endif /* KB_INDEXER_SURVEY_H */
