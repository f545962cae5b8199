/*
 * write: fills the tables of lib/schema.h.  Passages and the full-text index
 * while articles stream by, all the rest once everything is known.
 */
#ifndef KB_INDEXER_WRITE_H
#define KB_INDEXER_WRITE_H

#include <sqlite3.h>

#include "corpus.h"
#include "prepare.h"

struct kb_writer;

/* Makes the tables and begins the one transaction.  "db" is borrowed. */
enum kb_status	kb_writer_new(struct kb_writer **out, sqlite3 *db,
		    struct kb_err *err);
void		kb_writer_free(struct kb_writer *writer);

/* The passages of article "doc" (numbered from 0), in ascending order. */
enum kb_status	kb_writer_passages(struct kb_writer *writer, uint32_t doc,
		    const struct kb_prepared *prepared, struct kb_err *err);

/* A key of the table meta. */
enum kb_status	kb_writer_meta(struct kb_writer *writer, const char *key,
		    struct kb_str value, struct kb_err *err);

/*
 * Articles, links, duplicates and the indexes: what reads articles from the
 * database can be asked from here on.
 */
enum kb_status	kb_writer_articles(struct kb_writer *writer,
		    const struct kb_corpus *corpus, struct kb_err *err);

/*
 * Terms, and optimise: what retrieves can ask from here on.  Need not be
 * called.
 */
enum kb_status	kb_writer_terms(struct kb_writer *writer, struct kb_err *err);

/* Findings; terms, unless they are in; commit. */
enum kb_status	kb_writer_finish(struct kb_writer *writer,
		    const struct kb_corpus *corpus, struct kb_err *err);

size_t		kb_writer_npassages(const struct kb_writer *writer);

/* "1:" and 32 hex digits: see docs/FORMAT.md. */
void		kb_finding_fingerprint(const struct kb_corpus *corpus,
		    const struct kb_finding *finding, char out[35]);

#endif /* KB_INDEXER_WRITE_H */
