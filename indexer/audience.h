/*
 * audience: who may read an article, as far as its source says, and whether
 * text may be moved from one article into another without showing it to
 * somebody new.  An audience is a list of names of groups, of which anybody
 * in any one may read; names for everyone ("public", "guest") are known.
 *   Sources say little and say it loosely, so every doubt is resolved against
 * the move: of a list that names groups and everyone, the reader's side counts
 * as everyone and the text's side as the groups; a condition that is no group
 * ("password") is fulfilled by nobody else; the same name in two exports may
 * be two groups.  Used by write (restricted) and plan.
 */
#ifndef KB_INDEXER_AUDIENCE_H
#define KB_INDEXER_AUDIENCE_H

#include "arena.h"
#include "kb/status.h"
#include "kb/str.h"

/* True for the spellings of "everyone"; case does not matter. */
bool	kb_audience_is_open(struct kb_str name);

struct kb_audience {
	struct kb_str	 source;	/* the export: article.source */
	struct kb_str	*groups;	/* those that are not everyone */
	size_t		 ngroups;
	bool		 stated;	/* the source says something */
	bool		 open;		/* everyone is named, alone or among
					   others */
	bool		 broken;	/* says something that cannot be read */
};

/*
 * "list" is article.audience: a JSON list of strings, or empty where nothing
 * is stated; "restricted" is the article's flag, and an article that has it
 * without naming a group counts as broken.  In "arena", "source" is borrowed.
 */
enum kb_status	kb_audience_read(struct kb_audience *out, struct kb_str list,
		    bool restricted, struct kb_str source,
		    struct kb_arena *arena, struct kb_err *err);

enum kb_cover {
	KB_COVER_YES,		/* every one of them may */
	KB_COVER_UNKNOWN,	/* nothing says so, nothing says not */
	KB_COVER_NO		/* some may not, or nobody can tell */
};

/*
 * May all who can read an article for "readers" read one for "text" as well?
 * Two articles of one export that state nothing are for the same readers;
 * what states nothing is else known to nobody.
 */
enum kb_cover	kb_audience_covers(const struct kb_audience *text,
		    const struct kb_audience *readers);

#endif /* KB_INDEXER_AUDIENCE_H */
