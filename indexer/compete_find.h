/*
 * compete_find: competing articles (compete.h) as findings of a build, and as
 * pairs in which conflicts are looked for.
 */
#ifndef KB_INDEXER_COMPETE_FIND_H
#define KB_INDEXER_COMPETE_FIND_H

#include <sqlite3.h>

#include "conflict.h"
#include "corpus.h"

/* The least score of a finding: docs/DUPLICATES.md tells what it is worth. */
#define KB_COMPETE_SURE		0.9

/*
 * Ask for every article of "db", the index that is being written, behind its
 * articles and terms (kb_writer_terms).  A pair of KB_COMPETE_SURE or more of
 * which both state their product, the same, is a finding at the article that
 * is to be trusted less, and a row of the table competing.  *pairs, the
 * caller's to free, are all those of KB_COMPETE_LIKELY or more.  Errors:
 * KB_DAMAGED, KB_IO, KB_NOMEM.
 */
enum kb_status	kb_compete_build(struct kb_corpus *corpus, sqlite3 *db,
		    struct kb_conflict_pair **pairs, size_t *npairs,
		    struct kb_err *err);

#endif /* KB_INDEXER_COMPETE_FIND_H */
