/*
 * conflict_find: conflicts (conflict.h) as findings of a build.
 */
#ifndef KB_INDEXER_CONFLICT_FIND_H
#define KB_INDEXER_CONFLICT_FIND_H

#include <sqlite3.h>

#include "conflict.h"
#include "corpus.h"

/*
 * Look for conflicts in the articles of "db", the index that is being
 * written: tables and indexes but for conflict and finding must be in.  Fills
 * the table conflict, and adds a finding for each to the corpus, at the
 * article that was cared for longer ago.  "pairs" are compared besides those
 * that share sentences; NULL is fine where there are none.
 */
enum kb_status	kb_conflicts_find(struct kb_corpus *corpus, sqlite3 *db,
		    const struct kb_conflict_pair *pairs, size_t npairs,
		    struct kb_err *err);

#endif /* KB_INDEXER_CONFLICT_FIND_H */
