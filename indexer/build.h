/*
 * build: the whole of `kb-index build`: files in, a published generation
 * out.  The command itself (cmd_build.c) only reads options and prints.
 */
#ifndef KB_INDEXER_BUILD_H
#define KB_INDEXER_BUILD_H

#include "corpus.h"
#include "sandbox.h"
#include "settings.h"

struct kb_build {
	/* Given. */
	const char			*output;	/* NAME.kb */
	const struct kb_files		*files;		/* sorted */
	const struct kb_settings	*settings;
	const struct kb_metadata	*metadata;	/* or NULL */
	const char			*url_base;	/* or NULL */
	int32_t				 as_of;
	unsigned			 threads;
	/* Called with what is said about a file (path:line:col is ready). */
	void	(*say)(void *arg, enum kb_level level, const char *code,
		    struct kb_str place, struct kb_str message);
	/* Called now and then: what is done of how much. */
	void	(*progress)(void *arg, const char *stage, size_t done,
		    size_t total);
	/* Called before anything is read. */
	void	(*started)(void *arg, const struct kb_sandbox_report *report);
	void	*arg;
	/* Made. */
	struct kb_corpus		 corpus;	/* to be released */
	size_t				 passages;
	char				 generation[17];
};

/*
 * KB_NOTFOUND when there is not one article: what was published before
 * stays.  KB_IO, KB_NOMEM, KB_USAGE (the output is no index folder).
 */
enum kb_status	kb_build_run(struct kb_build *build, struct kb_err *err);
void		kb_build_release(struct kb_build *build);

#endif /* KB_INDEXER_BUILD_H */
