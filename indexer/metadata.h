/*
 * metadata: the table of --metadata FILE.csv, which brings what an export
 * lacks.  One of the columns id, path and url is the key (the first of them
 * that is there); every other column is a field by its name.  A value is
 * taken where the export has none.
 */
#ifndef KB_INDEXER_METADATA_H
#define KB_INDEXER_METADATA_H

#include "buf.h"
#include "kb/status.h"
#include "record.h"

struct kb_metadata;

/*
 * KB_INPUT for a file that is no CSV, has no key column, or a column that is
 * no field (the message lists the fields); KB_IO, KB_NOMEM.
 */
enum kb_status	kb_metadata_load(struct kb_metadata **out, const char *file,
		    struct kb_err *err);
void		kb_metadata_free(struct kb_metadata *metadata);

/* NULL metadata does nothing.  Safe in many threads at once. */
void		kb_metadata_apply(const struct kb_metadata *metadata,
		    struct kb_record *rec, struct kb_str path);

/* How the rows that have a key fared; strings are the table's. */
struct kb_metadata_use {
	struct kb_str	file, key;	/* key: the column's name */
	size_t		rows, unused;
	struct kb_str	first;		/* the key of the first unused one */
	uint32_t	line;
};

/* For when all is applied: which rows fit no article. */
void		kb_metadata_count(const struct kb_metadata *metadata,
		    struct kb_metadata_use *out);

/*
 * One line about rows that fit no article, without its newline and safe for
 * a terminal; nothing if there are none, or metadata is NULL.
 */
void		kb_metadata_warn(const struct kb_metadata *metadata,
		    struct kb_buf *out);

#endif /* KB_INDEXER_METADATA_H */
