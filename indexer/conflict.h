/*
 * conflict: where two articles about one thing say the same sentence with
 * another fact in it (facts.h).
 *   In: the tables article, passage, place of one view (lib/schema.h), in a
 * published index or in one that is being written, behind its indexes.  Out:
 * the conflicts, each with both sentences and where they stand.
 *   Every sentence of every article that people may read is masked, its facts
 * taken out.  Articles that share a mask with different facts are compared;
 * so are pairs that the caller names.  No resemblance of the articles as a
 * whole is needed; in a corpus of one template, where a mask stands in many
 * articles or with many values, nothing is found, for such a value says what
 * an article is about.  A conflict is reported only where both are about the
 * same thing: not where product, version, language or path tell of another
 * version, where the titles name different things, systems, plans or readers,
 * where the headings or the sentences around tell of another case, nor from
 * release notes, tables, code and samples.  Less is asked for between the same
 * sentences of two copies of one text, rows of tables included.
 * Used by build and by tests; plan reads its table.
 */
#ifndef KB_INDEXER_CONFLICT_H
#define KB_INDEXER_CONFLICT_H

#include <sqlite3.h>

#include "arena.h"
#include "facts.h"
#include "kb/status.h"
#include "store.h"

struct kb_conflict_side {
	int64_t		article;	/* n */
	struct kb_str	id, title;
	struct kb_str	quote;		/* the sentence, one line */
	struct kb_str	fact;		/* of the quote; what is denied by
					   the other side alone is empty */
	struct kb_str	heading;	/* path above it */
	struct kb_str	path, member, field;	/* of the span */
	int64_t		number;		/* record in the file, or 0 */
	int64_t		passage;	/* n */
	uint64_t	start, end;
	bool		restricted;	/* the article is not for everyone */
};

struct kb_conflict {
	enum kb_fact_kind	kind;
	struct kb_conflict_side	a, b;	/* a.article < b.article */
};

struct kb_conflicts {
	struct kb_arena		 arena;
	struct kb_conflict	*v;	/* by a, b, place in a */
	size_t			 n, size;
	size_t			 sentences, pairs;	/* looked at */
	bool			 cut;	/* a cap was reached: not all pairs
					   were compared */
};

struct kb_conflict_pair {
	int64_t	a, b;			/* article.n */
};

/*
 * "store" as in article_text.h; "pairs" (competing articles, for instance)
 * may be NULL.  *out is to be released in any case.  Errors: KB_DAMAGED,
 * KB_IO, KB_NOMEM.
 */
enum kb_status	kb_conflicts_run(struct kb_conflicts *out, sqlite3 *db,
		    struct kb_store *store,
		    const struct kb_conflict_pair *pairs, size_t npairs,
		    struct kb_err *err);
void		kb_conflicts_release(struct kb_conflicts *conflicts);

#endif /* KB_INDEXER_CONFLICT_H */
