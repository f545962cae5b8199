/*
 * walk: from the PATH arguments to the list of files, sorted by the path
 * under which each is known: relative to the argument it was found under, or
 * NAME/relative for an argument NAME=PATH.
 */
#ifndef KB_INDEXER_WALK_H
#define KB_INDEXER_WALK_H

#include "arena.h"
#include "kb/status.h"
#include "kb/str.h"

struct kb_file {
	struct kb_str	path;	/* as known, for ids, spans and messages */
	struct kb_str	full;	/* to be opened; ends in NUL */
	size_t		root;	/* its first bytes: the folder it was found
				   in; 0: it was named itself */
};

struct kb_files {
	struct kb_file	*v;
	size_t		 n, size;
	size_t		 passed_over;	/* files of other kinds in folders,
					   symbolic links, devices */
};

/*
 * Add what "argument" names: a folder (its files with known endings, below
 * it, symbolic links not followed), a file, or "-" for a list on standard
 * input, a path a line, each known as it is written.  Errors: KB_IO with the
 * path; KB_NOMEM.
 */
enum kb_status	kb_files_add(struct kb_files *files, const char *argument,
		    struct kb_arena *arena, struct kb_err *err);

/*
 * Sort.  KB_USAGE when two files are known by one path; the message says how
 * to name them apart.
 */
enum kb_status	kb_files_sort(struct kb_files *files, struct kb_err *err);
void		kb_files_release(struct kb_files *files);

/*
 * Open one for reading: a regular file; of one that was found in a folder no
 * step below that folder may have become a symbolic link since.  KB_IO.
 */
enum kb_status	kb_files_open(const struct kb_file *file, int *fd,
		    struct kb_err *err);

#endif /* KB_INDEXER_WALK_H */
